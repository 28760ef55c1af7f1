package discord

import (
	"context"
	"math"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/team"
)

var (
	errNoRole       = fault.New(fault.Invalid, "discord.error.no_role")
	errPanelRefused = fault.New(fault.Forbidden, "discord.error.panel_refused")
)

// setupTeam makes a role stand for the team that is named, or else the first,
// instead of those that were only guessed.
func (q *asked) setupTeam(ctx context.Context) error {
	role := wire.ID(q.args["role"].Text())
	named := q.Data.Resolved.Roles[role]
	if named == nil || role == q.GuildID || named.Managed {
		return errNoRole
	}
	chosen, err := q.namedTeam(ctx)
	if err != nil {
		return err
	}
	bind := team.Role{Channel: event.ChannelDiscord, ExternalID: string(role)}
	if chosen.Guessed {
		if err := q.unguess(ctx, chosen); err != nil {
			return err
		}
	}
	if err := q.Teams.Bind(ctx, q.call, chosen.ID, 0, bind); err != nil {
		return err
	}
	// The guild's members are not in the event; that there are more than none
	// makes them be asked for.
	if err := q.meetStaff(ctx, q.system, &wire.Guild{ID: q.GuildID, MemberCount: math.MaxInt}); err != nil {
		return err
	}
	if err := q.wishAll(ctx, q.system); err != nil {
		return err
	}
	q.reply.say(ctx, q.speech.Say("discord.setup.team", render.Args{
		"Role": "<@&" + string(role) + ">", "Team": chosen.Name,
	}))
	return nil
}

// namedTeam gives a copy of the team that the command names, or of the first.
func (q *asked) namedTeam(ctx context.Context) (*team.Team, error) {
	teams, err := q.Teams.List(ctx, q.call)
	if err != nil {
		return nil, err
	}
	want, named := q.args["team"]
	for _, t := range teams {
		if !named || key(int64(t.ID)) == want.Text() || fold(t.Name) == fold(want.Text()) {
			found := *t
			return &found, nil
		}
	}
	return nil, team.ErrNotFound
}

// unguess takes from a team the roles that were only guessed, and looks who is
// no staff by that.
func (q *asked) unguess(ctx context.Context, t *team.Team) error {
	for _, r := range t.Roles {
		if r.Channel != event.ChannelDiscord {
			continue
		}
		if _, err := q.Teams.Unbind(ctx, q.call, r); err != nil {
			return err
		}
	}
	_, err := q.reviewStaff(ctx, q.system, q.GuildID, nil)
	return err
}

// setupPanel posts the panel in the channel of the command, in the language of
// the guild.
func (q *asked) setupPanel(ctx context.Context) error {
	if err := access.Require(q.call.Actor, access.WorkspaceManage, access.InWorkspace(q.call.Actor.Workspace)); err != nil {
		return err
	}
	all, err := q.Categories.List(ctx, q.call, false)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errNoCategory
	}
	w, err := q.Workspaces.Get(ctx, q.call)
	if err != nil {
		return err
	}
	panel := q.speak(locale.Tag(q.GuildLocale)).Panel(w.Name, all)
	panel.Nonce, panel.EnforceNonce = "p"+string(q.ID), true
	if _, err := q.rest.Post(ctx, q.ChannelID, panel); rest.Forbidden(err) {
		return errPanelRefused
	} else if err != nil {
		return err
	}
	staff, err := q.whoAnswers(ctx)
	if err != nil {
		return err
	}
	q.reply.say(ctx, q.speech.Say("discord.setup.panel", nil)+"\n"+staff)
	return nil
}

// whoAnswers says which roles stand for the first team, and how to change that.
func (q *asked) whoAnswers(ctx context.Context) (string, error) {
	teams, err := q.Teams.List(ctx, q.call)
	if err != nil {
		return "", err
	}
	for _, t := range teams {
		var roles []string
		for _, r := range t.Roles {
			if r.Channel == event.ChannelDiscord {
				roles = append(roles, "<@&"+r.ExternalID+">")
			}
		}
		args := render.Args{"Roles": strings.Join(roles, " "), "Team": t.Name}
		switch {
		case len(roles) > 0 && t.Guessed:
			return q.speech.Say("discord.setup.guessed", args), nil
		case len(roles) > 0:
			return q.speech.Say("discord.setup.bound", args), nil
		}
	}
	return q.speech.Say("discord.setup.nobody", nil), nil
}
