package discord

import (
	"context"
	"errors"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// readyEvent begins a session.
type readyEvent struct {
	Application wire.Application `json:"application"`
}

// ready begins a new session: what happened before it was told to nobody.
func (in *inbox) ready(ctx context.Context, r *readyEvent) error {
	in.Logger.Info("the session with Discord's gateway began")
	in.wantCatchUp()
	in.keepCommands(ctx, r.Application.ID)
	return nil
}

// catchUp reads the channels of all live tickets again, each time somebody
// wishes it, until ctx ends.
func (in *inbox) catchUp(ctx context.Context) {
	for {
		select {
		case <-in.wanted:
		case <-ctx.Done():
			return
		}
		if err := in.guard("catch up", func() error { return in.backfillAll(ctx) }); err != nil && ctx.Err() == nil {
			in.Logger.Error("what was missed could not be caught up with; trying again", "error", err)
			time.AfterFunc(5*time.Second, in.wantCatchUp)
		}
	}
}

// closedLately is how long after its end a ticket's channel is read again:
// before it was closed by another way, somebody may have written there unheard.
const closedLately = 7 * 24 * time.Hour

// backfillAll puts the reading of each live channel into its lane, before all
// that arrives from now on.
func (in *inbox) backfillAll(ctx context.Context) error {
	links, err := in.Workspaces.Linked(ctx, event.ChannelDiscord)
	if err != nil {
		return err
	}
	for _, link := range links {
		c, guild := in.system(link.Workspace), wire.ID(link.ExternalID)
		err := in.eachLive(ctx, c, in.Now().Add(-closedLately), func(s *channel.Surface) error {
			ch := wire.ID(s.ExternalID)
			if ch == "" || in.sound.has(ch) {
				return nil
			}
			in.lanes.put(ctx, s.ExternalID, func(ctx context.Context) { in.backfillPlace(ctx, guild, ch) })
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// backfillPlace takes in all that a channel holds beyond what was seen.
func (in *inbox) backfillPlace(ctx context.Context, guild, ch wire.ID) {
	in.reads <- struct{}{}
	defer func() { <-in.reads }()
	err := in.guard("backfill", func() error { return in.backfill(ctx, guild, ch) })
	if err == nil || ctx.Err() != nil {
		return
	}
	wait, limited := rest.Limited(err)
	if !limited {
		in.Logger.Error("a channel's history could not be read; trying again", "channel", string(ch), "error", err)
		wait = 5 * time.Second
	}
	time.AfterFunc(wait, in.wantCatchUp)
}

func (in *inbox) backfill(ctx context.Context, guild, ch wire.ID) error {
	epoch := in.sound.now()
	p, err := in.placeOf(ctx, guild, ch)
	if p == nil {
		return err
	}
	again, err := in.recallOf(ctx, p)
	if err != nil {
		return err
	}
	for after := again.from(wire.ID(p.surface.SeenID)); ; {
		page, err := in.rest.History(ctx, ch, after)
		if rest.Is(err, rest.UnknownChannel) {
			return in.lost(ctx, p.call, p.surface)
		}
		if rest.Forbidden(err) {
			in.Logger.Warn("the bot may not read a ticket's channel", "ticket", p.surface.Ticket, "error", err)
			return nil
		}
		if err != nil {
			return err
		}
		if after, err = in.readPage(ctx, p, again, page, after); err != nil {
			return err
		}
		if len(page) < rest.HistoryPage {
			if err := again.ended(ctx, in, p); err != nil {
				return err
			}
			in.sound.restore(ch, epoch)
			return nil
		}
	}
}

// readPage takes in a page of a channel's history, and gives the last message of it.
func (in *inbox) readPage(ctx context.Context, p *place, again *recall, page []wire.Message, after wire.ID) (wire.ID, error) {
	for i := range page {
		m := &page[i]
		m.GuildID, m.ChannelID = p.guild, p.channel()
		again.met[m.ID] = true
		err := in.guard("backfill", func() error { return in.readAgain(ctx, p, m) })
		if err != nil && !errors.Is(err, errPanicked) { // which it would again, in front of all others
			return after, err
		}
		after = m.ID
	}
	if len(page) == 0 {
		return after, nil
	}
	return after, in.Channels.Seen(ctx, p.call, event.ChannelDiscord, p.surface.ExternalID, string(after))
}

// readAgain takes in what was not seen yet, and of what was seen its last text.
func (in *inbox) readAgain(ctx context.Context, p *place, m *wire.Message) error {
	if m.ID.Newer(wire.ID(p.surface.SeenID)) {
		if err := in.takeIn(ctx, p, m); err != nil {
			return err
		}
	}
	return in.messageUpdate(ctx, m)
}
