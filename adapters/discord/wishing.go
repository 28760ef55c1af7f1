package discord

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// wishPage is how many surfaces are read at a time.
const wishPage = 200

// wishAll wishes that every live ticket's channel be looked after.
func (in *inbox) wishAll(ctx context.Context, c access.Call) error {
	err := in.eachPage(ctx, c, event.ChannelDiscord, time.Time{}, func(page []*channel.Surface) error {
		return in.wishFor(ctx, c, page, func(*channel.Surface) bool { return true })
	})
	if err != nil {
		return err
	}
	return in.wishUnsurfaced(ctx, c)
}

// wishStuck wishes it for those that were refused or never made, and for those that
// stay since the bot may not see what is in them, closed tickets' among them. It is looked
// soon, too, whether staff can be told what it could not be told.
func (in *inbox) wishStuck(ctx context.Context, c access.Call) error {
	if err := in.Channels.LookAtDesks(ctx, c, event.ChannelDiscord, lookPause); err != nil {
		return err
	}
	err := paged(func(after id.Ticket) ([]*channel.Surface, error) {
		return in.Channels.Held(ctx, c, event.ChannelDiscord, after, wishPage)
	}, func(page []*channel.Surface) error {
		return in.wishFor(ctx, c, page, func(s *channel.Surface) bool { return s.State == channel.Blocked || s.Detail == keptHidden })
	})
	if err != nil {
		return err
	}
	return in.wishUnsurfaced(ctx, c)
}

func (in *inbox) wishFor(ctx context.Context, c access.Call, page []*channel.Surface, which func(*channel.Surface) bool) error {
	var tickets []id.Ticket
	for _, s := range page {
		if which(s) {
			tickets = append(tickets, s.Ticket)
		}
	}
	return in.Channels.WishAll(ctx, c, event.ChannelDiscord, tickets)
}

// eachLive goes through the channels of tickets that are not closed, or were
// closed no earlier than the given time, unless that is zero.
func (in *inbox) eachLive(ctx context.Context, c access.Call, closed time.Time, do func(*channel.Surface) error) error {
	return in.eachOf(ctx, c, event.ChannelDiscord, closed, do)
}

// eachOf does the same with another channel.
func (in *inbox) eachOf(ctx context.Context, c access.Call, ch event.Channel, closed time.Time, do func(*channel.Surface) error) error {
	return in.eachPage(ctx, c, ch, closed, func(page []*channel.Surface) error {
		for _, s := range page {
			if err := do(s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (in *inbox) eachPage(ctx context.Context, c access.Call, ch event.Channel, closed time.Time, do func([]*channel.Surface) error) error {
	return paged(func(after id.Ticket) ([]*channel.Surface, error) {
		return in.Channels.Live(ctx, c, ch, closed, after, wishPage)
	}, do)
}

// paged goes through pages of surfaces, each after the one before.
func paged(read func(after id.Ticket) ([]*channel.Surface, error), do func([]*channel.Surface) error) error {
	for after := id.Ticket(0); ; {
		page, err := read(after)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := do(page); err != nil || len(page) < wishPage {
			return err
		}
		after = page[len(page)-1].Ticket
	}
}

func (in *inbox) wishUnsurfaced(ctx context.Context, c access.Call) error {
	for after := id.Ticket(0); ; {
		page, err := in.Channels.Unsurfaced(ctx, c, event.ChannelDiscord, after, wishPage)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := in.Channels.WishAll(ctx, c, event.ChannelDiscord, page); err != nil || len(page) < wishPage {
			return err
		}
		after = page[len(page)-1]
	}
}
