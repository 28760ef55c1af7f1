package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

func decode[T any](t *testing.T, raw string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}

func TestIDsAreReadFromTextAndNumber(t *testing.T) {
	for raw, want := range map[string]wire.ID{`"175928847299117063"`: "175928847299117063", `175928847299117063`: "175928847299117063", `null`: "", `""`: "", `"1\u0032"`: "12", `"x1"`: "x1"} {
		if got := decode[wire.ID](t, raw); got != want {
			t.Errorf("%s is read as %q", raw, got)
		}
	}
	if decode[wire.ID](t, `{}`).Valid() {
		t.Error("an object is read as an ID")
	}
}

func TestIDsTellTheirTime(t *testing.T) {
	want := time.Date(2016, 4, 30, 11, 18, 25, 796_000_000, time.UTC)
	if got := wire.ID("175928847299117063").Time(); !got.Equal(want) {
		t.Errorf("%v", got)
	}
	if at := time.UnixMilli(1420070400000 + 5); wire.FirstAt(at) != "20971520" || !wire.FirstAt(at).Time().Equal(at) || wire.FirstAt(time.Time{}) != "" {
		t.Errorf("the first ID at %v is %s", at, wire.FirstAt(at))
	}
	if wire.ID("41").Next() != "42" || wire.ID("42").Before() != "41" || wire.ID("x").Next() != "x" || wire.ID("0").Before() != "0" {
		t.Error("an ID's neighbours")
	}
	if !wire.ID("x").Time().IsZero() {
		t.Error("what is no ID has a time")
	}
	if wire.ID("x").Valid() || wire.ID("").Valid() || wire.ID("0").Valid() || !wire.ID("7").Valid() {
		t.Error("validity")
	}
}

func TestIDsAreOrdered(t *testing.T) {
	for _, c := range []struct {
		a, b wire.ID
		want bool
	}{{"10", "9", true}, {"9", "10", false}, {"11", "10", true}, {"10", "10", false}, {"1", "", true}} {
		if c.a.Newer(c.b) != c.want {
			t.Errorf("%s newer than %s: want %v", c.a, c.b, c.want)
		}
	}
}

func TestPermissionsAreReadAndWrittenAsDiscordDoes(t *testing.T) {
	for raw, want := range map[string]wire.Permission{`"2147483648"`: 1 << 31, `32`: wire.ManageGuild, `null`: 0, `""`: 0} {
		if got := decode[wire.Permission](t, raw); got != want {
			t.Errorf("%s is read as %d", raw, got)
		}
	}
	raw, err := json.Marshal(wire.Overwrite{ID: "1", Allow: wire.Everything})
	if err != nil || string(raw) != `{"id":"1","type":0,"allow":"9223372036854775807","deny":"0"}` {
		t.Errorf("%s %v", raw, err)
	}
	if decode[wire.Permission](t, `"many"`) != 0 {
		t.Error("a word is read as permissions")
	}
	if !wire.Permission(3).Has(1) || wire.Permission(2).Has(3) {
		t.Error("Has")
	}
}

func TestMessageIsReadWhateverIsInIt(t *testing.T) {
	m := decode[wire.Message](t, `{
		"id": 7, "channel_id": "8", "nonce": 12345, "flags": 9007199254740993, "new_field": {"a": [1]},
		"author": {"id": "9", "username": "ana", "global_name": null, "avatar": null, "public_flags": 9007199254740993},
		"content": "hello", "components": [{"type": 17, "components": [{"type": 99}]}], "poll": {}, "embeds": [{"color": "red"}, {"title": "kept"}],
		"mentions": [{"id": "10", "username": "max", "member": {"nick": "Maxi"}}, 7, "x"], "attachments": {"not": "a list"},
		"sticker_items": [{"id": "3", "name": "wave"}], "edited_timestamp": "2026-03-04T12:00:00.000000+00:00"
	}`)
	if m.ID != "7" || m.Author.Name() != "ana" || m.Content != "hello" || len(m.Mentions) != 1 || len(m.Embeds) != 1 ||
		len(m.Attachments) != 0 || m.Stickers[0].Name != "wave" || m.Edited.Hour() != 12 {
		t.Errorf("%+v", m)
	}
	if got := m.Mentions[0].Member.Name(&m.Mentions[0].User); got != "Maxi" {
		t.Errorf("the mentioned is called %q", got)
	}
}

