package discordtest_test

import (
	"fmt"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestWhatAStoryReads(t *testing.T) {
	w := newWorld(t)
	w.max.IsCalled("Maxi")
	same(t, "nickname", w.max.Name(), "Maxi")
	w.max.Leaves()
	same(t, "name after leaving", w.max.Name(), "Max")
	same(t, "guild", w.srv.Guilds()[0].Name(), "Acme")
	same(t, "role", w.support.Name(), "support")
	ch := w.guild.Text("help", nil)
	w.call("PATCH", "/channels/"+ch.ID().String(), object{"topic": "Ask here"}).want(200)
	same(t, "topic", ch.Topic(), "Ask here")
	same(t, "type", ch.Type(), discordtest.TypeText)
	same(t, "mention", ch.Mention(), "<#"+ch.ID().String()+">")
	if ch.Last() != nil || ch.Find("x") != nil || w.guild.Channel("none") != nil {
		t.Fatal("found what is not there")
	}
	w.say(ch, object{"embeds": []object{{
		"author": object{"name": "Max"}, "fields": []object{{"name": "Queue", "value": "Support"}}, "footer": object{"text": "f"},
	}}}).want(200)
	embed := ch.Last().Embeds[0]
	same(t, "field", embed.Field("Queue"), "Support")
	same(t, "no field", embed.Field("None"), "")
	same(t, "type", embed.Type, "rich")
	same(t, "text", ch.Last().Text(), "Max\nQueue\nSupport\nf")
}

func TestAPersonChangesTheirLanguage(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	w.ana.Speaks("ja")
	w.ana.Runs(w.ctx, w.general, "/ticket open", nil)
	same(t, "locale", s.event("INTERACTION_CREATE").object(t)["locale"], any("ja"))
}

func TestEveryTypeOfOption(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	option := func(kind int, name string) object { return object{"type": kind, "name": name, "description": "d"} }
	w.call("POST", w.commandsPath(), object{"name": "all", "description": "d", "options": []object{
		option(4, "int"), option(5, "bool"), option(7, "channel"), option(8, "role"), option(9, "mention"), option(10, "number"),
		{"type": 3, "name": "choice", "description": "d", "choices": []object{{"name": "A", "value": "a"}}},
	}}).want(201)
	in := w.max.Runs(w.ctx, w.general, "/all", discordtest.Args{
		"int": 3, "bool": true, "channel": w.general, "role": w.support, "mention": w.ana, "number": 1.5, "choice": "a",
	})
	noError(t, in.Err())
	data := s.event("INTERACTION_CREATE").object(t)["data"].(object)
	got := map[string]any{}
	for _, o := range data["options"].([]any) {
		got[o.(object)["name"].(string)] = o.(object)["value"]
	}
	want := map[string]any{
		"int": 3.0, "bool": true, "channel": w.general.ID().String(), "role": w.support.ID().String(),
		"mention": w.ana.ID().String(), "number": 1.5, "choice": "a",
	}
	for name, value := range want {
		same(t, name, got[name], value)
	}
	for _, kind := range []string{"channels", "roles", "users", "members"} {
		if data["resolved"].(object)[kind] == nil {
			t.Errorf("no resolved %s", kind)
		}
	}
	for what, args := range map[string]discordtest.Args{
		"no choice":    {"choice": "b"},
		"a struct":     {"int": struct{}{}},
		"role as user": {"role": w.ana},
	} {
		if w.max.Runs(w.ctx, w.general, "/all", args).Err() == nil {
			t.Errorf("%s went through", what)
		}
	}
}

func TestClosedDMsFromTheStart(t *testing.T) {
	w := newWorld(t)
	shy := w.guild.Member("Shy", discordtest.DMsClosed())
	w.say(shy.DM(), object{"content": "Hi"}).refused(403, 50007)
}

func TestAnEditKeepsOnlyTheNamedAttachments(t *testing.T) {
	w := newWorld(t)
	hook := w.call("POST", "/channels/"+w.general.ID().String()+"/webhooks", object{"name": "relay"}).object(200)
	path := fmt.Sprintf("/webhooks/%s/%s", hook["id"], hook["token"])
	got := w.upload(path+"?wait=true", `{"content":"two files"}`, "a.txt", "b.txt")
	files := got.object(200)["attachments"].([]any)
	same(t, "files", len(files), 2)
	message := path + "/messages/" + got.object(200)["id"].(string)
	w.call("PATCH", message, object{"attachments": []object{{"id": files[1].(object)["id"]}}}).want(200)
	left := w.general.Last().Attachments
	same(t, "files left", len(left), 1)
	same(t, "which", left[0].Filename, "b.txt")
	w.call("PATCH", message, object{"content": "", "attachments": []object{}}).refused(400, 50006)
}

func TestAWebhookMovesAndSpeaksInThreads(t *testing.T) {
	w := newWorld(t)
	base := "/channels/" + w.general.ID().String()
	hook := w.call("POST", base+"/webhooks", object{"name": "relay"}).object(200)
	path := fmt.Sprintf("/webhooks/%s/%s", hook["id"], hook["token"])
	thread := w.call("POST", base+"/threads", object{"name": "t", "type": 11}).object(201)
	w.call("POST", path+"?thread_id="+thread["id"].(string), object{"content": "in the thread"}).want(204)
	same(t, "in the thread", w.guild.Channel("t").Last().Content, "in the thread")
	w.call("POST", path+"?thread_id=1", object{"content": "x"}).refused(404, 10003)
	other := w.guild.Text("other", nil)
	manage := "/webhooks/" + hook["id"].(string)
	w.call("PATCH", manage, object{"channel_id": other.ID()}).want(200)
	same(t, "channel", w.call("GET", manage, nil).object(200)["channel_id"], any(other.ID().String()))
	w.call("POST", path, object{"content": "moved"}).want(204)
	same(t, "in the other channel", other.Last().Content, "moved")
	w.call("GET", "/webhooks/1", nil).refused(404, 10015)
}

func TestOldSessionsAreForgotten(t *testing.T) {
	w := newWorld(t)
	first := w.connect(everyIntent)
	w.srv.DropConnections()
	noError(t, w.srv.Until(w.ctx, func() bool { return w.srv.Connected() == 0 }))
	for range 16 {
		w.connect(0)
	}
	c := w.dial()
	c.write(6, object{"token": w.srv.Token(), "session_id": first.session, "seq": first.seq})
	same(t, "op", c.read().Op, 9)
}
