package sla_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// story is a ticket's clocks, moved on by what happens in it.
type story struct {
	*testing.T

	book   *sla.Book
	state  sla.Happening
	clocks []sla.Clock
	start  time.Time
	lines  []string // what became of the clocks, minutes after the start
}

func newStory(t *testing.T, policies ...*sla.Policy) *story {
	t.Helper()
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) // a Monday, 11:00 in Paris
	s := &story{T: t, start: start, state: sla.Happening{Facts: sla.Facts{Queue: 1, Category: 1, Priority: priority.Normal}}}
	hours := &sla.Hours{Schedule: office()}
	s.book = sla.NewBook(1, []*sla.Hours{hours}, policies)
	return s
}

// at lets something happen so many minutes after the start.
func (s *story) at(minute int, change func(*sla.Happening)) {
	s.state.Now = s.start.Add(time.Duration(minute) * time.Minute)
	s.state.Asked, s.state.Replied = false, false
	if change != nil {
		change(&s.state)
	}
	var moves []sla.Change
	s.clocks, moves = s.book.Run(s.clocks, s.state)
	s.tell(moves)
}

// tick takes the steps that are due so many minutes after the start.
func (s *story) tick(minute int, want ...sla.Action) {
	s.Helper()
	s.at(minute, nil)
	after, due, moves := s.book.Steps(s.clocks, s.state.Facts, s.state.Now)
	s.clocks = after
	s.tell(moves)
	var got []sla.Action
	for _, d := range due {
		got = append(got, d.Action)
	}
	if !slices.Equal(got, want) {
		s.Errorf("at %d: %v, want %v", minute, got, want)
	}
}

func (s *story) tell(moves []sla.Change) {
	for _, m := range moves {
		line := fmt.Sprintf("%d %s %s", int(m.At.Sub(s.start).Minutes()), m.Clock.Target, m.Movement)
		if m.Clock.State == sla.Running {
			line += fmt.Sprintf(" due %d", int(m.Clock.Due.Sub(s.start).Minutes()))
		}
		s.lines = append(s.lines, line)
	}
}

func (s *story) want(lines ...string) {
	s.Helper()
	if !slices.Equal(s.lines, lines) {
		s.Errorf("it went\n%s\nwant\n%s", strings.Join(s.lines, "\n"), strings.Join(lines, "\n"))
	}
	s.lines = nil
}

func asks(h *sla.Happening)    { h.Asked, h.Over, h.Resolved, h.Status = true, false, false, "" }
func replies(h *sla.Happening) { h.Replied, h.Answered = true, true }
func pends(h *sla.Happening)   { h.Status = sla.Pending }
func resolves(h *sla.Happening) {
	h.Over, h.Resolved, h.Status = true, true, ""
}

func plain(within time.Duration, targets ...sla.Target) *sla.Policy {
	p := &sla.Policy{ID: 7, Name: "Plain", Rules: sla.Rules{PausedBy: []sla.Pause{sla.Pending, sla.OnHold}}}
	for _, t := range targets {
		p.Promises = append(p.Promises, sla.Promise{Target: t, Within: within})
	}
	return p
}

func TestClocksOfATicketsLife(t *testing.T) {
	s := newStory(t, plain(time.Hour, sla.Targets()...))
	s.at(0, asks)
	s.want("0 first_reply activated due 60", "0 resolution activated due 60")
	s.at(10, replies)
	s.want("10 first_reply fulfilled")
	s.at(20, pends)
	s.want("20 resolution paused")
	s.at(200, asks)
	s.want("200 next_reply activated due 260", "200 resolution resumed due 240")
	s.at(210, asks) // the first question counts
	s.want()
	s.at(215, replies)
	s.want("215 next_reply fulfilled")
	s.at(220, resolves)
	s.want("220 resolution fulfilled")
	s.at(1000, asks) // twenty minutes are left, no less and no more
	s.want("1000 next_reply activated due 1060", "1000 resolution activated due 1020")
	s.at(1030, func(h *sla.Happening) { replies(h); resolves(h) })
	s.want("1030 next_reply fulfilled", "1020 resolution breached due 1020", "1030 resolution fulfilled")
	s.at(1100, asks)
	s.want("1100 next_reply activated due 1160", "1100 resolution activated due 1020")
	if c := s.clocks[2]; c.Breached.IsZero() || c.Broken != 1 {
		t.Errorf("the breach is forgotten: %+v", c)
	}
}

func TestBreachIsWhenItWasDueHoweverLateItIsNoticed(t *testing.T) {
	s := newStory(t, plain(time.Hour, sla.FirstReply))
	s.at(0, asks)
	s.at(600, replies)
	s.want("0 first_reply activated due 60", "60 first_reply breached due 60", "600 first_reply fulfilled")
	s.at(601, nil)
	s.want()
}

