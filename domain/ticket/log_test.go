package ticket_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestWhoseBusinessAnEventIs(t *testing.T) {
	const requester, assignee, participant, stranger = id.Member(1), id.Member(2), id.Member(3), id.Member(4)
	tk := &ticket.Ticket{Requester: requester, Assignee: assignee, Participants: []id.Member{participant}}
	said := event.MessagePosted{}
	for _, c := range []struct {
		who  id.Member
		data event.Data
		want bool
	}{
		{requester, said, true},
		{assignee, said, true},
		{participant, said, true},
		{stranger, said, false},
		{stranger, event.TicketClaimed{Assignee: assignee, Previous: stranger}, true},
		{stranger, event.TicketAssigned{Assignee: assignee, Previous: stranger}, true},
		{stranger, event.TicketUnassigned{Previous: stranger}, true},
		{stranger, event.ParticipantRemoved{Member: stranger}, true},
		{stranger, event.ParticipantRemoved{Member: 5}, false},
	} {
		if got := tk.Concerns(c.who, event.Envelope{Data: c.data}); got != c.want {
			t.Errorf("%T concerns %d: %v", c.data, c.who, got)
		}
	}
}

func TestWhichQueueAnEventIsOf(t *testing.T) {
	tk := &ticket.Ticket{Queue: 2}
	moved := event.Envelope{Data: event.TicketTransferred{From: 1, To: 2}}
	for q, want := range map[id.Queue]bool{1: true, 2: true, 3: false} {
		if tk.Touches(q, moved) != want {
			t.Errorf("a transfer from 1 to 2 touches %d: %v", q, !want)
		}
	}
	if tk.Touches(1, event.Envelope{Data: event.MessagePosted{}}) {
		t.Error("what is said in another queue touches this one")
	}
}

func TestAnEventIsHeardByWhomTheTableAllows(t *testing.T) {
	tk := &ticket.Ticket{Workspace: 1, Queue: 2, Requester: 3}
	public, internal := event.Envelope{}, event.Envelope{Internal: true}
	for _, c := range []struct {
		who          access.Actor
		public, note bool
	}{
		{access.Actor{Workspace: 1, Member: 3, Role: access.RoleRequester}, true, false},
		{access.Actor{Workspace: 1, Member: 4, Role: access.RoleRequester}, false, false},
		{access.Actor{Workspace: 1, Member: 4, Role: access.RoleAgent}, false, false},
		{access.Actor{Workspace: 1, Member: 4, Role: access.RoleAgent, Queues: []id.Queue{2}}, true, true},
		{access.Actor{Workspace: 9, Member: 4, Role: access.RoleAdmin}, false, false},
		{access.Actor{}, false, false},
	} {
		if tk.Hears(c.who, public) != c.public || tk.Hears(c.who, internal) != c.note {
			t.Errorf("%+v hears %v and notes %v", c.who, tk.Hears(c.who, public), tk.Hears(c.who, internal))
		}
	}
}
