package graph_test

import (
	"context"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// shown gives a house with a ticket of which the channel tells something.
func shown(t *testing.T, s channel.Surface) (*house, *ticket.Ticket) {
	t.Helper()
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	s.Ticket, s.Workspace, s.Channel = tk.ID, h.Workspace.ID, tk.Channel
	if err := h.store.Channels().Save(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	system := access.Call{Actor: access.System(h.Workspace.ID), Now: h.Clock.Tick()}
	err := h.services.Channels.Report(t.Context(), system, channel.Report{Channel: tk.Channel, State: channel.Connected, Capabilities: []channel.Capability{
		{Key: "message_content", On: true}, {Key: "answering_role", Mend: "discord.mend.answering_role"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return h, tk
}

const surfaceQuery = `query($id: ID!) { ticket(id: $id) { surface { channel state kind detail position url } } }`

func TestStaffSeesWhatKeepsATicketFromItsChannel(t *testing.T) {
	h, tk := shown(t, channel.Surface{State: channel.Waiting, Kind: category.InThread, Detail: "discord.waiting.threads"})
	a := h.ask(t, h.Chidi, surfaceQuery, vars{"id": ticketID(tk)})
	a.want("ticket.surface.state", "WAITING")
	a.want("ticket.surface.position", 1)
	a.want("ticket.surface.kind", nil)
	a.want("ticket.surface.detail", "The server has as many channels and open threads as Discord allows. The ticket waits for a free one: archive threads or delete channels that are no longer needed.")
	mine := h.ask(t, h.Lea, surfaceQuery, vars{"id": ticketID(tk)})
	mine.want("ticket.surface.position", 1)
	mine.want("ticket.surface.detail", nil)

	const report = `{ workspace { channels { channel state reportedAt capabilities { key on mend } blockedTickets { number surface { state } } } } }`
	r := h.ask(t, h.Chidi, report, nil)
	r.want("workspace.channels.0.state", "CONNECTED")
	r.want("workspace.channels.0.capabilities.0.mend", nil)
	r.want("workspace.channels.0.capabilities.1.on", false)
	r.want("workspace.channels.0.capabilities.1.mend", "Use /setup team to name the role that answers tickets.")
	r.want("workspace.channels.0.blockedTickets.0.surface.state", "WAITING")
	h.ask(t, h.Lea, report, nil).want("workspace.channels", nil)
	h.ask(t, h.Dana, report, nil).want("workspace.channels.0.blockedTickets", []any{}) // of another team
}

// A channel that stays though its ticket is closed needs a hand, too.
func TestStaffSeesWhichChannelsOfClosedTicketsStay(t *testing.T) {
	h, tk := shown(t, channel.Surface{State: channel.Ready, Kind: category.InChannel, ExternalID: "7", Detail: "discord.kept.threads"})
	const report = `{ workspace { channels { blockedTickets { status surface { state detail } } } } }`
	h.ask(t, h.Chidi, report, nil).want("workspace.channels.0.blockedTickets", []any{})
	for _, verb := range []func(context.Context, access.Call, ticket.Ref) (*ticket.Ticket, error){h.services.Tickets.Resolve, h.services.Tickets.Close} {
		if _, err := verb(t.Context(), h.Call(t, h.Chidi), ticket.Ref{ID: tk.ID}); err != nil {
			t.Fatal(err)
		}
	}
	r := h.ask(t, h.Chidi, report, nil)
	r.want("workspace.channels.0.blockedTickets.0.status", "CLOSED")
	r.want("workspace.channels.0.blockedTickets.0.surface.detail", h.services.Catalogue.Text("en", "discord.kept.threads", nil))
	h.ask(t, h.Dana, report, nil).want("workspace.channels.0.blockedTickets", []any{}) // of another team
}

func TestATicketTellsWhereItsChannelIs(t *testing.T) {
	h, tk := shown(t, channel.Surface{State: channel.Ready, Kind: category.InThread, ExternalID: "7"})
	a := h.ask(t, h.Lea, surfaceQuery, vars{"id": ticketID(tk)})
	a.want("ticket.surface.state", "READY")
	a.want("ticket.surface.kind", "THREAD")
	a.want("ticket.surface.position", nil)
	other := h.Opens(t, h.Bob, h.Help)
	h.ask(t, h.Bob, surfaceQuery, vars{"id": ticketID(other)}).want("ticket.surface", nil)
}

func TestWhereABrowserFindsAPlace(t *testing.T) {
	s := channel.Standing{Place: "5", Surface: channel.Surface{Channel: event.ChannelDiscord, ExternalID: "7"}}
	if got := s.URL(); got != "https://discord.com/channels/5/7" {
		t.Errorf("it is at %q", got)
	}
	if (&channel.Standing{Place: "5"}).URL() != "" {
		t.Error("nothing is somewhere")
	}
}
