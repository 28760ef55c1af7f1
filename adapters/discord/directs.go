package discord

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// mostTalks is how many of somebody's tickets are looked at when they write.
const mostTalks = 20

// talks gives the tickets that are shown in a channel of direct messages.
func (a *Adapter) talks(ctx context.Context, dm wire.ID) ([]*place, error) {
	found, err := a.Channels.Talks(ctx, event.ChannelDM, string(dm), mostTalks)
	all := make([]*place, len(found))
	for i, s := range found {
		all[i] = &place{call: a.direct(s.Workspace), surface: s}
	}
	return all, err
}

// direct is a call of the helpdesk itself for what came by direct message.
func (a *Adapter) direct(w id.Workspace) access.Call {
	c := a.system(w)
	c.Origin.Channel = event.ChannelDM
	return c
}

// directMessage takes in what somebody wrote to the bot. The first words in a new
// talk have it read once, so that from then on it is known how far it was taken in.
func (in *inbox) directMessage(ctx context.Context, m *wire.Message) error {
	p, err := in.hearDirect(ctx, m)
	if p == nil || err != nil {
		return err
	}
	if !in.sound.has("", m.ChannelID) {
		in.backlog.add(unread{channel: m.ChannelID}, moved)
		return nil
	}
	return in.seenDirect(ctx, p, m.ID)
}

// hearDirect gives a message to its ticket, if there is one: an answer to one of
// the bot's messages to that one's, all else to the ticket that is on. The same
// message again changes nothing, though another ticket may be on by then.
func (a *Adapter) hearDirect(ctx context.Context, m *wire.Message) (*place, error) {
	if !written(m) {
		return nil, nil
	}
	talks, err := a.talks(ctx, m.ChannelID)
	if err != nil {
		return nil, err
	}
	if len(talks) == 0 {
		return nil, a.nothingOn(ctx, m)
	}
	p, err := a.meant(ctx, talks, m.Answers.MessageID)
	if err != nil {
		return nil, err
	}
	if known, err := a.heardElsewhere(ctx, talks, p, m.ID); known || err != nil {
		return p, err
	}
	return p, a.takeInDirect(ctx, p, m)
}

// heardElsewhere reports whether the message was taken in by another workspace
// than the place's, which itself takes nothing in twice.
func (a *Adapter) heardElsewhere(ctx context.Context, talks []*place, p *place, m wire.ID) (bool, error) {
	for _, other := range talks {
		if other.surface.Workspace == p.surface.Workspace {
			continue
		}
		_, err := a.Tickets.FromChannel(ctx, other.call, event.ChannelDM, string(m))
		if fault.CodeOf(err) != fault.NotFound {
			return err == nil, err
		}
	}
	return false, nil
}

// meant gives the ticket to which an answer belongs.
func (a *Adapter) meant(ctx context.Context, talks []*place, answered wire.ID) (*place, error) {
	for _, p := range talks {
		if answered == "" {
			break
		}
		if slices.Contains(ids(p.surface.CardID), answered) || parseShown(p.surface.Card).notice == answered {
			return p, nil
		}
		_, err := a.Channels.DeliveryOf(ctx, p.call, p.surface.Ticket, string(answered))
		if err == nil {
			return p, nil
		}
		if fault.CodeOf(err) != fault.NotFound {
			return nil, err
		}
	}
	return talks[0], nil
}

func (a *Adapter) takeInDirect(ctx context.Context, p *place, m *wire.Message) error {
	body, with := a.bodyOf(ctx, p, m), enclosures(m)
	if body == "" && len(with) == 0 {
		return nil
	}
	who, c, err := a.writer(ctx, p, m.Author.ID)
	if err != nil {
		return err
	}
	c.Origin.ExternalID, c.Origin.OccurredAt = string(m.ID), m.ID.Time()
	_, err = a.Tickets.Reply(ctx, c, p.ref(), body, with...)
	if err := a.refused(ctx, p, who, m, err); err != nil {
		return err
	}
	if p.surface.State == channel.Blocked { // who writes can be written to
		return a.Channels.Wish(ctx, p.call, p.surface.Ticket, event.ChannelDiscord)
	}
	return nil
}

// writer gives somebody who acts in direct messages.
func (a *Adapter) writer(ctx context.Context, p *place, user wire.ID) (*member.Member, access.Call, error) {
	who, err := a.Members.ByIdentity(ctx, p.call, event.ChannelDiscord, string(user))
	if err != nil {
		return nil, access.Call{}, err
	}
	actor, err := a.Members.ActorOf(ctx, p.call, who.ID)
	c := p.call
	c.Actor = actor
	return who, c, err
}

