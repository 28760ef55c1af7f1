package ticket

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// LoseSurface records that somebody removed the ticket's place in its channel.
// With endsIt, that closes a ticket which is not closed. Codes: none.
func (t *Ticket) LoseSurface(c Cause, ch event.Channel, place string, endsIt bool) {
	lost := event.SurfaceLost{Channel: string(ch), Place: place, Outcome: string(workspace.Rebuild)}
	next, err := t.Status.after(moveLose)
	switch {
	case err != nil:
		lost.Outcome = "none"
	case endsIt:
		lost.Outcome = string(workspace.CloseIt)
	}
	t.record(c, false, lost)
	if endsIt && err == nil {
		t.close(c, next, ClosedByLoss)
	}
}

// UnlinkSurface records that the ticket's place is in what is not linked to the
// workspace any more. Codes: none.
func (t *Ticket) UnlinkSurface(c Cause, ch event.Channel, place string) {
	t.record(c, false, event.SurfaceLost{Channel: string(ch), Place: place, Outcome: event.Unlinked})
}

// RemoveSurface records that the helpdesk removed the place of the ticket, which
// was closed long enough ago. Codes: none.
func (t *Ticket) RemoveSurface(c Cause, ch event.Channel, place string) {
	t.record(c, false, event.SurfaceRemoved{Channel: string(ch), Place: place})
}

// Announce lets the helpdesk itself say something that an event is about.
func (t *Ticket) Announce(c Cause, a Announcement) {
	t.record(c, false, a.About)
	c.Origin = event.Origin{Channel: event.ChannelSystem, CausationID: t.changes.Events[len(t.changes.Events)-1].ID}
	t.post(c, Message{Kind: System, Side: FromSystem, Body: a.Body, Locale: a.Locale, Template: a.Template})
}

// Announcement is something that the helpdesk says in a ticket by itself.
type Announcement struct {
	About    event.Data
	Body     string
	Locale   locale.Tag
	Template string // key of the text
}

// LoseSurface records that a channel's place of the ticket was removed by hand;
// the workspace says whether that closes it. Only the helpdesk itself may; the
// origin makes it happen once. Codes: unauthenticated, forbidden, not_found.
func (s *Service) LoseSurface(ctx context.Context, c access.Call, r Ref, ch event.Channel, place string) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	w, err := s.workspaces.Get(ctx, c.Actor.Workspace)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, c, r, access.TicketSee, func(cause Cause, t *Ticket) error {
		t.LoseSurface(cause, ch, place, w.OnLoss == workspace.CloseIt)
		return nil
	})
	return err
}

// UnlinkSurface records that a channel's place of the ticket is in what is not linked
// to the workspace any more. Only the helpdesk itself may; the origin makes it
// happen once. Codes: unauthenticated, forbidden, not_found.
func (s *Service) UnlinkSurface(ctx context.Context, c access.Call, r Ref, ch event.Channel, place string) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	_, err := s.change(ctx, c, r, access.TicketSee, func(cause Cause, t *Ticket) error {
		t.UnlinkSurface(cause, ch, place)
		return nil
	})
	return err
}

// RemoveSurface records that the helpdesk removed a channel's place of the ticket.
// Only the helpdesk itself may; the origin makes it happen once. Codes:
// unauthenticated, forbidden, not_found.
func (s *Service) RemoveSurface(ctx context.Context, c access.Call, r Ref, ch event.Channel, place string) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	_, err := s.change(ctx, c, r, access.TicketSee, func(cause Cause, t *Ticket) error {
		t.RemoveSurface(cause, ch, place)
		return nil
	})
	return err
}

// Announce says something in the helpdesk's own name, in a ticket that is not
// closed. Only the helpdesk itself may; the origin makes it happen once. Codes:
// unauthenticated, forbidden, not_found, invalid_transition.
func (s *Service) Announce(ctx context.Context, c access.Call, r Ref, a Announcement) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	_, err := s.change(ctx, c, r, access.TicketSee, func(cause Cause, t *Ticket) error {
		if t.Status == Closed {
			return ErrClosed
		}
		t.Announce(cause, a)
		return nil
	})
	return err
}

// Undelivered records for staff that a message could not be handed to the
// requester; reason is a catalogue key. Only the helpdesk itself may; the origin
// makes it happen once. Codes: unauthenticated, forbidden, not_found.
func (s *Service) Undelivered(ctx context.Context, c access.Call, r Ref, m id.Message, reason string) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	_, err := s.change(ctx, c, r, access.TicketSee, func(cause Cause, t *Ticket) error {
		t.record(cause, true, event.MessageUndelivered{Message: m, Reason: reason})
		return nil
	})
	return err
}
