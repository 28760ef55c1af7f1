package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// FuzzEvents reads whatever comes as each kind of event. Nothing may panic, and what was read says the same when it is
// written and read again.
func FuzzEvents(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","content":"x","embeds":[{}],"mentions":[{}],"message_snapshots":[{"message":{"content":"y"}}]}`,
		`{"id":1,"type":5,"data":{"components":[{"type":18,"component":{"custom_id":"a","value":"b"}}]},"member":{"user":{}}}`,
		`{"ids":["1",2],"channel_id":"3"}`, `{"permissions":"18446744073709551615","id":"0"}`, `{"edited_timestamp":"2026-03-04T12:00:00Z"}`,
		`[]`, `null`, `{"author":null,"member":{"roles":null}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, k := range append(kinds(), kind{into: func() any { return &wire.Deletion{} }}) {
			first := k.into()
			if json.Unmarshal(raw, first) != nil {
				continue
			}
			touch(first)
			once, err := json.Marshal(first)
			if err != nil {
				t.Fatalf("%T: what was read cannot be written: %v", first, err)
			}
			second := k.into()
			if err := json.Unmarshal(once, second); err != nil {
				t.Fatalf("%T: what was written cannot be read: %v in %s", first, err, once)
			}
			if twice, err := json.Marshal(second); err != nil || string(twice) != string(once) {
				t.Fatalf("%T: %s becomes %s (%v)", first, once, twice, err)
			}
		}
	})
}

// touch asks what the adapter asks.
func touch(v any) {
	switch v := v.(type) {
	case *wire.Message:
		_, _ = v.ID.Time(), v.ID.Newer(v.ChannelID)
		if v.Author != nil {
			_, _ = v.Member.Name(v.Author), v.Member.AvatarURL(v.GuildID, v.Author)
		}
	case *wire.Interaction:
		_, _ = v.Person(), v.Data.Filled()
		for _, a := range v.Data.Options {
			_ = a.Text()
		}
	case *wire.User:
		_, _ = v.Name(), v.AvatarURL()
	}
}
