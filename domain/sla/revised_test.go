package sla_test

import (
	"testing"
	"time"

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
