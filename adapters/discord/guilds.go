package discord

import (
	"context"
	"errors"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// guildEvent is any event that names a guild.
type guildEvent struct {
	ID          wire.ID `json:"id"`
	GuildID     wire.ID `json:"guild_id"`
	RoleID      wire.ID `json:"role_id"`
	Unavailable bool    `json:"unavailable"`
}

// Whole implements wire.Whole.
func (g *guildEvent) Whole(bool) bool { return g.id().Valid() }

func (g *guildEvent) id() wire.ID {
	if g.GuildID != "" {
		return g.GuildID
	}
	return g.ID
}

// guildCreate makes sure that the guild has a workspace, lists which of its
// channels are to be read, and then looks after the guild itself.
func (in *inbox) guildCreate(ctx context.Context, g *wire.Guild) error {
	defer in.joins.end(g.ID)
	in.arriving.wait(ctx)
	if g.Unavailable {
		in.backlog.announced(g.ID)
		return nil
	}
	call, err := in.welcome(ctx, g)
	if errors.Is(err, workspace.ErrUnlinked) {
		in.Logger.Info("a guild was unlinked from its workspace; /setup link links it again", "guild", g.Name)
		return nil
	}
	if err != nil {
		return err
	}
	in.visits <- struct{}{}
	defer func() { <-in.visits }()
	return in.visit(ctx, call, g)
}

// welcome gives the guild's workspace, with its channels listed for reading.
func (in *inbox) welcome(ctx context.Context, g *wire.Guild) (access.Call, error) {
	in.lists <- struct{}{}
	defer func() { <-in.lists }()
	defer in.backlog.announced(g.ID)
	w, err := in.Workspaces.Join(ctx, in.Now(), workspace.Place{
		Channel: event.ChannelDiscord, ExternalID: string(g.ID), Name: g.Name, Locale: locale.Tag(g.Locale),
	})
	if err != nil {
		return access.Call{}, err
	}
	if in.dark.endsIn(g.ID) {
		in.wantCatchUp()
	}
	call, newest := in.system(w.ID), g.Newest()
	g.Channels, g.Threads = nil, nil // it may wait for its visit
	return call, in.backfillGuild(ctx, call, g.ID, newest)
}

// visit makes sure that the workspace has a team that stands for some role, and
// looks after the guild's staff and tickets.
func (in *inbox) visit(ctx context.Context, call access.Call, g *wire.Guild) error {
	if err := in.guessTeam(ctx, call, g); err != nil {
		return err
	}
	me, err := in.me(ctx)
	if err != nil {
		return err
	}
	in.guilds.learn(me, g)
	if err := in.wishAll(ctx, call); err != nil {
		return err
	}
	if err := in.meetStaff(ctx, call, g); err != nil {
		return err
	}
	if err := in.review(ctx, call, g); err != nil {
		return err
	}
	if err := in.peek(ctx, call, g.ID, g.Members); err != nil {
		return err
	}
	if err := in.report(ctx, call, g.ID, true); err != nil {
		return err
	}
	return in.Channels.LookAtDesks(ctx, call, event.ChannelDiscord, 0)
}

// review looks after the guild's staff and administrators, of whom some may have
// left or lost their roles unheard, and lets channels follow.
func (in *inbox) review(ctx context.Context, c access.Call, g *wire.Guild) error {
	teams, err := in.Teams.List(ctx, c)
	if err != nil {
		return err
	}
	bound, met := boundRoles(teams), map[wire.ID]bool{}
	for i := range g.Members {
		if m := &g.Members[i]; m.User != nil && holdsOne(m, bound) {
			met[m.User.ID] = true
		}
	}
	changed, err := in.reviewStaff(ctx, c, g.ID, met)
	if err != nil {
		return err
	}
	lowered, err := in.reviewAdmins(ctx, c, g.ID, g.Members)
	if err != nil || !lowered && !changed {
		return err
	}
	return in.wishAll(ctx, c)
}

// guessTeam lets the guild's roles that are named like support staff form the
// first team, unless somebody said already which roles do.
func (in *inbox) guessTeam(ctx context.Context, c access.Call, g *wire.Guild) error {
	teams, err := in.Teams.List(ctx, c)
	if err != nil || len(teams) == 0 || len(boundRoles(teams)) > 0 {
		return err
	}
	first := *teams[0]
	var names []string
	for _, r := range g.Roles {
		if !r.Managed && r.ID != g.ID && in.staffRole(r.Name) {
			first.Roles = append(first.Roles, team.Role{Channel: event.ChannelDiscord, ExternalID: string(r.ID)})
			names = append(names, r.Name)
		}
	}
	if len(names) == 0 {
		in.Logger.Warn("no role of the guild is named like support staff; use /setup team", "guild", g.Name)
		return nil
	}
	first.Guessed = true
	if _, err := in.Teams.Save(ctx, c, first); err != nil {
		return err
	}
	in.Logger.Info("these roles were taken for the team; /setup team changes that",
		"guild", g.Name, "team", first.Name, "roles", strings.Join(names, ", "))
	return nil
}

// boundRoles are the roles of Discord that stand for teams.
func boundRoles(teams []*team.Team) map[string]bool {
	bound := map[string]bool{}
	for _, t := range teams {
		for _, r := range t.Roles {
			if r.Channel == event.ChannelDiscord {
				bound[r.ExternalID] = true
			}
		}
	}
	return bound
}

// meetStaff makes the holders of the teams' roles known. A guild tells all its
// members only with the server members intent.
func (in *inbox) meetStaff(ctx context.Context, c access.Call, g *wire.Guild) error {
	teams, err := in.Teams.List(ctx, c)
	if err != nil {
		return err
	}
	bound := boundRoles(teams)
	if len(bound) == 0 {
		return nil
	}
	_, err = in.meet(ctx, c, g.ID, g.Members, bound)
	if err != nil || g.MemberCount <= len(g.Members) {
		return err
	}
	return in.meetAll(ctx, c, g.ID, bound)
}

// meetAll pages through all members of the guild, which may be very many, and
// keeps none.
func (in *inbox) meetAll(ctx context.Context, c access.Call, guild wire.ID, bound map[string]bool) error {
	for after := wire.ID(""); ; {
		page, err := in.rest.Members(ctx, guild, after)
		if rest.RefusalOf(err) != nil {
			break // no server members intent
		}
		if err != nil {
			return err
		}
		last, err := in.meet(ctx, c, guild, page, bound)
		if err != nil || len(page) < rest.MembersPage || last == "" {
			return err
		}
		after = last
	}
	return nil //nolint:nilerr // without the intent, only those are known who act
}

// meet makes those known who hold one of the roles, and gives the last of all.
func (in *inbox) meet(ctx context.Context, c access.Call, guild wire.ID, members []wire.Member, bound map[string]bool) (wire.ID, error) {
	last := wire.ID("")
	for i := range members {
		m := &members[i]
		if m.User == nil {
			continue
		}
		last = m.User.ID
		if m.User.Bot || !holdsOne(m, bound) {
			continue
		}
		if _, err := in.arriveRanked(ctx, c, person{guild: guild, user: m.User, member: m}); err != nil {
			return last, err
		}
	}
	return last, nil
}

func holdsOne(m *wire.Member, roles map[string]bool) bool {
	for _, r := range m.Roles {
		if roles[string(r)] {
			return true
		}
	}
	return false
}

// guildDelete needs no more than a note: an outage ends by itself, and where
// the bot was sent away its tickets go on through the API, and come back with it.
func (in *inbox) guildDelete(ctx context.Context, g *guildEvent) error {
	in.backlog.announced(g.ID)
	if g.Unavailable {
		in.Logger.Warn("a guild is not available", "guild_id", string(g.ID))
		return in.away(ctx, g.ID, channel.Unavailable)
	}
	in.Logger.Warn("the bot was removed from a guild", "guild_id", string(g.ID))
	return in.away(ctx, g.ID, channel.Removed)
}

// rolesChanged also looks who is no administrator any more.
func (in *inbox) rolesChanged(ctx context.Context, g *guildEvent) error {
	in.guilds.forgetPowers(g.id())
	if err := in.rightsChanged(ctx, g); err != nil {
		return err
	}
	c, ok, err := in.callIn(ctx, g.id())
	if !ok {
		return err
	}
	lowered, err := in.reviewAdmins(ctx, c, g.id(), nil)
	if err != nil || !lowered {
		return err
	}
	return in.wishAll(ctx, c)
}

// roleDeleted takes a role that is gone from the teams that it stood for, and
// looks who is no staff any more: Discord tells of nobody who held it.
func (in *inbox) roleDeleted(ctx context.Context, g *guildEvent) error {
	c, ok, err := in.callIn(ctx, g.id())
	if !ok {
		return err
	}
	gone := team.Role{Channel: event.ChannelDiscord, ExternalID: string(g.RoleID)}
	stood, err := in.Teams.Unbind(ctx, c, gone)
	if err != nil {
		return err
	}
	if stood {
		in.Logger.Warn("a role that answers tickets was deleted; use /setup team to name another one", "guild_id", string(g.id()))
		if _, err := in.reviewStaff(ctx, c, g.id(), nil); err != nil {
			return err
		}
	}
	return in.rolesChanged(ctx, g)
}

// rightsChanged tries again what the bot was not allowed to do, or to read.
func (in *inbox) rightsChanged(ctx context.Context, g *guildEvent) error {
	in.guilds.forgetRights(g.id())
	if in.dark.endsIn(g.id()) {
		in.wantCatchUp()
	}
	w, err := in.workspaceOf(ctx, g.id())
	if fault.CodeOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if err := in.report(ctx, in.system(w), g.id(), false); err != nil {
		return err
	}
	return in.wishStuck(ctx, in.system(w))
}
