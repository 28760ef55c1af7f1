package ticket_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

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
