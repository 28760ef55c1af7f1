package discord

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// backfillDirects lists direct messages for reading. Of them Discord tells no
// newest one beforehand: each may have moved.
func (in *inbox) backfillDirects(ctx context.Context, c access.Call) error {
	return in.eachOf(ctx, c, event.ChannelDM, in.Now().Add(-closedLately), func(s *channel.Surface) error {
		if dm := wire.ID(s.ExternalID); dm != "" && !in.sound.has("", dm) {
			in.backlog.add(unread{channel: dm}, moved)
		}
		return nil
	})
}

// backfillDirect takes in what somebody wrote while nobody listened, and has what
// was taken in before looked after once more.
func (in *inbox) backfillDirect(ctx context.Context, dm wire.ID) error {
	began := in.sound.now("", dm)
	talks, err := in.talks(ctx, dm)
	if len(talks) == 0 {
		return err
	}
	again, err := in.recallDirect(ctx, dm, talks, began)
	if err != nil {
		return err
	}
	seen := seenIn(talks)
	read, err := in.readNew(ctx, again, in.directReader(talks[0], seen), seen)
	if err != nil || read == "" {
		return err
	}
	in.sound.restore(dm, began)
	in.goOn(ctx, again)
	return nil
}

// directReader reads somebody's direct messages. What was said before anything was
// taken in is no ticket's.
func (in *inbox) directReader(p *place, seen wire.ID) *reader {
	return &reader{
		take: func(ctx context.Context, m *wire.Message, edited bool) error {
			switch {
			case m.ID.Newer(seen):
				return in.hearDirectAgain(ctx, m)
			case edited:
				return in.directUpdate(ctx, m)
			}
			return nil
		},
		seen: func(ctx context.Context, last wire.ID) error {
			if !last.Newer(seen) {
				return nil
			}
			return in.seenDirect(ctx, p, last)
		},
		deleted: func(ctx context.Context, m wire.ID) error {
			return in.directDelete(ctx, &wire.Deletion{ChannelID: p.channel(), ID: m})
		},
		unread: func(_ context.Context, err error) error { return in.unreadDirect(err) },
	}
}

// unreadDirect deals with direct messages that Discord does not give: asking again
// changes nothing, unless it was too early.
func (in *inbox) unreadDirect(err error) error {
	if _, limited := rest.Limited(err); limited || rest.RefusalOf(err) == nil {
		return err
	}
	in.Logger.Warn("direct messages could not be read again", "error", err)
	return nil
}

func (in *inbox) hearDirectAgain(ctx context.Context, m *wire.Message) error {
	p, err := in.hearDirect(ctx, m)
	if p == nil || err != nil || m.Edited == nil {
		return err
	}
	return in.directUpdate(ctx, m)
}
