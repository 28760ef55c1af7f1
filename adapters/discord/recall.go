package discord

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// recall finds out what was edited and deleted in a channel while nobody
// listened: Discord tells of both once, to whoever is there. It knows of every
// message that was recorded as standing in the channel, and looks for each.
type recall struct {
	guild, channel wire.ID
	began          mark
	stands         map[wire.ID]time.Time // what is still looked for, and when it was last edited as far as is known
	oldest         wire.ID               // of what is looked for
	before         wire.ID               // what is older than this is still to be read
	met            bool                  // something was found, so that the channel can be read
}

// recallOf begins a recall of the ticket's channel with all that was recorded of it.
func (a *Adapter) recallOf(ctx context.Context, p *place, began mark) (*recall, error) {
	r := &recall{guild: p.guild, channel: p.channel(), began: began, stands: map[wire.ID]time.Time{}}
	if err := r.expectSaid(ctx, a, p, event.ChannelDiscord); err != nil {
		return nil, err
	}
	shown, err := a.Channels.Shown(ctx, p.call, p.surface.Ticket, event.ChannelDiscord)
	if err != nil {
		return nil, err
	}
	for _, d := range shown {
		for _, m := range ids(d.ExternalID) {
			r.expect(m, time.Time{})
		}
	}
	for _, m := range ids(p.surface.CardID) {
		r.expect(m, time.Time{})
	}
	return r, nil
}

// recallDirect begins a recall of somebody's direct messages, with what they wrote
// in all of their tickets there.
func (a *Adapter) recallDirect(ctx context.Context, dm wire.ID, talks []*place, began mark) (*recall, error) {
	r := &recall{channel: dm, began: began, stands: map[wire.ID]time.Time{}}
	for _, p := range talks {
		if err := r.expectSaid(ctx, a, p, event.ChannelDM); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// expectSaid expects what members wrote in the channel.
func (r *recall) expectSaid(ctx context.Context, a *Adapter, p *place, ch event.Channel) error {
	for after := page.Cursor(nil); ; {
		pages, err := a.Tickets.Messages(ctx, p.call, query.Query{}, page.Request{First: page.MaxSize, After: after}, p.surface.Ticket)
		if err != nil {
			return err
		}
		said := pages[p.surface.Ticket]
		for _, m := range said.Items {
			if m.Channel == ch && m.DeletedAt.IsZero() {
				r.expect(wire.ID(m.ExternalID), m.EditedAt)
			}
		}
		if !said.HasNext || len(said.Items) == 0 {
			return nil
		}
		after = ticket.MessageCursor(said.Items[len(said.Items)-1])
	}
}

// fewEnough is how many messages are looked for together with what is new: their
// page and that of the new ones are mostly the same.
const fewEnough = 50

// begin gives what the reading of what is new begins behind: what was seen, or
// before all that is looked for if that is little.
func (r *recall) begin(seen wire.ID) wire.ID {
	if len(r.stands) > 0 && len(r.stands) <= fewEnough && !r.oldest.Newer(seen) {
		seen = r.oldest.Before()
	}
	r.before = seen.Next()
	return seen
}

// expect looks for a message of the channel. What is older than the channel stood
// in one before it, and what has no ID of a message in a form.
func (r *recall) expect(m wire.ID, edited time.Time) {
	if !m.Valid() || !m.Newer(r.channel) {
		return
	}
	r.stands[m] = edited
	if r.oldest == "" || r.oldest.Newer(m) {
		r.oldest = m
	}
}

// meets notes that a message stands in the channel, and reports whether it was
// edited since it was recorded.
func (r *recall) meets(m *wire.Message) bool {
	r.met = true
	known, recorded := r.stands[m.ID]
	delete(r.stands, m.ID)
	return recorded && m.Edited != nil && m.Edited.After(known)
}

// past reports whether nothing that is looked for can be older than the message.
func (r *recall) past(m wire.ID) bool { return len(r.stands) == 0 || !m.Newer(r.oldest) }

// gone deletes what was looked for everywhere and not found. A channel in which
// nothing at all was found may be one that the bot was forbidden to read:
// Discord says nothing then.
func (r *recall) gone(ctx context.Context, deleted func(context.Context, wire.ID) error) error {
	if !r.met {
		return nil
	}
	for m := range r.stands {
		if err := deleted(ctx, m); err != nil {
			return err
		}
		delete(r.stands, m)
	}
	return nil
}
