package discord

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// place is a ticket's channel in which something happened.
type place struct {
	guild   wire.ID
	call    access.Call // of the helpdesk itself
	surface *channel.Surface
}

func (p *place) channel() wire.ID { return wire.ID(p.surface.ExternalID) }

func (p *place) ref() ticket.Ref { return ticket.Ref{ID: p.surface.Ticket} }

// only reports whether the ticket is shown in this place alone. One that its requester
// has in direct messages is shown there, too.
func (p *place) only() bool { return p.surface.Kind != "" && p.surface.Kind != category.InDM }

// placeOf finds the ticket of a channel; nil if the channel is none's.
func (a *Adapter) placeOf(ctx context.Context, guild, ch wire.ID) (*place, error) {
	if guild == "" {
		return nil, nil
	}
	call, ok, err := a.callIn(ctx, guild)
	if !ok {
		return nil, err
	}
	s, err := a.Channels.ByExternal(ctx, call, event.ChannelDiscord, string(ch))
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &place{guild: guild, call: call, surface: s}, nil
}

func (in *inbox) messageCreate(ctx context.Context, m *wire.Message) error {
	if m.GuildID == "" {
		return in.directMessage(ctx, m)
	}
	p, err := in.ticketOf(ctx, m.GuildID, m.ChannelID)
	if p == nil {
		return err
	}
	if err := in.takeIn(ctx, p, m); err != nil {
		return err
	}
	in.seen(p, m.ID)
	return nil
}

// seen has recorded how far the channel was taken in, unless something is missing.
func (in *inbox) seen(p *place, m wire.ID) {
	if !in.sound.has(p.guild, p.channel()) {
		in.backlog.urge(unread{guild: p.guild, channel: p.channel()})
		return
	}
	in.sights.add(p.call, p.channel(), m)
}

// written reports whether a person wrote the message.
func written(m *wire.Message) bool {
	return m.Author != nil && !m.Author.Bot && m.WebhookID == "" &&
		(m.Type == wire.MessageDefault || m.Type == wire.MessageReply)
}

// takeIn records a member's message as a reply. The same message again changes
// nothing.
func (a *Adapter) takeIn(ctx context.Context, p *place, m *wire.Message) error {
	who, err := a.hear(ctx, p, m)
	if who == nil {
		return err
	}
	if err := a.unseenAnswered(ctx, p, m); err != nil {
		return err
	}
	return a.refused(ctx, p, who, m, err)
}

// hear records what a member said, and gives them; nil if nobody said anything, or
// it is not known who.
func (a *Adapter) hear(ctx context.Context, p *place, m *wire.Message) (*member.Member, error) {
	if !written(m) {
		return nil, nil
	}
	body, with := a.bodyOf(ctx, p, m), enclosures(m)
	if body == "" && len(with) == 0 {
		return nil, nil
	}
	who, actor, err := a.actor(ctx, p.call, person{guild: p.guild, user: m.Author, member: m.Member})
	if err != nil {
		return nil, err
	}
	c := a.said(actor, string(m.ID), m.ID.Time())
	c.Origin.Shown = p.only()
	if m.Edited == nil {
		_, err = a.Tickets.Reply(ctx, c, p.ref(), body, with...)
	} else {
		_, err = a.Tickets.ReplyEdited(ctx, c, p.ref(), body, m.Edited.UTC(), with...)
	}
	if errors.Is(err, ticket.ErrMessageNotFound) { // it is known, as a note that they may not read
		return who, nil
	}
	return who, err
}

// said is the call of a member who did something in Discord.
func (a *Adapter) said(actor access.Actor, external string, at time.Time) access.Call {
	return access.Call{
		Actor: actor, Now: a.Now(),
		Origin: event.Origin{Channel: event.ChannelDiscord, ExternalID: external, OccurredAt: at},
	}
}

// fresh is how old a message may be whose refusal is still told.
const fresh = time.Minute

// refused tells a member in the channel why their message did not reach the
// helpdesk, at most once a minute in each channel, and not when it is read again
// much later.
func (a *Adapter) refused(ctx context.Context, p *place, who *member.Member, m *wire.Message, err error) error {
	if err == nil {
		return nil
	}
	text, known := a.speak(who.Locale).Fault(err)
	if !known {
		return err
	}
	a.Logger.Info("a message was refused", "ticket", p.surface.Ticket, "error", err)
	if a.Now().Sub(m.ID.Time()) > fresh || !a.warned.allows(p.surface.ExternalID) {
		return nil
	}
	_, err = a.rest.Post(ctx, p.channel(), wire.Post{
		Content: text, AllowedMentions: wire.Nobody(), Reference: &wire.Reference{MessageID: m.ID},
		Nonce: "r" + string(m.ID), EnforceNonce: true,
	})
	if err != nil {
		a.Logger.Warn("the refusal of a message could not be told", "ticket", p.surface.Ticket, "error", err)
	}
	return nil
}

// messageUpdate records that a member gave their message another text, or other
// files. Discord also tells of other changes, such as the preview of a link.
func (a *Adapter) messageUpdate(ctx context.Context, m *wire.Message) error {
	if m.Edited == nil || !written(m) {
		return nil
	}
	if m.GuildID == "" {
		return a.directUpdate(ctx, m)
	}
	p, err := a.placeOf(ctx, m.GuildID, m.ChannelID)
	if p == nil {
		return err
	}
	return a.updateIn(ctx, p, m)
}

