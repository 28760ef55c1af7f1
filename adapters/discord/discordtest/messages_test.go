package discordtest_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func (w *world) messagesPath(ch *discordtest.Channel) string {
	return fmt.Sprintf("/channels/%s/messages", ch.ID())
}

// say posts as the bot.
func (w *world) say(ch *discordtest.Channel, body object) answered {
	w.Helper()
	return w.call("POST", w.messagesPath(ch), body)
}

func TestTheBotPostsEditsAndDeletes(t *testing.T) {
	w := newWorld(t)
	row := []object{{"type": 1, "components": []object{{"type": 2, "style": 1, "label": "Open", "custom_id": "open"}}}}
	m := w.say(w.general, object{
		"content": "  Hello ", "embeds": []object{{"title": "T", "description": "D"}}, "components": row,
	}).object(200)
	same(t, "content", m["content"], any("Hello"))
	same(t, "author", m["author"].(object)["username"], any("Ticket.sys"))
	seen := w.general.Last()
	same(t, "author seen", seen.Author, "Ticket.sys")
	same(t, "text seen", seen.Text(), "Hello\nT\nD\nOpen")
	path := w.messagesPath(w.general) + "/" + m["id"].(string)
	edited := w.call("PATCH", path, object{"content": "Bye", "components": []object{}}).object(200)
	if edited["edited_timestamp"] == nil {
		t.Fatal("the edit has no time")
	}
	same(t, "text after the edit", w.general.Last().Text(), "Bye\nT\nD")
	w.call("DELETE", path, nil).want(204)
	w.call("GET", path, nil).refused(404, 10008)
	same(t, "messages left", len(w.general.Messages()), 0)
	if h := w.general.History(); len(h) != 1 || !h[0].Deleted {
		t.Fatalf("history = %+v", h)
	}
}

func TestMessageLimits(t *testing.T) {
	w := newWorld(t)
	long := func(n int) string { return strings.Repeat("é", n) }
	button := func(id string) object { return object{"type": 2, "style": 1, "label": "x", "custom_id": id} }
	row := func(parts ...object) object { return object{"type": 1, "components": parts} }
	for name, c := range map[string]struct {
		body object
		code string
		path []string
	}{
		"content": {object{"content": long(2001)}, "BASE_TYPE_MAX_LENGTH", []string{"content"}},
		"embed description": {
			object{"embeds": []object{{"description": long(4097)}}},
			"BASE_TYPE_MAX_LENGTH",
			[]string{"embeds", "0", "description"},
		},
		"embed total": {
			object{"embeds": []object{{"description": long(4000)}, {"description": long(2001)}}},
			"MAX_EMBED_SIZE_EXCEEDED",
			[]string{"embeds"},
		},
		"field value": {
			object{"embeds": []object{{"fields": []object{{"name": "n", "value": long(1025)}}}}},
			"BASE_TYPE_BAD_LENGTH",
			[]string{"embeds", "0", "fields", "0", "value"},
		},
		"eleven embeds": {
			object{"embeds": []object{
				{"title": "1"},
				{"title": "2"},
				{"title": "3"},
				{"title": "4"},
				{"title": "5"},
				{"title": "6"},
				{"title": "7"},
				{"title": "8"},
				{"title": "9"},
				{"title": "10"},
				{"title": "11"},
			}},
			"BASE_TYPE_MAX_LENGTH",
			[]string{"embeds"},
		},
		"six rows": {
			object{"components": []object{
				row(button("1")), row(button("2")), row(button("3")), row(button("4")), row(button("5")), row(button("6")),
			}},
			"BASE_TYPE_BAD_LENGTH",
			[]string{"components"},
		},
		"six buttons": {
			object{"components": []object{row(button("1"), button("2"), button("3"), button("4"), button("5"), button("6"))}},
			"BASE_TYPE_BAD_LENGTH",
			[]string{"components", "0", "components"},
		},
		"long custom id": {
			object{"components": []object{row(button(long(101)))}},
			"BASE_TYPE_BAD_LENGTH",
			[]string{"components", "0", "components", "0", "custom_id"},
		},
		"same custom id": {
			object{"components": []object{row(button("a"), button("a"))}}, "COMPONENT_CUSTOM_ID_DUPLICATED", []string{"components"},
		},
		"button without row": {object{"components": []object{button("a")}}, "BASE_TYPE_CHOICES", []string{"components", "0", "type"}},
		"long nonce":         {object{"content": "x", "nonce": long(26)}, "BASE_TYPE_MAX_LENGTH", []string{"nonce"}},
		"content with v2": {
			object{"content": "x", "flags": 1 << 15}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", []string{"content"},
		},
		"parse and list": {
			object{"content": "x", "allowed_mentions": object{"parse": []string{"users"}, "users": []string{"1"}}},
			"MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
			[]string{"allowed_mentions", "parse", "0"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inner := *w
			inner.T = t
			inner.say(w.general, c.body).formError(c.code, c.path...)
		})
	}
	w.say(w.general, object{"content": " "}).refused(400, 50006)
	w.say(w.general, object{"content": long(2000)}).want(200)
}

