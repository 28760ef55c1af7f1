package discordtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
)

type example struct {
	Page    string
	Heading string
	Value   json.RawMessage
}

// documented are the example payloads of Discord's documentation, where they lie beside the repository.
func documented(t *testing.T) []example {
	t.Helper()
	raw, err := os.ReadFile("../../../../shared/discord/examples.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("Discord's documented examples are not there: ../shared/discord/examples.json")
	}
	noError(t, err)
	var all struct{ Examples []example }
	noError(t, json.Unmarshal(raw, &all))
	return all.Examples
}

func (e example) object() object {
	var out object
	_ = json.Unmarshal(e.Value, &out)
	return out
}

func TestDocumentedMessagesAreAccepted(t *testing.T) {
	w := newWorld(t)
	tried := 0
	for _, e := range documented(t) {
		body := e.object()
		sends := strings.Contains(e.Heading, "Sending a Message") || strings.Contains(e.Heading, "Legacy Message") ||
			strings.Contains(e.Heading, "Create Message") || strings.Contains(e.Heading, "Allowed Mentions Examples")
		if !sends || body["components"] == nil && body["content"] == nil {
			continue
		}
		tried++
		w.say(w.general, body).accepted(e)
	}
	if tried < 5 {
		t.Fatalf("only %d examples were found", tried)
	}
}

// accepted allows what an example is documented to be refused for.
func (a answered) accepted(e example) {
	a.Helper()
	var body struct {
		AllowedMentions struct{ Parse, Users []string } `json:"allowed_mentions"`
	}
	_ = json.Unmarshal(e.Value, &body)
	both := len(body.AllowedMentions.Users) > 0 && strings.Contains(fmt.Sprint(body.AllowedMentions.Parse), "users")
	if both {
		a.want(400)
		return
	}
	if a.status != 200 {
		a.Errorf("%s (%s): %s", e.Heading, e.Page, a.raw)
	}
}

func TestDocumentedModalsAreAccepted(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	tried := 0
	for _, e := range documented(t) {
		body := e.object()
		if body["type"] != 9.0 || body["data"] == nil {
			continue
		}
		tried++
		in := w.ana.Runs(w.ctx, w.general, "/ticket open", nil)
		event := s.event("INTERACTION_CREATE").object(t)
		if got := w.answer(event, 9, body["data"].(object)); got.status != 204 {
			t.Errorf("%s: %s", e.Heading, got.raw)
		}
		if in.Modal() == nil {
			t.Errorf("%s: no modal", e.Heading)
		}
	}
	if tried < 4 {
		t.Fatalf("only %d examples were found", tried)
	}
}

// TestObjectsHaveTheDocumentedFields compares what is served with the documented objects, key by key.
func TestObjectsHaveTheDocumentedFields(t *testing.T) {
	w := newWorld(t)
	m, err := w.ana.Posts(w.general, "x")
	noError(t, err)
	category := w.guild.Category("c")
	guild := "/guilds/" + w.guild.ID().String()
	hook := w.call("POST", "/channels/"+w.general.ID().String()+"/webhooks", object{"name": "w"}).object(200)
	thread := w.call("POST", "/channels/"+w.general.ID().String()+"/threads", object{"name": "t"}).object(201)
	served := map[string]object{
		"Example Guild Text Channel": w.call("GET", "/channels/"+w.general.ID().String(), nil).object(200),
		"Example Channel Category":   w.call("GET", "/channels/"+category.ID().String(), nil).object(200),
		"Example DM Channel":         w.call("POST", "/users/@me/channels", object{"recipient_id": w.ana.ID()}).object(200),
		"Example Thread Channel":     thread,
		"Example Message":            w.call("GET", w.messagesPath(w.general)+"/"+m.ID.String(), nil).object(200),
		"Example Guild Member":       w.call("GET", guild+"/members/"+w.ana.ID().String(), nil).object(200),
		"Example Role":               w.call("GET", guild+"/roles", nil).list(200)[1],
		"Example Incoming Webhook":   hook,
	}
	// Fields that an object has only sometimes.
	sometimes := strings.Fields(`nsfw default_auto_archive_duration reactions tags banner unicode_emoji members permissions total_message_sent message_count`)
	compared := 0
	for _, e := range documented(t) {
		got, ok := served[e.Heading[strings.LastIndex(e.Heading, "> ")+2:]]
		if !ok {
			continue
		}
		compared++
		for key := range e.object() {
			if _, ok := got[key]; !ok && !strings.Contains(strings.Join(sometimes, " "), key) {
				t.Errorf("%s lacks %s", e.Heading, key)
			}
		}
	}
	same(t, "compared", compared, len(served))
}
