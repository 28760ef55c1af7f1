package sla_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// A changed policy reaches open tickets a moment later. Who answers in between is
// judged by the policy that is in force when they answer.
func TestWhatFulfilsAClockIsJudgedByThePolicyInForce(t *testing.T) {
	half := plain(30*time.Minute, sla.FirstReply)
	business := plain(time.Hour, sla.FirstReply)
	business.Promises[0].Business = true
	for name, c := range map[string]struct {
		now  []*sla.Policy // from the fortieth minute on
		at   int           // of the reply
		kept int64         // by which book the clocks were kept then
		want []string
	}{
		"a stricter one, broken as soon as it holds": {[]*sla.Policy{half}, 41, 1, []string{"41 first_reply rescheduled due 40", "40 first_reply breached due 40", "41 first_reply fulfilled"}},
		"a reply from before it":                     {[]*sla.Policy{half}, 39, 1, []string{"39 first_reply fulfilled"}},
		"a milder one":                               {[]*sla.Policy{plain(2*time.Hour, sla.FirstReply)}, 70, 1, []string{"70 first_reply rescheduled due 120", "70 first_reply fulfilled"}},
		"none":                                       {nil, 41, 1, []string{"41 first_reply cancelled"}},
		"another way of counting":                    {[]*sla.Policy{business}, 41, 1, []string{"41 first_reply fulfilled"}},
		"the same, known already":                    {[]*sla.Policy{half}, 41, 2, []string{"41 first_reply fulfilled"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t, plain(time.Hour, sla.FirstReply))
			s.at(0, asks)
			s.lines = nil
			hours := &sla.Hours{Schedule: office()}
			s.book = sla.NewBook(2, []*sla.Hours{hours}, c.now).InForce(s.start.Add(40 * time.Minute))
			s.state.KeptBy = c.kept
			s.at(c.at, replies)
			s.want(c.want...)
		})
	}
}

// What is done at a breach is done once, also where the promise was another one when
// staff was warned, or is another one when the breach is looked at.
func TestABreachIsEscalatedWhateverWasPromisedWhenStaffWasWarned(t *testing.T) {
	escalating := func(within time.Duration) *sla.Policy {
		p := plain(within, sla.FirstReply)
		p.Promises[0].Steps = []sla.Step{{Before: 10 * time.Minute, Action: sla.Warn}, {Action: sla.Raise, Priority: priority.Urgent}}
		return p
	}
	s := newStory(t, escalating(time.Hour))
	s.at(0, asks)
	s.tick(50, sla.Warn)
	s.book = sla.NewBook(2, nil, []*sla.Policy{escalating(30 * time.Minute)})
	s.at(55, nil)
	if next := s.book.Next(s.clocks, s.state.Facts); next.After(s.state.Now) {
		t.Errorf("a broken promise is looked at %v", next)
	}
	s.tick(56, sla.Raise)
	s.tick(57)

	s = newStory(t, escalating(time.Hour))
	s.at(0, asks)
	s.at(61, nil) // it is broken, and nobody looks yet
	s.book = sla.NewBook(2, nil, []*sla.Policy{escalating(2 * time.Hour)})
	s.at(62, nil)
	if next := s.book.Next(s.clocks, s.state.Facts); next.After(s.state.Now) {
		t.Errorf("a broken promise is looked at %v", next)
	}
	s.tick(62, sla.Raise)
	s.tick(120)
}
