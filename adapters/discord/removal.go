package discord

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	// stepRemove is the intent to remove a closed ticket's place.
	stepRemove = "remove"
	// copyingLook is how soon a place is looked at again whose files are being copied.
	copyingLook = time.Minute
	// keptLook is how soon a place is looked at again that stays for what people
	// have to mend, should nobody tell that they did.
	keptLook = 6 * time.Hour
	// keptThreads is why a place stays in which people opened threads.
	keptThreads = "discord.kept.threads"
	// keptHidden is why one stays of which the bot cannot tell.
	keptHidden = "discord.kept.hidden"
)

// clear removes the place of a closed ticket that has had its time, once all that
// stands there is stored; false if it stays for now. That is found out at every
// attempt: between two of them people may write there for hours.
func (r *run) clear(ctx context.Context) (bool, error) {
	if !r.facts.Overdue(r.Now()) {
		r.lookAgain(r.facts.RemovedAt())
		return false, nil
	}
	stays, err := r.stays(ctx)
	if r.removing() && rest.Is(err, rest.UnknownChannel) {
		return true, r.cleared(ctx) // by the attempt before
	}
	if err != nil {
		return false, err
	}
	if stays {
		return false, r.keepPlace(ctx)
	}
	return r.remove(ctx)
}

// removing reports whether the place may have been removed already.
func (r *run) removing() bool { return r.surface.Intent.Step == stepRemove }

// keepPlace gives up an attempt to remove the place, if there was one.
func (r *run) keepPlace(ctx context.Context) error {
	if !r.removing() {
		return nil
	}
	r.surface.Intent = channel.Intent{}
	return r.save(ctx)
}

func (r *run) remove(ctx context.Context) (bool, error) {
	if !r.removing() {
		r.surface.Intent = channel.Intent{Step: stepRemove, At: r.Now()}
		if err := r.save(ctx); err != nil {
			return false, err
		}
	}
	err := r.rest.DeleteChannel(ctx, r.channel())
	if err != nil && !rest.Is(err, rest.UnknownChannel) {
		return false, err
	}
	return true, r.cleared(ctx)
}

// stays reports whether the place is still needed, by what is recorded and then by
// what turns out to stand there.
func (r *run) stays(ctx context.Context) (bool, error) {
	if r.needed() {
		return true, nil
	}
	if err := r.asides(ctx); err != nil || r.needed() {
		return true, err
	}
	if err := r.drain(ctx); err != nil {
		return false, err
	}
	if err := r.read(ctx); err != nil {
		return false, err
	}
	return r.needed(), nil
}

// needed reports whether the facts keep the place, and notes why, and when to look
// again.
func (r *run) needed() bool {
	switch u := r.facts.Unstored; {
	case u.Failed > 0:
		r.kept = "discord.kept.files"
	case u.Pending > 0:
		r.lookAgain(r.Now().Add(copyingLook))
	case u.Threads > 0:
		r.kept = keptThreads
		r.lookAgain(r.Now().Add(keptLook))
	case u.Hidden:
		r.kept = keptHidden
		r.lookAgain(r.Now().Add(keptLook))
	}
	return r.facts.Stands(r.Now())
}

// lookAgain has the ticket looked after at the moment, if not earlier.
func (r *run) lookAgain(at time.Time) {
	if r.again.IsZero() || !at.IsZero() && at.Before(r.again) {
		r.again = at
	}
}

// cleared records that the place was removed, in the history first.
func (r *run) cleared(ctx context.Context) error {
	told := r.call
	told.Now = r.Now() // the run may have begun before the ticket was closed
	told.Origin.ExternalID = "removed:" + r.surface.ExternalID
	err := r.Tickets.RemoveSurface(ctx, told, ticket.Ref{ID: r.ticket}, event.ChannelDiscord, r.surface.ExternalID)
	if err != nil {
		return err
	}
	r.placed.forget(r.channel())
	s := r.surface
	s.State, s.Detail, s.ExternalID, s.SeenID, s.Applied, s.CardID = channel.Cleared, "", "", "", "", ""
	s.Card, s.Intent, s.Refusals = shown{before: wasCleared}.String(), channel.Intent{}, 0
	return r.save(ctx)
}

// resolveRemoval finds out whether a place was removed whose ticket was reopened
// meanwhile.
func (r *run) resolveRemoval(ctx context.Context) error {
	if r.facts.Overdue(r.Now()) {
		return nil // it is removed all the same
	}
	_, err := r.rest.Channel(ctx, r.channel())
	if rest.Is(err, rest.UnknownChannel) {
		return r.cleared(ctx)
	}
	if err != nil {
		return err
	}
	return r.keepPlace(ctx)
}

// drain takes in all that stands in the place, from its beginning, with what was
// edited and deleted unheard.
func (r *run) drain(ctx context.Context) error {
	p := &place{guild: r.guild(), call: r.call, surface: r.surface}
	known, err := r.recallOf(ctx, p, mark{})
	if err != nil {
		return err
	}
	for after := r.channel(); ; {
		page, err := r.rest.History(ctx, r.channel(), after)
		if err != nil {
			return err
		}
		for i := range page {
			m := &page[i]
			m.GuildID, m.ChannelID, after = p.guild, p.channel(), m.ID
			if err := r.keep(ctx, p, m, known.meets(m)); err != nil {
				return err
			}
		}
		if len(page) < rest.HistoryPage {
			return known.gone(ctx, func(ctx context.Context, m wire.ID) error { return r.deleted(ctx, p, m) })
		}
	}
}

// keep takes in a message that may be known.
func (r *run) keep(ctx context.Context, p *place, m *wire.Message, edited bool) error {
	_, err := r.Tickets.FromChannel(ctx, p.call, event.ChannelDiscord, string(m.ID))
	if err == nil && edited {
		return r.updateIn(ctx, p, m)
	}
	if fault.CodeOf(err) != fault.NotFound {
		return err
	}
	_, err = r.hear(ctx, p, m)
	if c := fault.CodeOf(err); err == nil || c == fault.Internal || c == fault.Unavailable {
		return err
	}
	return r.note(ctx, p, m)
}

// note keeps for staff what is no answer, since the ticket was closed when it was
// written: by its author, who is staff as a rule, or else by the helpdesk.
func (r *run) note(ctx context.Context, p *place, m *wire.Message) error {
	who, actor, err := r.actor(ctx, p.call, person{guild: p.guild, user: m.Author, member: m.Member})
	if err != nil {
		return err
	}
	c, body := r.said(actor, string(m.ID), m.ID.Time()), r.bodyOf(ctx, p, m)
	_, err = r.Tickets.AddNote(ctx, c, p.ref(), body, enclosures(m)...)
	if code := fault.CodeOf(err); err == nil || code == fault.Internal || code == fault.Unavailable {
		return err
	}
	c.Actor = p.call.Actor
	text := []rune(who.Name + ": " + body)
	_, err = r.Tickets.AddNote(ctx, c, p.ref(), string(text[:min(len(text), ticket.MaxBody)]), enclosures(m)...)
	return err
}
