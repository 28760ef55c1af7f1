package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Member is a person in a guild, who does what people do in Discord.
type Member struct {
	s *Server
	g *guild
	u *user
}

// MemberOption says what a new member is like: Locale, Nick, Avatar, DMsClosed, or a *Role.
type MemberOption interface{ apply(*member) }

type memberOption func(*member)

func (f memberOption) apply(m *member) { f(m) }

// Locale is the language of the person's client, such as "fr"; "en-US" by default.
func Locale(tag string) MemberOption { return memberOption(func(m *member) { m.user.locale = tag }) }

// Nick is the person's name in this guild.
func Nick(name string) MemberOption { return memberOption(func(m *member) { m.nick = name }) }

// Avatar is the hash of the person's picture.
func Avatar(hash string) MemberOption { return memberOption(func(m *member) { m.user.avatar = hash }) }

// DMsClosed takes no direct messages from the guild.
func DMsClosed() MemberOption { return memberOption(func(m *member) { m.user.dmsClosed = true }) }

var notHandle = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^a-z0-9_.]+`) })

// handleOf is the username that goes with a display name.
func handleOf(name string) string {
	plain := notHandle().ReplaceAllString(strings.ToLower(name), "")
	if plain == "" {
		return "user"
	}
	return plain
}

func (s *Server) newUser(name, locale string) *user {
	id := s.newID()
	u := &user{id: id, username: handleOf(name), globalName: name, avatar: fmt.Sprintf("%032x", uint64(id)), locale: locale}
	s.users = append(s.users, u)
	return u
}

// Member lets a new person join the guild.
func (g *Guild) Member(name string, opts ...MemberOption) *Member {
	out := &Member{s: g.s, g: g.g}
	g.s.change(func() {
		out.u = g.s.newUser(name, "en-US")
		g.s.join(g.g, out.u, opts)
	})
	return out
}

// Join lets a person who is known from another guild, or who left, join this one; who is banned stays out.
func (g *Guild) Join(person *Member, opts ...MemberOption) *Member {
	g.s.change(func() {
		if g.g.member(person.u.id) == nil && g.g.banOf(person.u.id) < 0 {
			g.s.join(g.g, person.u, opts)
		}
	})
	return &Member{g.s, g.g, person.u}
}

func (s *Server) join(g *guild, u *user, opts []MemberOption) {
	m := &member{user: u, guild: g, joined: s.now()}
	for _, opt := range opts {
		opt.apply(m)
	}
	g.members = append(g.members, m)
	s.sendGuild("GUILD_MEMBER_ADD", g, m.event())
}

// ID is the person's snowflake.
func (m *Member) ID() ID { return m.u.id }

// Name is the name that the guild sees: the nickname, else the global name.
func (m *Member) Name() string {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	if in := m.in(); in != nil {
		return in.displayName()
	}
	return m.u.displayName()
}

// Language is that of the person's client.
func (m *Member) Language() string {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	return m.u.locale
}

// Mention is the text that mentions the person.
func (m *Member) Mention() string { return fmt.Sprintf("<@%s>", m.u.id) }

// in is the membership, nil after the person left.
func (m *Member) in() *member { return m.g.member(m.u.id) }

// Has reports whether the member has the role.
func (m *Member) Has(r *Role) bool {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	in := m.in()
	return in != nil && slices.Contains(in.roles, r.r.id)
}

// Gets gives the member a role.
func (m *Member) Gets(r *Role) {
	m.update(func(in *member) {
		if !slices.Contains(in.roles, r.r.id) {
			in.roles = append(in.roles, r.r.id)
		}
	})
}

// Loses takes a role from the member.
func (m *Member) Loses(r *Role) {
	m.update(func(in *member) {
		in.roles = slices.DeleteFunc(slices.Clone(in.roles), func(id ID) bool { return id == r.r.id })
	})
}

// IsCalled changes the member's nickname.
func (m *Member) IsCalled(nick string) { m.update(func(in *member) { in.nick = nick }) }

// IsTimedOut keeps the member from writing until then.
func (m *Member) IsTimedOut(until time.Time) { m.update(func(in *member) { in.timeout = until }) }

func (m *Member) update(change func(*member)) {
	m.s.change(func() {
		if in := m.in(); in != nil {
			change(in)
			m.s.sendGuild("GUILD_MEMBER_UPDATE", m.g, in.event())
		}
	})
}

// Leaves the guild.
func (m *Member) Leaves() {
	m.s.change(func() {
		if in := m.in(); in != nil {
			m.s.removeMember(in)
		}
	})
}

// IsBanned removes the person from the guild by a ban, until IsPardoned.
func (m *Member) IsBanned() {
	m.s.change(func() { m.s.ban(m.g, m.u, "") })
}

// IsPardoned lets a banned person join again.
func (m *Member) IsPardoned() {
	m.s.change(func() {
		if i := m.g.banOf(m.u.id); i >= 0 {
			m.s.pardon(m.g, i)
		}
	})
}

// TakesDMs opens or closes the person's direct messages.
func (m *Member) TakesDMs(open bool) { m.s.change(func() { m.u.dmsClosed = !open }) }

// OpenToDMs reports whether the person takes direct messages.
func (m *Member) OpenToDMs() bool {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	return !m.u.dmsClosed
}

// Speaks changes the language of the person's client.
func (m *Member) Speaks(locale string) { m.s.change(func() { m.u.locale = locale }) }

// DM is the direct channel between the person and the bot.
func (m *Member) DM() *Channel {
	out := &Channel{s: m.s}
	m.s.read(func() { out.c = m.s.dm(m.u) })
	return out
}
