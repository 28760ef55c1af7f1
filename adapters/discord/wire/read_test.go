package wire_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// odd are values of every kind of JSON, each of which is wrong somewhere.
var odd = []string{`null`, `true`, `12.5`, `-1`, `18446744073709551616`, `"words"`, `""`, `[]`, `[[7]]`, `[{"id":{}}]`, `{}`, `{"id":[]}`}

// TestNoEventIsDroppedForOneField puts odd values in the place of each part of
// each event, one at a time. Unless it is a part that the event cannot do
// without, the event must be read.
func TestNoEventIsDroppedForOneField(t *testing.T) {
	user := `{"id":"5","username":"ana","global_name":"Ana","avatar":"a","bot":false,"public_flags":1}`
	member := `{"user":` + user + `,"nick":"n","avatar":"a","roles":["6"],"permissions":"8","guild_id":"3","joined_at":"2026-01-01T00:00:00Z"}`
	message := `{"id":"1","channel_id":"2","guild_id":"3","author":` + user + `,"member":` + member + `,"content":"words","edited_timestamp":"2026-01-01T00:00:00Z",
		"type":0,"webhook_id":"4","nonce":"n","mentions":[` + user + `],"attachments":[{"id":"8","filename":"f","url":"u","size":3}],"sticker_items":[{"id":"9","name":"s"}],
		"embeds":[{"title":"t","fields":[{"name":"n","value":"v"}]}],"message_snapshots":[{"message":{"content":"c"}}],"components":[{"type":17,"components":[{"type":99}]}]}`
	channel := `{"id":"2","type":0,"guild_id":"3","parent_id":"7","name":"n","topic":"t","permission_overwrites":[{"id":"5","type":1,"allow":"8","deny":"0"}],"last_message_id":"1"}`
	guild := `{"id":"3","name":"n","owner_id":"5","preferred_locale":"fr","unavailable":false,"roles":[{"id":"6","name":"r","permissions":"8","managed":false}],
		"channels":[` + channel + `],"members":[` + member + `],"member_count":1}`
	interaction := `{"id":"1","application_id":"2","type":2,"token":"t","guild_id":"3","channel_id":"2","member":` + member + `,"locale":"fr","guild_locale":"fr",
		"data":{"name":"ticket","options":[{"name":"add","type":1,"options":[{"name":"member","type":6,"value":"5"}]}],
		"resolved":{"users":{"5":` + user + `},"members":{"5":` + member + `}},"custom_id":"c","values":["v"],"components":[{"type":18,"component":{"custom_id":"i","value":"v"}}]}}`
	events := []struct {
		name, raw string
		read      func([]byte) error
		needs     []string // the paths that it cannot do without
	}{
		{"message", message, read[wire.Message], []string{"id", "channel_id", "guild_id", "author", "author.id"}},
		{"deletion", `{"id":"1","ids":["2"],"channel_id":"2","guild_id":"3"}`, read[wire.Deletion], []string{"channel_id", "guild_id"}},
		{"channel", channel, read[wire.Channel], []string{"id", "guild_id"}},
		{"guild", guild, read[wire.Guild], []string{"id"}},
		{"member", member, read[wire.Member], []string{"guild_id", "user", "user.id"}},
		{"interaction", interaction, read[wire.Interaction], []string{"id", "token", "guild_id", "data"}},
	}
	for _, e := range events {
		t.Run(e.name, func(t *testing.T) {
			tried := 0
			for _, path := range paths(t, e.raw) {
				for _, value := range odd {
					tried++
					if err := e.read(changed(t, e.raw, path, value)); err != nil && !slices.Contains(e.needs, path) {
						t.Errorf("with %s at %s: %v", value, path, err)
					}
				}
			}
			if tried < 40 {
				t.Errorf("%d values were tried", tried)
			}
			if err := e.read([]byte(`{"something_new":{"a":[1]},` + e.raw[1:])); err != nil {
				t.Errorf("with an unknown field: %v", err)
			}
			for _, raw := range []string{``, `[`, `7`, `"x"`, `[]`} {
				if e.read([]byte(raw)) == nil {
					t.Errorf("%q is read", raw)
				}
			}
		})
	}
}

func read[T any](raw []byte) error {
	_, err := wire.Read[T](raw)
	return err
}

// paths are the places of all parts of a value, with dots between keys and indices.
func paths(t *testing.T, raw string) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(err)
	}
	var all []string
	var visit func(at string, v any)
	visit = func(at string, v any) {
		if at != "" {
			all = append(all, at[1:])
		}
		switch v := v.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				visit(at+"."+key, v[key])
			}
		case []any:
			for i, one := range v {
				visit(fmt.Sprint(at, ".", i), one)
			}
		}
	}
	visit("", v)
	return all
}

// changed puts a value in the place of a part.
func changed(t *testing.T, raw, path, value string) []byte {
	t.Helper()
	var v any
	_ = json.Unmarshal([]byte(raw), &v) // paths read it
	keys := strings.Split(path, ".")
	at := v
	for i, key := range keys {
		last := i == len(keys)-1
		switch in := at.(type) {
		case map[string]any:
			if last {
				in[key] = json.RawMessage(value)
			}
			at = in[key]
		case []any:
			var n int
			_, _ = fmt.Sscan(key, &n)
			if last {
				in[n] = json.RawMessage(value)
			}
			at = in[n]
		}
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What is left out is no more than what is odd.
func TestTheRestOfAnOddEventIsRead(t *testing.T) {
	m, err := wire.Read[wire.Message]([]byte(`{"id":"1","channel_id":"2","author":{"id":"5","username":7,"global_name":"Ana"},
		"content":"words","edited_timestamp":"yesterday","webhook_id":{},"type":"?"}`))
	if err != nil || m.Content != "words" || m.Author.GlobalName != "Ana" || m.Edited != nil {
		t.Errorf("%+v, %v", m, err)
	}
}
