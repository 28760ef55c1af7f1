package ticket_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// What is said where it stands already leaves nothing to be shown, unless something
// else comes of it.
func TestWhatStandsAlreadyIsAnEcho(t *testing.T) {
	here, elsewhere := by(agent), by(agent)
	here.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: "1", Shown: true}
	elsewhere.Origin = event.Origin{Channel: event.ChannelDM, ExternalID: "1"}
	says := func(side ticket.Side) func(ticket.Cause, *ticket.Ticket) error {
		return func(c ticket.Cause, tk *ticket.Ticket) error {
			_, err := tk.Reply(c, side, "en", "hello")
			return err
		}
	}
	for name, c := range map[string]struct {
		in    ticket.Status
		turn  ticket.Turn
		cause ticket.Cause
		does  func(ticket.Cause, *ticket.Ticket) error
		echo  bool
	}{
		"the requester goes on":       {ticket.Open, ticket.StaffsTurn, here, says(ticket.FromRequester), true},
		"staff goes on":               {ticket.Open, ticket.RequestersTurn, here, says(ticket.FromStaff), true},
		"it stands elsewhere alone":   {ticket.Open, ticket.StaffsTurn, elsewhere, says(ticket.FromRequester), false},
		"the turn passes":             {ticket.Open, ticket.StaffsTurn, here, says(ticket.FromStaff), false},
		"the status moves":            {ticket.Pending, ticket.RequestersTurn, here, says(ticket.FromRequester), false},
		"staff takes the ticket up":   {ticket.New, ticket.StaffsTurn, here, says(ticket.FromStaff), false},
		"the ticket is closed by now": {ticket.Closed, ticket.NobodysTurn, late(here), says(ticket.FromRequester), false},
		"something is done besides": {ticket.Open, ticket.StaffsTurn, here, func(c ticket.Cause, tk *ticket.Ticket) error {
			if err := says(ticket.FromRequester)(c, tk); err != nil {
				return err
			}
			return tk.SetPriority(c, priority.Urgent)
		}, false},
		"it was edited": {ticket.Open, ticket.StaffsTurn, here, func(c ticket.Cause, tk *ticket.Ticket) error {
			_, err := tk.ReplyEdited(c, ticket.FromRequester, "en", "hello", c.Now)
			return err
		}, false},
	} {
		tk := tickettest.NewTicket(tickettest.In(c.in))
		tk.Turn = c.turn
		if err := c.does(c.cause, tk); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		events := tk.TakeChanges().Events
		if len(events) == 0 {
			t.Errorf("%s: and nothing happened", name)
		}
		for _, e := range events {
			if e.Echo != c.echo {
				t.Errorf("%s: of %s it is told that it is an echo: %t", name, e.Data.Type(), e.Echo)
			}
		}
	}
}

// late is the cause of what was written before the ticket was opened.
func late(c ticket.Cause) ticket.Cause {
	c.Origin.OccurredAt = tickettest.NewTicket().OpenedAt.Add(-1)
	return c
}

// What is promised is shown: when the first reply is due, for one.
func TestWhatMovesAClockIsNoEcho(t *testing.T) {
	x := pressed(t, both())
	c := x.at(0, 0)
	c.Origin.Shown = true
	if _, err := x.Reply(c, ticket.FromStaff, "en", "hello"); err != nil {
		t.Fatal(err)
	}
	x.Keep(c, x.book)
	for _, e := range x.TakeChanges().Events {
		if e.Echo {
			t.Errorf("a clock moved, and %s is an echo", e.Data.Type())
		}
	}
}