func TestReplyThatIsHeardLateCountsFromWhenItWasWritten(t *testing.T) {
	written := func(s *story, minute int) func(*sla.Happening) {
		return func(h *sla.Happening) { replies(h); h.Said = s.start.Add(time.Duration(minute) * time.Minute) }
	}
	s := newStory(t, plain(time.Hour, sla.FirstReply))
	s.at(0, asks)
	s.at(70, written(s, 59))
	s.want("0 first_reply activated due 60", "59 first_reply fulfilled")
	if c := s.clocks[0]; c.Broken != 0 || c.Used != 59*time.Minute {
		t.Errorf("the clock stopped as %+v", c)
	}
	s = newStory(t, plain(time.Hour, sla.FirstReply))
	s.at(0, asks)
	s.at(70, written(s, 60))
	s.want("0 first_reply activated due 60", "60 first_reply breached due 60", "60 first_reply fulfilled")

	// What was written before it was asked does not end before it began; what is
	// said to have been written later than now was written now.
	s = newStory(t, plain(time.Hour, sla.FirstReply))
	s.at(30, asks)
	s.at(40, written(s, 10))
	s.want("30 first_reply activated due 90", "30 first_reply fulfilled")
	s = newStory(t, plain(time.Hour, sla.FirstReply))
	s.at(0, asks)
	s.at(40, written(s, 90))
	s.want("0 first_reply activated due 60", "40 first_reply fulfilled")
}

func TestClockThatGoesBackwardsNeitherFiresEarlyNorTwice(t *testing.T) {
	s := newStory(t, plain(time.Hour, sla.Resolution))
	s.at(50, asks)
	s.at(10, pends)
	s.at(5, func(h *sla.Happening) { h.Status = "" })
	s.want("50 resolution activated due 110", "10 resolution paused", "5 resolution resumed due 65")
	s.at(70, nil)
	s.at(60, nil)
	s.at(80, nil)
	s.want("65 resolution breached due 65")
}

func TestAnotherPolicyKeepsWhatWasUsed(t *testing.T) {
	slow, fast := plain(4*time.Hour, sla.Resolution), plain(time.Hour, sla.Resolution)
	fast.ID, fast.Priorities = 8, []priority.Level{priority.Urgent}
	s := newStory(t, fast, slow)
	s.at(0, asks)
	s.at(30, func(h *sla.Happening) { h.Priority = priority.Urgent })
	s.want("0 resolution activated due 240", "30 resolution rescheduled due 60")
	s.at(40, func(h *sla.Happening) { h.Priority = priority.Low })
	s.want("40 resolution rescheduled due 240")
	s.book = sla.NewBook(2, nil, nil)
	s.at(50, nil)
	s.want("50 resolution cancelled")
}

// A deadline that comes after another policy came into force is that one's to decide,
// however late the clock is looked at; and nothing is broken before it was promised.
func TestABreachIsDecidedByThePolicyThatWasInForce(t *testing.T) {
	for name, c := range map[string]struct {
		within  time.Duration // of the new policy
		changed int           // at which minute it came into force
		want    string
	}{
		"more time before the deadline": {4 * time.Hour, 59, "61 resolution rescheduled due 240"},
		"more time after the deadline":  {4 * time.Hour, 61, "60 resolution breached due 60"},
		"less time":                     {30 * time.Minute, 50, "61 resolution rescheduled due 50\n50 resolution breached due 50"},
		"less time, not used yet":       {61 * time.Minute, 50, "61 resolution rescheduled due 61\n61 resolution breached due 61"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t, plain(time.Hour, sla.Resolution))
			s.at(0, asks)
			s.want("0 resolution activated due 60")
			s.state.KeptBy = 1
			s.book = sla.NewBook(2, nil, []*sla.Policy{plain(c.within, sla.Resolution)}).InForce(s.start.Add(time.Duration(c.changed) * time.Minute))
			s.at(61, nil)
			s.want(strings.Split(c.want, "\n")...)
		})
	}
}

func TestBusinessTimeIsThatOfTheQueue(t *testing.T) {
	p := plain(2*time.Hour, sla.FirstReply)
	p.Promises[0].Business = true
	s := newStory(t, p)
	night := sla.Schedule{Zone: "UTC", Week: []sla.Span{{Day: time.Monday, From: 20 * 60, To: 4 * 60}}}
	s.book = sla.NewBook(1, []*sla.Hours{{Schedule: office()}, {Schedule: night, Queue: 2}}, []*sla.Policy{p})
	s.at(0, asks) // 11:00 in Paris; lunch from 12:00 to 13:00
	s.want("0 first_reply activated due 180")
	// Half an hour is used; the other queue opens at 20:00 UTC.
	s.at(30, func(h *sla.Happening) { h.Queue = 2 })
	s.want("30 first_reply rescheduled due 690")
}