func TestPeopleHaveNamesAndPictures(t *testing.T) {
	u := &wire.User{ID: "9", Username: "ana", GlobalName: "Ana", Avatar: "abc"}
	var none *wire.Member
	if none.Name(u) != "Ana" || none.AvatarURL("1", u) != "https://cdn.discordapp.com/avatars/9/abc.png" {
		t.Errorf("%q %q", none.Name(u), none.AvatarURL("1", u))
	}
	m := &wire.Member{Nick: "Annie", Avatar: "def", Roles: []wire.ID{"5"}}
	if m.Name(u) != "Annie" || m.AvatarURL("1", u) != "https://cdn.discordapp.com/guilds/1/users/9/avatars/def.png" {
		t.Errorf("%q %q", m.Name(u), m.AvatarURL("1", u))
	}
	if (&wire.User{Username: "x"}).AvatarURL() != "" || len((&wire.Member{}).RoleIDs()) != 0 || (&wire.Member{}).RoleIDs() == nil || m.RoleIDs()[0] != "5" {
		t.Error("who has no picture or roles")
	}
}

func TestPostsPingNobodyUnlessSaid(t *testing.T) {
	for _, p := range []wire.Post{{}, {AllowedMentions: wire.Nobody()}, {AllowedMentions: wire.Only("")}} {
		raw, err := json.Marshal(p)
		if err != nil || string(raw) != `{"content":"","embeds":[],"components":[],"allowed_mentions":{"parse":[]}}` {
			t.Errorf("%s %v", raw, err)
		}
	}
	raw, _ := json.Marshal(wire.Post{Content: "x", AllowedMentions: wire.Only("5"), Nonce: "n", EnforceNonce: true})
	if !strings.Contains(string(raw), `"users":["5"]`) || !strings.Contains(string(raw), `"enforce_nonce":true`) {
		t.Errorf("%s", raw)
	}
}

func TestModalIsReadInEitherForm(t *testing.T) {
	for _, raw := range []string{
		`{"custom_id":"f","components":[{"type":18,"component":{"type":4,"custom_id":"a","value":"1"}},{"type":18,"component":{"type":4,"custom_id":"b","value":"2"}}]}`,
		`{"custom_id":"f","components":[{"type":1,"components":[{"type":4,"custom_id":"a","value":"1"}]},{"type":1,"components":[{"type":4,"custom_id":"b","value":"2"}]}]}`,
	} {
		d := decode[wire.InteractionData](t, raw)
		if got := d.Filled(); len(got) != 2 || got["a"][0] != "1" || got["b"][0] != "2" {
			t.Errorf("%v", got)
		}
	}
}

func TestArgumentsAreText(t *testing.T) {
	for raw, want := range map[string]string{`{"value":"x"}`: "x", `{"value":12}`: "12", `{"value":true}`: "true", `{}`: ""} {
		if got := decode[wire.Argument](t, raw).Text(); got != want {
			t.Errorf("%s is %q", raw, got)
		}
	}
}

func TestWhoUsedSomething(t *testing.T) {
	in := decode[wire.Interaction](t, `{"member":{"user":{"id":"1"}},"user":{"id":"2"}}`)
	if in.Person().ID != "1" {
		t.Error("the member goes before the user")
	}
	in = decode[wire.Interaction](t, `{"user":{"id":"2"}}`)
	if in.Person().ID != "2" {
		t.Error("the user of a direct message")
	}
	if (&wire.Interaction{}).Person() != nil {
		t.Error("nobody")
	}
}

func walk(v any, each func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		each(v)
		for _, inner := range v {
			walk(inner, each)
		}
	case []any:
		for _, inner := range v {
			walk(inner, each)
		}
	}
}

func hasAll(o map[string]any, keys []string) bool {
	for _, k := range keys {
		if _, ok := o[k]; !ok {
			return false
		}
	}
	return true
}
