package discord

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// reader is what becomes of the messages that stand in a channel of one kind when
// its history is read: in a ticket's, or in somebody's direct messages.
type reader struct {
	take    func(ctx context.Context, m *wire.Message, edited bool) error // which is new, or was edited
	seen    func(ctx context.Context, last wire.ID) error                 // all up to it was taken in
	deleted func(ctx context.Context, m wire.ID) error                    // which is not there any more
	unread  func(ctx context.Context, err error) error                    // Discord does not give the history
}

// readerOf gives what reads a channel again; nil if that shows no ticket any more.
func (in *inbox) readerOf(ctx context.Context, again *recall) (*reader, error) {
	if again.guild == "" {
		talks, err := in.talks(ctx, again.channel)
		if len(talks) == 0 {
			return nil, err
		}
		return in.directReader(talks[0], seenIn(talks)), nil
	}
	p, err := in.placeOf(ctx, again.guild, again.channel)
	if p == nil {
		return nil, err
	}
	return in.channelReader(p), nil
}

// readNew takes in what is newer than what was seen, page by page, and gives the
// newest message; "" if the channel cannot be read.
func (in *inbox) readNew(ctx context.Context, again *recall, r *reader, seen wire.ID) (wire.ID, error) {
	for after := again.begin(seen); ; {
		page, err := in.rest.History(ctx, again.channel, after)
		if err != nil {
			return "", r.unread(ctx, err)
		}
		if after, err = in.readPage(ctx, again, r, page, after); err != nil {
			return "", err
		}
		if len(page) < rest.HistoryPage {
			return cmp.Or(after, again.channel), nil
		}
	}
}

// readPage takes in a page of a channel's history, and gives the last message of it.
func (in *inbox) readPage(ctx context.Context, again *recall, r *reader, page []wire.Message, after wire.ID) (wire.ID, error) {
	for i := range page {
		m := &page[i]
		m.GuildID, m.ChannelID = again.guild, again.channel
		edited := again.meets(m)
		err := in.guard("backfill", func() error { return r.take(ctx, m, edited) })
		if err != nil && !errors.Is(err, errPanicked) { // which it would again, in front of all others
			return after, err
		}
		after = m.ID
	}
	if len(page) == 0 {
		return after, nil
	}
	return after, r.seen(ctx, after)
}

// readOld looks after what was seen before, a page at a time: new events of the
// channel come between.
func (in *inbox) readOld(ctx context.Context, again *recall, r *reader) error {
	if again.before == "" || again.past(again.before) {
		return again.gone(ctx, r.deleted)
	}
	page, err := in.rest.HistoryBefore(ctx, again.channel, again.before)
	if err != nil {
		return r.unread(ctx, err)
	}
	for i := range page {
		m := &page[i]
		m.GuildID, m.ChannelID = again.guild, again.channel
		if !again.meets(m) {
			continue
		}
		err := in.guard("backfill", func() error { return in.messageUpdate(ctx, m) })
		if err != nil && !errors.Is(err, errPanicked) {
			again.stands[m.ID] = time.Time{} // to be met again
			return err
		}
	}
	if len(page) < rest.HistoryPage {
		return again.gone(ctx, r.deleted)
	}
	again.before = page[len(page)-1].ID
	in.goOn(ctx, again)
	return nil
}

// goOn has the rest of a channel's history read, behind what came meanwhile.
func (in *inbox) goOn(ctx context.Context, again *recall) {
	later := func() { in.goOn(ctx, again) }
	ok := in.lanes.put(ctx, string(again.channel), func(ctx context.Context) {
		in.reading(ctx, again.channel, later, func() error {
			if in.sound.outdated(again.began) {
				return nil // all of it is read anew
			}
			r, err := in.readerOf(ctx, again)
			if r == nil {
				return err
			}
			return in.readOld(ctx, again, r)
		})
	})
	if !ok && ctx.Err() == nil {
		time.AfterFunc(missedDelay, later)
	}
}
