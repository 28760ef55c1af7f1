package discordtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func (w *world) create(body object) answered {
	w.Helper()
	return w.call("POST", "/guilds/"+w.guild.ID().String()+"/channels", body)
}

func TestAPrivateChannelIsMadeChangedAndDeleted(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	category := w.guild.Category("Tickets")
	s.event("CHANNEL_CREATE")
	made := w.create(object{
		"name": "Ticket 1 (Ana)!", "topic": "ticket:1", "parent_id": category.ID(),
		"permission_overwrites": []discordtest.Overwrite{
			roleOverwrite(w.guild.ID(), 0, view), memberOverwrite(w.ana, view|send, 0), memberOverwrite(w.guild.Bot(), view|send, 0),
		},
	}).object(201)
	same(t, "name", made["name"], any("ticket-1-ana"))
	same(t, "event", s.event("CHANNEL_CREATE").object(t)["id"], made["id"])
	ch := w.guild.Channel("ticket-1-ana")
	same(t, "parent", ch.Parent().ID(), category.ID())
	if !ch.SeenBy(w.ana) || ch.SeenBy(w.max) {
		t.Fatal("the wrong people see the channel")
	}
	path := "/channels/" + ch.ID().String()
	w.call("PATCH", path, object{"name": "closed-1", "topic": "done"}).want(200)
	same(t, "topic in the event", s.event("CHANNEL_UPDATE").object(t)["topic"], any("done"))
	same(t, "name after", ch.Name(), "closed-1")
	same(t, "read", w.call("GET", path, nil).object(200)["name"], any("closed-1"))
	w.call("DELETE", path, nil).want(200)
	s.event("CHANNEL_DELETE")
	if ch.Exists() || w.srv.ChannelByID(ch.ID()) != nil {
		t.Fatal("it is still there")
	}
	w.call("GET", path, nil).refused(404, 10003)
}

func TestRenamesAreLimitedPerChannel(t *testing.T) {
	w := newWorld(t)
	path := "/channels/" + w.general.ID().String()
	w.call("PATCH", path, object{"name": "a"}).want(200)
	w.clock.forward(time.Minute)
	w.call("PATCH", path, object{"topic": "b"}).want(200)
	w.call("PATCH", path, object{"name": "a", "topic": "b"}).want(200)
	limited := w.call("PATCH", path, object{"name": "c"})
	same(t, "retry_after", limited.object(429)["retry_after"], any(540.0))
	same(t, "scope", limited.header.Get("X-RateLimit-Scope"), "shared")
	w.call("PATCH", path, object{"rate_limit_per_user": 5}).want(200)
	w.clock.forward(9 * time.Minute)
	w.call("PATCH", path, object{"name": "c"}).want(200)
	if err := w.guild.Owner().RenamesChannel(w.general, "d"); err == nil {
		t.Fatal("people have the same limit")
	}
}

func TestChannelForms(t *testing.T) {
	w := newWorld(t)
	w.create(object{}).formError("BASE_TYPE_REQUIRED", "name")
	w.create(object{"name": ""}).formError("BASE_TYPE_REQUIRED", "name")
	w.create(object{"name": "x", "type": 99}).formError("BASE_TYPE_CHOICES", "type")
	w.create(object{"name": "x", "parent_id": "1"}).formError("CHANNEL_PARENT_INVALID", "parent_id")
	w.create(object{"name": "x", "parent_id": w.general.ID()}).formError("CHANNEL_PARENT_INVALID_TYPE", "parent_id")
	w.create(object{"name": "x", "rate_limit_per_user": 99999}).formError("NUMBER_TYPE_MAX", "rate_limit_per_user")
	w.create(object{"name": 5}).refused(400, 50035)
}

func TestACategoryHoldsFiftyChannels(t *testing.T) {
	w := newWorld(t)
	category := w.guild.Category("Tickets", roleOverwrite(w.guild.ID(), 0, send))
	for n := range 50 {
		w.create(object{"name": fmt.Sprint("t", n), "parent_id": category.ID()}).want(201)
	}
	w.create(object{"name": "t50", "parent_id": category.ID()}).formError("CHANNEL_PARENT_MAX_CHANNELS", "parent_id")
	w.call("PATCH", "/channels/"+w.general.ID().String(), object{"parent_id": category.ID()}).
		formError("CHANNEL_PARENT_MAX_CHANNELS", "parent_id")
	same(t, "inherited overwrites", len(w.guild.Channel("t0").Overwrites()), 1)
	noError(t, w.guild.Owner().DeletesChannel(category))
	if w.guild.Channel("t0").Parent() != nil {
		t.Fatal("a channel outlives its category, without a parent")
	}
}

func TestAGuildHoldsFiveHundredChannels(t *testing.T) {
	w := newWorld(t)
	for n := range 499 {
		w.guild.Text(fmt.Sprint("t", n), nil)
	}
	w.create(object{"name": "one-more"}).refused(400, 30013)
	same(t, "listed", len(w.call("GET", "/guilds/"+w.guild.ID().String()+"/channels", nil).list(200)), 500)
}

func TestReplacingOverwritesByPatch(t *testing.T) {
	w := newWorld(t)
	path := "/channels/" + w.general.ID().String()
	replace := func(list ...discordtest.Overwrite) answered {
		return w.call("PATCH", path, object{"permission_overwrites": append([]discordtest.Overwrite{}, list...)})
	}
	replace(memberOverwrite(w.ana, view, 0)).want(200)
	replace(memberOverwrite(w.ana, discordtest.PermBanMembers, 0)).refused(403, 50013)
	replace(discordtest.Overwrite{ID: 1}).refused(404, 10009)
	noError(t, w.guild.Owner().SetsOverwrite(w.general, memberOverwrite(w.max, discordtest.PermBanMembers, 0)))
	replace().refused(403, 50013)
	replace(memberOverwrite(w.max, discordtest.PermBanMembers, 0)).want(200)
	same(t, "overwrites", len(w.general.Overwrites()), 1)
}

