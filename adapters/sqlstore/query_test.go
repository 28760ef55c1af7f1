package sqlstore

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestListsOfTextsComeBackAsTheyWere stores what people write into tags, among
// it what JSON writes with a backslash.
func TestListsOfTextsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a",\[\]\\ <]{0,6}`))
		list := rapid.SliceOfN(text, 0, 5).Draw(t, "list")
		var got []string
		if err := textsFromJSON(listText(list), &got); err != nil || !slices.Equal(got, list) {
			t.Fatalf("%q came back as %q (error %v)", list, got, err)
		}
	})
	var got []string
	if err := textsFromJSON(`["broken]`, &got); err == nil {
		t.Errorf("a broken list was read as %q", got)
	}
}
