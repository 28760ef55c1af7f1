package discord

import (
	"context"
	"fmt"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// memberRemove takes from somebody who left what their roles gave, and tells it
// in the tickets that they take part in.
func (in *inbox) memberRemove(ctx context.Context, m *wire.Member) error {
	return in.departed(ctx, m, false)
}

// banned tells it of somebody who was banned; that they left comes besides.
func (in *inbox) banned(ctx context.Context, m *wire.Member) error {
	return in.departed(ctx, m, true)
}

func (in *inbox) departed(ctx context.Context, m *wire.Member, banned bool) error {
	c, ok, err := in.callIn(ctx, m.GuildID)
	if !ok || m.User == nil {
		return err
	}
	err = in.Members.Leave(ctx, c, event.ChannelDiscord, string(m.User.ID))
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return err
	}
	return in.announce(ctx, c, m, func(who *member.Member, last event.Data) (event.Data, string) {
		if left, ok := last.(event.PersonLeft); ok && (left.Banned || !banned) {
			return nil, ""
		}
		if banned {
			return event.PersonLeft{Member: who.ID, Banned: true}, "discord.person.banned"
		}
		return event.PersonLeft{Member: who.ID}, "discord.person.left"
	})
}

// returned tells it in their tickets that somebody is there again. Discord let
// go of their place in threads: all is applied again.
func (in *inbox) returned(ctx context.Context, c access.Call, m *wire.Member) error {
	return in.announce(ctx, c, m, func(who *member.Member, last event.Data) (event.Data, string) {
		if _, left := last.(event.PersonLeft); !left {
			return nil, ""
		}
		return event.PersonReturned{Member: who.ID}, "discord.person.returned"
	})
}

// news makes of what a ticket's history last said of somebody what it says
// now, and the key of the text; nil: nothing new.
type news func(who *member.Member, last event.Data) (event.Data, string)

// announce says something of somebody in each ticket that is not over and that
// they take part in.
func (in *inbox) announce(ctx context.Context, c access.Call, m *wire.Member, what news) error {
	who, err := in.Members.ByIdentity(ctx, c, event.ChannelDiscord, string(m.User.ID))
	if fault.CodeOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	for after := id.Ticket(0); ; {
		tickets, err := in.Channels.Concerning(ctx, c, event.ChannelDiscord, who.ID, after, wishPage)
		if err != nil {
			return err
		}
		for _, t := range tickets {
			if err := in.announceIn(ctx, c, t, who, what); err != nil {
				return err
			}
			after = t
		}
		if len(tickets) < wishPage {
			return nil
		}
	}
}

// announceIn says it in one ticket. By the event that it follows, it is said once.
func (in *inbox) announceIn(ctx context.Context, c access.Call, t id.Ticket, who *member.Member, what news) error {
	last, at, err := in.lastOf(ctx, c, t, who.ID)
	if err != nil {
		return err
	}
	about, key := what(who, last)
	if about == nil {
		return nil
	}
	w, err := in.Workspaces.Get(ctx, c)
	if err != nil {
		return err
	}
	c.Origin.ExternalID = fmt.Sprintf("%s:%d:%d:%d", about.Type(), t, who.ID, at)
	err = in.Tickets.Announce(ctx, c, ticket.Ref{ID: t}, ticket.Announcement{
		About: about, Template: key, Locale: w.Locale,
		Body: in.speak(w.Locale).Say(key, render.Args{"Name": who.Name}),
	})
	if _, returned := about.(event.PersonReturned); returned && err == nil {
		err = in.Channels.Refresh(ctx, c, t, event.ChannelDiscord)
	}
	return in.unlessFault(err)
}

// lastOf gives the last coming or going of somebody that a ticket's history
// tells of; nil if it tells of none.
func (in *inbox) lastOf(ctx context.Context, c access.Call, t id.Ticket, m id.Member) (event.Data, id.Event, error) {
	var last event.Data
	var at id.Event
	pages, err := in.Tickets.Timeline(ctx, c, query.Query{}, page.Request{Last: page.MaxSize}, t)
	if err != nil {
		return nil, 0, err
	}
	for _, e := range pages[t].Items {
		switch d := e.Data.(type) {
		case event.PersonLeft:
			if d.Member == m {
				last, at = d, e.ID
			}
		case event.PersonReturned:
			if d.Member == m {
				last, at = d, e.ID
			}
		}
	}
	return last, at, nil
}
