package main_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
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

// However many keys there are, each is listed, offered and revoked.
func TestDiscordReachesEveryKey(t *testing.T) {
	w := newGuildWorld(t, nil)
	owner, general := w.guild.Owner(), w.guild.Channel("general")
	w.runs(owner, general, "/setup keys list", nil)   // lets the owner be known
	byOwner, made := w.as(owner), map[string]string{} // how keys begin, by name
	for i := range 31 {
		k, _, err := w.services.Auth.CreateKey(w.ctx, byOwner, auth.KeyWish{Name: fmt.Sprintf("Key no. %02d", i), Scopes: auth.ReadScopes()})
		ok(t, err)
		made[k.Name] = k.Prefix()
	}
	for _, name := range []string{"ÉCOLE", "Бот"} {
		k, _, err := w.services.Auth.CreateKey(w.ctx, byOwner, auth.KeyWish{Name: name, Scopes: auth.ReadScopes()})
		ok(t, err)
		made[name] = k.Prefix()
	}
	in := owner.Runs(w.ctx, general, "/setup keys list", nil)
	listed := w.answer(in)
	for strings.Count(listed, auth.KeyPrefix) < len(made) {
		before := len(listed)
		in = owner.Clicks(w.ctx, in.Reply(), "More")
		listed += "\n" + w.answer(in)
		if len(listed) == before {
			break
		}
	}
	for name, prefix := range made {
		if strings.Count(listed, name) != 1 || strings.Count(listed, prefix) != 1 {
			t.Errorf("%s is not listed once in %s", name, listed)
		}
	}
	for _, typed := range []string{"no. 00", "NO. 00", made["Key no. 00"], made["Key no. 00"][4:10]} { // the oldest
		offered := owner.Completes(w.ctx, general, "/setup keys revoke", discordtest.Args{"key": typed}, "key")
		ok(t, offered.Wait(w.ctx))
		if all := offered.Choices(); len(all) != 1 || !strings.Contains(all[0].Name, made["Key no. 00"]) {
			t.Errorf("%s offers %v", typed, all)
		}
	}
	contains(t, w.runs(owner, general, "/setup keys revoke", discordtest.Args{"key": made["Key no. 00"]}), "Key no. 00")
	contains(t, w.runs(owner, general, "/setup keys revoke", discordtest.Args{"key": "key NO. 01"}), "Key no. 01")
	contains(t, w.runs(owner, general, "/setup keys revoke", discordtest.Args{"key": "ecole"}), "ÉCOLE")
	contains(t, w.runs(owner, general, "/setup keys revoke", discordtest.Args{"key": "бот"}), "Бот")
	contains(t, w.runs(owner, general, "/setup keys revoke", discordtest.Args{"key": "Key no."}), "does not exist")
	contains(t, w.runs(owner, general, "/setup keys revoke", discordtest.Args{"key": "key no. 01"}), "does not exist")
}