// seenDirect records how far somebody's direct messages were taken in, for all
// of their tickets at once.
func (in *inbox) seenDirect(ctx context.Context, p *place, m wire.ID) error {
	return in.Channels.Seen(ctx, p.call, event.ChannelDM, channel.Sight{ExternalID: p.surface.ExternalID, SeenID: string(m)})
}

// seenIn is how far direct messages were taken in, as their tickets record it.
func seenIn(talks []*place) wire.ID {
	seen := wire.ID("")
	for _, p := range talks {
		if s := wire.ID(p.surface.SeenID); s.Newer(seen) {
			seen = s
		}
	}
	return seen
}

// nothingOn tells somebody who has no ticket here how to open one.
func (a *Adapter) nothingOn(ctx context.Context, m *wire.Message) error {
	if a.Now().Sub(m.ID.Time()) > fresh || !a.warned.allows(string(m.ChannelID)) {
		return nil
	}
	_, err := a.rest.Post(ctx, m.ChannelID, wire.Post{
		Content: a.speak(a.languageOf(ctx, m.Author.ID)).Say("discord.direct.none", nil), AllowedMentions: wire.Nobody(),
		Nonce: "d" + string(m.ID), EnforceNonce: true,
	})
	if closedDM(err) {
		return nil
	}
	return err
}

// languageOf gives the language in which somebody is answered, of any workspace
// that knows them.
func (a *Adapter) languageOf(ctx context.Context, user wire.ID) locale.Tag {
	links, err := a.Workspaces.Linked(ctx, event.ChannelDiscord)
	if err != nil {
		return locale.Fallback
	}
	for _, link := range links[:min(len(links), mostTalks)] {
		who, err := a.Members.ByIdentity(ctx, a.system(link.Workspace), event.ChannelDiscord, string(user))
		if err == nil && who.Locale != "" {
			return who.Locale
		}
	}
	return locale.Fallback
}

// directUpdate follows a change of what somebody wrote.
func (a *Adapter) directUpdate(ctx context.Context, m *wire.Message) error {
	talks, err := a.talks(ctx, m.ChannelID)
	if err != nil {
		return err
	}
	for _, p := range talks {
		msg, err := a.Tickets.FromChannel(ctx, p.call, event.ChannelDM, string(m.ID))
		if fault.CodeOf(err) == fault.NotFound {
			continue
		}
		body := a.bodyOf(ctx, p, m)
		if err != nil || body == "" && len(filesOf(m)) == 0 {
			return err
		}
		_, c, err := a.writer(ctx, p, m.Author.ID)
		if err != nil {
			return err
		}
		c.Origin.ExternalID, c.Origin.OccurredAt = editOrigin(m), m.Edited.UTC()
		return a.rewrite(ctx, c, msg, body, m)
	}
	return nil
}

// directDelete takes out of sight what somebody deleted.
func (a *Adapter) directDelete(ctx context.Context, d *wire.Deletion) error {
	talks, err := a.talks(ctx, d.ChannelID)
	if err != nil {
		return err
	}
	for _, p := range talks {
		msg, err := a.Tickets.FromChannel(ctx, p.call, event.ChannelDM, string(d.ID))
		if fault.CodeOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		c := p.call
		c.Origin.ExternalID = "delete:" + string(d.ID)
		_, err = a.Tickets.DeleteMessage(ctx, c, ticket.Ref{ID: msg.Ticket}, msg.ID)
		return a.unlessFault(err)
	}
	return nil
}

// enterDirect finds out who pressed a button in direct messages, of which ticket.
func (q *asked) enterDirect(ctx context.Context) error {
	_, n, ok := render.ParseCustomID(q.Data.CustomID)
	if q.Type != wire.InteractionComponent || !ok || q.Person() == nil {
		return errOutside
	}
	talks, err := q.talks(ctx, q.ChannelID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(talks, func(p *place) bool { return int64(p.surface.Ticket) == n })
	if i < 0 {
		return errOutside
	}
	p := talks[i]
	who, c, err := q.writer(ctx, p, q.Person().ID)
	if err != nil {
		return err
	}
	c.Origin.ExternalID, c.Origin.OccurredAt = originOf(q.ID), q.ID.Time()
	q.system, q.member, q.call, q.talk = p.call, who, c, p
	if who.Locale != "" {
		q.speech.Locale = who.Locale
	}
	return nil
}
