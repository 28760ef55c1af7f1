package discord

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
)

// unfinished is the version of a text of which not all stands in the channel.
const unfinished int64 = -1

// posts shows, changes and takes away what was said elsewhere, in order.
func (r *run) posts(ctx context.Context) error {
	for _, p := range r.facts.Posts {
		if r.isDirect() && byForm(p.Message) {
			continue
		}
		var err error
		if r.silent {
			err = r.undelivered(ctx, p)
		} else {
			err = r.onePost(ctx, p)
		}
		if r.isDirect() && closedDM(err) {
			err = r.undelivered(ctx, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) onePost(ctx context.Context, p channel.Post) error {
	m, have := p.Message, r.deliveredIDs(p.Message.ID)
	if !m.DeletedAt.IsZero() {
		if err := r.drop(ctx, have); err != nil {
			return err
		}
		return r.delivered(ctx, m.ID, have, m.Version, true)
	}
	return r.bring(ctx, shownText{
		kind: kindPost, message: m.ID, have: have, want: render.Message(p),
		record: func(ctx context.Context, have []wire.ID, whole bool) error {
			version := unfinished
			if whole {
				version = m.Version
			}
			return r.delivered(ctx, m.ID, have, version, false)
		},
	})
}

// deliveredIDs are the messages in which a message of the ticket stands.
func (r *run) deliveredIDs(m id.Message) []wire.ID {
	for _, p := range r.facts.Posts {
		if p.Message.ID == m && p.Delivery != nil {
			return ids(p.Delivery.ExternalID)
		}
	}
	return nil
}

func (r *run) delivered(ctx context.Context, m id.Message, have []wire.ID, version int64, deleted bool) error {
	return r.Channels.Delivered(ctx, r.call, r.surface, channel.Delivery{
		Message: m, ExternalID: join(have), Version: version, Deleted: deleted,
	})
}