func TestASelectHasItsOwnLimits(t *testing.T) {
	w := newWorld(t)
	option := func(n int) object { return object{"label": fmt.Sprint(n), "value": fmt.Sprint(n)} }
	var many []object
	for n := range 26 {
		many = append(many, option(n))
	}
	menu := func(options []object) object {
		inner := object{"type": 3, "custom_id": "m", "options": options}
		return object{"components": []object{{"type": 1, "components": []object{inner}}}}
	}
	at := []string{"components", "0", "components", "0", "options"}
	w.say(w.general, menu(many)).formError("BASE_TYPE_BAD_LENGTH", at...)
	w.say(w.general, menu([]object{})).formError("BASE_TYPE_BAD_LENGTH", at...)
	w.say(w.general, menu([]object{option(1), option(1)})).formError("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", append(at, "1", "value")...)
	w.say(w.general, menu(many[:25])).want(200)
}

func TestComponentsV2StayVerbatim(t *testing.T) {
	w := newWorld(t)
	m := w.say(w.general, object{"flags": 1 << 15, "components": []object{
		{"type": 17, "accent_color": 5, "components": []object{{"type": 10, "content": "# Ticket 1"}}},
	}}).object(200)
	inner := m["components"].([]any)[0].(object)["components"].([]any)[0].(object)
	same(t, "an ID of its own", inner["id"], any(2.0))
	same(t, "text", w.general.Last().Text(), "# Ticket 1")
	path := w.messagesPath(w.general) + "/" + m["id"].(string)
	w.call("PATCH", path, object{"components": []object{{"type": 10, "content": "closed"}}}).want(200)
	same(t, "text after the edit", w.general.Last().Text(), "closed")
}

func TestHistoryIsPagedNewestFirst(t *testing.T) {
	w := newWorld(t)
	var ids []string
	for n := range 120 {
		posted, err := w.ana.Posts(w.general, fmt.Sprint(n))
		noError(t, err)
		ids = append(ids, posted.ID.String())
	}
	page := func(query string) []string {
		var out []string
		for _, m := range w.call("GET", w.messagesPath(w.general)+query, nil).list(200) {
			out = append(out, m["content"].(string))
		}
		return out
	}
	for query, want := range map[string]string{
		"":                             "50: 119..70",
		"?limit=100":                   "100: 119..20",
		"?limit=3&before=" + ids[10]:   "3: 9..7",
		"?limit=3&after=" + ids[10]:    "3: 13..11",
		"?limit=3&around=" + ids[10]:   "3: 11..9",
		"?limit=100&after=" + ids[100]: "19: 119..101",
		"?limit=2&after=0":             "2: 1..0",
		"?limit=5&before=" + ids[0]:    "0: ",
	} {
		got := page(query)
		text := fmt.Sprintf("%d: ", len(got))
		if len(got) > 0 {
			text += got[0] + ".." + got[len(got)-1]
		}
		same(t, query, text, want)
	}
	w.call("GET", w.messagesPath(w.general)+"?limit=101", nil).formError("NUMBER_TYPE_MAX", "limit")
}

