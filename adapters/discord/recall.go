package discord

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/page"
)

// recallMost is how many of a ticket's latest messages are looked after again
// after a gap. Discord tells of edits and deletions once, to whoever is there.
const recallMost = 50

// recall finds out what was edited and deleted in a channel while nobody listened.
type recall struct {
	recorded []wire.ID // of members' latest messages, as they stood before the reading
	whole    bool      // there are no others
	met      map[wire.ID]bool
}

// recallOf begins a recall of the ticket's channel.
func (in *inbox) recallOf(ctx context.Context, p *place) (*recall, error) {
	pages, err := in.Tickets.Messages(ctx, p.call, page.Request{Last: recallMost}, p.surface.Ticket)
	if err != nil {
		return nil, err
	}
	last := pages[p.surface.Ticket]
	r := &recall{whole: !last.HasPrevious, met: map[wire.ID]bool{}}
	for _, m := range last.Items {
		external := wire.ID(m.ExternalID)
		if m.Channel == event.ChannelDiscord && m.DeletedAt.IsZero() && external.Valid() && external.Newer(p.channel()) {
			r.recorded = append(r.recorded, external)
		}
	}
	return r, nil
}

// from is what the reading begins behind: what was seen, or further back so that
// all that was recorded is met. Behind 0, the ticket's card is met as well.
func (r *recall) from(seen wire.ID) wire.ID {
	if r.whole && len(r.recorded) > 0 {
		return "0"
	}
	for _, m := range r.recorded {
		if !m.Newer(seen) {
			seen = m.Before()
		}
	}
	return seen
}

// ended deletes what was recorded and not met. A channel in which nothing was
// met may be one that the bot was forbidden to read: Discord says nothing then.
func (r *recall) ended(ctx context.Context, in *inbox, p *place) error {
	if len(r.met) == 0 {
		return nil
	}
	for _, m := range r.recorded {
		if r.met[m] {
			continue
		}
		if err := in.deleted(ctx, p, m); err != nil {
			return err
		}
	}
	return nil
}
