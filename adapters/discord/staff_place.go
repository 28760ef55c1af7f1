package discord

import (
	"context"
	"errors"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/fault"
)

var (
	// errSeenByAll refuses to tell staff's matters where everybody reads.
	errSeenByAll = fault.New(fault.Invalid, "discord.error.seen_by_all")
	// errStaffRefused refuses to name a channel in which the bot may not tell them.
	errStaffRefused = fault.New(fault.Forbidden, "discord.mend.staff_rooms")
	// errOfTickets refuses to tell them where those read who ask for something.
	errOfTickets = fault.New(fault.Invalid, "discord.error.of_tickets")
)

// unfit reports whether staff is told nothing in a channel until somebody mends
// something: others would read it, or the bot may not write or look there.
func unfit(err error) bool {
	return errors.Is(err, errSeenByAll) || errors.Is(err, errOfTickets) || errors.Is(err, errStaffRefused) || refusedThere(err)
}

// fitsStaff reports with an error why staff cannot be told of its matters in a
// channel, and whose rights hold there, if it comes to know. Who reads a thread's channel
// may read the thread. A channel that the API named may be anything: another guild's,
// whatever the bot may do there, or no ID at all.
func (a *Adapter) fitsStaff(ctx context.Context, guild, at wire.ID) (rights wire.ID, err error) {
	if !at.Valid() {
		return "", errStaffRefused
	}
	ch, err := a.rest.Channel(ctx, at)
	if err != nil {
		return "", err
	}
	if ch.GuildID != guild || !takesPosts(ch.Type) {
		return ch.ID, errStaffRefused
	}
	if ch.Thread == nil {
		return ch.ID, a.suits(ctx, guild, ch, ch)
	}
	home, err := a.rest.Channel(ctx, ch.ParentID)
	if err == nil {
		err = a.suits(ctx, guild, ch, home)
	}
	return ch.ParentID, err
}

// takesPosts reports whether messages can be posted in a channel of the type: not in one
// of posts, such as a forum, nor in what only leads to others.
func takesPosts(kind int) bool {
	switch kind {
	case wire.TypeText, wire.TypeAnnouncement, wire.TypeVoice, wire.TypeStage,
		wire.TypePublicThread, wire.TypePrivateThread, wire.TypeAnnouncementThread:
		return true
	}
	return false
}

// suits reports with an error why staff cannot be told in a channel of the guild, in which
// the rights of home hold.
func (a *Adapter) suits(ctx context.Context, guild wire.ID, ch, home *wire.Channel) error {
	for _, one := range []*wire.Channel{ch, home} {
		if p, err := a.placeOf(ctx, guild, one.ID); err != nil {
			return err
		} else if p != nil || render.Marked(one.Topic) {
			return errOfTickets
		}
	}
	roles, err := a.rest.Roles(ctx, guild)
	if err != nil {
		return err
	}
	if heldIn(home, guild, &wire.Member{}, roles).Has(wire.ViewChannel) {
		return errSeenByAll
	}
	me, err := a.me(ctx)
	if err != nil {
		return err
	}
	m, err := a.rest.Member(ctx, guild, me)
	if err != nil {
		return err
	}
	needed := render.NeededForStaff
	if ch.Thread != nil {
		needed = render.NeededForStaffThread
	}
	if !heldIn(home, guild, m, roles).Has(needed) {
		return errHeldTooLittle
	}
	return nil
}

// heldIn gives a member's permissions in a channel: what everybody is given or denied
// there comes first, then what roles are, then what the member is. Nobody in particular
// is a member without a user.
func heldIn(ch *wire.Channel, guild wire.ID, m *wire.Member, roles []wire.Role) wire.Permission {
	p := heldBy(m, guild, roles)
	if p.Has(wire.Administrator) {
		return p
	}
	var all, some, own wire.Overwrite
	for _, o := range ch.Overwrites {
		switch {
		case o.ID == guild:
			all = o
		case slices.Contains(m.Roles, o.ID):
			some.Allow, some.Deny = some.Allow|o.Allow, some.Deny|o.Deny
		case m.User != nil && o.ID == m.User.ID:
			own = o
		}
	}
	for _, o := range []wire.Overwrite{all, some, own} {
		p = p&^o.Deny | o.Allow
	}
	return p
}
