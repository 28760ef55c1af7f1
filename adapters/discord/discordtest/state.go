package discordtest

import (
	"slices"
	"time"
)

type application struct {
	id       ID
	token    string
	granted  Intent
	bot      *user
	commands []*command
}

func (s *Server) newApplication(opts Options) *application {
	name := opts.BotName
	if name == "" {
		name = "Ticket.sys"
	}
	id := s.newID()
	bot := &user{id: id, username: name, bot: true, locale: "en-US"}
	s.users = append(s.users, bot)
	return &application{
		id: id, bot: bot, granted: privileged &^ opts.RefuseIntents,
		token: "bot-token." + id.String() + ".valid",
	}
}

type user struct {
	id         ID
	username   string
	globalName string
	avatar     string
	bot        bool
	locale     string
	dmsClosed  bool
}

func (u *user) displayName() string {
	if u.globalName != "" {
		return u.globalName
	}
	return u.username
}

type guild struct {
	id          ID
	name        string
	locale      string
	tier        int // of its boosts
	owner       *user
	roles       []*role
	members     []*member
	channels    []*channel
	removed     []*channel // in which something was written
	bans        []ban
	unavailable bool
	threaded    bool // it has threads, or had some
}

type role struct {
	id          ID
	name        string
	permissions Permission
	position    int
	color       int
	managed     bool
	mentionable bool
	bot         ID
}

type member struct {
	user    *user
	guild   *guild
	nick    string
	roles   []ID
	joined  time.Time
	timeout time.Time
}

func (g *guild) member(id ID) *member {
	i := slices.IndexFunc(g.members, func(m *member) bool { return m.user.id == id })
	if i < 0 {
		return nil
	}
	return g.members[i]
}

func (g *guild) role(id ID) *role {
	i := slices.IndexFunc(g.roles, func(r *role) bool { return r.id == id })
	if i < 0 {
		return nil
	}
	return g.roles[i]
}

// everyone is the role that all members have; its ID is the guild's.
func (g *guild) everyone() *role { return g.role(g.id) }

func (m *member) displayName() string {
	if m.nick != "" {
		return m.nick
	}
	return m.user.displayName()
}

// rank is the position of the member's highest role.
func (m *member) rank() int {
	top := 0
	for _, id := range m.roles {
		if r := m.guild.role(id); r != nil {
			top = max(top, r.position)
		}
	}
	return top
}

func (s *Server) guild(id ID) *guild {
	for _, g := range s.guilds {
		if g.id == id {
			return g
		}
	}
	return nil
}

func (s *Server) user(id ID) *user {
	for _, u := range s.users {
		if u.id == id {
			return u
		}
	}
	return nil
}

// botIn is the bot's membership, nil where it was not invited.
func (s *Server) botIn(g *guild) *member { return g.member(s.app.bot.id) }
