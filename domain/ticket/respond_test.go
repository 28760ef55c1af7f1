package ticket_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// chatty is an open ticket of a category that answers everything by itself, of whose
// queue somebody works on Mondays from nine to ten, in Paris.
func chatty(t *testing.T) *timed {
	t.Helper()
	x := newTimed(t, category.Closing{})
	c := &category.Category{ID: x.Category, Name: locale.Of("en", "Help")}
	for _, on := range category.Occasions() {
		r := category.AutomaticReply{On: on, Texts: locale.Of("en", string(on)+" {{category}}")}
		if on == category.OnWaiting {
			r.After, r.Texts = 2*time.Hour, locale.Of("en", "waiting {{waited}}")
		}
		if on == category.OutsideHours {
			r.Texts = locale.Of("en", "outside_hours {{next_opening}}")
		}
		c.Replies = append(c.Replies, r)
	}
	hours := &sla.Hours{Schedule: sla.Schedule{Zone: "Europe/Paris", Week: []sla.Span{{Day: time.Monday, From: 9 * 60, To: 10 * 60}}}}
	x.book = sla.NewBook(1, []*sla.Hours{hours}, nil, c)
	x.start = time.Date(2026, 3, 30, 7, 10, 0, 0, time.UTC) // Monday, 9:10, the day after the clocks went forward
	x.OpenedAt = x.start.Add(-time.Hour)
	x.TakeChanges()
	return x
}

// does makes a change as the service does, and gives what the helpdesk said then.
func (x *timed) does(at time.Duration, change func(c ticket.Cause) error) string {
	x.Helper()
	c := x.at(at, 0)
	if err := change(c); err != nil {
		x.Fatal(err)
	}
	ticket.Respond(x.Ticket, c, x.book, say)
	x.Keep(c, x.book)
	return x.said()
}

// said gives what the helpdesk said by itself since this was last asked.
func (x *timed) said() string {
	var all []string
	for _, m := range x.TakeChanges().Messages {
		if m.Kind == ticket.System {
			all = append(all, m.Body)
		}
	}
	return strings.Join(all, " | ")
}

func (x *timed) writes(side ticket.Side) func(ticket.Cause) error {
	return func(c ticket.Cause) error { _, err := x.Reply(c, side, "en", "So."); return err }
}

func TestTheHelpdeskAnswersByItself(t *testing.T) {
	x := chatty(t)
	const hour = time.Hour
	const monday = "outside_hours 2026-04-06 09:00 UTC+02:00 (Europe/Paris)"
	for i, step := range []struct {
		at   time.Duration
		do   func(ticket.Cause) error
		want string
	}{
		{0, x.writes(ticket.FromRequester), ""}, // somebody works
		{1 * hour, x.writes(ticket.FromStaff), ""},
		{2 * hour, x.writes(ticket.FromRequester), monday},
		{3 * hour, x.writes(ticket.FromRequester), ""}, // they know
		{4 * hour, x.Pend, "pending Help"},
		{5 * hour, x.Hold, "on_hold Help"},
		{5*hour + 59*time.Second, x.Resolve, ""}, // never two within a minute
		{6 * hour, x.Reopen, "reopened Help"},
		{7 * hour, x.Resolve, "resolved Help"},
		{8 * hour, x.Close, "closed Help"},
		{9 * hour, x.Reopen, "reopened Help"},
		{7*24*hour + 2*hour, x.writes(ticket.FromRequester), "outside_hours 2026-04-13 09:00 UTC+02:00 (Europe/Paris)"},
	} {
		if got := x.does(step.at, step.do); got != step.want {
			t.Errorf("step %d: the helpdesk says %q, want %q", i, got, step.want)
		}
	}
}

func TestWhoWaitsTooLongIsToldSoOnce(t *testing.T) {
	x := chatty(t)
	x.does(0, x.writes(ticket.FromRequester))
	for at := time.Duration(0); at < 30*time.Hour; at += 30 * time.Minute {
		if err := x.Elapse(x.at(at, 0), x.book, say); err != nil {
			t.Fatal(err)
		}
		want := ""
		if at == 2*time.Hour {
			want = "waiting helpdesk.length.minutes"
		}
		if got := x.said(); got != want {
			t.Errorf("at %v the helpdesk says %q, want %q", at, got, want)
		}
	}
	if len(x.Promises()) != 0 {
		t.Errorf("it is told as a promise: %+v", x.Clocks)
	}
}

