package render_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
)

// FuzzCustomIDs reads whatever a component may be called. What is taken for ours names the same thing when it is
// written again, and fits into Discord's 100 characters.
func FuzzCustomIDs(f *testing.F) {
	for _, seed := range []string{"ts1:claim:7", "ts1:form:7:12345", "ts1:choose:0", "ts1:claim:-1", "ts1::", "x", "ts1:claim:007", "ts1:form:7:a:b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if verb, id, ok := render.ParseCustomID(s); ok {
			again := render.CustomID(verb, id)
			v, n, ok := render.ParseCustomID(again)
			if !ok || v != verb || n != id || len(again) > 100 {
				t.Errorf("%q is %s %d, and %q is %s %d", s, verb, id, again, v, n)
			}
		}
		if category, asked, ok := render.ParseFormID(s); ok {
			again := render.FormID(category, asked)
			c, a, ok := render.ParseFormID(again)
			if !ok && len(again) <= 100 || ok && (c != category || a != asked) {
				t.Errorf("%q is %d %q, and %q is %d %q", s, category, asked, again, c, a)
			}
			if category <= 0 || !strings.HasPrefix(s, "ts1:form:") {
				t.Errorf("%q is the form of category %d", s, category)
			}
		}
	})
}
