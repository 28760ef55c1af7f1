package discord

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// readyEvent begins a session.
type readyEvent struct {
	Application wire.Application      `json:"application"`
	Guilds      wire.List[guildEvent] `json:"guilds"`
}

// announcing is how long the guilds of a session are waited for.
const announcing = 15 * time.Second

// readyLane also notes which guilds are to be announced.
func (in *inbox) readyLane(r *readyEvent) string {
	guilds := make([]wire.ID, len(r.Guilds))
	for i := range r.Guilds {
		guilds[i] = r.Guilds[i].ID
	}
	in.arriving.begin(guilds)
	session := in.backlog.begin(guilds)
	time.AfterFunc(announcing, func() {
		if in.backlog.settle(session) {
			in.wantCatchUp()
		}
	})
	return "ready"
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
		if err := in.guard("catch up", func() error { return in.catchUpOnce(ctx) }); err != nil && ctx.Err() == nil {
			in.Logger.Error("what was missed could not be caught up with; trying again", "error", err)
			time.AfterFunc(5*time.Second, in.wantCatchUp)
		}
	}
}

func (in *inbox) catchUpOnce(ctx context.Context) error {
	if err := in.reconcileStale(ctx); err != nil {
		return err
	}
	return in.backfillAll(ctx)
}

// closedLately is how long after its end a ticket's channel is read again:
// before it was closed by another way, somebody may have written there unheard.
const closedLately = 7 * 24 * time.Hour

// backfillAll lists each live channel for reading, unless its guild is still to
// be announced, which tells more.
func (in *inbox) backfillAll(ctx context.Context) error {
	links, err := in.Workspaces.Linked(ctx, event.ChannelDiscord)
	if err != nil {
		return err
	}
	for _, link := range links {
		c, guild := in.system(link.Workspace), wire.ID(link.ExternalID)
		if !in.backlog.awaits(guild) {
			if err := in.backfillGuild(ctx, c, guild, nil); err != nil {
				return err
			}
		}
		if err := in.backfillDirects(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// backfillGuild lists the channels of a guild that may not be taken in wholly,
// and those first whose newest message was not seen.
func (in *inbox) backfillGuild(ctx context.Context, c access.Call, guild wire.ID, newest map[wire.ID]wire.ID) error {
	return in.eachLive(ctx, c, in.Now().Add(-closedLately), func(s *channel.Surface) error {
		if ch := wire.ID(s.ExternalID); ch != "" && !in.sound.has(guild, ch) {
			in.backlog.add(unread{guild: guild, channel: ch, last: newest[ch]}, rankOf(s, newest))
		}
		return nil
	})
}

// reading reads a part of a channel's history, beside few others, and has it
// read again later if that fails.
func (in *inbox) reading(ctx context.Context, ch wire.ID, again func(), read func() error) {
	in.reads <- struct{}{}
	defer func() { <-in.reads }()
	err := in.guard("backfill", read)
	if err == nil || ctx.Err() != nil {
		return
	}
	wait, limited := rest.Limited(err)
	if !limited {
		in.Logger.Error("a channel's history could not be read; trying again", "channel", string(ch), "error", err)
		wait = 5 * time.Second
	}
	time.AfterFunc(wait, again)
}

// backfill takes in all that a channel holds beyond what was seen, and has what
// was seen looked after once more.
func (in *inbox) backfill(ctx context.Context, u unread) error {
	guild, ch := u.guild, u.channel
	began := in.sound.now(guild, ch)
	p, err := in.placeOf(ctx, guild, ch)
	if p == nil {
		return err
	}
	again, err := in.recallOf(ctx, p, began)
	if err != nil {
		return err
	}
	read, err := in.readNew(ctx, again, in.channelReader(p), wire.ID(p.surface.SeenID))
	if err != nil || read == "" {
		return err
	}
	if err := in.unseenLast(ctx, p, u.last, read); err != nil {
		return err
	}
	in.sound.restore(ch, began)
	in.goOn(ctx, again)
	return nil
}

// channelReader reads the channel of a ticket.
func (in *inbox) channelReader(p *place) *reader {
	return &reader{
		take: func(ctx context.Context, m *wire.Message, edited bool) error { return in.readAgain(ctx, p, m, edited) },
		seen: func(ctx context.Context, last wire.ID) error {
			return in.Channels.Seen(ctx, p.call, event.ChannelDiscord, channel.Sight{ExternalID: p.surface.ExternalID, SeenID: string(last)})
		},
		deleted: func(ctx context.Context, m wire.ID) error { return in.deleted(ctx, p, m) },
		unread:  func(ctx context.Context, err error) error { return in.unread(ctx, p, err) },
	}
}

// unread deals with a channel whose history Discord does not give.
func (in *inbox) unread(ctx context.Context, p *place, err error) error {
	switch {
	case rest.Is(err, rest.UnknownChannel):
		return in.lost(ctx, p.call, p.surface)
	case rest.Forbidden(err):
		in.Logger.Warn("the bot may not read a ticket's channel", "ticket", p.surface.Ticket, "error", err)
		in.dark.add(p.channel(), p.guild)
		return nil
	}
	return err
}

// readAgain takes in what was not seen yet. Another session may have taken it in
// before, and heard of no edit.
func (in *inbox) readAgain(ctx context.Context, p *place, m *wire.Message, edited bool) error {
	if m.ID.Newer(wire.ID(p.surface.SeenID)) {
		if err := in.takeIn(ctx, p, m); err != nil {
			return err
		}
		edited = m.Edited != nil
	}
	if !edited {
		return nil
	}
	return in.messageUpdate(ctx, m)
}
