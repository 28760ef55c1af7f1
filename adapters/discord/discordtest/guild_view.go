package discordtest

import (
	"fmt"
	"slices"
)

// Guild is a guild as the people of a story see it.
type Guild struct {
	s *Server
	g *guild
}

// GuildOption changes a guild that is being founded.
type GuildOption func(*guild)

// WithOwner names the guild's owner, "Owner" by default.
func WithOwner(name string) GuildOption { return func(g *guild) { g.owner.globalName = name } }

// WithLocale is the guild's language, "en-US" by default.
func WithLocale(locale string) GuildOption { return func(g *guild) { g.locale = locale } }

// Guild founds a guild with an owner, the role @everyone and the channel #general. The bot is not in it before AddBot.
func (s *Server) Guild(name string, opts ...GuildOption) *Guild {
	g := &guild{name: name, locale: "en-US"}
	s.change(func() {
		g.id = s.newID()
		g.owner = s.newUser("Owner", "en-US")
		for _, opt := range opts {
			opt(g)
		}
		g.owner.username = handleOf(g.owner.globalName)
		g.roles = []*role{{id: g.id, name: "@everyone", permissions: DefaultPermissions}}
		g.members = []*member{{user: g.owner, guild: g, joined: s.now()}}
		s.guilds = append(s.guilds, g)
		s.addChannel(g, &channel{kind: TypeText, name: "general"})
	})
	return &Guild{s, g}
}

// GuildByID is a guild of this Discord, nil where there is none.
func (s *Server) GuildByID(id ID) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.guild(id); g != nil {
		return &Guild{s, g}
	}
	return nil
}

// Guilds are all guilds, in the order of their founding.
func (s *Server) Guilds() []*Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*Guild
	for _, g := range s.guilds {
		out = append(out, &Guild{s, g})
	}
	return out
}

// ID is the guild's snowflake.
func (g *Guild) ID() ID { return g.g.id }

// Name is the guild's name.
func (g *Guild) Name() string { return g.g.name }

// Owner is the person who may do everything here.
func (g *Guild) Owner() *Member { return &Member{g.s, g.g, g.g.owner} }

// Bot is the bot as a member; it is one also before it joined, but sees nothing then.
func (g *Guild) Bot() *Member { return &Member{g.s, g.g, g.s.app.bot} }

// AddBot invites the bot with the given permissions, BotPermissions by default. Its role stands above those there are.
func (g *Guild) AddBot(permissions ...Permission) {
	p := BotPermissions
	if len(permissions) > 0 {
		p = 0
	}
	for _, more := range permissions {
		p |= more
	}
	g.s.change(func() { g.s.inviteBot(g.g, p) })
}

func (s *Server) inviteBot(g *guild, p Permission) {
	if s.botIn(g) != nil {
		return
	}
	top := 0
	for _, r := range g.roles {
		top = max(top, r.position)
	}
	r := &role{id: s.newID(), name: s.app.bot.username, permissions: p, position: top + 1, managed: true, bot: s.app.bot.id}
	g.roles = append(g.roles, r)
	g.members = append(g.members, &member{user: s.app.bot, guild: g, roles: []ID{r.id}, joined: s.now()})
	s.announce(g)
}

// GiveBot replaces the permissions of the bot's own role.
func (g *Guild) GiveBot(p Permission) {
	g.s.change(func() {
		for _, r := range g.g.roles {
			if r.bot == g.s.app.bot.id {
				r.permissions = p
				g.s.sendGuild("GUILD_ROLE_UPDATE", g.g, map[string]any{"guild_id": g.g.id, "role": r.wire()})
			}
		}
	})
}

// GivesEveryone replaces the permissions of @everyone.
func (g *Guild) GivesEveryone(p Permission) {
	g.s.change(func() {
		r := g.g.everyone()
		r.permissions = p
		g.s.sendGuild("GUILD_ROLE_UPDATE", g.g, map[string]any{"guild_id": g.g.id, "role": r.wire()})
	})
}

// Boosts has members boost the guild until it is of that tier, 0 to 3, or stop.
func (g *Guild) Boosts(tier int) {
	g.s.change(func() {
		g.g.tier = tier
		g.s.sendGuild("GUILD_UPDATE", g.g, g.g.wire())
	})
}

