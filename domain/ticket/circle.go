package ticket

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Circle is whose business an event of a ticket is, by what held when it
// happened: the members who asked for help, had the ticket or took part in it, and
// the queue that it waited in, just before the event or just after it. What they
// may hear of it is another matter: Hears says.
type Circle struct {
	Members []id.Member
	Queues  []id.Queue
}

// Circles gives each event's circle, in the order of the events, which is the
// log's. The views are the tickets', read after the events were; an event without
// one is nobody's business. Only the helpdesk itself may. Codes: unauthenticated,
// forbidden.
func (s *Service) Circles(ctx context.Context, c access.Call, views map[id.Ticket]*View, events []event.Envelope) ([]Circle, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	circles := make([]Circle, len(events))
	if len(events) == 0 {
		return circles, nil
	}
	past := make(history, len(views))
	for n, v := range views {
		past[n] = standing{v.Requester, v.Assignee, v.Participants, v.Queue}
	}
	later, err := s.repo.Moves(ctx, c.Actor.Workspace, events[len(events)-1].Sequence, event.Movers(), past.tickets()...)
	if err != nil {
		return nil, err
	}
	for _, e := range slices.Backward(later) {
		past.back(e)
	}
	for i, e := range slices.Backward(events) {
		circles[i] = past.back(e)
	}
	return circles, nil
}

// history is how tickets stood at a place in the log.
type history map[id.Ticket]standing

func (h history) tickets() []id.Ticket {
	all := make([]id.Ticket, 0, len(h))
	for n := range h {
		all = append(all, n)
	}
	return all
}

// back steps to before an event, and gives its circle.
func (h history) back(e event.Envelope) Circle {
	after, ok := h[e.Ticket]
	if !ok {
		return Circle{}
	}
	before := after.before(e.Data)
	h[e.Ticket] = before
	return between(before, after)
}

// standing is whose a ticket is.
type standing struct {
	requester, assignee id.Member
	participants        []id.Member
	queue               id.Queue
}

// before undoes an event. What it tells does not depend on whether the event
// was done in the standing already.
func (s standing) before(d event.Data) standing {
	switch d := d.(type) {
	case event.TicketClaimed:
		s.assignee = d.Previous
	case event.TicketAssigned:
		s.assignee = d.Previous
	case event.TicketUnassigned:
		s.assignee = d.Previous
	case event.TicketTransferred:
		s.queue = d.From
	case event.ParticipantAdded:
		s.participants = slices.DeleteFunc(slices.Clone(s.participants), func(m id.Member) bool { return m == d.Member })
	case event.ParticipantRemoved:
		s.participants = distinct(append(slices.Clone(s.participants), d.Member))
	}
	return s
}

// between is the circle of what made one standing another.
func between(before, after standing) Circle {
	members := append(after.members(), before.members()...)
	return Circle{Members: distinct(members), Queues: distinct([]id.Queue{after.queue, before.queue})}
}

func (s standing) members() []id.Member {
	all := append([]id.Member{s.requester}, s.participants...)
	if s.assignee != 0 {
		all = append(all, s.assignee)
	}
	return all
}

// distinct sorts a list and keeps each item once.
func distinct[T ~int64](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}
