package discord

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// maxPeeks is how many guilds at a time are asked who is still there: one request
// for each person, which nothing else shall wait for.
const maxPeeks = 1

// peek has those looked after who take part in the guild's tickets: who left while
// nobody listened, or came back. Who was just met is there.
func (in *inbox) peek(ctx context.Context, c access.Call, guild wire.ID, met []wire.Member) error {
	ask, err := in.doubtful(ctx, c, met)
	if err != nil || len(ask) == 0 {
		return err
	}
	in.lanes.put(ctx, "presence:"+string(guild), func(ctx context.Context) {
		select {
		case in.peeks <- struct{}{}:
		case <-ctx.Done():
			return
		}
		defer func() { <-in.peeks }()
		err := in.guard("presence", func() error { return in.peekAll(ctx, c, guild, ask) })
		if err != nil && ctx.Err() == nil {
			in.Logger.Warn("it could not be found out who is still there; that is left to the next session", "guild_id", string(guild), "error", err)
		}
	})
	return nil
}

// doubtful gives those of whom it is not known whether they are there. Of the many
// who were met nothing is kept.
func (in *inbox) doubtful(ctx context.Context, c access.Call, met []wire.Member) ([]channel.Involved, error) {
	there := make(map[wire.ID]bool, len(met))
	for i := range met {
		if met[i].User != nil {
			there[met[i].User.ID] = true
		}
	}
	var ask []channel.Involved
	for after := id.Member(0); ; {
		page, err := in.Channels.Involved(ctx, c, event.ChannelDiscord, after, wishPage)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			after = p.Member
			if !there[wire.ID(p.ExternalID)] || p.Left {
				ask = append(ask, p)
			}
		}
		if len(page) < wishPage {
			return ask, nil
		}
	}
}

func (in *inbox) peekAll(ctx context.Context, c access.Call, guild wire.ID, ask []channel.Involved) error {
	for _, p := range ask {
		if err := in.peekAt(ctx, c, guild, p); err != nil {
			return err
		}
	}
	return nil
}

// peekAt finds out whether somebody is in the guild, and deals with it as if it had
// just been told.
func (in *inbox) peekAt(ctx context.Context, c access.Call, guild wire.ID, p channel.Involved) error {
	user := wire.ID(p.ExternalID)
	m, err := in.rest.Member(ctx, guild, user)
	for wait, limited := rest.Limited(err); limited && ctx.Err() == nil; wait, limited = rest.Limited(err) {
		pause(ctx, max(wait, time.Second))
		m, err = in.rest.Member(ctx, guild, user)
	}
	who := &wire.Member{GuildID: guild, User: &wire.User{ID: user}}
	switch {
	case rest.Is(err, rest.UnknownMember, rest.UnknownUser):
		return in.memberRemove(ctx, who)
	case rest.RefusalOf(err) != nil:
		return nil //nolint:nilerr // Discord does not say; nothing changes
	case err != nil:
		return err
	case p.Left && m.User != nil:
		return in.returned(ctx, c, who)
	}
	return nil
}