// updateIn records the change of a message in a ticket's place.
func (a *Adapter) updateIn(ctx context.Context, p *place, m *wire.Message) error {
	if m.Edited == nil || !written(m) {
		return nil
	}
	if kept, err := a.withheld(ctx, m); kept || err != nil {
		return err
	}
	msg, err := a.Tickets.FromChannel(ctx, p.call, event.ChannelDiscord, string(m.ID))
	body := a.bodyOf(ctx, p, m)
	if fault.CodeOf(err) == fault.NotFound || body == "" && len(filesOf(m)) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	actor, err := a.Members.ActorOf(ctx, p.call, msg.Author)
	if err != nil {
		return err
	}
	return a.rewrite(ctx, a.said(actor, editOrigin(m), m.Edited.UTC()), msg, body, m)
}

// withheld reports whether Discord keeps back what a message says by now, since the
// bot lacks the intent and is not mentioned in it any more.
func (a *Adapter) withheld(ctx context.Context, m *wire.Message) (bool, error) {
	if a.standing.content.Load() || m.Content != "" || len(m.Attachments)+len(m.Embeds)+len(m.Components) > 0 {
		return false, nil
	}
	me, err := a.me(ctx)
	return !slices.ContainsFunc(m.Mentions, func(w wire.Mention) bool { return w.ID == me }), err
}

// rewrite gives a message the text and the files that it has by now.
func (a *Adapter) rewrite(ctx context.Context, c access.Call, msg *ticket.Message, body string, m *wire.Message) error {
	var err error
	if r := (ticket.Ref{ID: msg.Ticket}); m.Attachments == nil { // Discord does not say
		_, err = a.Tickets.EditMessage(ctx, c, r, msg.ID, body)
	} else {
		_, err = a.Tickets.RewriteMessage(ctx, c, r, msg.ID, body, enclosures(m))
	}
	return a.unlessFault(err)
}

// editOrigin is what the history calls a change of a message.
func editOrigin(m *wire.Message) string {
	return "edit:" + string(m.ID) + ":" + strconv.FormatInt(m.Edited.UnixMicro(), 10)
}

// unlessFault drops a refusal that there is nobody to tell.
func (a *Adapter) unlessFault(err error) error {
	if c := fault.CodeOf(err); c == fault.Internal || c == fault.Unavailable {
		return err
	}
	if err != nil {
		a.Logger.Info("a change of a message was refused", "error", err)
	}
	return nil
}

// messageDelete takes messages out of sight. Who deleted them, Discord does not
// say; whoever may there, may here.
func (in *inbox) messageDelete(ctx context.Context, d *wire.Deletion) error {
	if d.GuildID == "" {
		return in.directDelete(ctx, d)
	}
	p, err := in.placeOf(ctx, d.GuildID, d.ChannelID)
	if p == nil {
		return err
	}
	ids := d.IDs
	if d.ID != "" {
		ids = append(ids, d.ID)
	}
	for _, id := range ids {
		if err := in.unseenDeleted(ctx, p, id); err != nil {
			return err
		}
		if err := in.deleted(ctx, p, id); err != nil {
			return err
		}
	}
	return nil
}

func (a *Adapter) deleted(ctx context.Context, p *place, id wire.ID) error {
	if card := ids(p.surface.CardID); slices.Contains(card, id) {
		left := join(slices.DeleteFunc(card, func(m wire.ID) bool { return m == id }))
		err := a.Channels.CardLost(ctx, p.call, p.surface.Ticket, event.ChannelDiscord, p.surface.CardID, left)
		p.surface.CardID = left
		return err
	}
	c := p.call
	c.Origin.ExternalID = "delete:" + string(id)
	msg, err := a.Tickets.FromChannel(ctx, p.call, event.ChannelDiscord, string(id))
	if err == nil {
		_, err = a.Tickets.DeleteMessage(ctx, c, p.ref(), msg.ID)
		return a.unlessFault(err)
	}
	if fault.CodeOf(err) != fault.NotFound {
		return err
	}
	shown, err := a.Channels.DeliveryOf(ctx, p.call, p.surface.Ticket, string(id))
	if err != nil || shown.Deleted {
		return a.unlessFault(err)
	}
	_, err = a.Tickets.DeleteMessage(ctx, c, p.ref(), shown.Message)
	return a.unlessFault(err)
}

// clearing reports whether a place that is gone is one that the helpdesk itself
// removed, or removes just now.
func (a *Adapter) clearing(ctx context.Context, c access.Call, s *channel.Surface) (bool, error) {
	now, err := a.Channels.Of(ctx, c, s.Ticket, event.ChannelDiscord)
	if err != nil {
		return false, err
	}
	if now.ExternalID != s.ExternalID {
		return true, nil
	}
	return now.Intent.Step == stepRemove, nil
}

// lost records that a ticket's channel was removed by hand: the history says
// so, and the workspace, whether that ends an open ticket or gets it another one.
func (a *Adapter) lost(ctx context.Context, c access.Call, s *channel.Surface) error {
	a.placed.forget(wire.ID(s.ExternalID))
	if ours, err := a.clearing(ctx, c, s); ours || err != nil {
		return err
	}
	a.Logger.Warn("a ticket's channel was removed", "ticket", s.Ticket, "channel", s.ExternalID)
	told := c
	told.Now = a.Now()
	told.Origin.ExternalID = "lost:" + s.ExternalID
	err := a.Tickets.LoseSurface(ctx, told, ticket.Ref{ID: s.Ticket}, event.ChannelDiscord, s.ExternalID)
	if err != nil {
		return err
	}
	return a.Channels.Lost(ctx, c, s.Ticket, event.ChannelDiscord, s.ExternalID)
}
