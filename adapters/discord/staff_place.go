package discord

import (
	"context"
	"errors"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/job"
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
// channel. Who reads a thread's channel may read the thread. A channel that the API named
// may be anything: another guild's, whatever the bot may do there, or no ID at all.
func (a *Adapter) fitsStaff(ctx context.Context, guild, at wire.ID) error {
	if !at.Valid() {
		return errStaffRefused
	}
	ch, err := a.rest.Channel(ctx, at)
	if err != nil {
		return err
	}
	if ch.GuildID != guild || ch.Type == wire.TypeCategory || ch.Type == wire.TypeForum {
		return errStaffRefused
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

// capStaffRooms is the capability to tell staff where it is to be told.
const capStaffRooms = "staff_rooms"

// staffRooms finds out whether staff can be told of its matters wherever it is to be; nil
// if that is nowhere.
func (a *Adapter) staffRooms(ctx context.Context, c access.Call, guild wire.ID) (*channel.Capability, error) {
	desks, err := a.Channels.Desks(ctx, c, event.ChannelDiscord)
	if err != nil {
		return nil, err
	}
	var found *channel.Capability
	for _, d := range desks {
		if d.Place != string(guild) {
			continue
		}
		if found == nil {
			found = roomsFit(true)
		}
		if err := a.fitsStaff(ctx, guild, wire.ID(d.ExternalID)); unfit(err) {
			return roomsFit(false), nil
		} else if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func roomsFit(on bool) *channel.Capability {
	if on {
		return &channel.Capability{Key: capStaffRooms, On: true}
	}
	return &channel.Capability{Key: capStaffRooms, Mend: "discord.mend.staff_rooms"}
}

// reportRoom records that staff can be told of its matters in a channel, or cannot; of all
// else the report stays as it is. Where it can be again, what waited is told.
func (a *Adapter) reportRoom(ctx context.Context, c access.Call, guild wire.ID, fits bool) error {
	all, err := a.Channels.Reports(ctx, c)
	i := slices.IndexFunc(all, func(r *channel.Report) bool { return r.Channel == event.ChannelDiscord })
	if err != nil || i < 0 {
		return err
	}
	at := slices.IndexFunc(all[i].Capabilities, isStaffRooms)
	if was := at < 0 || all[i].Capabilities[at].On; was == fits {
		return nil
	}
	rooms := roomsFit(false)
	if fits { // there may be others
		if rooms, err = a.staffRooms(ctx, c, guild); err != nil {
			return err
		}
		if err := a.Channels.TellAgain(ctx, c, event.ChannelDiscord); err != nil {
			return err
		}
	}
	return a.reportRooms(ctx, c, all[i], rooms)
}

func isStaffRooms(c channel.Capability) bool { return c.Key == capStaffRooms }

// reportRooms puts into a report whether staff can be told of its matters wherever it is
// to be; nil if that is nowhere.
func (a *Adapter) reportRooms(ctx context.Context, c access.Call, r *channel.Report, rooms *channel.Capability) error {
	now := *r
	now.Capabilities = slices.DeleteFunc(slices.Clone(r.Capabilities), isStaffRooms)
	if rooms != nil {
		now.Capabilities = append(now.Capabilities, *rooms)
	}
	if slices.Equal(now.Capabilities, r.Capabilities) {
		return nil
	}
	return a.Channels.Report(ctx, c, now)
}

// lookAtDesks finds out whether staff can be told of its matters where it is to be by
// now, and has it told there what waits.
func (a *Adapter) lookAtDesks(ctx context.Context, c access.Call) (job.Outcome, error) {
	desks, err := a.Channels.Desks(ctx, c, event.ChannelDiscord)
	if err != nil {
		return job.Outcome{}, err
	}
	var rooms *channel.Capability
	if len(desks) > 0 {
		rooms, err = a.staffRooms(ctx, c, wire.ID(desks[0].Place)) // a workspace has one guild
	}
	if wait, limited := rest.Limited(err); limited {
		return job.Outcome{Again: a.Now().Add(wait)}, nil
	}
	if err != nil {
		return job.Outcome{}, err
	}
	all, err := a.Channels.Reports(ctx, c)
	if err != nil {
		return job.Outcome{}, err
	}
	if i := slices.IndexFunc(all, func(r *channel.Report) bool { return r.Channel == event.ChannelDiscord }); i >= 0 {
		if err := a.reportRooms(ctx, c, all[i], rooms); err != nil {
			return job.Outcome{}, err
		}
	}
	return job.Outcome{}, a.Channels.TellAgain(ctx, c, event.ChannelDiscord)
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

// roomChanged reports anew what the bot can do if a channel is one where staff is told,
// and has it told there what waits.
func (in *inbox) roomChanged(ctx context.Context, ch *wire.Channel) error {
	c, ok, err := in.callIn(ctx, ch.GuildID)
	if !ok || err != nil {
		return err
	}
	desks, err := in.Channels.Desks(ctx, c, event.ChannelDiscord)
	if err != nil || !slices.ContainsFunc(desks, func(d channel.Desk) bool { return d.ExternalID == string(ch.ID) }) {
		return err
	}
	if err := in.report(ctx, c, ch.GuildID, false); err != nil {
		return err
	}
	return in.Channels.TellAgain(ctx, c, event.ChannelDiscord)
}