func TestAnEnforcedNonceMakesOneMessage(t *testing.T) {
	w := newWorld(t)
	body := object{"content": "once", "nonce": "n-1", "enforce_nonce": true}
	first := w.say(w.general, body).object(200)
	second := w.say(w.general, body).object(200)
	same(t, "ID", second["id"], first["id"])
	same(t, "nonce", first["nonce"], any("n-1"))
	same(t, "messages", len(w.general.Messages()), 1)
	w.say(w.general, object{"content": "another", "nonce": "n-1"}).want(200)
	same(t, "messages without enforcing", len(w.general.Messages()), 2)
	w.clock.forward(10 * time.Minute)
	w.say(w.general, body).want(200)
	same(t, "messages after Discord forgot", len(w.general.Messages()), 3)
}

func TestMentionsPingOnlyWhomTheyMay(t *testing.T) {
	w := newWorld(t)
	text := fmt.Sprintf("%s %s @everyone", w.ana.Mention(), w.support.Mention())
	pinged := func(allowed object) string {
		body := object{"content": text}
		if allowed != nil {
			body["allowed_mentions"] = allowed
		}
		w.say(w.general, body).want(200)
		return strings.Join(w.general.Last().Pinged, " ")
	}
	same(t, "by default", pinged(nil), "Ana Olga Max")
	same(t, "nobody", pinged(object{"parse": []string{}}), "")
	same(t, "users", pinged(object{"parse": []string{"users"}}), "Ana")
	same(t, "roles", pinged(object{"roles": []string{w.support.ID().String()}}), "Max")
}

func TestReplies(t *testing.T) {
	w := newWorld(t)
	asked, err := w.ana.Posts(w.general, "Why?")
	noError(t, err)
	m := w.say(w.general, object{"content": "Because", "message_reference": object{"message_id": asked.ID}}).object(200)
	same(t, "type", m["type"], any(19.0))
	same(t, "referenced", m["referenced_message"].(object)["content"], any("Why?"))
	same(t, "ping", strings.Join(w.general.Last().Pinged, ""), "Ana")
	same(t, "reply to", w.general.Last().ReplyTo, asked.ID)
	w.say(w.general, object{"content": "x", "message_reference": object{"message_id": "1"}}).
		formError("REPLIES_UNKNOWN_MESSAGE", "message_reference")
	w.say(w.general, object{"content": "x", "message_reference": object{"message_id": "1", "fail_if_not_exists": false}}).want(200)
}

func TestBulkDelete(t *testing.T) {
	w := newWorld(t)
	var ids []discordtest.ID
	for range 3 {
		m, err := w.ana.Posts(w.general, "spam")
		noError(t, err)
		ids = append(ids, m.ID)
	}
	path := w.messagesPath(w.general) + "/bulk-delete"
	w.call("POST", path, object{"messages": ids[:1]}).refused(400, 50016)
	w.call("POST", path, object{"messages": ids[:2]}).want(204)
	same(t, "messages", len(w.general.Messages()), 1)
	w.clock.forward(15 * 24 * time.Hour)
	w.call("POST", path, object{"messages": ids}).refused(400, 50034)
}

func TestOthersMessages(t *testing.T) {
	w := newWorld(t, discordtest.DefaultPermissions)
	m, err := w.ana.Posts(w.general, "mine")
	noError(t, err)
	path := w.messagesPath(w.general) + "/" + m.ID.String()
	w.call("PATCH", path, object{"content": "yours"}).refused(403, 50005)
	w.call("DELETE", path, nil).refused(403, 50013)
	w.guild.GiveBot(discordtest.PermManageMessages)
	w.call("DELETE", path, nil).want(204)
}

