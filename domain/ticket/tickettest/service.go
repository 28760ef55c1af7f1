package tickettest

import (
	"errors"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Service runs the suite of the ticket service, and of those of queues, teams,
// categories and members, on a real store. Setup gives a fresh one for each
// test of it.
func Service(t *testing.T, setup func(t *testing.T) World) {
	t.Helper()
	run(t, setup, serviceOpening(), serviceTalking(), serviceWorking(), serviceMachine(), serviceReading(), serviceHouse(), serviceSurface())
}

// Service gives the service on the desk's store.
func (d *Desk) Service() *ticket.Service {
	return ticket.NewService(d.Tickets, d.Categories, d.Members, d.Queues, d.Workspaces, d.IDs)
}

// from is the member's call with an origin, as it comes from a channel.
func (d *Desk) from(t *testing.T, who *member.Member, externalID string) access.Call {
	t.Helper()
	c := d.Call(t, who)
	c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: externalID}
	return c
}

// refused checks the code of a refusal and the field that it names.
func refused(t *testing.T, what string, err error, code fault.Code, field string) {
	t.Helper()
	if got := fault.CodeOf(err); got != code {
		t.Errorf("%s: %v, want %s", what, err, code)
		return
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && field != "" && f.Field != field {
		t.Errorf("%s: the field at fault is %q, want %q", what, f.Field, field)
	}
}

// since gives the types of the events that a ticket has beyond the first n.
func (d *Desk) since(t *testing.T, tk *ticket.Ticket, n int) []event.Type {
	t.Helper()
	return d.kinds(t, tk)[n:]
}

// records checks that doing something leaves exactly these events.
func (d *Desk) records(t *testing.T, what string, tk *ticket.Ticket, do func() error, want ...event.Type) {
	t.Helper()
	told := len(d.history(t, tk))
	must(t, what, do())
	if got := d.since(t, tk, told); !slices.Equal(got, want) {
		t.Errorf("%s leaves the events %v, want %v", what, got, want)
	}
}

// unharmed checks that doing something changes nothing in the ticket, what is
// said in it and its history.
func (d *Desk) unharmed(t *testing.T, what string, tk *ticket.Ticket, do func()) {
	t.Helper()
	before, said, told := d.Read(t, tk.ID).Ticket, bodies(d.said(t, tk)), len(d.history(t, tk))
	do()
	sameTicket(t, d.Read(t, tk.ID).Ticket, before)
	if now := bodies(d.said(t, tk)); !slices.Equal(now, said) {
		t.Errorf("%s: the messages were %q and are %q", what, said, now)
	}
	if n := len(d.history(t, tk)); n != told {
		t.Errorf("%s: the history had %d events and has %d", what, told, n)
	}
}
