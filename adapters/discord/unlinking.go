package discord

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// unlink gives up a ticket's place in a guild that is not linked to its workspace any
// more: what stands there is taken in, the place is shut, and the history tells so.
// A ticket that goes on gets a place in another guild of the workspace, if there is
// one. Resolved is what came of looking how the run before ended.
func (r *run) unlink(ctx context.Context, resolved error) error {
	if resolved != nil && !refusedThere(resolved) {
		return resolved
	}
	if r.channel() != "" {
		if err := r.farewell(ctx); err != nil && !refusedThere(err) {
			return err
		}
		told := r.call
		told.Origin.ExternalID = "unlinked:" + r.surface.ExternalID
		err := r.Tickets.UnlinkSurface(ctx, told, ticket.Ref{ID: r.ticket}, event.ChannelDiscord, r.surface.ExternalID)
		if err != nil {
			return err
		}
		r.placed.forget(r.channel())
	}
	s := r.surface
	s.State, s.Detail, s.ExternalID, s.In, s.SeenID, s.Applied, s.CardID = channel.Unlinked, "", "", "", "", "", ""
	s.Card, s.Intent, s.Refusals = shown{before: wasUnlinked}.String(), channel.Intent{}, 0
	r.lookAgain(r.Now())
	return r.save(ctx)
}

// refusedThere reports whether Discord does not let the bot do something in the
// place, or there is no such place any more: it stays as it is then.
func refusedThere(err error) bool {
	return rest.Forbidden(err) || errors.Is(err, errHeldTooLittle) ||
		rest.Is(err, rest.UnknownChannel, rest.UnknownGuild, rest.MissingAccess)
}

// farewell takes in what was written in the place, says there that it is the
// ticket's no more, and lets nobody write in it.
func (r *run) farewell(ctx context.Context) error {
	if err := r.drain(ctx); err != nil {
		return err
	}
	if !r.closed() && r.surface.State != channel.Unlinked {
		if err := r.tellUnlinked(ctx); err != nil {
			return err
		}
	}
	if r.inThread() {
		return r.seal(ctx)
	}
	want, err := r.overwrites(ctx)
	if err != nil {
		return err
	}
	return r.applyRights(ctx, want)
}

// tellUnlinked says that the place is the ticket's no more. A thread in which nobody
// wrote for long has closed by itself.
func (r *run) tellUnlinked(ctx context.Context) error {
	_, err := r.post(ctx, kindUnlinked, 0, 0, r.speech.Unlinked())
	if rest.Is(err, rest.ThreadArchived) {
		if err := r.open(ctx); err != nil {
			return err
		}
		_, err = r.post(ctx, kindUnlinked, 0, 0, r.speech.Unlinked())
	}
	if err != nil {
		return err
	}
	r.surface.State = channel.Unlinked
	return r.save(ctx)
}