// upload posts a multipart request, with files of the given names.
func (w *world) upload(path, payload string, names ...string) answered {
	w.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	noError(w.T, form.WriteField("payload_json", payload))
	for i, name := range names {
		file, err := form.CreateFormFile(fmt.Sprintf("files[%d]", i), name)
		noError(w.T, err)
		_, _ = io.WriteString(file, "content of "+name)
	}
	noError(w.T, form.Close())
	got, err := w.send("POST", path, form.FormDataContentType(), "Bot "+w.srv.Token(), &body)
	noError(w.T, err)
	return got
}

func TestFilesAreStoredAndServed(t *testing.T) {
	w := newWorld(t)
	got := w.upload(w.messagesPath(w.general), `{"content":"log","attachments":[{"id":"0","description":"the log"}]}`, "my log.txt")
	a := got.object(200)["attachments"].([]any)[0].(object)
	same(t, "description", a["description"], any("the log"))
	same(t, "name", a["filename"], any("my_log.txt"))
	res, err := http.Get(a["url"].(string)) //nolint:noctx // a browser's plain download
	noError(t, err)
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	noError(t, err)
	same(t, "content", string(data), "content of my log.txt")
	m, err := w.ana.Posts(w.general, "", discordtest.File("a.png", []byte("\x89PNG\r\n\x1a\n")))
	noError(t, err)
	same(t, "type", m.Attachments[0].ContentType, "image/png")
}

func TestPinsAndReactions(t *testing.T) {
	w := newWorld(t)
	m, err := w.ana.Posts(w.general, "important")
	noError(t, err)
	base := "/channels/" + w.general.ID().String()
	s := w.connect(everyIntent)
	w.call("PUT", base+"/messages/pins/"+m.ID.String(), nil).want(204)
	same(t, "pinned", s.event("MESSAGE_UPDATE").object(t)["pinned"], any(true))
	s.event("CHANNEL_PINS_UPDATE")
	notice := s.event("MESSAGE_CREATE").object(t)["message_reference"].(object)
	same(t, "what was pinned", notice["message_id"], any(m.ID.String()))
	same(t, "pins", len(w.call("GET", base+"/pins", nil).list(200)), 1)
	same(t, "pinned", w.general.Pins()[0].ID, m.ID)
	if !w.general.Last().System {
		t.Fatal("no notice of the pin")
	}
	w.call("DELETE", base+"/pins/"+m.ID.String(), nil).want(204)
	items := w.call("GET", base+"/messages/pins", nil).object(200)["items"].([]any)
	same(t, "pins left", len(items), 0)
	reaction := base + "/messages/" + m.ID.String() + "/reactions/%F0%9F%91%8D"
	w.call("PUT", reaction+"/@me", nil).want(204)
	noError(t, w.max.Reacts(m, "👍"))
	same(t, "thumbs", m.Now().Reactions["👍"], 2)
	same(t, "reactors", len(w.call("GET", reaction, nil).list(200)), 2)
	w.call("DELETE", reaction+"/@me", nil).want(204)
	same(t, "thumbs left", m.Now().Reactions["👍"], 1)
}

func TestDirectMessages(t *testing.T) {
	w := newWorld(t)
	open := func(m *discordtest.Member) string {
		return w.call("POST", "/users/@me/channels", object{"recipient_id": m.ID()}).object(200)["id"].(string)
	}
	dm := open(w.ana)
	same(t, "same channel again", open(w.ana), dm)
	w.call("POST", "/channels/"+dm+"/messages", object{"content": "Hi"}).want(200)
	same(t, "message", w.ana.DM().Last().Content, "Hi")
	if w.ana.DM().SeenBy(w.max) {
		t.Fatal("another person sees the DM")
	}
	w.ana.TakesDMs(false)
	w.call("POST", "/channels/"+dm+"/messages", object{"content": "Hi"}).refused(403, 50007)
	w.ana.Leaves()
	w.call("POST", "/channels/"+dm+"/messages", object{"content": "Hi"}).refused(403, 50278)
}