func TestThreads(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	made := w.call("POST", "/channels/"+w.general.ID().String()+"/threads", object{"name": "Ticket 1"}).object(201)
	same(t, "type", made["type"], any(12.0))
	s.event("THREAD_CREATE")
	th := w.guild.Channel("Ticket 1")
	if th.SeenBy(w.ana) || !th.SeenBy(w.guild.Bot()) {
		t.Fatal("a private thread is its members'")
	}
	path := "/channels/" + th.ID().String()
	w.call("PUT", path+"/thread-members/"+w.ana.ID().String(), nil).want(204)
	s.event("THREAD_MEMBERS_UPDATE")
	if !th.CanSend(w.ana) {
		t.Fatal("a member writes in the thread")
	}
	same(t, "members", len(w.call("GET", path+"/thread-members", nil).list(200)), 2)
	w.call("PATCH", path, object{"archived": true}).want(200)
	s.event("THREAD_UPDATE")
	w.call("PATCH", path, object{"name": "x"}).refused(400, 50083)
	active := func() int {
		all := w.call("GET", "/guilds/"+w.guild.ID().String()+"/threads/active", nil).object(200)
		return len(all["threads"].([]any))
	}
	same(t, "active", active(), 0)
	_, err := w.ana.Posts(th, "once more")
	noError(t, err)
	same(t, "active after a message", active(), 1)
	w.call("PATCH", path, object{"archived": true, "locked": true}).want(200)
	w.call("POST", path+"/messages", object{"content": "x"}).refused(400, 50083)
	same(t, "archived and locked", th.Archived() && th.Locked(), true)
	w.call("PATCH", path, object{"archived": false, "locked": false}).want(200)
	w.call("DELETE", path+"/thread-members/"+w.ana.ID().String(), nil).want(204)
	if th.SeenBy(w.ana) {
		t.Fatal("who was removed sees the thread")
	}
	w.call("DELETE", path, nil).want(200)
	s.until("THREAD_DELETE")
	w.call("POST", "/channels/"+w.guild.Category("c").ID().String()+"/threads", object{"name": "x"}).refused(400, 50024)
}

func TestAThreadFromAMessage(t *testing.T) {
	w := newWorld(t)
	m, err := w.ana.Posts(w.general, "topic")
	noError(t, err)
	path := w.messagesPath(w.general) + "/" + m.ID.String() + "/threads"
	same(t, "ID", w.call("POST", path, object{"name": "about"}).object(201)["id"], any(m.ID.String()))
	w.call("POST", path, object{"name": "about"}).refused(400, 160004)
	if !w.guild.Channel("about").SeenBy(w.ana) {
		t.Fatal("a public thread is everyone's")
	}
}

func TestWebhooksSpeakUnderOtherNames(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	base := "/channels/" + w.general.ID().String() + "/webhooks"
	hook := w.call("POST", base, object{"name": "relay"}).object(200)
	s.event("WEBHOOKS_UPDATE")
	same(t, "listed", w.call("GET", base, nil).list(200)[0]["token"], hook["token"])
	path := fmt.Sprintf("/webhooks/%s/%s", hook["id"], hook["token"])
	m := w.call("POST", path+"?wait=true", object{
		"content": "On it", "username": "Max", "avatar_url": "https://example.org/max.png",
	}).object(200)
	event := s.event("MESSAGE_CREATE").object(t)
	same(t, "webhook in the event", event["webhook_id"], hook["id"])
	same(t, "application", event["application_id"], any(w.srv.ApplicationID().String()))
	if event["member"] != nil {
		t.Fatal("a webhook is no member")
	}
	seen := w.general.Last()
	same(t, "author", seen.Author, "Max")
	same(t, "avatar", seen.Avatar, "https://example.org/max.png")
	if !seen.FromWebhook {
		t.Fatal("not from a webhook")
	}
	one := path + "/messages/" + m["id"].(string)
	w.call("PATCH", one, object{"content": "Done"}).want(200)
	same(t, "edited", w.general.Last().Content, "Done")
	w.call("GET", one, nil).want(200)
	w.call("DELETE", one, nil).want(204)
	w.call("GET", one, nil).refused(404, 10008)
	w.call("POST", path, object{"content": "unseen answer"}).want(204)
	w.call("POST", path, object{"content": "x", "username": "Discord Team"}).formError("USERNAME_INVALID_CONTAINS", "username")
	w.call("POST", path, object{}).refused(400, 50006)
	w.call("POST", "/webhooks/"+hook["id"].(string)+"/wrong", object{"content": "x"}).refused(401, 50027)
	w.call("GET", path, nil).want(200)
	manage := "/webhooks/" + hook["id"].(string)
	same(t, "renamed", w.call("PATCH", manage, object{"name": "other"}).object(200)["name"], any("other"))
	same(t, "in the guild", len(w.call("GET", "/guilds/"+w.guild.ID().String()+"/webhooks", nil).list(200)), 1)
	w.call("DELETE", manage, nil).want(204)
	w.call("POST", path, object{"content": "x"}).refused(404, 10015)
}

func TestAChannelHoldsFifteenWebhooks(t *testing.T) {
	w := newWorld(t)
	base := "/channels/" + w.general.ID().String() + "/webhooks"
	w.call("POST", base, object{"name": "clyde"}).formError("USERNAME_INVALID_CONTAINS", "name")
	for range 15 {
		w.call("POST", base, object{"name": "relay"}).want(200)
	}
	w.call("POST", base, object{"name": "relay"}).refused(400, 30007)
}