// Never two within a minute, but what staff was told is no reason to tell the requester
// nothing.
func TestWhoWaitsIsToldSoAMomentAfterAReminder(t *testing.T) {
	x := chatty(t)
	x.does(0, x.writes(ticket.FromRequester))
	for _, step := range []struct {
		at   time.Duration
		want string
	}{{2 * time.Hour, ""}, {2*time.Hour + 59*time.Second, ""}, {2*time.Hour + time.Minute, "waiting helpdesk.length.hours"}, {9 * time.Hour, ""}} {
		if step.at == 2*time.Hour {
			x.SpokeAt = x.start.Add(step.at)
		}
		if err := x.Elapse(x.at(step.at, 0), x.book, say); err != nil {
			t.Fatal(err)
		}
		if got := x.said(); got != step.want {
			t.Errorf("at %v the helpdesk says %q, want %q", step.at, got, step.want)
		}
	}
}

// Who is heard of late has seen that nobody answered, or was answered.
func TestWhatIsHeardOfLateIsNotToldTheHours(t *testing.T) {
	for name, c := range map[string]struct {
		late time.Duration
		want string
	}{"a week": {7 * 24 * time.Hour, ""}, "minutes": {5 * time.Minute, "outside_hours 2026-04-13 09:00 UTC+02:00 (Europe/Paris)"}} {
		x := chatty(t)
		cause := x.at(8*24*time.Hour, c.late)
		if err := x.writes(ticket.FromRequester)(cause); err != nil {
			t.Fatal(err)
		}
		ticket.Respond(x.Ticket, cause, x.book, say)
		if got := x.said(); got != c.want {
			t.Errorf("%s late: the helpdesk says %q, want %q", name, got, c.want)
		}
	}
}

// What the helpdesk says is no reason for it to say more.
func TestTheHelpdeskDoesNotAnswerItself(t *testing.T) {
	x := chatty(t)
	if got := x.does(2*time.Hour, x.Pend); got != "pending Help" {
		t.Errorf("the helpdesk says %q", got)
	}
	for at := 2 * time.Hour; at < 100*time.Hour; at += 2 * time.Minute {
		if err := x.Elapse(x.at(at, 0), x.book, say); err != nil {
			t.Fatal(err)
		}
		if got := x.said(); got != "" {
			t.Fatalf("at %v the helpdesk says %q", at, got)
		}
	}
}

func TestMomentsAreFoundInWhatTheHelpdeskSaysAlone(t *testing.T) {
	at := time.Date(2026, 4, 6, 9, 0, 0, 0, time.FixedZone("", 2*3600))
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	body := "We are back on " + ticket.WriteMoment(at.In(paris)) + " or " + ticket.WriteMoment(at) + " (earliest)."
	unix := func(t time.Time) string { return "<" + t.UTC().Format("15:04") + ">" }
	for kind, want := range map[ticket.Kind]string{ticket.System: "We are back on <07:00> or <07:00> (earliest).", ticket.Reply: body} {
		m := &ticket.Message{Kind: kind, Body: body}
		if got := m.WithMoments(unix); got != want {
			t.Errorf("a %s becomes %q, want %q", kind, got, want)
		}
	}
}

func TestTheUsualWaitIsThatOfFourInFive(t *testing.T) {
	var waits []time.Duration
	for n := range 25 {
		waits = append(waits, time.Duration(25-n)*time.Minute)
	}
	if got := ticket.Usual(waits[:19]); got != 0 {
		t.Errorf("of 19: %v", got)
	}
	if got := ticket.Usual(slices.Clone(waits)); got != 20*time.Minute {
		t.Errorf("of 25: %v", got)
	}
}

