package discord

import (
	"context"
	"errors"

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

// backfillDirect takes in what somebody wrote while nobody listened.
func (in *inbox) backfillDirect(ctx context.Context, dm wire.ID) error {
	began := in.sound.now("", dm)
	talks, err := in.talks(ctx, dm)
	if len(talks) == 0 {
		return err
	}
	for after := seenIn(talks); ; {
		page, err := in.rest.History(ctx, dm, after)
		if rest.RefusalOf(err) != nil {
			if _, limited := rest.Limited(err); limited {
				return err
			}
			in.Logger.Warn("direct messages could not be read again", "error", err)
			return nil // Discord does not let them be read; asking again changes nothing
		}
		if err != nil {
			return err
		}
		if after, err = in.readDirectPage(ctx, talks[0], page, after); err != nil {
			return err
		}
		if len(page) < rest.HistoryPage {
			in.sound.restore(dm, began)
			return nil
		}
	}
}

// readDirectPage takes in a page of direct messages, and gives the last of it.
func (in *inbox) readDirectPage(ctx context.Context, p *place, page []wire.Message, after wire.ID) (wire.ID, error) {
	for i := range page {
		m := &page[i]
		m.ChannelID = p.channel()
		err := in.guard("backfill", func() error { return in.hearDirectAgain(ctx, m) })
		if err != nil && !errors.Is(err, errPanicked) { // which it would again, in front of all others
			return after, err
		}
		after = m.ID
	}
	if len(page) == 0 {
		return after, nil
	}
	return after, in.seenDirect(ctx, p, after)
}

func (in *inbox) hearDirectAgain(ctx context.Context, m *wire.Message) error {
	p, err := in.hearDirect(ctx, m)
	if p == nil || err != nil || m.Edited == nil {
		return err
	}
	return in.directUpdate(ctx, m)
}
