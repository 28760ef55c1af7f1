package discord

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
)

// clockSkew is by how much Discord's clock may differ from ours.
const clockSkew = time.Minute

// findPlace looks for a place that was made, though the answer to that got
// lost: a channel by its mark, a thread by its name, since it has no topic.
func (r *run) findPlace(ctx context.Context) (made, error) {
	all, err := r.rest.Channels(ctx, r.guild())
	if err != nil {
		return made{}, err
	}
	for _, ch := range all {
		if render.MarkedTicket(ch.Topic) == r.ticket {
			return made{id: ch.ID, kind: r.channelKind()}, nil
		}
	}
	me, err := r.me(ctx)
	if err != nil {
		return made{}, err
	}
	threads, err := r.rest.ActiveThreads(ctx, r.guild())
	if err != nil {
		return made{}, err
	}
	name, since := render.Place(r.facts.Ticket).Name, r.surface.Intent.At.Add(-clockSkew)
	for _, t := range threads {
		if t.OwnerID == me && t.Name == name && t.ID.Time().After(since) {
			return made{id: t.ID, kind: threadKind(t), card: starter(t)}, nil
		}
	}
	return made{}, nil
}

// channelKind is the kind of the ticket's place if that is a channel.
func (r *run) channelKind() category.Surface {
	if r.facts.Kind() == category.InDM {
		return category.InDM
	}
	return category.InChannel
}

// starter is the first message of a post in a forum; in a thread of a channel
// there is no such message, and the card is made anew.
func starter(t wire.Channel) wire.ID {
	if threadKind(t) == category.InForum {
		return t.ID
	}
	return ""
}

func threadKind(t wire.Channel) category.Surface {
	if t.Type == wire.TypePrivateThread {
		return category.InThread
	}
	return category.InForum
}
