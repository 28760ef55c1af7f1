package main

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// BenchmarkBulkChange compares a change of 100 tickets at once with the same
// change of one by itself, and reports how many times as long it takes.
func BenchmarkBulkChange(b *testing.B) {
	for name, verbs := range map[string][2]ticket.Verb{
		"priority": {ticket.Prioritising(priority.High), ticket.Prioritising(priority.Low)},
		"tag":      {ticket.Tagging([]string{"hot"}, nil), ticket.Tagging(nil, []string{"hot"})},
		"status":   {ticket.Moving(ticket.Pending), ticket.Moving(ticket.OnHold)},
	} {
		b.Run(name, func(b *testing.B) {
			eachStore(b, func(b *testing.B, databaseURL string) { compareBulk(b, databaseURL, verbs) })
		})
	}
}

func compareBulk(b *testing.B, databaseURL string, verbs [2]ticket.Verb) {
	w := newBenchWorld(b, databaseURL)
	w.open(ticket.MaxBulk + 1)
	refs := make([]ticket.Ref, len(w.tickets))
	for i, t := range w.tickets {
		refs[i] = ticket.Ref{ID: t.ID}
	}
	single, many := refs[:1], refs[1:]
	supervisor := w.agent
	supervisor.Role = access.RoleSupervisor
	change := func(tickets []ticket.Ref, verb ticket.Verb) time.Duration {
		began := time.Now()
		outcomes, err := w.app.tickets.ChangeAll(b.Context(), w.call(supervisor), ticket.Bulk{Tickets: tickets, OnError: ticket.RollBack}, verb)
		w.check(err)
		took := time.Since(began)
		for _, o := range outcomes {
			if o.Refusal != nil {
				b.Fatal(o.Refusal)
			}
		}
		return took
	}
	var ratios, all []float64
	for b.Loop() {
		ratios, all = nil, nil
		for i := range 40 {
			var one, hundred time.Duration
			for range 5 { // one takes so little that it is done more often
				one += change(single, verbs[i%2]) + change(single, verbs[(i+1)%2])
			}
			for j := range 2 {
				hundred += change(many, verbs[(i+j)%2])
			}
			ratios = append(ratios, 5*float64(hundred)/float64(one))
			all = append(all, hundred.Seconds()*1000/2)
		}
	}
	b.ReportMetric(median(all), "ms/100")
	b.ReportMetric(median(ratios), "x-of-one")
}
