package sqlstore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// road is a convoy of one lane that is blocked by a first traveller.
type road struct {
	convoy
	free   chan struct{}
	all    sync.WaitGroup
	groups [][]id.Ticket
}

func newRoad() *road {
	r := &road{convoy: convoy{lanes: 1}, free: make(chan struct{})}
	r.all.Go(func() {
		r.travel(context.Background(), &passenger{}, func([]*passenger) { <-r.free })
	})
	synctest.Wait()
	return r
}

// sends lets a change of the ticket set out.
func (r *road) sends(ctx context.Context, t id.Ticket) *passenger {
	p := &passenger{ticketChange: ticketChange{ref: ticket.Ref{ID: t}}}
	r.all.Go(func() { r.travel(ctx, p, r.drive) })
	synctest.Wait()
	return p
}

func (r *road) drive(group []*passenger) {
	var tickets []id.Ticket
	for _, p := range group {
		tickets = append(tickets, p.ref.ID)
		p.alone = false
	}
	r.groups = append(r.groups, tickets)
}

func (r *road) opens() {
	close(r.free)
	r.all.Wait()
}

func TestWhoWaitsTravelsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad()
		for _, ticket := range []id.Ticket{1, 2, 1, 3, 1} {
			r.sends(t.Context(), ticket)
		}
		r.opens()
		want := [][]id.Ticket{{1, 2, 3}, {1}, {1}}
		if !slices.EqualFunc(r.groups, want, slices.Equal[[]id.Ticket]) {
			t.Errorf("travelled as %v, want %v", r.groups, want)
		}
		if r.busy != 0 || len(r.waiting) != 0 {
			t.Errorf("%d are on their way and %d wait for ever", r.busy, len(r.waiting))
		}
	})
}

func TestAGroupIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad()
		for i := range mostTogether + 1 {
			r.sends(t.Context(), id.Ticket(i+1))
		}
		r.opens()
		if len(r.groups) != 2 || len(r.groups[0]) != mostTogether {
			t.Errorf("travelled in %d groups, the first of %d", len(r.groups), len(r.groups[0]))
		}
	})
}

func TestWhoGivesUpWaitingDoesNotTravel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad()
		ctx, cancel := context.WithCancel(t.Context())
		p := r.sends(ctx, 1)
		r.sends(t.Context(), 2)
		cancel()
		synctest.Wait()
		if p.alone || !errors.Is(p.err, context.Canceled) {
			t.Errorf("alone %v, error %v; want that it was given up", p.alone, p.err)
		}
		r.opens()
		if !slices.EqualFunc(r.groups, [][]id.Ticket{{2}}, slices.Equal[[]id.Ticket]) {
			t.Errorf("travelled as %v", r.groups)
		}
	})
}

func TestADriverWhoBreaksDownStrandsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad()
		broken := &passenger{ticketChange: ticketChange{ref: ticket.Ref{ID: 1}}}
		r.all.Go(func() {
			defer func() { _ = recover() }()
			r.travel(t.Context(), broken, func([]*passenger) { panic("boom") })
		})
		synctest.Wait()
		carried := r.sends(t.Context(), 2)
		next := r.sends(t.Context(), 1)
		r.opens()
		if !carried.alone {
			t.Error("a member of the broken group does not know that it must go alone")
		}
		if next.alone || !slices.EqualFunc(r.groups, [][]id.Ticket{{1}}, slices.Equal[[]id.Ticket]) {
			t.Errorf("those who waited travelled as %v", r.groups)
		}
	})
}
