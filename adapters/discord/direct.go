package discord

import (
	"context"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// relay brings a ticket's talk to its requester's direct messages, if staff has
// it in a channel without them. What is written there comes in by itself.
func (r *run) relay(ctx context.Context) error {
	if r.surface.Kind != category.InDM || r.facts.Requester.ExternalID == "" {
		return nil
	}
	d := &run{Adapter: r.Adapter, call: r.call, ticket: r.ticket, staff: r}
	if err := d.read(ctx); err != nil {
		return err
	}
	d.surface.Kind = channel.Direct
	for _, step := range []func(context.Context) error{d.resolve, d.openDM, d.card, d.posts, d.notice} {
		err := step(ctx)
		if closedDM(err) {
			err = d.shut(ctx)
		}
		if err != nil {
			return err
		}
	}
	if d.silent {
		return nil
	}
	if err := d.settle(ctx); err != nil {
		return err
	}
	if d.surface.State == channel.Ready {
		r.openings.there(ctx, int64(r.ticket), outlook{direct: true})
	}
	return nil
}

// closedDM reports whether somebody takes no direct messages of the bot, is in no
// guild with it any more, or has no account any more.
func closedDM(err error) bool {
	return rest.Is(err, rest.CannotDM, rest.NoMutualGuild, rest.UnknownChannel, rest.UnknownUser)
}

// isDirect reports whether the run is in direct messages.
func (r *run) isDirect() bool { return r.staff != nil }

func (r *run) where() event.Channel {
	if r.isDirect() {
		return event.ChannelDM
	}
	return event.ChannelDiscord
}

// openDM finds the requester's direct messages. What was said there before is
// another ticket's, or nobody's: how far it was taken in is so for this one, too.
func (r *run) openDM(ctx context.Context) error {
	if r.channel() != "" {
		return nil
	}
	dm, err := r.rest.OpenDM(ctx, wire.ID(r.facts.Requester.ExternalID))
	if err != nil {
		return err
	}
	talks, err := r.talks(ctx, dm)
	if err != nil {
		return err
	}
	seen := seenIn(talks)
	if seen == "" {
		seen = wire.FirstAt(r.facts.Ticket.OpenedAt)
	}
	r.surface.ExternalID, r.surface.SeenID, r.surface.State = string(dm), string(seen), channel.Ready
	return r.save(ctx)
}

// shut records that the requester takes no direct messages, and looks again
// later, or when they write.
func (r *run) shut(ctx context.Context) error {
	if r.silent {
		return nil
	}
	r.silent = true
	r.surface.State, r.surface.Detail = channel.Blocked, "discord.blocked.direct"
	r.surface.Refusals++
	if err := r.save(ctx); err != nil {
		return err
	}
	r.staff.lookAgain(r.Now().Add(patienceAfter(r.surface.Refusals)))
	r.openings.tell(ctx, int64(r.ticket), outlook{blocked: r.surface.Detail})
	return nil
}

// undelivered tells staff, once, that a message did not reach the requester. It
// is tried again with everything else.
func (r *run) undelivered(ctx context.Context, p channel.Post) error {
	if err := r.shut(ctx); err != nil || p.Delivery != nil {
		return err
	}
	told := r.call
	told.Origin.ExternalID = "undelivered:" + strconv.FormatInt(int64(p.Message.ID), 10)
	err := r.Tickets.Undelivered(ctx, told, ticket.Ref{ID: r.ticket}, p.Message.ID, "discord.blocked.direct")
	if err != nil {
		return err
	}
	written := wire.ID("")
	if p.Message.Channel == event.ChannelDiscord && wire.ID(p.Message.ExternalID).Valid() {
		written = wire.ID(p.Message.ExternalID)
	}
	speech := r.speak(r.facts.Workspace.Locale)
	if _, err := r.staff.post(ctx, kindWarning, p.Message.ID, 0, speech.Undelivered(p.Message, written)); err != nil {
		return err
	}
	if err := r.staff.save(ctx); err != nil {
		return err
	}
	return r.delivered(ctx, p.Message.ID, nil, unfinished, false)
}

// told records of a warning that was found that staff has it.
func (r *run) told(ctx context.Context, in channel.Intent) error {
	if err := r.save(ctx); err != nil {
		return err
	}
	d, err := r.Channels.Of(ctx, r.call, r.ticket, event.ChannelDM)
	if err != nil {
		return err
	}
	return r.Channels.Delivered(ctx, r.call, d, channel.Delivery{Message: in.Message, Version: unfinished})
}

// byForm reports whether a message was written in a form, so that it stands in
// the card.
func byForm(m *ticket.Message) bool {
	return m.Channel == event.ChannelDiscord && strings.HasPrefix(m.ExternalID, interactionOrigin)
}

// noticeOf gives what is said of the ticket's end where the run is.
func (r *run) noticeOf() *wire.Post {
	if r.isDirect() {
		return r.speech.DirectNotice(r.facts)
	}
	return r.speech.Notice(r.facts)
}

// cardOf gives what the card says where the run is.
func (r *run) cardOf(opening *ticket.Message) []wire.Post {
	if r.isDirect() {
		return r.speech.DirectCard(r.facts, opening)
	}
	return r.speech.Card(r.facts, opening)
}