func TestStepsAreTakenOnce(t *testing.T) {
	p := plain(time.Hour, sla.FirstReply)
	p.Promises[0].Steps = []sla.Step{{Before: 30 * time.Minute, Action: sla.Warn}, {Before: 10 * time.Minute, Action: sla.Alert, Text: "soon"}, {Action: sla.Raise, Priority: priority.Urgent}}
	s := newStory(t, p)
	s.at(0, asks)
	if next := s.book.Next(s.clocks, s.state.Facts); !next.Equal(s.start.Add(30 * time.Minute)) {
		t.Errorf("looked at again at %v", next)
	}
	s.tick(29)
	s.tick(30, sla.Warn)
	s.tick(31)
	s.tick(55, sla.Alert)
	s.tick(60, sla.Raise)
	s.tick(61)
	s.want("0 first_reply activated due 60", "30 first_reply warned due 60", "50 first_reply warned due 60", "60 first_reply breached due 60")
	if next := s.book.Next(s.clocks, s.state.Facts); !next.IsZero() {
		t.Errorf("a clock of which all is done is looked at again at %v", next)
	}

	// Who looks a week later does not warn any more.
	s = newStory(t, p)
	s.at(0, asks)
	s.tick(10080, sla.Raise)
	s.want("0 first_reply activated due 60", "60 first_reply breached due 60", "30 first_reply overtaken due 60", "50 first_reply overtaken due 60")
}

func TestPolicyThatCannotBeIsRefused(t *testing.T) {
	hour := sla.Promise{Target: sla.FirstReply, Within: time.Hour}
	for name, x := range map[string]struct {
		promises []sla.Promise
		want     error
	}{
		"none":             {nil, sla.ErrNoPromise},
		"unknown":          {[]sla.Promise{{Target: "soon", Within: time.Hour}}, sla.ErrTarget},
		"twice":            {[]sla.Promise{hour, hour}, sla.ErrTargetTwice},
		"negative":         {[]sla.Promise{{Target: sla.FirstReply, Within: -time.Hour}}, sla.ErrWithin},
		"in no time":       {[]sla.Promise{{Target: sla.FirstReply}}, sla.ErrWithin},
		"in ten years":     {[]sla.Promise{{Target: sla.FirstReply, Within: 87600 * time.Hour}}, sla.ErrWithin},
		"warned too early": {[]sla.Promise{{Target: sla.FirstReply, Within: time.Hour, Steps: []sla.Step{{Before: time.Hour, Action: sla.Warn}}}}, sla.ErrBefore},
		"nowhere":          {[]sla.Promise{{Target: sla.FirstReply, Within: time.Hour, Steps: []sla.Step{{Action: sla.Transfer}}}}, sla.ErrStep},
		"no such action":   {[]sla.Promise{{Target: sla.FirstReply, Within: time.Hour, Steps: []sla.Step{{Action: "shout"}}}}, sla.ErrStep},
	} {
		p := sla.Policy{Name: name, Rules: sla.Rules{Promises: x.promises}}
		if err := p.Clean(); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
}

// What clocks count is what somebody counts who looks at the ticket every minute.
func TestClocksCountWhatWalkingByTheMinuteDoes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hours := map[id.Queue]sla.Schedule{1: aSchedule(rt), 2: aSchedule(rt)}
		p := plain(time.Duration(rapid.IntRange(1, 3000).Draw(rt, "within"))*time.Minute, sla.Resolution)
		p.Promises[0].Business = rapid.Bool().Draw(rt, "business")
		s := newStory(t, p)
		s.book = sla.NewBook(1, []*sla.Hours{{Queue: 1, Schedule: hours[1]}, {Queue: 2, Schedule: hours[2]}}, []*sla.Policy{p})
		s.start = aMoment(rt, time.UTC)
		s.at(0, asks)
		used, breach, minute := time.Duration(0), time.Time{}, 0
		for range rapid.IntRange(1, 8).Draw(rt, "changes") {
			w := walker{Schedule: hours[s.state.Queue]}
			w.zone, _ = time.LoadLocation(w.Zone)
			for range rapid.IntRange(0, 1500).Draw(rt, "minutes") {
				now := s.start.Add(time.Duration(minute) * time.Minute)
				if s.state.Status == "" && !s.state.Over && (!p.Promises[0].Business || w.open(now)) {
					if used += time.Minute; used == p.Promises[0].Within && breach.IsZero() {
						breach = now.Add(time.Minute)
					}
				}
				minute++
			}
			s.at(minute, func(h *sla.Happening) {
				rapid.SampledFrom([]func(*sla.Happening){pends, asks, resolves, func(h *sla.Happening) { h.Queue = 3 - h.Queue }}).Draw(rt, "change")(h)
			})
		}
		c := s.clocks[len(s.clocks)-1]
		if got := s.book.UsedAt(c, s.state.Now); got != used {
			rt.Fatalf("counted %v, want %v", got, used)
		}
		if !c.Breached.Equal(breach) {
			rt.Fatalf("broken at %v, want %v", c.Breached, breach)
		}
	})
}
