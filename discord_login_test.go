package main_test

import (
	"crypto/rand"
	"regexp"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/jwt"
	"github.com/ticketsys/ticketsys/domain/auth"
)

var signInCode = regexp.MustCompile("`([A-Z2-9]{4}(-[A-Z2-9]{4}){3})`")

// A member gets a code by command, which nobody else sees, signs in by it elsewhere, and
// signs out there by command; an administrator signs others out.
func TestDiscordSignsInAndOut(t *testing.T) {
	w := newGuildWorld(t, nil)
	general := w.guild.Channel("general")
	elsewhere := auth.NewService(jwt.New(w.store.Keys(), jwt.Options{}), w.store.Members(), nil, w.store.IDs(), rand.Reader).Keeping(w.store.Sessions())
	signsIn := func(m *discordtest.Member) string {
		t.Helper()
		said := w.runs(m, general, "/login", nil)
		code := signInCode.FindStringSubmatch(said)
		if code == nil {
			t.Fatalf("there is no code in %q", said)
		}
		let, err := elsewhere.SignIn(w.ctx, code[1], "Web", "", time.Now())
		ok(t, err)
		session, err := elsewhere.Authenticate(w.ctx, let.AccessToken, time.Now())
		ok(t, err)
		if session.Actor.Member != w.as(m).Actor.Member {
			t.Errorf("%s is let in as %+v", m.Name(), session.Actor)
		}
		if w.log.has(code[1]) {
			t.Error("the log holds the code")
		}
		return let.AccessToken
	}
	out := func(token string) bool {
		_, err := elsewhere.Authenticate(w.ctx, token, time.Now())
		return err != nil
	}
	ana, max := signsIn(w.ana), signsIn(w.max)
	contains(t, w.runs(w.ana, general, "/logout", nil), "Ana")
	if !out(ana) || out(max) {
		t.Errorf("after Ana's sign-out she is out: %t, Max is: %t", out(ana), out(max))
	}
	ana = signsIn(w.ana)
	w.runs(w.max, general, "/logout", discordtest.Args{"member": w.ana})
	if out(ana) {
		t.Error("an agent signs others out")
	}
	contains(t, w.runs(w.guild.Owner(), general, "/logout", discordtest.Args{"member": w.ana}), "Ana")
	if !out(ana) {
		t.Error("an administrator signs nobody out")
	}
}
