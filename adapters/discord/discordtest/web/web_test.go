package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest/web"
)

type object = map[string]any

type world struct {
	*testing.T
	ctx     context.Context
	discord *discordtest.Server
	guild   *discordtest.Guild
	ana     *discordtest.Member
	max     *discordtest.Member
	general *discordtest.Channel
	url     string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	srv := discordtest.StartFor(t, discordtest.Options{Now: time.Now})
	w := &world{T: t, ctx: ctx, discord: srv, guild: srv.Guild("Acme", discordtest.WithOwner("Olga"))}
	w.ana = w.guild.Member("Ana", discordtest.Locale("fr"))
	w.max = w.guild.Member("Max", w.guild.Role("Support"))
	w.guild.AddBot()
	w.general = w.guild.Channel("general")
	page := httptest.NewServer(web.New(srv).Handler())
	t.Cleanup(page.Close)
	w.url = page.URL
	return w
}

func (w *world) ask(method, url, auth string, body any) (status int, out object) {
	w.Helper()
	raw, err := json.Marshal(body)
	ok(w.T, err)
	var reader io.Reader = http.NoBody
	if body != nil {
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(w.ctx, method, url, reader)
	ok(w.T, err)
	if auth != "" {
		req.Header.Set("Authorization", auth)
	}
	res, err := http.DefaultClient.Do(req)
	ok(w.T, err)
	defer func() { _ = res.Body.Close() }()
	_ = json.NewDecoder(res.Body).Decode(&out)
	return res.StatusCode, out
}

// bot does what a bot does, over REST.
func (w *world) bot(method, path string, body any) object {
	w.Helper()
	status, out := w.ask(method, w.discord.APIURL()+"/api/v10"+path, "Bot "+w.discord.Token(), body)
	if status >= 300 {
		w.Fatalf("%s %s: %d %v", method, path, status, out)
	}
	return out
}

// sees is the page's state for a member in a channel.
func (w *world) sees(m *discordtest.Member, ch *discordtest.Channel) object {
	w.Helper()
	url := w.url + "/state?member=" + m.ID().String()
	if ch != nil {
		url += "&channel=" + ch.ID().String()
	}
	status, out := w.ask(http.MethodGet, url, "", nil)
	if status != http.StatusOK {
		w.Fatalf("state: %d %v", status, out)
	}
	return out
}

func (w *world) does(m *discordtest.Member, deed object) (refused string) {
	w.Helper()
	deed["member"] = m.ID()
	if deed["channel"] == nil {
		deed["channel"] = w.general.ID()
	}
	status, out := w.ask(http.MethodPost, w.url+"/act", "", deed)
	if status == http.StatusOK {
		return ""
	}
	return out["error"].(string)
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func raw(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

func TestEachMemberSeesTheirOwnDiscord(t *testing.T) {
	w := newWorld(t)
	w.guild.Text("staff", nil, discordtest.Overwrite{ID: w.guild.ID(), Deny: discordtest.PermViewChannel})
	if got := w.sees(w.ana, nil); strings.Contains(raw(got["places"]), "staff") || !strings.Contains(raw(got["places"]), "general") {
		t.Errorf("Ana sees %v", got["places"])
	}
	if got := w.sees(w.guild.Owner(), nil); !strings.Contains(raw(got["places"]), "staff") {
		t.Errorf("Olga sees %v", got["places"])
	}
}

func TestPeopleWriteEditAndDelete(t *testing.T) {
	w := newWorld(t)
	if refused := w.does(w.ana, object{"do": "post", "text": "hello", "files": []object{{"name": "a.txt", "data": []byte("x")}}}); refused != "" {
		t.Fatal(refused)
	}
	m := w.general.Last()
	if m.Content != "hello" || len(m.Attachments) != 1 {
		t.Fatalf("message = %+v", m)
	}
	if refused := w.does(w.max, object{"do": "edit", "message": m.ID, "text": "forged"}); refused == "" {
		t.Error("Max edits what Ana wrote")
	}
	for _, deed := range []object{
		{"do": "post", "message": m.ID, "text": "a reply"},
		{"do": "react", "message": m.ID, "text": "👍"},
		{"do": "edit", "message": m.ID, "text": "hello again"},
	} {
		if refused := w.does(w.ana, deed); refused != "" {
			t.Errorf("%v: %s", deed, refused)
		}
	}
	shown := raw(w.sees(w.max, w.general)["messages"])
	for _, want := range []string{"hello again", "a reply", `"👍":1`, `"edited":true`} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown: %s", want, shown)
		}
	}
	if refused := w.does(w.ana, object{"do": "delete", "message": m.ID}); refused != "" {
		t.Error(refused)
	}
	if w.does(w.ana, object{"do": "fly"}) == "" {
		t.Error("something unknown was done")
	}
}

// TestACommandAModalAndAButton goes the way of a person: command, form, answer, button.
func TestACommandAModalAndAButton(t *testing.T) {
	w := newWorld(t)
	w.bot("POST", "/applications/"+w.discord.ApplicationID().String()+"/commands", object{
		"name": "ticket", "description": "Tickets", "name_localizations": object{"fr": "billet"},
		"options": []object{{"type": 3, "name": "about", "description": "About what", "required": true}, {"type": 6, "name": "who", "description": "For whom"}},
	})
	if got := raw(w.sees(w.ana, w.general)["commands"]); !strings.Contains(got, "/billet") {
		t.Fatalf("commands = %s", got)
	}
	heard := w.hears("INTERACTION_CREATE")
	run := object{"do": "run", "key": "/billet", "fields": object{"about": "It broke", "who": w.max.ID().String()}}
	if refused := w.does(w.ana, run); refused != "" {
		t.Fatal(refused)
	}
	in := heard()
	w.bot("POST", "/interactions/"+in["id"].(string)+"/"+in["token"].(string)+"/callback", object{"type": 9, "data": object{
		"custom_id": "f", "title": "Open a ticket", "components": []object{
			{"type": 18, "label": "Subject", "component": object{"type": 4, "style": 1, "custom_id": "subject"}},
			{"type": 18, "label": "Log", "component": object{"type": 19, "custom_id": "log", "required": false, "min_values": 0}},
			{"type": 18, "label": "Who", "component": object{"type": 5, "custom_id": "who"}},
		},
	}})
	form := w.sees(w.ana, w.general)["modal"].(object)
	if form["title"] != "Open a ticket" || len(form["fields"].([]any)) != 3 {
		t.Fatalf("form = %v", form)
	}
	fields := object{"subject": "Printer", "who": []string{w.max.ID().String()}, "log": []string{"a.log"}}
	filled := object{"do": "submit", "fields": fields, "files": []object{{"name": "a.log", "data": []byte("x")}}}
	if refused := w.does(w.ana, filled); refused != "" {
		t.Fatal(refused)
	}
	if w.sees(w.ana, w.general)["modal"] != nil {
		t.Error("the form stays")
	}
	in = heard()
	if data := raw(in["data"]); !strings.Contains(data, "Printer") || !strings.Contains(data, "a.log") {
		t.Errorf("data = %s", data)
	}
	w.bot("POST", "/interactions/"+in["id"].(string)+"/"+in["token"].(string)+"/callback", object{"type": 4, "data": object{
		"content": "Ticket 1", "flags": 64, "components": []object{{"type": 1, "components": []object{{"type": 2, "style": 1, "label": "Close", "custom_id": "close"}}}},
	}})
	if shown := raw(w.sees(w.max, w.general)["messages"]); strings.Contains(shown, "Ticket 1") {
		t.Error("Max sees what only Ana should")
	}
	message := w.sees(w.ana, w.general)["messages"].([]any)[0].(object)
	if refused := w.does(w.ana, object{"do": "click", "message": message["id"], "key": "close"}); refused != "" {
		t.Error(refused)
	}
	if clicked := heard(); clicked["data"].(object)["custom_id"] != "close" {
		t.Errorf("clicked = %v", clicked)
	}
}

func TestTheGuildChanges(t *testing.T) {
	w := newWorld(t)
	role := w.guild.Roles()[0]
	for _, deed := range []object{
		{"do": "join", "text": "Zoe"},
		{"do": "role", "key": role.ID().String()},
		{"do": "dms", "on": false},
		{"do": "fault", "key": "502 after", "on": true},
	} {
		if refused := w.does(w.ana, deed); refused != "" {
			t.Errorf("%v: %s", deed, refused)
		}
	}
	if !w.ana.Has(role) {
		t.Error("Ana has no role")
	}
	status, _ := w.ask("GET", w.discord.APIURL()+"/api/v10/users/@me", "Bot "+w.discord.Token(), nil)
	if status != http.StatusBadGateway {
		t.Errorf("the fault did not strike: %d", status)
	}
	if got := raw(w.sees(w.max, nil)); !strings.Contains(got, "Zoe") || !strings.Contains(got, `"hits":1,"lasts":false,"name":"502 after"`) {
		t.Errorf("state = %s", got)
	}
	for _, deed := range []object{{"do": "fault", "key": "502 after"}, {"do": "leave"}, {"do": "dismiss"}} {
		if refused := w.does(w.ana, deed); refused != "" {
			t.Errorf("%v: %s", deed, refused)
		}
	}
	if w.does(w.guild.Owner(), object{"do": "leave"}) == "" {
		t.Error("the owner left")
	}
}

func TestOtherPagesDoNothing(t *testing.T) {
	w := newWorld(t)
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.url+"/act", strings.NewReader(`{"do":"leave"}`))
	ok(t, err)
	req.Header.Set("Origin", "http://evil.example")
	res, err := http.DefaultClient.Do(req)
	ok(t, err)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", res.StatusCode)
	}
}

// TestLookingChangesNothing keeps the page from being told of its own looking, for ever.
func TestLookingChangesNothing(t *testing.T) {
	w := newWorld(t)
	next := w.discord.Changed()
	w.sees(w.ana, w.general)
	select {
	case <-next:
		t.Error("something changed")
	default:
	}
}

func TestThePageHearsOfChanges(t *testing.T) {
	w := newWorld(t)
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+"/changes", http.NoBody)
	ok(t, err)
	res, err := http.DefaultClient.Do(req)
	ok(t, err)
	defer func() { _ = res.Body.Close() }()
	line := make([]byte, len("data: changed\n\n"))
	for range 2 {
		_, err := io.ReadFull(res.Body, line)
		ok(t, err)
		_, err = w.ana.Posts(w.general, "x")
		ok(t, err)
	}
}
