package discordtest_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestReadyThenGuilds(t *testing.T) {
	w := newWorld(t)
	s := w.dial()
	s.write(2, object{"token": w.srv.Token(), "intents": everyIntent})
	ready := s.event("READY").object(t)
	guild := ready["guilds"].([]any)[0].(object)
	same(t, "unavailable", guild["unavailable"], any(true))
	same(t, "application", ready["application"].(object)["id"], any(w.srv.ApplicationID().String()))
	created := s.event("GUILD_CREATE").object(t)
	same(t, "name", created["name"], any("Acme"))
	same(t, "members", len(created["members"].([]any)), 4)
	same(t, "roles", len(created["roles"].([]any)), 3)
	same(t, "channels", len(created["channels"].([]any)), 1)
	s.quiet()
}

func TestWithoutTheMembersIntentOnlyTheBotIsListed(t *testing.T) {
	w := newWorld(t)
	s := w.dial()
	s.write(2, object{"token": w.srv.Token(), "intents": discordtest.IntentGuilds})
	s.event("READY")
	created := s.event("GUILD_CREATE").object(t)
	same(t, "members", len(created["members"].([]any)), 1)
	w.guild.Member("Eve")
	s.quiet()
}

func TestALargeGuildDoesNotListItsMembers(t *testing.T) {
	w := newWorld(t)
	for n := range 60 {
		w.guild.Member(fmt.Sprint("Person ", n))
	}
	listed := func(threshold int) int {
		s := w.dial()
		s.write(2, object{"token": w.srv.Token(), "intents": everyIntent, "large_threshold": threshold})
		s.event("READY")
		created := s.event("GUILD_CREATE").object(t)
		same(t, "count", created["member_count"], any(64.0))
		return len(created["members"].([]any))
	}
	same(t, "by default", listed(0), 1)
	same(t, "with a higher threshold", listed(250), 64)
}

func TestIdentifyIsRefused(t *testing.T) {
	w := worldWith(t, discordtest.Options{RefuseIntents: discordtest.IntentMessageContent})
	for name, c := range map[string]struct {
		hello object
		code  int
	}{
		"bad token":         {object{"token": "nonsense", "intents": 0}, 4004},
		"disallowed intent": {object{"token": w.srv.Token(), "intents": discordtest.IntentMessageContent}, 4014},
		"unknown intent":    {object{"token": w.srv.Token(), "intents": 1 << 30}, 4013},
		"invalid shard":     {object{"token": w.srv.Token(), "intents": 0, "shard": []int{2, 2}}, 4010},
	} {
		t.Run(name, func(t *testing.T) {
			inner := *w
			inner.T = t
			s := inner.dial()
			s.write(2, c.hello)
			s.closed(c.code)
		})
	}
	again := w.connect(discordtest.IntentGuilds)
	again.write(2, object{"token": w.srv.Token(), "intents": 0})
	again.closed(4005)
	early := w.dial()
	early.write(3, object{})
	early.closed(4003)
	odd := w.dial()
	odd.write(99, nil)
	odd.closed(4001)
	garbled := w.dial()
	noError(t, garbled.ws.WriteMessage(websocket.TextMessage, []byte("{")))
	garbled.closed(4002)
}

func TestApplicationFlagsTellTheGrantedIntents(t *testing.T) {
	w := worldWith(t, discordtest.Options{RefuseIntents: discordtest.IntentMessageContent})
	flags := int(w.call("GET", "/applications/@me", nil).object(200)["flags"].(float64))
	if flags&(1<<15) == 0 || flags&(1<<19) != 0 {
		t.Fatalf("flags = %b", flags)
	}
}

func TestMessageEventsCarryTheMember(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.max.IsCalled("Maxi")
	s.event("GUILD_MEMBER_UPDATE")
	m, err := w.max.Posts(w.general, "Hello "+w.ana.Mention())
	noError(t, err)
	got := s.event("MESSAGE_CREATE").object(t)
	same(t, "guild", got["guild_id"], any(w.guild.ID().String()))
	same(t, "author", got["author"].(object)["global_name"], any("Max"))
	member := got["member"].(object)
	same(t, "nick", member["nick"], any("Maxi"))
	same(t, "role", member["roles"].([]any)[0], any(w.support.ID().String()))
	mention := got["mentions"].([]any)[0].(object)
	same(t, "mention", mention["global_name"], any("Ana"))
	if mention["member"] == nil {
		t.Fatal("the mention has no member")
	}
	noError(t, w.max.Edits(m, "Hallo"))
	same(t, "edited", s.event("MESSAGE_UPDATE").object(t)["content"], any("Hallo"))
	noError(t, w.max.Deletes(m))
	same(t, "deleted", s.event("MESSAGE_DELETE").object(t)["id"], any(m.ID.String()))
}

