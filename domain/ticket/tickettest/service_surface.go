package tickettest

import (
	"errors"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

func serviceSurface() []test {
	return []test{
		{"a lost place is told once, and ends the ticket if the workspace says so", lostPlaces},
		{"the helpdesk announces by itself, in tickets that are not over", announcements},
		{"what was not delivered is told to staff alone", undelivered},
		{"only the helpdesk itself tells what a channel tells", channelsAlone},
	}
}

// system is a call of the helpdesk itself that a channel caused.
func (d *Desk) system(externalID string) access.Call {
	return access.Call{
		Actor: access.System(d.Workspace.ID), Now: d.Clock.Tick(),
		Origin: event.Origin{Channel: event.ChannelDiscord, ExternalID: externalID},
	}
}

func lostPlaces(t *testing.T, d *Desk) {
	tk, s := d.Opens(t, d.Bob, d.Help), d.Service()
	ref := ticket.Ref{ID: tk.ID}
	lose := func(place string) func() error {
		return func() error {
			return s.LoseSurface(t.Context(), d.system("lost:"+place), ref, event.ChannelDiscord, place)
		}
	}
	d.records(t, "a loss", tk, lose("one"), event.TypeSurfaceLost)
	d.records(t, "the same again", tk, lose("one"))
	must(t, "choose", d.Workspaces.SetLossPolicy(t.Context(), d.Workspace.ID, 0, workspace.CloseIt))
	d.records(t, "a loss that ends it", tk, lose("two"), event.TypeSurfaceLost, event.TypeTicketClosed)
	if now := d.Read(t, tk.ID); now.Status != ticket.Closed || now.ClosedAt.IsZero() {
		t.Errorf("the ticket is %s", now.Status)
	}
	d.records(t, "a loss after the end", tk, lose("three"), event.TypeSurfaceLost)
	_, err := s.Reopen(t.Context(), d.Call(t, d.Bob), ref)
	must(t, "reopen", err)
}

func announcements(t *testing.T, d *Desk) {
	tk, s := d.Opens(t, d.Bob, d.Help), d.Service()
	say := func(externalID string) error {
		return s.Announce(t.Context(), d.system(externalID), ticket.Ref{ID: tk.ID}, ticket.Announcement{
			About: event.PersonLeft{Member: d.Bob.ID}, Body: "Bob left.", Locale: "en", Template: "x.y",
		})
	}
	d.records(t, "an announcement", tk, func() error { return say("left") }, event.TypePersonLeft, event.TypeMessagePosted)
	d.records(t, "the same again", tk, func() error { return say("left") })
	last := d.Read(t, tk.ID).Last
	if last.Body != "Bob left." || last.Kind != ticket.System || last.Side != ticket.FromSystem || last.Author != 0 || last.Template != "x.y" {
		t.Errorf("the helpdesk said %+v", last)
	}
	must(t, "choose", d.Workspaces.SetLossPolicy(t.Context(), d.Workspace.ID, 0, workspace.CloseIt))
	must(t, "end", s.LoseSurface(t.Context(), d.system("lost"), ticket.Ref{ID: tk.ID}, event.ChannelDiscord, "x"))
	d.unharmed(t, "an announcement in a closed ticket", tk, func() {
		if err := say("late"); !errors.Is(err, ticket.ErrClosed) {
			t.Errorf("the helpdesk announces in a closed ticket: %v", err)
		}
	})
}

func undelivered(t *testing.T, d *Desk) {
	tk, s := d.Opens(t, d.Bob, d.Help), d.Service()
	d.records(t, "a message that does not arrive", tk, func() error {
		return s.Undelivered(t.Context(), d.system("u"), ticket.Ref{ID: tk.ID}, tk.LastMessage, "x.y")
	}, event.TypeMessageUndelivered)
	told := d.history(t, tk)
	if last := told[len(told)-1]; !last.Internal {
		t.Error("the requester is told what staff has to know")
	}
}

func channelsAlone(t *testing.T, d *Desk) {
	tk, s := d.Opens(t, d.Bob, d.Help), d.Service()
	ref := ticket.Ref{ID: tk.ID}
	for what, do := range map[string]func(access.Call) error{
		"lose": func(c access.Call) error {
			return s.LoseSurface(t.Context(), c, ref, event.ChannelDiscord, "x")
		},
		"announce":  func(c access.Call) error { return s.Announce(t.Context(), c, ref, ticket.Announcement{}) },
		"undeliver": func(c access.Call) error { return s.Undelivered(t.Context(), c, ref, 1, "x.y") },
	} {
		d.unharmed(t, what, tk, func() {
			refused(t, what, do(d.Call(t, d.Ada)), fault.Forbidden, "")
			refused(t, what, do(access.Call{}), fault.Unauthenticated, "")
		})
	}
}
