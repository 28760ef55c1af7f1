package channel_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/job"
)

func TestEventsGoToTheChannelOfTheirTicket(t *testing.T) {
	route := channel.Route(event.ChannelDiscord)
	posted := event.Envelope{Workspace: 3, Ticket: 42, TicketChannel: event.ChannelDiscord, Data: event.MessagePosted{}}
	want := job.Key{Consumer: "discord", Key: "42", Workspace: 3}
	if key, ok := route(posted); !ok || key != want {
		t.Errorf("a message makes the work %+v, %v; want %+v", key, ok, want)
	}
	for name, spoil := range map[string]func(*event.Envelope){
		"an internal event":              func(e *event.Envelope) { e.Internal = true },
		"a ticket of another channel":    func(e *event.Envelope) { e.TicketChannel = event.ChannelAPI },
		"an event that is of no ticket":  func(e *event.Envelope) { e.Ticket = 0 },
		"a ticket that is shown nowhere": func(e *event.Envelope) { e.TicketChannel = "" },
	} {
		e := posted
		spoil(&e)
		if key, ok := route(e); ok {
			t.Errorf("%s makes the work %+v", name, key)
		}
	}
}