func TestContentIsEmptiedWithoutTheIntent(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent &^ discordtest.IntentMessageContent)
	content := func() string { return s.until("MESSAGE_CREATE").object(t)["content"].(string) }
	post := func(ch *discordtest.Channel, text string, opts ...discordtest.PostOption) {
		t.Helper()
		_, err := w.ana.Posts(ch, text, opts...)
		noError(t, err)
	}
	post(w.general, "secret")
	same(t, "in a channel", content(), "")
	post(w.general, "help "+w.guild.Bot().Mention())
	same(t, "mentioning the bot", content(), "help "+w.guild.Bot().Mention())
	post(w.ana.DM(), "psst")
	same(t, "in a DM", content(), "psst")
	w.say(w.general, object{"content": "own"}).want(200)
	same(t, "the bot's own", content(), "own")
	post(w.general, "answer", discordtest.ReplyTo(w.general.Last()))
	same(t, "a reply to the bot", content(), "answer")
	changed := func() string { return s.until("MESSAGE_UPDATE").object(t)["content"].(string) }
	noError(t, w.ana.Edits(w.general.Last(), "better answer"))
	same(t, "a reply to the bot that is edited", changed(), "better answer")
	own := w.general.Find("own")
	post(w.general, "quiet", discordtest.ReplyTo(own), discordtest.Quietly())
	same(t, "a reply that does not ping the bot", content(), "")
	noError(t, w.ana.Edits(w.general.Last(), "quiet still"))
	same(t, "such a reply that is edited", changed(), "")
	noError(t, w.ana.Edits(w.general.Last(), "and "+w.guild.Bot().Mention()))
	same(t, "one that mentions the bot by now", changed(), "and "+w.guild.Bot().Mention())
}

func TestContentIsEmptiedInRESTWithoutTheGrant(t *testing.T) {
	w := worldWith(t, discordtest.Options{RefuseIntents: discordtest.IntentMessageContent})
	_, err := w.ana.Posts(w.general, "secret")
	noError(t, err)
	same(t, "content", w.call("GET", w.messagesPath(w.general), nil).list(200)[0]["content"], any(""))
}

func TestIntentsFilterEvents(t *testing.T) {
	w := newWorld(t)
	s := w.connect(discordtest.IntentGuilds)
	_, err := w.ana.Posts(w.general, "unheard")
	noError(t, err)
	_, err = w.ana.Posts(w.ana.DM(), "unheard")
	noError(t, err)
	w.guild.Member("Eve")
	s.quiet()
	w.guild.Role("team")
	s.event("GUILD_ROLE_CREATE")
}

func TestEventsOfHiddenChannelsDoNotReachTheBot(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	hidden := w.guild.Text("staff", nil, discordtest.Overwrite{ID: w.guild.ID(), Deny: discordtest.PermViewChannel})
	_, err := w.guild.Owner().Posts(hidden, "secret")
	noError(t, err)
	s.quiet()
	noError(t, w.guild.Owner().SetsOverwrite(hidden, discordtest.Overwrite{ID: w.srv.BotID(), Type: 1, Allow: discordtest.PermViewChannel}))
	s.event("CHANNEL_UPDATE")
	noError(t, w.guild.Owner().SetsOverwrite(hidden, discordtest.Overwrite{ID: w.srv.BotID(), Type: 1}))
	s.event("CHANNEL_UPDATE")
	noError(t, w.guild.Owner().DeletesChannel(hidden))
	s.quiet()
}

func TestResumeReplaysWhatWasMissed(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.srv.DropConnections()
	for {
		if _, err := s.next(); err != nil {
			break
		}
	}
	_, err := w.ana.Posts(w.general, "while you were away")
	noError(t, err)
	back := w.dial()
	back.write(6, object{"token": w.srv.Token(), "session_id": s.session, "seq": s.seq})
	same(t, "missed", back.event("MESSAGE_CREATE").object(t)["content"], any("while you were away"))
	back.event("RESUMED")
	same(t, "sequence", back.seq, s.seq+2)
	back.quiet()
}

func TestResumeThatCannotBe(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	refused := func(session string, seq int) {
		t.Helper()
		c := w.dial()
		c.write(6, object{"token": w.srv.Token(), "session_id": session, "seq": seq})
		p := c.read()
		same(t, "op", p.Op, 9)
		same(t, "resumable", string(p.Data), "false")
		c.write(2, object{"token": w.srv.Token(), "intents": 0})
		c.event("READY")
	}
	refused("unknown", 0)
	w.srv.ForgetSessions()
	refused(s.session, s.seq)
	c := w.dial()
	c.write(6, object{"token": "wrong", "session_id": s.session, "seq": 0})
	c.closed(4004)
}

