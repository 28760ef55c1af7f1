package render_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestPlaceIsNamedAfterNumberAndSubject(t *testing.T) {
	for subject, want := range map[string]string{
		"Can't log in!":              "12-can-t-log-in",
		"  Connexion  impossible  ":  "12-connexion-impossible",
		"ログインできない":                   "12-ログインできない",
		"Не могу войти":              "12-не-могу-войти",
		"???":                        "12",
		"हिन्दी":                     "12-हिन्दी",
		strings.Repeat("long ", 100): "12-" + strings.Repeat("long-", 19) + "lo",
	} {
		got := render.Place(&ticket.Ticket{ID: 7, Number: 12, Subject: subject})
		if got.Name != want {
			t.Errorf("%q is named %q, want %q", subject, got.Name, want)
		}
		if render.MarkedTicket(got.Topic) != 7 {
			t.Errorf("the topic %q does not lead to the ticket", got.Topic)
		}
	}
}

func TestPlaceFitsWhateverTheSubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tk := &ticket.Ticket{
			ID: id.Ticket(rapid.Int64Range(1, 1<<62).Draw(t, "id")), Number: rapid.Int64Range(1, 1<<40).Draw(t, "number"),
			Subject: rapid.StringN(0, 300, -1).Draw(t, "subject"),
		}
		got := render.Place(tk)
		if n := render.Length(got.Name); n < 1 || n > 100 {
			t.Fatalf("the name %q has %d", got.Name, n)
		}
		if n := render.Length(got.Topic); n > 1024 {
			t.Fatalf("the topic %q has %d", got.Topic, n)
		}
		if strings.ContainsAny(got.Topic, "\n\r") || strings.ContainsAny(got.Name, " #@") {
			t.Fatalf("%+v", got)
		}
		if !strings.Contains(tk.Subject, "[ts:") && render.MarkedTicket(got.Topic) != tk.ID {
			t.Fatalf("the mark in %q leads to %d", got.Topic, render.MarkedTicket(got.Topic))
		}
	})
}

func TestMarksOfOthersAreNone(t *testing.T) {
	for _, topic := range []string{"", "a topic", "[ts:", "[ts:]", "[ts:?]", "[ts:-1]", "[ts:0]", "ts:7"} {
		if got := render.MarkedTicket(topic); got != 0 {
			t.Errorf("%q leads to %d", topic, got)
		}
	}
}

const (
	guild = wire.ID("1")
	bot   = wire.ID("2")
)

func find(t *testing.T, list []wire.Overwrite, target wire.ID) wire.Overwrite {
	t.Helper()
	for _, o := range list {
		if o.ID == target {
			return o
		}
	}
	t.Fatalf("%s has no overwrite in %+v", target, list)
	return wire.Overwrite{}
}

func TestOverwritesShutOutAllButTheAudience(t *testing.T) {
	list := render.Overwrites(guild, bot, wire.Everything, []channel.Viewer{
		{Role: true, ExternalID: "10", Send: true}, {ExternalID: "20", Send: true}, {ExternalID: "21"},
	})
	everyone := find(t, list, guild)
	if everyone.Type != wire.OverwriteRole || everyone.Deny != wire.ViewChannel|wire.CreatePublicThreads|wire.CreatePrivateThreads || everyone.Allow != 0 {
		t.Errorf("everyone: %+v", everyone)
	}
	me := find(t, list, bot)
	if me.Type != wire.OverwriteMember || !me.Allow.Has(wire.ViewChannel|wire.SendMessages|wire.ManageChannels) || me.Deny != 0 {
		t.Errorf("the bot: %+v", me)
	}
	team := find(t, list, "10")
	if team.Type != wire.OverwriteRole || !team.Allow.Has(wire.ViewChannel|wire.SendMessages|wire.ReadHistory) || team.Deny != wire.CreatePublicThreads|wire.CreatePrivateThreads {
		t.Errorf("the team: %+v", team)
	}
	if o := find(t, list, "20"); o.Type != wire.OverwriteMember || !o.Allow.Has(wire.SendMessages) {
		t.Errorf("who may write: %+v", o)
	}
	if o := find(t, list, "21"); !o.Allow.Has(wire.ViewChannel) || o.Allow.Has(wire.SendMessages) || !o.Deny.Has(wire.SendMessages|wire.SendInThreads) {
		t.Errorf("who may only read: %+v", o)
	}
}

func TestOverwritesOpenTheChannelToAllWhereTheRulesSaySo(t *testing.T) {
	list := render.Overwrites(guild, bot, wire.Everything, []channel.Viewer{{Role: true}})
	o := find(t, list, guild)
	if !o.Allow.Has(wire.ViewChannel) || o.Deny.Has(wire.ViewChannel) || !o.Deny.Has(wire.SendMessages) || len(list) != 2 {
		t.Errorf("%+v", list)
	}
}

func TestOverwritesUseOnlyWhatTheBotHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held := wire.Permission(rapid.Uint64().Draw(t, "held")) | render.Needed
		viewers := rapid.SliceOf(rapid.Custom(func(t *rapid.T) channel.Viewer {
			return channel.Viewer{
				Role: rapid.Bool().Draw(t, "role"), Send: rapid.Bool().Draw(t, "send"),
				ExternalID: rapid.SampledFrom([]string{"1", "2", "30", "31", "32"}).Draw(t, "id"),
			}
		})).Draw(t, "viewers")
		for _, o := range render.Overwrites(guild, bot, held, viewers) {
			if (o.Allow|o.Deny)&^held != 0 || o.Allow&o.Deny != 0 {
				t.Fatalf("%+v with %b", o, held)
			}
			threads := (wire.CreatePublicThreads | wire.CreatePrivateThreads) & held
			if o.ID == bot && !o.Allow.Has(threads) || o.ID != bot && !o.Deny.Has(threads) {
				t.Fatalf("threads by %+v with %b", o, held)
			}
			if o.ID == bot && o.Deny != 0 {
				t.Fatal("the bot shuts itself out")
			}
			open := slices.ContainsFunc(viewers, func(v channel.Viewer) bool { return v.Role && v.ExternalID == "" })
			if o.ID == guild && !open && !o.Deny.Has(wire.ViewChannel) {
				t.Fatal("the channel stands open")
			}
		}
	})
}
