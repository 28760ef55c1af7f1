package discord

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

const (
	aGuild wire.ID = "100"
	theBot wire.ID = "7"
)

// announced is a guild as Discord announces it.
func announced(members ...wire.Member) *wire.Guild {
	return &wire.Guild{
		ID: aGuild, OwnerID: "9", Members: members,
		Roles: []wire.Role{
			{ID: aGuild, Permissions: wire.ViewChannel}, {ID: "1", Permissions: wire.ManageChannels}, {ID: "2", Permissions: wire.ManageGuild},
		},
	}
}

func member7(roles ...wire.ID) wire.Member {
	return wire.Member{User: &wire.User{ID: theBot}, Roles: roles}
}

func TestAnAnnouncedGuildTellsTheBotsRights(t *testing.T) {
	a := mute(t) // whom nobody answers
	if _, err := a.held(t.Context(), aGuild); err == nil {
		t.Fatal("rights are known from nowhere")
	}
	a.guilds.learn(theBot, announced(member7("1")))
	if p, err := a.held(t.Context(), aGuild); err != nil || p != wire.ViewChannel|wire.ManageChannels {
		t.Errorf("%d, %v", p, err)
	}
	of, err := a.powersOf(t.Context(), aGuild)
	if err != nil || !of.administers(aGuild, &wire.User{ID: "9"}, &wire.Member{}) || of.administers(aGuild, &wire.User{ID: "8"}, &wire.Member{Roles: []wire.ID{"1"}}) {
		t.Errorf("%+v, %v", of, err)
	}
	a.guilds.learn(theBot, announced()) // which does not tell
	if _, err := a.held(t.Context(), aGuild); err == nil {
		t.Error("rights are known from before")
	}
}

func TestAGuildTellsOfItsBoosts(t *testing.T) {
	a := mute(t) // whom nobody answers
	if _, err := a.tier(t.Context(), aGuild); err == nil {
		t.Fatal("boosts are known from nowhere")
	}
	expect := func(want int) {
		t.Helper()
		if got, err := a.tier(t.Context(), aGuild); err != nil || got != want {
			t.Errorf("the tier is %d, %v, want %d", got, err, want)
		}
	}
	g := announced()
	g.Tier = 2
	a.guilds.learn(theBot, g)
	expect(2)
	g.Tier = 3
	if err := newInbox(a).guildUpdate(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	expect(3)
}

func TestRightsAreBelievedWhileChangesAreHeardOf(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	c := newGuildCache(func() time.Time { return now }, nil)
	read := now
	expect := func(why string, want bool) {
		t.Helper()
		if c.believed(read) != want {
			t.Errorf("%s: want %v", why, want)
		}
	}
	expect("at once", true)
	now = now.Add(guildAge)
	expect("after a while without a session", false)
	c.watch()
	expect("what was read before the session", false)
	read = now
	now = now.Add(24 * time.Hour)
	expect("a day later in the session", true)
	c.watch()
	expect("in another session", false)
	read = now
	now = now.Add(guildAge)
	c.unwatch()
	expect("after the session", false)
	read = time.Time{}
	expect("what was forgotten", false)
}

func TestARateLimitIsNoLackOfPermission(t *testing.T) {
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"message":"slow down","retry_after":3,"global":true}`))
	}))
	defer busy.Close()
	a := mute(t)
	client, err := rest.New(rest.Config{Token: "x", URL: busy.URL})
	if err != nil {
		t.Fatal(err)
	}
	a.rest = client
	report, err := a.capabilities(t.Context(), a.system(1), aGuild)
	if _, limited := rest.Limited(err); !limited {
		t.Errorf("the guild is reported as %+v, %v", report, err)
	}
	if of, err := a.powersOf(t.Context(), aGuild); err == nil {
		t.Errorf("nobody is known to manage the guild: %v", of)
	}
}

// All guilds are announced at once; what waits must not be what came.
func TestALargeEventWaitsWithoutItsData(t *testing.T) {
	small := arrived{name: "MESSAGE_CREATE", raw: []byte(`{"id":"1","channel_id":"2","guild_id":"3"}`)}
	if e := small.light(nil); e.raw == nil || e.where().Channel != "2" {
		t.Errorf("%+v", e)
	}
	large := arrived{name: "GUILD_CREATE", raw: []byte(`{"id":"3","name":"` + strings.Repeat("x", largeEvent) + `"}`)}
	for _, v := range []any{nil, &wire.Guild{ID: "3"}} {
		e := large.light(v)
		if _, guild := e.where().place(e.name); e.raw != nil || guild != "3" {
			t.Errorf("%d bytes wait, of guild %q", len(e.raw), guild)
		}
	}
	odd := arrived{name: "GUILD_CREATE", raw: []byte(strings.Repeat("x", largeEvent))}
	if e := odd.light(nil); *e.where() != (aboutEvent{}) {
		t.Errorf("%+v", e.where())
	}
}
