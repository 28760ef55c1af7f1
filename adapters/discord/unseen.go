package discord

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
)

// Of a message that was written and deleted before anybody here saw it, Discord
// tells that there was one where it was the last of its channel, where it was
// deleted after the bot came back, and where somebody answered it.

// unseenLast marks that the last message of a channel is not there any more, and was
// never seen: read is the newest that was given. That Discord did not give it does
// not say that it is gone, where the bot may not read what was, or it came just now.
func (in *inbox) unseenLast(ctx context.Context, p *place, last, read wire.ID) error {
	if !last.Valid() || !last.Newer(read) || !last.Newer(wire.ID(p.surface.SeenID)) {
		return nil
	}
	known, err := in.knownIn(ctx, p, last) // it may have been seen and deleted since
	if known || err != nil {
		return err
	}
	if _, err := in.rest.Message(ctx, p.channel(), last); !rest.Is(err, rest.UnknownMessage) {
		return nil
	}
	return in.unseen(ctx, p, last)
}

// unseenDeleted marks that a message is deleted which is not known, where not all
// was taken in yet.
func (in *inbox) unseenDeleted(ctx context.Context, p *place, m wire.ID) error {
	if in.sound.has(p.guild, p.channel()) || !m.Valid() || !m.Newer(wire.ID(p.surface.SeenID)) {
		return nil
	}
	known, err := in.knownIn(ctx, p, m)
	if known || err != nil {
		return err
	}
	return in.unseen(ctx, p, m)
}

// unseenAnswered marks that somebody answered a message that is neither known nor
// there any more.
func (a *Adapter) unseenAnswered(ctx context.Context, p *place, m *wire.Message) error {
	of := m.Answers.MessageID
	if m.Type != wire.MessageReply || !of.Valid() || m.Referenced.Is != nil || !of.Newer(p.channel()) {
		return nil
	}
	known, err := a.knownIn(ctx, p, of)
	if known || err != nil {
		return err
	}
	if _, err := a.rest.Message(ctx, p.channel(), of); !rest.Is(err, rest.UnknownMessage) {
		return nil // it is there, or Discord does not say; nothing is marked
	}
	return a.unseen(ctx, p, of)
}

// knownIn reports whether a message of the ticket's channel is recorded: as
// somebody's, or as one of the bot's own.
func (a *Adapter) knownIn(ctx context.Context, p *place, m wire.ID) (bool, error) {
	_, err := a.Tickets.FromChannel(ctx, p.call, event.ChannelDiscord, string(m))
	if fault.CodeOf(err) != fault.NotFound {
		return err == nil, err
	}
	s, err := a.Channels.Of(ctx, p.call, p.surface.Ticket, event.ChannelDiscord)
	if err != nil {
		return false, err
	}
	return (&run{Adapter: a, call: p.call, ticket: p.surface.Ticket, surface: s}).known(ctx, m)
}

// unseen marks for staff, once, that a message was never seen.
func (a *Adapter) unseen(ctx context.Context, p *place, m wire.ID) error {
	w, err := a.Workspaces.Get(ctx, p.call)
	if err != nil {
		return err
	}
	c := p.call
	c.Origin.ExternalID, c.Origin.OccurredAt = "unseen:"+string(m), m.Time()
	_, err = a.Tickets.AddNote(ctx, c, p.ref(), a.speak(w.Locale).Say("discord.unseen.written", render.Args{
		"When": m.Time().UTC().Format(time.DateTime) + " UTC",
	}))
	return a.unlessFault(err)
}
