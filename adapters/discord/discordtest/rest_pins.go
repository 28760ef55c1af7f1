package discordtest

import (
	"net/http"
	"slices"
)

func (s *Server) pinRoutes(mux router) {
	for _, base := range []string{"/channels/{channel}/pins", "/channels/{channel}/messages/pins"} {
		s.route(mux, "PUT "+base+"/{message}", needsToken, pin)
		s.route(mux, "DELETE "+base+"/{message}", needsToken, unpin)
	}
	s.route(mux, "GET /channels/{channel}/pins", needsToken, listPins)
	s.route(mux, "GET /channels/{channel}/messages/pins", needsToken, pagePins)
	const reactions = "/channels/{channel}/messages/{message}/reactions/{emoji}"
	s.route(mux, "GET "+reactions, needsToken, listReaction)
	s.route(mux, "PUT "+reactions+"/@me", needsToken, react)
	s.route(mux, "DELETE "+reactions+"/@me", needsToken, unreact)
}

func pin(c *call) (any, error) {
	m, err := c.message(PermPinMessages)
	if err != nil || m.pinned {
		return nil, err
	}
	if len(m.channel.pins()) >= maxPins {
		return nil, refuse(http.StatusBadRequest, 30003, "Maximum number of pins reached for the channel (250)")
	}
	m.pinned, m.channel.lastPin = true, c.s.now()
	c.s.updated(m)
	c.s.pinsChanged(m.channel)
	bot := c.s.app.bot
	c.s.post(m.channel, draft{
		author: bot.wire(), from: bot, kind: messagePinned,
		reference: &reference{MessageID: m.id, ChannelID: m.channel.id, GuildID: m.channel.guildID()},
	})
	return nil, nil
}

const maxPins = 250

func unpin(c *call) (any, error) {
	m, err := c.message(PermPinMessages)
	if err != nil || !m.pinned {
		return nil, err
	}
	m.pinned = false
	c.s.updated(m)
	c.s.pinsChanged(m.channel)
	return nil, nil
}

func (s *Server) pinsChanged(ch *channel) {
	data := map[string]any{"channel_id": ch.id, "last_pin_timestamp": stamp(ch.lastPin)}
	if ch.guild != nil {
		data["guild_id"] = ch.guild.id
	}
	s.send(event{name: "CHANNEL_PINS_UPDATE", channel: ch, data: data})
}

func (ch *channel) pins() []*message {
	var out []*message
	for _, m := range slices.Backward(ch.public()) {
		if m.pinned {
			out = append(out, m)
		}
	}
	return out
}

func listPins(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	out := []*messageJSON{}
	for _, m := range ch.pins() {
		out = append(out, c.s.forBot(m))
	}
	return out, nil
}

func pagePins(c *call) (any, error) {
	ch, err := c.channel(PermReadHistory)
	if err != nil {
		return nil, err
	}
	items := []map[string]any{}
	for _, m := range ch.pins() {
		items = append(items, map[string]any{"pinned_at": stamp(m.at), "message": c.s.forBot(m)})
	}
	more := len(items) > c.limit(50, 50)
	return map[string]any{"items": items[:min(len(items), c.limit(50, 50))], "has_more": more}, nil
}

func react(c *call) (any, error) {
	m, err := c.message(PermReadHistory)
	if err != nil {
		return nil, err
	}
	emoji := unescaped(c.r.PathValue("emoji"))
	if m.reactors(emoji) == nil {
		if err := c.s.allow(m.channel, PermAddReactions); err != nil {
			return nil, err
		}
	}
	c.s.react(m, c.s.app.bot, emoji)
	return nil, nil
}

func (m *message) reactors(emoji string) []*user {
	for _, r := range m.reactions {
		if r.emoji == emoji {
			return r.users
		}
	}
	return nil
}

func (s *Server) react(m *message, u *user, emoji string) {
	i := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.emoji == emoji })
	if i < 0 {
		m.reactions, i = append(m.reactions, reaction{emoji: emoji}), len(m.reactions)
	}
	if hasUser(m.reactions[i].users, u) {
		return
	}
	m.reactions[i].users = append(m.reactions[i].users, u)
	s.sendReaction("MESSAGE_REACTION_ADD", m, u, emoji)
}

func unreact(c *call) (any, error) {
	m, err := c.message(PermReadHistory)
	if err != nil {
		return nil, err
	}
	emoji, bot := unescaped(c.r.PathValue("emoji")), c.s.app.bot
	if !hasUser(m.reactors(emoji), bot) {
		return nil, nil
	}
	for i := range m.reactions {
		if m.reactions[i].emoji == emoji {
			m.reactions[i].users = slices.DeleteFunc(m.reactions[i].users, func(u *user) bool { return u == bot })
		}
	}
	m.reactions = slices.DeleteFunc(m.reactions, func(r reaction) bool { return len(r.users) == 0 })
	c.s.sendReaction("MESSAGE_REACTION_REMOVE", m, bot, emoji)
	return nil, nil
}

func (s *Server) sendReaction(name string, m *message, u *user, emoji string) {
	data := deletion(m.channel, "message_id", m.id)
	data["user_id"], data["emoji"] = u.id, map[string]any{"id": nil, "name": emoji}
	data["type"], data["burst"] = 0, false
	if g := m.channel.guild; g != nil && name == "MESSAGE_REACTION_ADD" {
		if member := g.member(u.id); member != nil {
			data["member"] = member.wire()
		}
		data["message_author_id"] = m.author.ID
	}
	s.send(event{name: name, channel: m.channel, data: data})
}

func listReaction(c *call) (any, error) {
	m, err := c.message(PermReadHistory)
	if err != nil {
		return nil, err
	}
	out := []userJSON{}
	for _, u := range m.reactors(unescaped(c.r.PathValue("emoji"))) {
		out = append(out, u.wire())
	}
	return out, nil
}
