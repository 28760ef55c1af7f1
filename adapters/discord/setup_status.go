package discord

import (
	"context"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// mostStuck is how many tickets are counted whose channel needs a hand.
const mostStuck = 100

// setupStatus says what the bot can do in the guild, what it cannot and how that
// is mended, and how many tickets are held up.
func (q *asked) setupStatus(ctx context.Context) error {
	if err := access.Require(q.call.Actor, access.WorkspaceManage, access.InWorkspace(q.call.Actor.Workspace)); err != nil {
		return err
	}
	q.guilds.forgetRights(q.GuildID)
	if err := q.report(ctx, q.system, q.GuildID, false); err != nil {
		return err
	}
	if err := q.judgeDesks(ctx, q.system); err != nil {
		return err
	}
	r, err := q.capabilities(ctx, q.system, q.GuildID)
	if err != nil {
		return err
	}
	stuck, err := q.Channels.Stuck(ctx, q.call, event.ChannelDiscord, mostStuck)
	if err != nil {
		return err
	}
	q.reply.show(ctx, q.speech.Report(r, len(stuck)))
	return nil
}

// setupCategory says where a category's tickets are shown.
func (q *asked) setupCategory(ctx context.Context) error {
	all, err := q.Categories.List(ctx, q.call, false)
	if err != nil {
		return err
	}
	want := category.Surface(q.args["place"].Text())
	for _, c := range all {
		if !q.means(c, q.args["category"].Text()) {
			continue
		}
		changed := *c
		changed.Surface = want
		if _, err := q.Categories.Save(ctx, q.call, changed); err != nil {
			return err
		}
		name, _ := c.Name.Pick(q.speech.Locale)
		q.reply.say(ctx, q.speech.Say("discord.setup.category", render.Args{
			"Category": name, "Place": q.speech.Say(render.SurfaceKey(want), nil),
		}))
		return nil
	}
	return category.ErrNotFound
}

// setupLost says what becomes of tickets whose channel is deleted.
func (q *asked) setupLost(ctx context.Context) error {
	policy := workspace.LossPolicy(strings.TrimSpace(q.args["outcome"].Text()))
	if _, err := q.Workspaces.SetLossPolicy(ctx, q.call, 0, policy); err != nil {
		return err
	}
	q.reply.say(ctx, q.speech.Say("discord.setup.lost", render.Args{"Outcome": q.speech.Say(render.LossKey(policy), nil)}))
	return nil
}

// The states of a desk.
const (
	deskOn  = "on"
	deskOff = "off"
)

// setupStaff says that staff is told of alerts and digests in the channel of the
// command: of a queue, or of all that have no such channel of their own.
func (q *asked) setupStaff(ctx context.Context) error {
	d := channel.Desk{Channel: event.ChannelDiscord, ExternalID: string(q.ChannelID)}
	if err := access.Require(q.call.Actor, access.WorkspaceManage, access.InWorkspace(q.call.Actor.Workspace)); err != nil {
		return err
	}
	if q.args["queue"].Text() != "" {
		found, err := q.namedQueue(ctx)
		if err != nil {
			return err
		}
		d.Queue = found.ID
	}
	key, change := "discord.setup.staff", q.Channels.SetDesk
	if q.args["state"].Text() == deskOff {
		key, change = "discord.setup.staff_off", q.Channels.RemoveDesk
	} else if _, err := q.fitsStaff(ctx, q.GuildID, q.ChannelID); refusedThere(err) {
		return errStaffRefused
	} else if err != nil {
		return err
	}
	if err := change(ctx, q.call, d); err != nil {
		return err
	}
	q.reply.say(ctx, q.speech.Say(key, nil))
	return nil
}
