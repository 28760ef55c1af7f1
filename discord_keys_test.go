package main_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
)

var apiKey = regexp.MustCompile(`tsk_[a-z0-9]+_[a-z0-9]+`)

// An administrator makes, lists and revokes API keys by command. The secret is shown
// once, to who asked alone.
func TestDiscordKeepsAPIKeys(t *testing.T) {
	w := newGuildWorld(t, nil)
	owner, general := w.guild.Owner(), w.guild.Channel("general")
	contains(t, w.runs(owner, general, "/setup keys list", nil), "No API key")
	in := owner.Runs(w.ctx, general, "/setup keys create", discordtest.Args{"name": "Statistics", "access": "read", "member": w.max})
	said := w.answer(in)
	secret := apiKey.FindString(said)
	if secret == "" || !in.Reply().Ephemeral {
		t.Fatalf("the key is told as %q, to everybody: %v", said, !in.Reply().Ephemeral)
	}
	session, err := w.services.Auth.Authenticate(w.ctx, secret, time.Now())
	ok(t, err)
	if session.Actor.Member != w.as(w.max).Actor.Member || session.Actor.Admits(access.TicketReply) || !session.Actor.Admits(access.TicketSee) {
		t.Errorf("the key lets in %+v", session.Actor)
	}
	list := w.runs(owner, general, "/setup keys list", nil)
	contains(t, list, "Statistics")
	contains(t, list, secret[:20])
	if apiKey.MatchString(list) {
		t.Errorf("the secret is told again: %s", list)
	}
	offered := owner.Completes(w.ctx, general, "/setup keys revoke", discordtest.Args{"key": "stat"}, "key")
	ok(t, offered.Wait(w.ctx))
	if n := len(offered.Choices()); n != 1 {
		t.Fatalf("%d keys are offered", n)
	}
	contains(t, w.runs(owner, general, "/setup keys revoke", discordtest.Args{"key": "statistics"}), "revoked")
	if _, err := w.services.Auth.Authenticate(w.ctx, secret, time.Now()); err == nil {
		t.Error("a revoked key lets in")
	}
}