// Never two within a minute, whatever falls due together.
func TestWhatFallsDueTogetherIsNotSaidTogether(t *testing.T) {
	const hour = time.Hour
	for name, c := range map[string]struct {
		reminder category.Reminder
		spoke    time.Duration // when the helpdesk spoke before; 0: not
		want     map[time.Duration]string
		closes   time.Duration
	}{
		"a warning makes the reminder needless": {
			category.Reminder{After: 48 * hour, Most: 1},
			0,
			map[time.Duration]string{48 * hour: "helpdesk.closing.warning"},
			72 * hour,
		},
		"a later reminder comes": {
			category.Reminder{After: 48 * hour, Every: hour, Most: 2},
			0,
			map[time.Duration]string{48 * hour: "helpdesk.closing.warning", 49 * hour: ticket.RequesterReminder},
			72 * hour,
		},
		"a warning waits, and so does the end": {
			category.Reminder{},
			48*hour - 20*time.Second,
			map[time.Duration]string{48*hour + 40*time.Second: "helpdesk.closing.warning"},
			72*hour + 40*time.Second,
		},
		"a reminder waits": {
			category.Reminder{After: 10 * hour, Every: 2 * hour, Most: 2},
			12*hour - 30*time.Second,
			map[time.Duration]string{10 * hour: ticket.RequesterReminder, 12*hour + 30*time.Second: ticket.RequesterReminder, 48 * hour: "helpdesk.closing.warning"},
			72 * hour,
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := newTimed(t, category.Closing{})
			x.book = sla.NewBook(1, nil, nil, &category.Category{
				ID: x.Category, Closing: category.Closing{Silence: 72 * hour, Warning: 24 * hour}, Reminders: category.Reminders{Requester: c.reminder},
			})
			x.says(ticket.FromStaff, x.at(0, 0))
			x.TakeChanges()
			said, closed := map[time.Duration]string{}, time.Duration(0)
			for at := time.Duration(0); at < 80*hour && closed == 0; at += 10 * time.Second {
				if at == c.spoke && at > 0 {
					x.SpokeAt = x.start.Add(at)
				}
				if x.DueAt.IsZero() || x.DueAt.After(x.start.Add(at)) {
					continue
				}
				if err := x.Elapse(x.at(at, 0), x.book, say); err != nil {
					t.Fatal(err)
				}
				if x.Status == ticket.Closed {
					closed = at
				}
				if text := x.said(); text != "" {
					said[at] = text
				}
			}
			if !maps.Equal(said, c.want) || closed != c.closes {
				t.Errorf("said %v, closed at %v; want %v, %v", said, closed, c.want, c.closes)
			}
		})
	}
}

// A moment is stored by the queue's clocks, and told by the reader's if these are known.
func TestMomentsAreToldByTheReadersClocks(t *testing.T) {
	const stored = "outside_hours 2026-04-06 09:00 UTC+02:00 (Europe/Paris)"
	x := chatty(t)
	m := &ticket.Message{Kind: ticket.System, Body: x.does(2*time.Hour, x.writes(ticket.FromRequester))}
	if m.Body != stored {
		t.Errorf("the helpdesk says %q, want %q", m.Body, stored)
	}
	for zone, want := range map[string]string{
		"Asia/Tokyo": "outside_hours 2026-04-06 16:00 UTC+09:00 (Asia/Tokyo)", "UTC": "outside_hours 2026-04-06 07:00 UTC+00:00",
		"": stored, "Middle/Earth": stored,
	} {
		if got := m.ToldBy(zone); got != want {
			t.Errorf("in %q one reads %q, want %q", zone, got, want)
		}
	}
	if m.Kind = ticket.Reply; m.ToldBy("Asia/Tokyo") != stored {
		t.Errorf("what a person wrote becomes %q", m.ToldBy("Asia/Tokyo"))
	}
}

// A length of time stands in a text of the same language, or in signs.
func TestLengthsAreInTheLanguageOfTheirText(t *testing.T) {
	english := func(_ locale.Tag, key string, args map[string]any) (string, locale.Tag) {
		return fmt.Sprint(args["Count"], " of ", key), "en"
	}
	for tag, want := range map[locale.Tag]string{"en-GB": "waiting 120 of helpdesk.length.minutes", "de": "waiting 120\u00a0min"} {
		x := chatty(t)
		x.Locale = tag
		c := x.book.Category(x.Category)
		c.Reply(category.OnWaiting).Texts = locale.Of(tag, "waiting {{waited}}")
		x.does(0, x.writes(ticket.FromRequester))
		if err := x.Elapse(x.at(2*time.Hour, 0), x.book, english); err != nil {
			t.Fatal(err)
		}
		if got := x.said(); got != want {
			t.Errorf("in %s the helpdesk says %q, want %q", tag, got, want)
		}
	}
}
