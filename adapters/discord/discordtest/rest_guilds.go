package discordtest

import (
	"slices"
	"strconv"
	"strings"
)

func (s *Server) guildRoutes(mux router) {
	s.route(mux, "GET /guilds/{guild}", needsToken, getGuild)
	s.route(mux, "GET /guilds/{guild}/roles", needsToken, listRoles)
	s.route(mux, "POST /guilds/{guild}/roles", needsToken, createRole)
	s.route(mux, "DELETE /guilds/{guild}/roles/{role}", needsToken, deleteRole)
	s.route(mux, "GET /guilds/{guild}/members", needsToken, listMembers)
	s.route(mux, "GET /guilds/{guild}/members/search", needsToken, searchMembers)
	s.route(mux, "GET /guilds/{guild}/members/{user}", needsToken, getMember)
	s.route(mux, "PUT /guilds/{guild}/members/{user}/roles/{role}", needsToken, addMemberRole)
	s.route(mux, "DELETE /guilds/{guild}/members/{user}/roles/{role}", needsToken, removeMemberRole)
	s.route(mux, "DELETE /users/@me/guilds/{guild}", needsToken, leaveGuild)
}

// guild is the guild of the path and the bot's membership, with the permissions there.
func (c *call) guild(need Permission) (*guild, *member, error) {
	g := c.s.guild(c.id("guild"))
	if g == nil || c.s.botIn(g) == nil {
		return nil, nil, notFound(10004, "Guild")
	}
	bot := c.s.botIn(g)
	if !bot.base().Has(need) {
		return nil, nil, missingPermissions()
	}
	return g, bot, nil
}

func getGuild(c *call) (any, error) {
	g, _, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	out := g.wire()
	if c.r.URL.Query().Get("with_counts") == "true" {
		out["approximate_member_count"], out["approximate_presence_count"] = len(g.members), len(g.members)
	}
	return out, nil
}

func listRoles(c *call) (any, error) {
	g, _, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	return g.rolesJSON(), nil
}

func createRole(c *call) (any, error) {
	g, bot, err := c.guild(PermManageRoles)
	if err != nil {
		return nil, err
	}
	body := struct {
		Name        string
		Permissions Permission
		Color       int
		Mentionable bool
	}{Name: "new role", Permissions: g.everyone().permissions}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if body.Permissions&^bot.base() != 0 {
		return nil, missingPermissions()
	}
	r := c.s.addRole(g, body.Name, body.Permissions)
	r.color, r.mentionable = body.Color, body.Mentionable
	return r.wire(), nil
}

func (s *Server) addRole(g *guild, name string, p Permission) *role {
	r := &role{id: s.newID(), name: name, permissions: p, position: 1}
	for _, other := range g.roles[1:] {
		other.position++
	}
	g.roles = append(g.roles, r)
	s.sendGuild("GUILD_ROLE_CREATE", g, map[string]any{"guild_id": g.id, "role": r.wire()})
	return r
}

func deleteRole(c *call) (any, error) {
	g, bot, err := c.guild(PermManageRoles)
	if err != nil {
		return nil, err
	}
	r := g.role(c.id("role"))
	if r == nil {
		return nil, notFound(10011, "Role")
	}
	if !bot.outranks(r) || r.managed {
		return nil, missingPermissions()
	}
	c.s.removeRole(g, r)
	return nil, nil
}

// removeRole takes the role from the guild, from its members and from all overwrites.
func (s *Server) removeRole(g *guild, r *role) {
	g.roles = slices.DeleteFunc(g.roles, func(o *role) bool { return o == r })
	for _, m := range g.members {
		m.roles = slices.DeleteFunc(m.roles, func(id ID) bool { return id == r.id })
	}
	for _, ch := range g.channels {
		ch.overwrites = slices.DeleteFunc(ch.overwrites, func(o Overwrite) bool { return o.ID == r.id })
	}
	s.sendGuild("GUILD_ROLE_DELETE", g, map[string]any{"guild_id": g.id, "role_id": r.id})
}

// outranks is the role hierarchy: only roles below the member's highest can be touched.
func (m *member) outranks(r *role) bool {
	return m.guild.owner == m.user || r.position < m.rank()
}

