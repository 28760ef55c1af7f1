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
	// errOfTickets refuses to tell them where those read who ask for something.
	errOfTickets = fault.New(fault.Invalid, "discord.error.of_tickets")
)

// leaks reports whether others than staff would read what staff is told there.
func leaks(err error) bool { return errors.Is(err, errSeenByAll) || errors.Is(err, errOfTickets) }

// fitsStaff reports with an error why staff cannot be told of its matters in a
// channel. Who reads a thread's channel may read the thread.
func (a *Adapter) fitsStaff(ctx context.Context, guild, at wire.ID) error {
	ch, err := a.rest.Channel(ctx, at)
	if err != nil {
		return err
	}
	home := ch
	if ch.Thread != nil {
		if home, err = a.rest.Channel(ctx, ch.ParentID); err != nil {
			return err
		}
	}
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
