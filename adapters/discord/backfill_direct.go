package discord

import (
	"context"
	"errors"
	"time"

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
	for after := again.begin(seen); ; {
		page, err := in.rest.History(ctx, dm, after)
		if err != nil {
			return in.unreadDirect(err)
		}
		if after, err = in.readDirectPage(ctx, talks[0], again, seen, page, after); err != nil {
			return err
		}
		if len(page) < rest.HistoryPage {
			in.sound.restore(dm, began)
			in.goOn(ctx, again)
			return nil
		}
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

// readDirectPage takes in a page of direct messages, and gives the last of it. What
// was said before anything was taken in is no ticket's.
func (in *inbox) readDirectPage(ctx context.Context, p *place, again *recall, seen wire.ID, page []wire.Message, after wire.ID) (wire.ID, error) {
	for i := range page {
		m := &page[i]
		m.ChannelID = p.channel()
		edited := again.meets(m)
		err := in.guard("backfill", func() error {
			switch {
			case m.ID.Newer(seen):
				return in.hearDirectAgain(ctx, m)
			case edited:
				return in.directUpdate(ctx, m)
			}
			return nil
		})
		if err != nil && !errors.Is(err, errPanicked) { // which it would again, in front of all others
			return after, err
		}
		after = m.ID
	}
	if len(page) == 0 || !after.Newer(seen) {
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

// readOldDirect looks after what was taken in before, a page at a time.
func (in *inbox) readOldDirect(ctx context.Context, again *recall) error {
	if again.before == "" || again.past(again.before) {
		return in.goneDirect(ctx, again)
	}
	page, err := in.rest.HistoryBefore(ctx, again.channel, again.before)
	if err != nil {
		return in.unreadDirect(err)
	}
	for i := range page {
		m := &page[i]
		m.ChannelID = again.channel
		if !again.meets(m) {
			continue
		}
		err := in.guard("backfill", func() error { return in.directUpdate(ctx, m) })
		if err != nil && !errors.Is(err, errPanicked) {
			again.stands[m.ID] = time.Time{} // to be met again
			return err
		}
	}
	if len(page) < rest.HistoryPage {
		return in.goneDirect(ctx, again)
	}
	again.before = page[len(page)-1].ID
	in.goOn(ctx, again)
	return nil
}

// goneDirect deletes what was looked for everywhere and not found.
func (in *inbox) goneDirect(ctx context.Context, again *recall) error {
	if !again.met {
		return nil
	}
	for m := range again.stands {
		if err := in.directDelete(ctx, &wire.Deletion{ChannelID: again.channel, ID: m}); err != nil {
			return err
		}
		delete(again.stands, m)
	}
	return nil
}
