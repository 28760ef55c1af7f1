package tag_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/tag"
)

func TestNamesOfOneTagHaveOneKey(t *testing.T) {
	for _, same := range [][]string{
		{"vip", "VIP", " Vip ", "vIp\t"},
		{"in  progress", "In Progress", "IN\u00a0PROGRESS"},
		{"Été", "éTÉ", "ÉTÉ"},
		{"ΟΔΟΣ", "οδος", "οδοσ"},
		{"返金", "返金 "},
	} {
		for _, name := range same[1:] {
			if tag.Key(name) != tag.Key(same[0]) {
				t.Errorf("%q has the key %q, %q has %q", name, tag.Key(name), same[0], tag.Key(same[0]))
			}
		}
	}
	for _, other := range []string{"vip s", "v i p", "vip2"} {
		if tag.Key(other) == tag.Key("vip") {
			t.Errorf("%q is taken for vip", other)
		}
	}
}

// A key is its own key, whatever one types and however one shouts it.
func TestAKeyIsItsOwnKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		key := tag.Key(name)
		if tag.Key(key) != key || tag.Key("  "+name+"\n") != key || tag.Key(strings.ToUpper(name)) != key {
			t.Fatalf("%q has the key %q, that one %q, shouted %q", name, key, tag.Key(key), tag.Key(strings.ToUpper(name)))
		}
	})
}
