package discord

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/event"
)

// asides notes which threads stand in the ticket's channel. Nothing of what is said
// in them is taken in, and they would go with the channel.
func (r *run) asides(ctx context.Context) error {
	if r.inThread() {
		return nil // which holds no others
	}
	active, err := r.rest.ActiveThreads(ctx, r.guild())
	if err != nil {
		return err
	}
	u := &r.facts.Unstored
	for i := range active {
		if active[i].ParentID == r.channel() {
			u.Threads++
		}
	}
	public, err := r.rest.ArchivedThreads(ctx, r.channel(), wire.TypePublicThread)
	if err != nil {
		return err
	}
	private, err := r.rest.ArchivedThreads(ctx, r.channel(), wire.TypePrivateThread)
	if rest.Forbidden(err) { // then the active ones were kept from the bot, too
		u.Hidden, err = true, nil
	}
	u.Threads += len(public) + len(private)
	return err
}

// asideGone has the place of a closed ticket looked at that may have stayed for the
// thread.
func (in *inbox) asideGone(ctx context.Context, th *wire.Channel) error {
	if th.Type != wire.TypePublicThread && th.Type != wire.TypePrivateThread {
		return nil
	}
	p, err := in.placeOf(ctx, th.GuildID, th.ParentID)
	if p == nil || p.surface.Detail != keptThreads {
		return err
	}
	return in.Channels.Wish(ctx, p.call, p.surface.Ticket, event.ChannelDiscord)
}
