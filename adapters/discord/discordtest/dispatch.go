package discordtest

import (
	"encoding/json"
	"maps"
	"slices"
)

// event is something that happened, on its way to whoever may hear of it.
type event struct {
	name    string
	guild   *guild
	channel *channel
	data    any
	// forced reaches the bot although it does not see the channel now, such as the change that took its sight.
	forced bool
	// hidden is the data for sessions without MESSAGE_CONTENT, where that differs.
	hidden any
}

// send gives the event to all sessions whose intents, shard and permissions let it through.
func (s *Server) send(e event) {
	if e.channel != nil && e.guild == nil {
		e.guild = e.channel.guild
	}
	if !s.botHears(e) {
		return
	}
	for _, sess := range s.sessions {
		if sess.wants(e) {
			s.announced(sess, e.name)
			s.deliver(sess, e.name, sess.view(e))
		}
	}
}

// deliver sends an event to a session, unless a fault that is armed for it strikes.
func (s *Server) deliver(sess *session, name string, data json.RawMessage) {
	if sess.link != nil {
		if f := s.struck(name); f != nil {
			f.strike(delivery{s, sess, name, data, f})
			return
		}
	}
	sess.dispatch(name, data)
}

type eventHook struct{ f func(name string) }

// OnEvent has f called for every event that is about to be sent to a connected bot: the place to kill its process, so
// that it never hears of it. f runs with the state locked and must not ask this server anything. READY, and what
// follows it, is left out. The result removes the hook.
func (s *Server) OnEvent(f func(name string)) (remove func()) {
	h := &eventHook{f}
	s.read(func() { s.eventHooks = append(s.eventHooks, h) })
	return func() {
		s.read(func() {
			s.eventHooks = slices.DeleteFunc(s.eventHooks, func(o *eventHook) bool { return o == h })
		})
	}
}

func (s *Server) announced(sess *session, name string) {
	if sess.link == nil {
		return
	}
	for _, h := range s.eventHooks {
		h.f(name)
	}
}

func (s *Server) botHears(e event) bool {
	if e.guild != nil && (s.botIn(e.guild) == nil || e.guild.unavailable) {
		return false
	}
	return e.channel == nil || e.forced || s.sees(s.app.bot, e.channel)
}

func (sess *session) wants(e event) bool {
	dm := e.channel != nil && e.channel.isDM()
	if !sess.intents.Has(intentOf(e.name, dm)) {
		return false
	}
	if e.guild == nil {
		return sess.shard == 0
	}
	return sess.hasGuild(e.guild)
}

func (sess *session) hasGuild(g *guild) bool {
	return int(uint64(g.id)>>22%uint64(sess.shards)) == sess.shard
}

func (sess *session) view(e event) json.RawMessage {
	if e.hidden != nil && !sess.intents.Has(IntentMessageContent) {
		return encode(e.hidden)
	}
	return encode(e.data)
}

func (s *Server) sendGuild(name string, g *guild, data any) {
	s.send(event{name: name, guild: g, data: data})
}

func (s *Server) sendMessage(name string, m *message) {
	data := s.eventWire(m)
	e := event{name: name, channel: m.channel, data: data}
	hidden := data
	if !s.tellsContent(m) {
		hidden = data.withoutContent()
	}
	if data.Referenced != nil && !s.tellsContent(m.replied) {
		shorn := *hidden
		shorn.Referenced = data.Referenced.withoutContent()
		hidden = &shorn
	}
	if hidden != data {
		e.hidden = hidden
	}
	s.send(e)
}

// guildCreate is the guild with everything that the session may know of it.
func (s *Server) guildCreate(sess *session, g *guild) map[string]any {
	bot := s.botIn(g)
	out := g.wire()
	threads := []*channel{}
	for _, ch := range g.channels {
		if ch.isThread() && !ch.thread.archived && s.sees(bot.user, ch) {
			threads = append(threads, ch)
		}
	}
	members := []*memberJSON{}
	large := len(g.members) > sess.threshold
	for _, m := range g.members {
		if m == bot || !large && sess.intents.Has(IntentGuildMembers) {
			members = append(members, m.wire())
		}
	}
	maps.Copy(out, map[string]any{
		"joined_at": stamp(bot.joined), "large": large, "unavailable": false, "member_count": len(g.members),
		"voice_states": []any{}, "members": members, "channels": channelsJSON(g.plain()), "threads": s.channelsWire(threads),
		"presences": []any{}, "stage_instances": []any{}, "guild_scheduled_events": []any{}, "soundboard_sounds": []any{},
	})
	return out
}

// announce sends GUILD_CREATE to the sessions that have the guild.
func (s *Server) announce(g *guild) {
	for _, sess := range s.sessions {
		if sess.hasGuild(g) && sess.intents.Has(IntentGuilds) && !g.unavailable {
			s.deliver(sess, "GUILD_CREATE", encode(s.guildCreate(sess, g)))
		}
	}
}