// KickBot removes the bot and its role from the guild.
func (g *Guild) KickBot() {
	g.s.change(func() {
		if bot := g.s.botIn(g.g); bot != nil {
			g.s.removeMember(bot)
			g.g.roles = slices.DeleteFunc(g.g.roles, func(r *role) bool { return r.bot == g.s.app.bot.id })
		}
	})
}

// Fails makes the guild unavailable, as in an outage of Discord; Recovers ends it.
func (g *Guild) Fails() {
	g.s.change(func() {
		g.s.sendGuild("GUILD_DELETE", g.g, map[string]any{"id": g.g.id, "unavailable": true})
		g.g.unavailable = true
	})
}

// Recovers makes the guild available again.
func (g *Guild) Recovers() {
	g.s.change(func() {
		g.g.unavailable = false
		if g.s.botIn(g.g) != nil {
			g.s.announce(g.g)
		}
	})
}

// Role is a role of a guild. It is an option of Member, which then has it.
type Role struct {
	s *Server
	g *guild
	r *role
}

// Role creates a role with permissions beyond those of @everyone.
func (g *Guild) Role(name string, permissions ...Permission) *Role {
	out := &Role{s: g.s, g: g.g}
	g.s.change(func() {
		var p Permission
		for _, more := range permissions {
			p |= more
		}
		out.r = g.s.addRole(g.g, name, p)
	})
	return out
}

// ID is the role's snowflake.
func (r *Role) ID() ID { return r.r.id }

// Name is the role's name.
func (r *Role) Name() string { return r.r.name }

// Mention is the text that mentions the role.
func (r *Role) Mention() string { return fmt.Sprintf("<@&%s>", r.r.id) }

// Delete removes the role from the guild, its members and all overwrites.
func (r *Role) Delete() { r.s.change(func() { r.s.removeRole(r.g, r.r) }) }

func (r *Role) apply(m *member) { m.roles = append(m.roles, r.r.id) }

// Members are the people of the guild, in the order of their joining; the bot is left out.
func (g *Guild) Members() []*Member {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	var out []*Member
	for _, m := range g.g.members {
		if !m.user.bot {
			out = append(out, &Member{g.s, g.g, m.user})
		}
	}
	return out
}

// Roles are the guild's roles without @everyone and the bot's own.
func (g *Guild) Roles() []*Role {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	var out []*Role
	for _, r := range g.g.roles {
		if r.id != g.g.id && r.bot == 0 {
			out = append(out, &Role{g.s, g.g, r})
		}
	}
	return out
}

// Channels are the guild's channels and threads, in the order of their making.
func (g *Guild) Channels() []*Channel {
	return g.look(func() []*channel { return g.g.channels })
}

// Removed are the channels and threads that were deleted with messages in them, in that order.
func (g *Guild) Removed() []*Channel {
	return g.look(func() []*channel { return g.g.removed })
}

func (g *Guild) look(at func() []*channel) []*Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	var out []*Channel
	for _, ch := range at() {
		out = append(out, &Channel{g.s, ch})
	}
	return out
}

// Channel is the newest channel or thread with that name, nil where there is none.
func (g *Guild) Channel(name string) *Channel {
	for _, ch := range slices.Backward(g.Channels()) {
		if ch.Name() == name {
			return ch
		}
	}
	return nil
}

// Text creates a text channel, as the owner would; parent may be nil.
func (g *Guild) Text(name string, parent *Channel, overwrites ...Overwrite) *Channel {
	return g.create(&channel{kind: TypeText, name: name, overwrites: overwrites}, parent)
}

// Category creates a category.
func (g *Guild) Category(name string, overwrites ...Overwrite) *Channel {
	return g.create(&channel{kind: TypeCategory, name: name, overwrites: overwrites}, nil)
}

func (g *Guild) create(ch *channel, parent *Channel) *Channel {
	g.s.change(func() {
		if parent != nil {
			ch.parent = parent.c
		}
		g.s.addChannel(g.g, ch)
	})
	return &Channel{g.s, ch}
}

// Offers reports whether the person is offered that command here, such as "/ticket open".
func (g *Guild) Offers(who *Member, command string) bool {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	_, err := g.s.lookup(who, g.g.channels[0], command)
	return err == nil
}

// Commands are the names of the slash commands that the bot has registered for this guild and for all.
func (g *Guild) Commands() []string {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	var out []string
	for _, c := range g.s.app.commands {
		if c.Type == commandSlash && (c.GuildID == 0 || c.GuildID == g.g.id) {
			out = append(out, "/"+c.Name)
		}
	}
	slices.Sort(out)
	return out
}