func TestGatewayFaults(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.srv.Reconnect()
	same(t, "op 7", s.read().Op, 7)
	w.srv.InvalidSession(true)
	same(t, "op 9 d", string(s.read().Data), "true")
	restart := w.srv.StopAcks()
	s.write(1, s.seq)
	s.write(8, object{"guild_id": w.guild.ID(), "query": "an", "limit": 1})
	s.event("GUILD_MEMBERS_CHUNK")
	w.srv.DuplicateNext("MESSAGE_CREATE")
	_, err := w.ana.Posts(w.general, "twice")
	noError(t, err)
	same(t, "first", s.event("MESSAGE_CREATE").object(t)["content"], any("twice"))
	same(t, "second", s.event("MESSAGE_CREATE").object(t)["content"], any("twice"))
	restart()
	s.quiet()
	w.srv.SendRaw("FUTURE_EVENT", json.RawMessage(`{"new":[1]}`))
	same(t, "raw", string(s.event("FUTURE_EVENT").Data), `{"new":[1]}`)
	w.srv.CloseConnections(4000, "Unknown error")
	s.closed(4000)
}

func TestInvalidSessionThatIsNotResumable(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.srv.InvalidSession(false)
	same(t, "op 9 d", string(s.read().Data), "false")
	_, err := w.ana.Posts(w.general, "lost")
	noError(t, err)
	s.write(2, object{"token": w.srv.Token(), "intents": everyIntent})
	s.event("READY")
	s.event("GUILD_CREATE")
	s.quiet()
}

func TestOutage(t *testing.T) {
	w := newWorld(t)
	w.connect(everyIntent)
	same(t, "connected", w.srv.Connected(), 1)
	end := w.srv.Outage()
	noError(t, w.srv.Until(w.ctx, func() bool { return w.srv.Connected() == 0 }))
	_, res, err := websocket.DefaultDialer.DialContext(w.ctx, w.srv.GatewayURL(), nil)
	if err == nil {
		t.Fatal("connected during the outage")
	}
	same(t, "status", res.StatusCode, 503)
	_ = res.Body.Close()
	w.say(w.general, object{"content": "REST goes on"}).want(200)
	end()
	w.connect(everyIntent)
}

func TestMembersAreAskedFor(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	s.write(8, object{"guild_id": w.guild.ID(), "query": "", "limit": 0, "nonce": "a"})
	all := s.event("GUILD_MEMBERS_CHUNK").object(t)
	same(t, "all", len(all["members"].([]any)), 4)
	same(t, "nonce", all["nonce"], any("a"))
	s.write(8, object{"guild_id": []any{w.guild.ID()}, "user_ids": []any{w.ana.ID(), "42"}})
	some := s.event("GUILD_MEMBERS_CHUNK").object(t)
	same(t, "found", len(some["members"].([]any)), 1)
	same(t, "not found", some["not_found"].([]any)[0], any("42"))
	s.write(8, object{"guild_id": w.guild.ID(), "query": "an", "limit": 5})
	same(t, "search", len(s.event("GUILD_MEMBERS_CHUNK").object(t)["members"].([]any)), 1)
}

func TestGuildsComeAndGo(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.guild.Fails()
	same(t, "unavailable", s.event("GUILD_DELETE").object(t)["unavailable"], any(true))
	_, err := w.ana.Posts(w.general, "unheard")
	noError(t, err)
	w.guild.Recovers()
	s.event("GUILD_CREATE")
	w.guild.KickBot()
	if gone := s.event("GUILD_DELETE").object(t); gone["unavailable"] != nil {
		t.Fatalf("kicked = %v", gone)
	}
	w.call("GET", "/guilds/"+w.guild.ID().String(), nil).refused(404, 10004)
	w.say(w.general, object{"content": "x"}).refused(403, 50001)
	w.guild.AddBot()
	s.event("GUILD_CREATE")
	second := w.srv.Guild("Second")
	ana := second.Join(w.ana)
	second.AddBot()
	same(t, "second guild", s.event("GUILD_CREATE").object(t)["name"], any("Second"))
	same(t, "same person", ana.ID(), w.ana.ID())
}

func TestPeopleComeAndGo(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	eve := w.guild.Member("Eve", discordtest.Nick("E."), discordtest.Avatar("abc"), w.support)
	joined := s.event("GUILD_MEMBER_ADD").object(t)
	same(t, "nick", joined["nick"], any("E."))
	same(t, "avatar", joined["user"].(object)["avatar"], any("abc"))
	eve.Loses(w.support)
	same(t, "roles", len(s.event("GUILD_MEMBER_UPDATE").object(t)["roles"].([]any)), 0)
	eve.Gets(w.support)
	s.event("GUILD_MEMBER_UPDATE")
	eve.Leaves()
	left := s.event("GUILD_MEMBER_REMOVE").object(t)
	same(t, "who", left["user"].(object)["id"], any(eve.ID().String()))
	w.support.Delete()
	s.event("GUILD_ROLE_DELETE")
	if w.max.Has(w.support) {
		t.Fatal("the role is still there")
	}
}

func TestEachShardHearsOfItsGuilds(t *testing.T) {
	w := newWorld(t)
	heard := 0
	for shard := range 2 {
		s := w.dial()
		s.write(2, object{"token": w.srv.Token(), "intents": everyIntent, "shard": []int{shard, 2}})
		heard += len(s.event("READY").object(t)["guilds"].([]any))
	}
	same(t, "guilds heard of", heard, 1)
}
