package discordtest

import (
	"fmt"
	"slices"
	"time"
)

func (s *Server) moderationRoutes(mux router) {
	s.route(mux, "PATCH /guilds/{guild}/members/{user}", needsToken, editMember)
	s.route(mux, "DELETE /guilds/{guild}/members/{user}", needsToken, kickMember)
	s.route(mux, "GET /guilds/{guild}/bans", needsToken, listBans)
	s.route(mux, "GET /guilds/{guild}/bans/{user}", needsToken, getBan)
	s.route(mux, "PUT /guilds/{guild}/bans/{user}", needsToken, banUser)
	s.route(mux, "DELETE /guilds/{guild}/bans/{user}", needsToken, pardonUser)
}

type ban struct {
	user   *user
	reason string
}

func (b ban) wire() map[string]any {
	return map[string]any{"user": b.user.wire(), "reason": text(b.reason)}
}

func (g *guild) banOf(id ID) int {
	return slices.IndexFunc(g.bans, func(b ban) bool { return b.user.id == id })
}

// above is the role hierarchy between people: nobody touches the owner, or who stands as high as they do.
func (m *member) above(other *member) bool {
	return other.user != m.guild.owner && (m.guild.owner == m.user || m.rank() > other.rank())
}

type memberBody struct {
	Nick    opt[string]    `json:"nick"`
	Roles   opt[[]ID]      `json:"roles"`
	Timeout opt[time.Time] `json:"communication_disabled_until"`
}

const maxTimeout = 28 * 24 * time.Hour

func editMember(c *call) (any, error) {
	g, bot, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	m := bot
	if c.r.PathValue("user") != "@me" {
		if m, err = c.member(g); err != nil {
			return nil, err
		}
	}
	var body memberBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := body.allowed(bot, m); err != nil {
		return nil, err
	}
	f := &form{}
	f.length("nick", body.Nick.v, 0, 32)
	if body.Timeout.v.Sub(c.s.now()) > maxTimeout {
		f.add("communication_disabled_until", "GUILD_MEMBER_TIMEOUT_MAX", "Timeout cannot be longer than 28 days")
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	m.nick, m.timeout = body.Nick.or(m.nick), body.Timeout.or(m.timeout)
	c.s.setRoles(m, slices.Clone(body.Roles.or(m.roles)))
	return m.wire(), nil
}

// allowed wants the permission that each change takes, and the hierarchy.
func (b *memberBody) allowed(by, m *member) error {
	var need Permission
	switch {
	case b.Nick.set && by == m:
		need |= PermChangeNickname
	case b.Nick.set:
		need |= PermManageNicknames
	}
	if b.Roles.set {
		need |= PermManageRoles
	}
	if b.Timeout.set {
		need |= PermModerateMembers
	}
	if !by.base().Has(need) || by != m && !by.above(m) {
		return missingPermissions()
	}
	for _, id := range slices.Concat(b.Roles.v, m.roles) {
		changed := b.Roles.set && slices.Contains(b.Roles.v, id) != slices.Contains(m.roles, id)
		if !changed {
			continue
		}
		r := m.guild.role(id)
		if r == nil {
			return notFound(10011, "Role")
		}
		if r.managed || !by.outranks(r) {
			return missingPermissions()
		}
	}
	return nil
}

func kickMember(c *call) (any, error) {
	g, bot, err := c.guild(PermKickMembers)
	if err != nil {
		return nil, err
	}
	m, err := c.member(g)
	if err != nil {
		return nil, err
	}
	if !bot.above(m) {
		return nil, missingPermissions()
	}
	c.s.removeMember(m)
	return nil, nil
}

func listBans(c *call) (any, error) {
	g, _, err := c.guild(PermBanMembers)
	if err != nil {
		return nil, err
	}
	after := parseID(c.r.URL.Query().Get("after"))
	out := []map[string]any{}
	for _, b := range g.bans {
		if b.user.id > after && len(out) < c.limit(1000, 1000) {
			out = append(out, b.wire())
		}
	}
	return out, nil
}

func getBan(c *call) (any, error) {
	g, _, err := c.guild(PermBanMembers)
	if err != nil {
		return nil, err
	}
	i := g.banOf(c.id("user"))
	if i < 0 {
		return nil, notFound(10026, "Ban")
	}
	return g.bans[i].wire(), nil
}

func banUser(c *call) (any, error) {
	g, bot, err := c.guild(PermBanMembers)
	if err != nil {
		return nil, err
	}
	u := c.s.user(c.id("user"))
	if u == nil {
		return nil, notFound(10013, "User")
	}
	if m := g.member(u.id); m != nil && !bot.above(m) {
		return nil, missingPermissions()
	}
	c.s.ban(g, u, unescaped(c.r.Header.Get("X-Audit-Log-Reason")))
	return nil, nil
}

// ban keeps a user out of the guild until they are pardoned.
func (s *Server) ban(g *guild, u *user, reason string) {
	if g.banOf(u.id) >= 0 {
		return
	}
	g.bans = append(g.bans, ban{u, reason})
	slices.SortFunc(g.bans, func(a, b ban) int { return int(int64(a.user.id) - int64(b.user.id)) })
	s.sendGuild("GUILD_BAN_ADD", g, map[string]any{"guild_id": g.id, "user": u.wire()})
	if m := g.member(u.id); m != nil {
		s.removeMember(m)
	}
}

func pardonUser(c *call) (any, error) {
	g, _, err := c.guild(PermBanMembers)
	if err != nil {
		return nil, err
	}
	i := g.banOf(c.id("user"))
	if i < 0 {
		return nil, notFound(10026, "Ban")
	}
	c.s.pardon(g, i)
	return nil, nil
}

func (s *Server) pardon(g *guild, i int) {
	u := g.bans[i].user
	g.bans = slices.Delete(g.bans, i, i+1)
	s.sendGuild("GUILD_BAN_REMOVE", g, map[string]any{"guild_id": g.id, "user": u.wire()})
}

// Kicks another member out of the guild.
func (m *Member) Kicks(who *Member) error {
	return m.moderates(who, PermKickMembers, func(other *member) { m.s.removeMember(other) })
}

// Bans another member, who cannot join again before Pardons.
func (m *Member) Bans(who *Member, reason string) error {
	return m.moderates(who, PermBanMembers, func(*member) { m.s.ban(m.g, who.u, reason) })
}

// Pardons ends a ban.
func (m *Member) Pardons(who *Member) error {
	return m.act(&channel{guild: m.g, kind: TypeText, name: m.g.name}, PermBanMembers, func() error {
		if i := m.g.banOf(who.u.id); i >= 0 {
			m.s.pardon(m.g, i)
		}
		return nil
	})
}

func (m *Member) moderates(who *Member, need Permission, f func(*member)) error {
	return m.act(&channel{guild: m.g, kind: TypeText, name: m.g.name}, need, func() error {
		other := who.in()
		if other == nil || !m.in().above(other) {
			return fmt.Errorf("%w: %s does not stand above %s", ErrNotAllowed, m.u.displayName(), who.u.displayName())
		}
		f(other)
		return nil
	})
}
