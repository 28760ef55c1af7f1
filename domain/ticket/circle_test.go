package ticket_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// moves is a store that knows only what moved tickets.
type moves struct {
	ticket.Repository

	all []event.Envelope
}

func (m moves) Moves(_ context.Context, _ id.Workspace, after int64, types []event.Type, tickets ...id.Ticket) ([]event.Envelope, error) {
	var found []event.Envelope
	for _, e := range m.all {
		if e.Sequence > after && slices.Contains(types, e.Data.Type()) && slices.Contains(tickets, e.Ticket) {
			found = append(found, e)
		}
	}
	return found, nil
}

// However much of the log is read at once, and however old or new the view is,
// an event is the business of the same.
func TestWhoseBusinessAnEventIs(t *testing.T) {
	const requester, first, second, guest = id.Member(1), id.Member(2), id.Member(3), id.Member(4)
	const here, there = id.Queue(8), id.Queue(9)
	type holds struct {
		data    event.Data
		members []id.Member
		queues  []id.Queue
	}
	story := []holds{
		{event.TicketOpened{Requester: requester, Queue: here}, []id.Member{requester}, []id.Queue{here}},
		{event.TicketClaimed{Assignee: first}, []id.Member{requester, first}, []id.Queue{here}},
		{event.ParticipantAdded{Member: guest}, []id.Member{requester, first, guest}, []id.Queue{here}},
		{event.MessagePosted{}, []id.Member{requester, first, guest}, []id.Queue{here}},
		{event.TicketAssigned{Assignee: second, Previous: first}, []id.Member{requester, first, second, guest}, []id.Queue{here}},
		{event.NoteAdded{}, []id.Member{requester, second, guest}, []id.Queue{here}},
		{event.ParticipantRemoved{Member: guest}, []id.Member{requester, second, guest}, []id.Queue{here}},
		{event.TicketTransferred{From: here, To: there}, []id.Member{requester, second}, []id.Queue{here, there}},
		{event.TicketUnassigned{Previous: second}, []id.Member{requester, second}, []id.Queue{there}},
		{event.MessagePosted{}, []id.Member{requester}, []id.Queue{there}},
	}
	all := make([]event.Envelope, len(story))
	for i, h := range story {
		all[i] = event.Envelope{Sequence: int64(i + 1), Ticket: 7, Data: h.data}
	}
	s := ticket.NewService(moves{all: all}, nil, nil, nil, nil, nil)
	views := map[id.Ticket]*ticket.View{7: {Ticket: &ticket.Ticket{ID: 7, Requester: requester, Queue: there}}}
	for from := range all {
		for to := from; to <= len(all); to++ {
			circles, err := s.Circles(t.Context(), access.Call{Actor: access.System(1)}, views, all[from:to])
			if err != nil || len(circles) != to-from {
				t.Fatal(circles, err)
			}
			for i, c := range circles {
				want := story[from+i]
				slices.Sort(want.members)
				if !slices.Equal(c.Members, want.members) || !slices.Equal(c.Queues, want.queues) {
					t.Errorf("of %d to %d, %T is the business of %+v, want %v and %v", from, to, want.data, c, want.members, want.queues)
				}
			}
		}
	}
}

func TestAnEventOfATicketThatIsGoneIsNobodysBusiness(t *testing.T) {
	s := ticket.NewService(moves{}, nil, nil, nil, nil, nil)
	circles, err := s.Circles(t.Context(), access.Call{Actor: access.System(1)}, nil, []event.Envelope{{Ticket: 7, Data: event.MessagePosted{}}})
	if err != nil || len(circles) != 1 || len(circles[0].Members)+len(circles[0].Queues) > 0 {
		t.Errorf("%+v, %v", circles, err)
	}
}

func TestOnlyTheHelpdeskItselfAsksForCircles(t *testing.T) {
	s := ticket.NewService(nil, nil, nil, nil, nil, nil)
	_, err := s.Circles(t.Context(), access.Call{Actor: access.Actor{Workspace: 1, Member: 2, Role: access.RoleAdmin}}, nil, []event.Envelope{{}})
	if !errors.Is(err, access.ErrForbidden) {
		t.Errorf("an admin gets %v", err)
	}
}
