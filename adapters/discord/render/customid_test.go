package render_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
)

func TestCustomIDsAreReadAsTheyWereWritten(t *testing.T) {
	for _, v := range []render.Verb{
		render.VerbClaim, render.VerbResolve, render.VerbConfirm, render.VerbReopen, render.VerbOpen, render.VerbForm,
	} {
		s := render.CustomID(v, math.MaxInt64)
		if len(s) > 100 {
			t.Errorf("%q is longer than Discord takes", s)
		}
		got, id, ok := render.ParseCustomID(s)
		if !ok || got != v || id != math.MaxInt64 {
			t.Errorf("%q is read as %v %d %v", s, got, id, ok)
		}
	}
	if v, _, ok := render.ParseCustomID(render.CustomID(render.VerbChoose, 0)); !ok || v != render.VerbChoose {
		t.Error("the choice of a category is not read")
	}
}

func TestForeignCustomIDsAreRefused(t *testing.T) {
	for _, s := range []string{
		"", "claim", "ts1:claim", "ts1:claim:", "ts1:claim:0", "ts1:claim:-1", "ts1:claim:1:2", "ts1:delete:1", "ts2:claim:1",
		"ts1:claim:99999999999999999999", "ts1:choose:1", "ts1:claim:１", "ts1:claim:" + strings.Repeat("1", 100),
	} {
		if v, id, ok := render.ParseCustomID(s); ok {
			t.Errorf("%q is read as %v %d", s, v, id)
		}
	}
}

func TestAFormIsKnownByWhatAskedForIt(t *testing.T) {
	s := render.FormID(math.MaxInt64, "18446744073709551615")
	if len(s) > 100 {
		t.Errorf("%q is longer than Discord takes", s)
	}
	if n, asked, ok := render.ParseFormID(s); !ok || n != math.MaxInt64 || asked != "18446744073709551615" {
		t.Errorf("%q is read as %d %q %v", s, n, asked, ok)
	}
	if n, asked, ok := render.ParseFormID(render.CustomID(render.VerbForm, 4)); !ok || n != 4 || asked != "" {
		t.Errorf("a form without what asked for it is read as %d %q %v", n, asked, ok)
	}
	for _, s := range []string{"", "ts1:form", "ts1:open:4:5", "ts1:form:0:5", "ts1:form:x", "ts1:form:4:" + strings.Repeat("1", 100)} {
		if n, asked, ok := render.ParseFormID(s); ok {
			t.Errorf("%q is read as %d %q", s, n, asked)
		}
	}
}

func TestVerbsOfATicket(t *testing.T) {
	for v, want := range map[render.Verb]bool{
		render.VerbClaim: true, render.VerbResolve: true, render.VerbConfirm: true, render.VerbReopen: true,
		render.VerbOpen: false, render.VerbForm: false, render.VerbChoose: false,
	} {
		if v.OfTicket() != want {
			t.Errorf("%s: want %v", v, want)
		}
	}
}
