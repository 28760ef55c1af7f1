package discord

import (
	"context"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// powers tell who may manage a guild: its owner, and who holds one of some
// roles. Events of members name roles, not what these allow.
type powers struct {
	owner wire.ID
	roles map[wire.ID]bool
}

func powersIn(g *wire.Guild) *powers {
	p := &powers{owner: g.OwnerID, roles: map[wire.ID]bool{}}
	for _, r := range g.Roles {
		if mayManage(r.Permissions) {
			p.roles[r.ID] = true
		}
	}
	return p
}

func mayManage(p wire.Permission) bool { return p.Has(wire.Administrator) || p.Has(wire.ManageGuild) }

// administers reports whether a member may manage the guild; everybody holds
// the role that has the guild's own ID.
func (p *powers) administers(guild wire.ID, user *wire.User, m *wire.Member) bool {
	if user.ID == p.owner || p.roles[guild] {
		return true
	}
	for _, r := range m.Roles {
		if p.roles[r] {
			return true
		}
	}
	return false
}

// powersOf gives who may manage the guild; nil if Discord does not say.
func (a *Adapter) powersOf(ctx context.Context, guild wire.ID) (*powers, error) {
	s := a.guilds.of(guild)
	a.guilds.mu.Lock()
	p, at := s.powers, s.powersAt
	a.guilds.mu.Unlock()
	if p != nil && a.Now().Sub(at) < guildAge {
		return p, nil
	}
	g, err := a.rest.Guild(ctx, guild)
	if _, limited := rest.Limited(err); !limited && rest.RefusalOf(err) != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p = powersIn(g)
	a.guilds.mu.Lock()
	defer a.guilds.mu.Unlock()
	s.powers, s.powersAt = p, a.Now()
	return p, nil
}

// forgetPowers makes it be asked again who may manage the guild.
func (c *guildCache) forgetPowers(guild wire.ID) {
	s := c.of(guild)
	c.mu.Lock()
	defer c.mu.Unlock()
	s.powersAt = time.Time{}
}

// mostAdmins is how many administrators are looked after when a role changes.
// The others follow with their next action.
const mostAdmins = 100

// reviewAdmins looks whether those whom the guild made administrators still are
// some, and reports whether somebody is not. A change of a role tells of nobody
// who held it. Who is among the members that were just told of need not be asked
// after.
func (in *inbox) reviewAdmins(ctx context.Context, c access.Call, guild wire.ID, told []wire.Member) (bool, error) {
	admins, err := in.Members.Page(ctx, c, havingRoles(access.RoleAdmin), page.Request{First: mostAdmins})
	if err != nil || len(admins.Items) == 0 {
		return false, err
	}
	known, err := in.Members.Identities(ctx, c, event.ChannelDiscord, admins.Items...)
	if err != nil {
		return false, err
	}
	lowered := false
	for _, m := range admins.Items {
		if known[m.ID] == "" {
			continue
		}
		now, err := in.rankTold(ctx, c, guild, m, wire.ID(known[m.ID]), told)
		if err != nil {
			return lowered, err
		}
		lowered = lowered || now != access.RoleAdmin
	}
	return lowered, nil
}

// havingRoles asks for members who have one of the roles, oldest first.
func havingRoles(roles ...access.Role) query.Query {
	values := make([]any, len(roles))
	for i, r := range roles {
		values[i] = string(r)
	}
	return query.Query{Where: query.Where{Conditions: []query.Condition{{Field: member.FieldRole, Op: query.In, Values: values}}}}
}

// reviewStaff looks which of the workspace's staff still is some, and reports
// whether somebody's rank changed. Who was just met need not be asked after.
func (in *inbox) reviewStaff(ctx context.Context, c access.Call, guild wire.ID, met map[wire.ID]bool) (bool, error) {
	changed := false
	q := havingRoles(access.RoleAgent, access.RoleSupervisor)
	for r := (page.Request{First: page.MaxSize}); ; {
		staff, err := in.Members.Page(ctx, c, q, r)
		if err != nil || len(staff.Items) == 0 {
			return changed, err
		}
		known, err := in.Members.Identities(ctx, c, event.ChannelDiscord, staff.Items...)
		if err != nil {
			return changed, err
		}
		for _, m := range staff.Items {
			user := wire.ID(known[m.ID])
			if user == "" || met[user] {
				continue
			}
			now, err := in.rankNow(ctx, c, guild, m, user)
			if err != nil {
				return changed, err
			}
			changed = changed || now != m.Role
		}
		if !staff.HasNext {
			return changed, nil
		}
		r.After = page.Cursor{int64(staff.Items[len(staff.Items)-1].ID)}
	}
}

// rankTold records somebody as Discord told of them just now, or else as it tells
// when it is asked, and gives their rank.
func (in *inbox) rankTold(ctx context.Context, c access.Call, guild wire.ID, was *member.Member, user wire.ID, told []wire.Member) (access.Role, error) {
	i := slices.IndexFunc(told, func(m wire.Member) bool { return m.User != nil && m.User.ID == user })
	if i < 0 {
		return in.rankNow(ctx, c, guild, was, user)
	}
	now, err := in.arriveRanked(ctx, c, person{guild: guild, user: told[i].User, member: &told[i]})
	if err != nil {
		return was.Role, err
	}
	return now.Role, nil
}

// rankNow records somebody as Discord describes them now, and gives their rank.
func (in *inbox) rankNow(ctx context.Context, c access.Call, guild wire.ID, was *member.Member, user wire.ID) (access.Role, error) {
	m, err := in.rest.Member(ctx, guild, user)
	if rest.Is(err, rest.UnknownMember, rest.UnknownUser) {
		return access.RoleRequester, in.Members.Leave(ctx, c, event.ChannelDiscord, string(user))
	}
	if _, limited := rest.Limited(err); err != nil && !limited && rest.RefusalOf(err) != nil || err == nil && m.User == nil {
		return was.Role, nil //nolint:nilerr // Discord does not say; nothing changes
	}
	if err != nil {
		return was.Role, err
	}
	now, err := in.arriveRanked(ctx, c, person{guild: guild, user: m.User, member: m})
	if err != nil {
		return was.Role, err
	}
	return now.Role, nil
}

// arriveRanked records somebody, and whether they may manage the guild.
func (in *inbox) arriveRanked(ctx context.Context, c access.Call, p person) (*member.Member, error) {
	of, err := in.powersOf(ctx, p.guild)
	if err != nil {
		return nil, err
	}
	if of != nil {
		admin := of.administers(p.guild, p.user, p.member)
		p.admin = &admin
	}
	return in.arrive(ctx, c, p)
}
