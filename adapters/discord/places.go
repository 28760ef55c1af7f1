package discord

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// channelCreate reads the channel of a new ticket a moment later: what was
// written there before the channel was recorded as the ticket's is missing.
func (in *inbox) channelCreate(ctx context.Context, ch *wire.Channel) error {
	if render.MarkedTicket(ch.Topic) != 0 {
		in.readSoon(ctx, ch, settling)
	}
	return nil
}

// threadCreate reads the bot's own threads a moment later, for the same reason.
func (in *inbox) threadCreate(ctx context.Context, ch *wire.Channel) error {
	if me, err := in.me(ctx); err == nil && ch.OwnerID == me {
		in.readSoon(ctx, ch, settling)
	}
	return nil
}

// readSoon reads a new place after a moment, and again until it is recorded: that
// the answer to its making comes late, or is lost, may take its time.
func (in *inbox) readSoon(ctx context.Context, ch *wire.Channel, wait time.Duration) {
	time.AfterFunc(wait, func() {
		put := in.lanes.put(ctx, string(ch.ID), func(ctx context.Context) {
			in.safely("new place", func() {
				if p, err := in.placeOf(ctx, ch.GuildID, ch.ID); p == nil || err != nil {
					in.readLater(ctx, ch, wait)
					return
				}
				in.backlog.add(unread{guild: ch.GuildID, channel: ch.ID}, moved)
			})
		})
		if !put {
			in.readLater(ctx, ch, wait)
		}
	})
}

func (in *inbox) readLater(ctx context.Context, ch *wire.Channel, waited time.Duration) {
	if waited < longestSettling && ctx.Err() == nil {
		in.readSoon(ctx, ch, 2*waited)
	}
}

const (
	// settling is how long after its making a place is mostly recorded.
	settling = 2 * time.Second
	// longestSettling ends the waiting for one: the next session reads it.
	longestSettling = 30 * time.Minute
)

// channelUpdate follows what becomes of the bot's own rights in a ticket's
// channel: what is said while it is kept out is read when it is let in.
func (in *inbox) channelUpdate(ctx context.Context, ch *wire.Channel) error {
	p, err := in.placeOf(ctx, ch.GuildID, ch.ID)
	if p == nil && err == nil {
		return in.deskChanged(ctx, ch)
	}
	if p == nil {
		return err
	}
	me, err := in.me(ctx)
	if err != nil {
		return err
	}
	if !letIn(me, ch) {
		in.sound.loseOne(ch.ID)
		in.dark.add(ch.ID, ch.GuildID)
	} else if in.dark.ends(ch.ID) {
		in.wantCatchUp()
	}
	if p.surface.State != channel.Blocked {
		return nil
	}
	return in.Channels.Wish(ctx, p.call, p.surface.Ticket, event.ChannelDiscord)
}

// channelDelete also lets those have a look who wait for a place. With a channel
// go its threads, of which Discord does not always tell.
func (in *inbox) channelDelete(ctx context.Context, ch *wire.Channel) error {
	p, err := in.placeOf(ctx, ch.GuildID, ch.ID)
	if err != nil {
		return err
	}
	if p != nil {
		if err := in.lost(ctx, p.call, p.surface); err != nil {
			return err
		}
	} else if render.MarkedTicket(ch.Topic) == 0 && (ch.Type == wire.TypeText || ch.Type == wire.TypeForum) {
		in.missedAll()
	} else if err := in.asideGone(ctx, ch); err != nil {
		return err
	}
	return in.placeFreed(ctx, ch.GuildID)
}

// threadUpdate lets those have a look who wait for a place when one is archived.
func (in *inbox) threadUpdate(ctx context.Context, ch *wire.Channel) error {
	if ch.Thread == nil || !ch.Thread.Archived {
		return nil
	}
	return in.placeFreed(ctx, ch.GuildID)
}

func (in *inbox) placeFreed(ctx context.Context, guild wire.ID) error {
	c, ok, err := in.callIn(ctx, guild)
	if !ok {
		return err
	}
	return in.Channels.PlaceFreed(ctx, c, event.ChannelDiscord)
}