func listMembers(c *call) (any, error) {
	g, _, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	if !c.s.app.granted.Has(IntentGuildMembers) {
		return nil, missingAccess()
	}
	after, limit := parseID(c.r.URL.Query().Get("after")), c.limit(1, 1000)
	members := slices.Clone(g.members)
	slices.SortFunc(members, func(a, b *member) int { return int(int64(a.user.id) - int64(b.user.id)) })
	out := []*memberJSON{}
	for _, m := range members {
		if m.user.id > after && len(out) < limit {
			out = append(out, m.wire())
		}
	}
	return out, nil
}

func (c *call) limit(fallback, most int) int {
	n, err := strconv.Atoi(c.r.URL.Query().Get("limit"))
	if err != nil {
		return fallback
	}
	return min(max(n, 1), most)
}

func searchMembers(c *call) (any, error) {
	g, _, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	return g.search(c.r.URL.Query().Get("query"), c.limit(1, 1000)), nil
}

// search finds members whose name or nickname begins with the text; an empty text finds all.
func (g *guild) search(prefix string, limit int) []*memberJSON {
	out := []*memberJSON{}
	for _, m := range g.members {
		hit := slices.ContainsFunc([]string{m.nick, m.user.username, m.user.globalName}, func(name string) bool {
			return strings.HasPrefix(strings.ToLower(name), strings.ToLower(prefix))
		})
		if hit && len(out) < limit {
			out = append(out, m.wire())
		}
	}
	return out
}

// member is the member of the path.
func (c *call) member(g *guild) (*member, error) {
	id := c.id("user")
	if c.s.user(id) == nil {
		return nil, notFound(10013, "User")
	}
	m := g.member(id)
	if m == nil {
		return nil, notFound(10007, "Member")
	}
	return m, nil
}

func getMember(c *call) (any, error) {
	g, _, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	m, err := c.member(g)
	if err != nil {
		return nil, err
	}
	return m.wire(), nil
}

func addMemberRole(c *call) (any, error) {
	m, r, err := c.memberRole()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(m.roles, r.id) {
		c.s.setRoles(m, append(slices.Clone(m.roles), r.id))
	}
	return nil, nil
}

func removeMemberRole(c *call) (any, error) {
	m, r, err := c.memberRole()
	if err != nil {
		return nil, err
	}
	c.s.setRoles(m, slices.DeleteFunc(slices.Clone(m.roles), func(id ID) bool { return id == r.id }))
	return nil, nil
}

func (c *call) memberRole() (*member, *role, error) {
	g, bot, err := c.guild(PermManageRoles)
	if err != nil {
		return nil, nil, err
	}
	m, err := c.member(g)
	if err != nil {
		return nil, nil, err
	}
	r := g.role(c.id("role"))
	if r == nil {
		return nil, nil, notFound(10011, "Role")
	}
	if !bot.outranks(r) || r.managed {
		return nil, nil, missingPermissions()
	}
	return m, r, nil
}

func (s *Server) setRoles(m *member, roles []ID) {
	m.roles = roles
	s.sendGuild("GUILD_MEMBER_UPDATE", m.guild, m.event())
}

func leaveGuild(c *call) (any, error) {
	_, bot, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	c.s.removeMember(bot)
	return nil, nil
}

// removeMember ends a membership; when it is the bot's, the bot hears that the guild is gone.
func (s *Server) removeMember(m *member) {
	g := m.guild
	if m.user == s.app.bot {
		s.sendGuild("GUILD_DELETE", g, map[string]any{"id": g.id})
	}
	g.members = slices.DeleteFunc(g.members, func(o *member) bool { return o == m })
	for _, ch := range g.channels { // their places in threads go with them
		if ch.thread != nil {
			ch.thread.members = slices.DeleteFunc(ch.thread.members, func(o ID) bool { return o == m.user.id })
		}
	}
	if m.user != s.app.bot {
		s.sendGuild("GUILD_MEMBER_REMOVE", g, map[string]any{"guild_id": g.id, "user": m.user.wire()})
	}
}
