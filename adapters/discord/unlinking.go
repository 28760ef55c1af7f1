package discord

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
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
		if err := r.unlinkDirect(ctx); err != nil {
			return err
		}
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
	r.lookAgain(r.Now())
	return r.placeless(ctx, shown{before: wasUnlinked})
}

// placeless records that the ticket has no place here any more.
func (r *run) placeless(ctx context.Context, next shown) error {
	s := r.surface
	s.State, s.Detail, s.ExternalID, s.In, s.SeenID, s.Applied, s.CardID = channel.Unlinked, "", "", "", "", "", ""
	s.Card, s.Intent, s.Refusals = next.String(), channel.Intent{}, 0
	return r.save(ctx)
}

// unlinkDirect ends the talk in the requester's direct messages, if there is one: what
// was written there is taken in, and they are told, once, that nobody reads on.
// Whoever takes no direct messages any more isn't told.
func (r *run) unlinkDirect(ctx context.Context) error {
	d := &run{Adapter: r.Adapter, call: r.call, ticket: r.ticket, staff: r}
	if err := d.read(ctx); err != nil || d.channel() == "" {
		return err
	}
	err := d.resolve(ctx)
	if err == nil && d.surface.State != channel.Unlinked {
		if err = d.drainDirect(ctx); err == nil && !d.closed() {
			_, err = d.post(ctx, kindUnlinked, 0, 0, d.speech.DirectUnlinked(d.facts))
		}
	}
	if err != nil && !closedDM(err) && !refusedThere(err) {
		return err
	}
	return d.placeless(ctx, shown{})
}

// drainDirect takes in what the requester wrote, changed and deleted unheard.
func (r *run) drainDirect(ctx context.Context) error {
	talks, err := r.talks(ctx, r.channel())
	if err != nil || len(talks) == 0 {
		return err
	}
	known, err := r.recallDirect(ctx, r.channel(), talks, mark{})
	if err != nil {
		return err
	}
	seen := seenIn(talks)
	after := seen
	if known.oldest != "" && !known.oldest.Newer(seen) {
		after = known.oldest.Before()
	}
	for {
		page, err := r.rest.History(ctx, r.channel(), after)
		if err != nil {
			return err
		}
		for i := range page {
			m := &page[i]
			m.ChannelID, after = r.channel(), m.ID
			if err := r.keepDirect(ctx, m, m.ID.Newer(seen), known.meets(m)); err != nil {
				return err
			}
		}
		if len(page) < rest.HistoryPage {
			return known.gone(ctx, func(ctx context.Context, m wire.ID) error {
				return r.directDelete(ctx, &wire.Deletion{ChannelID: r.channel(), ID: m})
			})
		}
	}
}

func (r *run) keepDirect(ctx context.Context, m *wire.Message, fresh, edited bool) error {
	if fresh {
		if _, err := r.hearDirect(ctx, m); err != nil {
			return err
		}
	}
	if !edited && (!fresh || m.Edited == nil) {
		return nil
	}
	return r.directUpdate(ctx, m)
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
