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

// FuzzRead reads whatever comes as the adapter reads events: what is flawed as far as it can be read. Nothing may panic,
// what is given is whole, and it is no less than what a decoder reads that knows no flaws.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","channel_id":"2","author":{"id":"3"},"content":"x"}`, `{"id":"1","channel_id":"2","author":7,"content":"x"}`,
		`{"id":"1","token":"t","data":{"custom_id":"a","components":[{"type":99}]},"member":"?"}`, `{"id":"1","channels":[{"id":[]},7],"members":{}}`,
		`{"channel_id":"2","ids":["1",{}]}`, `{"guild_id":"1","user":{"id":"\u0032"},"roles":[1,"x"]}`, `{"id":"1","topic":{},"permission_overwrites":"?"}`,
		`[]`, `null`, `"x"`, `{`, `{"id":"1","channel_id":"2","edited_timestamp":"yesterday"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		reads[wire.Message](t, raw)
		reads[wire.Deletion](t, raw)
		reads[wire.Interaction](t, raw)
		reads[wire.Member](t, raw)
		reads[wire.Guild](t, raw)
		reads[wire.Channel](t, raw)
	})
}

// reads reads an event as one kind.
func reads[T any](t *testing.T, raw []byte) {
	t.Helper()
	strict := new(T)
	sound := json.Unmarshal(raw, strict) == nil
	v, err := wire.Read[T](raw)
	switch {
	case err == nil && v == nil:
		t.Fatalf("%T: %s is read as nothing", strict, raw)
	case err == nil && !any(v).(wire.Whole).Whole(!sound):
		t.Fatalf("%T: half of %s is taken for the whole", strict, raw)
	case err != nil && sound && any(strict).(wire.Whole).Whole(false):
		t.Fatalf("%T: %s cannot be read: %v", strict, raw, err)
	case err == nil && sound:
		got, _ := json.Marshal(v)
		if want, _ := json.Marshal(strict); string(got) != string(want) {
			t.Fatalf("%T: %s is read as %s, want %s", strict, raw, got, want)
		}
	}
}
