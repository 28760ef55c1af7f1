package discord

import (
	"context"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/job"
)

const (
	// capStaffRooms is the capability to tell staff where it is to be told.
	capStaffRooms = "staff_rooms"
	// lookPause is how long is waited for more that changes in a guild, such as the
	// places of all of its roles, before it is looked where staff can be told.
	lookPause = 2 * time.Second
)

// judge finds out whether staff can be told of its matters in a room, and remembers it.
func (a *Adapter) judge(ctx context.Context, r room) error {
	began := a.Now()
	home, err := a.fitsStaff(ctx, r.guild, r.at)
	if err == nil || unfit(err) {
		a.found.note(r, finding{at: began, err: err, foreseen: true, home: home})
	}
	return err
}

// lookAtDesks finds out whether staff can be told of its matters where it is to be by
// now, and has it told there what waits.
func (a *Adapter) lookAtDesks(ctx context.Context, c access.Call) (job.Outcome, error) {
	err := a.judgeDesks(ctx, c)
	if wait, limited := rest.Limited(err); limited {
		return job.Outcome{Again: a.Now().Add(wait)}, nil
	}
	return job.Outcome{}, err
}

// judgeDesks judges each desk of the workspace once, and reports what it finds.
func (a *Adapter) judgeDesks(ctx context.Context, c access.Call) error {
	desks, err := a.Channels.Desks(ctx, c, event.ChannelDiscord)
	if err != nil {
		return err
	}
	rooms := map[room]bool{} // whether staff can be told there
	for _, d := range desks {
		r := roomOf(&d)
		if _, judged := rooms[r]; judged {
			continue
		}
		err := a.judge(ctx, r)
		if err != nil && !unfit(err) {
			return err
		}
		rooms[r] = err == nil
	}
	var now *channel.Capability
	some := false
	for r, fits := range rooms {
		if now == nil || !fits {
			now = roomsFit(fits)
		}
		some = some || fits
		a.found.keep(r.guild, rooms)
	}
	if err := a.reportRooms(ctx, c, now); err != nil || !some {
		return err
	}
	return a.Channels.TellAgain(ctx, c, event.ChannelDiscord)
}

func roomOf(d *channel.Desk) room { return room{wire.ID(d.Place), wire.ID(d.ExternalID)} }

func roomsFit(on bool) *channel.Capability {
	if on {
		return &channel.Capability{Key: capStaffRooms, On: true}
	}
	return &channel.Capability{Key: capStaffRooms, Mend: "discord.mend.staff_rooms"}
}

// staffRooms gives what was reported last of whether staff can be told of its matters
// wherever it is to be; nil if that is nowhere, or not known.
func (a *Adapter) staffRooms(ctx context.Context, c access.Call) (*channel.Capability, error) {
	desks, err := a.Channels.Desks(ctx, c, event.ChannelDiscord)
	if err != nil || len(desks) == 0 {
		return nil, err
	}
	r, err := a.reported(ctx, c)
	if err != nil || r == nil {
		return nil, err
	}
	if i := slices.IndexFunc(r.Capabilities, isStaffRooms); i >= 0 {
		return &r.Capabilities[i], nil
	}
	return nil, nil
}

// reported gives the workspace's report; nil if there is none.
func (a *Adapter) reported(ctx context.Context, c access.Call) (*channel.Report, error) {
	all, err := a.Channels.Reports(ctx, c)
	if i := slices.IndexFunc(all, func(r *channel.Report) bool { return r.Channel == event.ChannelDiscord }); err == nil && i >= 0 {
		return all[i], nil
	}
	return nil, err
}

func isStaffRooms(c channel.Capability) bool { return c.Key == capStaffRooms }

// reportRooms puts into the report whether staff can be told of its matters wherever it
// is to be; nil if that is nowhere.
func (a *Adapter) reportRooms(ctx context.Context, c access.Call, rooms *channel.Capability) error {
	r, err := a.reported(ctx, c)
	if err != nil || r == nil {
		return err
	}
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

// wasTold follows that staff was told something in a room. If it could not be before, the
// rest that waits is told soon; if somewhere it could not be, that is looked at again when
// it would be anyway: what works says nothing of what does not.
func (a *Adapter) wasTold(ctx context.Context, c access.Call, r room, now finding) error {
	if a.found.note(r, now).err != nil {
		return a.Channels.LookAtDesks(ctx, c, event.ChannelDiscord, lookPause)
	}
	rooms, err := a.staffRooms(ctx, c)
	if err != nil || rooms != nil && rooms.On {
		return err
	}
	return a.Channels.LookAtDesks(ctx, c, event.ChannelDiscord, staffLook)
}

// deskChanged has it looked soon where staff can be told if a channel is one where it
// is to be, and has it told there what waits.
func (in *inbox) deskChanged(ctx context.Context, ch *wire.Channel) error {
	c, ok, err := in.callIn(ctx, ch.GuildID)
	if !ok || err != nil {
		return err
	}
	desks, err := in.Channels.Desks(ctx, c, event.ChannelDiscord)
	if err != nil || !slices.ContainsFunc(desks, func(d channel.Desk) bool { return in.found.concerns(roomOf(&d), ch.ID) }) {
		return err
	}
	return in.Channels.LookAtDesks(ctx, c, event.ChannelDiscord, lookPause)
}
