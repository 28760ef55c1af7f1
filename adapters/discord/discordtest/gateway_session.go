package discordtest

import (
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// session outlives its connection, so that a bot which comes back hears what it missed.
type session struct {
	id        string
	intents   Intent
	shard     int
	shards    int
	threshold int // members from which a guild is large, and tells only of those online: here only of the bot
	link      *link
	seq       int
	replay    []frame
	duplicate map[string]int
	held      []heldEvent
}

const (
	maxReplay   = 20000
	maxSessions = 16
)

// dispatch numbers an event, keeps it for a resume, and sends it if the bot is connected.
func (sess *session) dispatch(name string, data json.RawMessage) {
	times := 1 + sess.duplicate[name]
	delete(sess.duplicate, name)
	for range times {
		sess.seq++
		seq := sess.seq
		f := frame{Op: opDispatch, Data: data, Seq: &seq, Type: &name}
		sess.replay = append(sess.replay, f)
		if sess.link != nil {
			sess.link.push(f)
		}
	}
	if len(sess.replay) > maxReplay {
		sess.replay = slices.Clone(sess.replay[len(sess.replay)-maxReplay/2:])
	}
	sess.release()
}

type identify struct {
	Token    string `json:"token"`
	Intents  Intent `json:"intents"`
	Shard    []int  `json:"shard"`
	Large    int    `json:"large_threshold"`
	Compress bool   `json:"compress"`
}

func (s *Server) identify(l *link, raw json.RawMessage) {
	var hello identify
	if json.Unmarshal(raw, &hello) != nil {
		l.push(closing{4002, "Error while decoding payload."})
		return
	}
	if end := s.refuseIdentify(l, hello); end.code != 0 {
		l.push(end)
		return
	}
	sess := &session{
		id: fmt.Sprintf("session-%s", s.newID()), intents: hello.Intents, link: l, shards: 1, duplicate: map[string]int{},
		threshold: min(max(hello.Large, 50), 250),
	}
	if len(hello.Shard) == 2 {
		sess.shard, sess.shards = hello.Shard[0], hello.Shard[1]
	}
	l.session = sess
	if hello.Compress && l.deflate == nil {
		l.pack()
	}
	s.ready(sess)
	s.sessions = append(s.forget(), sess)
}

func (s *Server) validToken(token string) bool {
	return strings.TrimPrefix(token, "Bot ") == s.app.token
}

func (s *Server) refuseIdentify(l *link, hello identify) closing {
	switch {
	case l.session != nil:
		return closing{4005, "Already authenticated."}
	case !s.validToken(hello.Token):
		return closing{4004, "Authentication failed."}
	case len(hello.Shard) == 2 && (hello.Shard[1] < 1 || hello.Shard[0] < 0 || hello.Shard[0] >= hello.Shard[1]):
		return closing{4010, "Invalid shard."}
	case max(1, shardsOf(hello.Shard))*maxShardGuilds < len(s.botGuilds()):
		return closing{4011, "Sharding required."}
	case hello.Intents&^allIntents != 0:
		return closing{4013, "Invalid intent(s)."}
	case hello.Intents&privileged&^s.app.granted != 0:
		return closing{4014, "Disallowed intent(s)."}
	}
	return closing{}
}

const maxShardGuilds = 2500

func shardsOf(shard []int) int {
	if len(shard) == 2 {
		return shard[1]
	}
	return 1
}

// forget is the list of sessions without the oldest disconnected ones.
func (s *Server) forget() []*session {
	if len(s.sessions) < maxSessions {
		return s.sessions
	}
	i := slices.IndexFunc(s.sessions, func(sess *session) bool { return sess.link == nil })
	if i < 0 {
		return s.sessions
	}
	return slices.Delete(s.sessions, i, i+1)
}

func (s *Server) ready(sess *session) {
	guilds := []map[string]any{}
	for _, g := range s.botGuilds() {
		if sess.hasGuild(g) {
			guilds = append(guilds, map[string]any{"id": g.id, "unavailable": true})
		}
	}
	sess.dispatch("READY", encode(map[string]any{
		"v": 10, "user": s.app.bot.wire(), "guilds": guilds, "session_id": sess.id, "session_type": "normal",
		"resume_gateway_url": s.GatewayURL(), "shard": []int{sess.shard, sess.shards}, "private_channels": []any{},
		"application": map[string]any{"id": s.app.id, "flags": s.app.flags()}, "user_settings": map[string]any{},
		"relationships": []any{}, "presences": []any{}, "guild_join_requests": []any{},
	}))
	for _, raw := range s.created(sess) {
		sess.dispatch("GUILD_CREATE", raw)
	}
}

// created is what a session is told of its guilds. It looks at them on all processors, since nobody else may meanwhile.
func (s *Server) created(sess *session) []json.RawMessage {
	guilds := slices.DeleteFunc(s.botGuilds(), func(g *guild) bool {
		return !sess.hasGuild(g) || !sess.intents.Has(IntentGuilds) || g.unavailable
	})
	out := make([]json.RawMessage, len(guilds))
	workers := runtime.GOMAXPROCS(0)
	var working sync.WaitGroup
	for first := range workers {
		working.Go(func() {
			for i := first; i < len(guilds); i += workers {
				out[i] = encode(s.guildCreate(sess, guilds[i]))
			}
		})
	}
	working.Wait()
	return out
}

func (s *Server) resume(l *link, raw json.RawMessage) {
	var back struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	if json.Unmarshal(raw, &back) != nil {
		l.push(closing{4002, "Error while decoding payload."})
		return
	}
	if !s.validToken(back.Token) {
		l.push(closing{4004, "Authentication failed."})
		return
	}
	i := slices.IndexFunc(s.sessions, func(sess *session) bool { return sess.id == back.Session })
	if i >= 0 && back.Seq > s.sessions[i].seq {
		l.push(closing{4007, "Invalid seq."})
		return
	}
	if i < 0 || !s.sessions[i].remembers(back.Seq) {
		l.push(frame{Op: opInvalidSession, Data: encode(false)})
		return
	}
	s.sessions[i].resumeOn(l, back.Seq)
}

// remembers reports whether everything after seq can be sent again.
func (sess *session) remembers(seq int) bool {
	return seq <= sess.seq && (len(sess.replay) == 0 || *sess.replay[0].Seq <= seq+1)
}

func (sess *session) resumeOn(l *link, seq int) {
	if sess.link != nil && sess.link != l {
		sess.link.push(closing{4000, "Session resumed elsewhere."})
	}
	sess.link, l.session = l, sess
	l.setMuted(false)
	for _, f := range sess.replay {
		if *f.Seq > seq {
			l.push(f)
		}
	}
	sess.dispatch("RESUMED", encode(map[string]any{}))
}

// gone forgets a connection; its session stays.
func (s *Server) gone(l *link) {
	s.gateway.links = slices.DeleteFunc(s.gateway.links, func(o *link) bool { return o == l })
	if l.session != nil && l.session.link == l {
		l.session.link = nil
	}
}
