package wire_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// kinds are the objects that the adapter reads, by the fields that each has in the documentation.
func kinds() []kind {
	return []kind{
		{[]string{"content", "author", "channel_id"}, func() any { return &wire.Message{} }},
		{[]string{"token", "application_id", "type", "data"}, func() any { return &wire.Interaction{} }},
		{[]string{"user", "roles", "joined_at"}, func() any { return &wire.Member{} }},
		{[]string{"preferred_locale", "owner_id"}, func() any { return &wire.Guild{} }},
		{[]string{"id", "username"}, func() any { return &wire.User{} }},
		{[]string{"id", "permissions", "hoist"}, func() any { return &wire.Role{} }},
		{[]string{"id", "type", "guild_id", "name"}, func() any { return &wire.Channel{} }},
	}
}

type kind struct {
	fields []string
	into   func() any
}

// documented are all objects in the documentation's examples, those inside others included.
func documented(t testing.TB) []map[string]any {
	t.Helper()
	raw, err := os.ReadFile("../../../../shared/discord/examples.json")
	if err != nil {
		t.Skipf("the documentation's examples are not here: %v", err)
	}
	var all any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	walk(all, func(o map[string]any) { out = append(out, o) })
	return out
}

// TestDocumentedExamplesAreReadWithoutLoss writes each example again after it was read: whatever the type has of it
// says the same.
func TestDocumentedExamplesAreReadWithoutLoss(t *testing.T) {
	read := map[string]int{}
	for _, o := range documented(t) {
		for _, k := range kinds() {
			if !hasAll(o, k.fields) {
				continue
			}
			v := k.into()
			raw, _ := json.Marshal(o)
			if err := json.Unmarshal(raw, v); err != nil {
				t.Errorf("%T: %v in %s", v, err, raw)
				continue
			}
			read[fmt.Sprintf("%T", v)]++
			again, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal(again, &got); err != nil {
				t.Fatal(err)
			}
			for _, lost := range differences(got, o, fmt.Sprintf("%T", v)) {
				t.Error(lost)
			}
		}
	}
	for _, k := range kinds() {
		if name := fmt.Sprintf("%T", k.into()); read[name] == 0 {
			t.Errorf("no example of a %s was found", name)
		}
	}
}

// differences lists what got says otherwise than want, in the fields that got has.
func differences(got, want any, at string) []string {
	switch g := got.(type) {
	case map[string]any:
		w, ok := want.(map[string]any)
		var out []string
		for key, value := range g {
			if original, has := w[key]; ok && has {
				out = append(out, differences(value, original, at+"."+key)...)
			}
		}
		return out
	case []any:
		w, _ := want.([]any)
		if len(w) != len(g) {
			return []string{fmt.Sprintf("%s: %d of %d are left", at, len(g), len(w))}
		}
		var out []string
		for i := range g {
			out = append(out, differences(g[i], w[i], fmt.Sprintf("%s[%d]", at, i))...)
		}
		return out
	}
	if list, ok := want.([]any); ok && got == nil && len(list) == 0 || same(got, want) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %v is read as %v", at, want, got)}
}

// same takes an ID or a bitset for the same as text and as number, an absent value for the zero value, and two spellings
// of one moment.
func same(got, want any) bool {
	if want == nil {
		return got == nil || got == "" || got == 0.0 || got == false || got == "0"
	}
	if fmt.Sprint(got) == fmt.Sprint(want) {
		return true
	}
	a, errA := time.Parse(time.RFC3339Nano, fmt.Sprint(got))
	b, errB := time.Parse(time.RFC3339Nano, fmt.Sprint(want))
	return errA == nil && errB == nil && a.Equal(b)
}
