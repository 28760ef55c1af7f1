package main_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestDiscordCatchesUpWithWhatItMissed(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	_, err := w.ana.Posts(ch, "before")
	ok(t, err)
	w.until("it was taken in", func() bool { return len(w.talk(v.ID)) == 3 })
	w.stop()
	var want []string
	for i := range 120 { // more than a page of history
		text := fmt.Sprintf("while you were away %03d", i)
		_, err := w.ana.Posts(ch, text)
		ok(t, err)
		want = append(want, "reply/requester: "+text)
	}
	w.start()
	w.until("all was taken in", func() bool { return w.ticketIn(ch).MessageCount == 123 })
	tail := w.services.Tickets
	pages, err := tail.Messages(w.ctx, w.system(), query.Query{}, lastPage(), v.ID)
	ok(t, err)
	var got []string
	for _, m := range pages[v.ID].Items {
		got = append(got, "reply/requester: "+m.Body)
	}
	if !slices.Equal(got, want[20:]) {
		t.Errorf("taken in was %q", got)
	}
}

func TestDiscordCatchesUpAfterALostSession(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.discord.ForgetSessions()
	end := w.discord.Outage()
	_, err := w.ana.Posts(ch, "can you hear me?")
	ok(t, err)
	end()
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: can you hear me?") })
}

// Whatever a POST's outcome was told to be, its effect is there once.
func TestDiscordDoublesNothingAfterALostAnswer(t *testing.T) {
	for name, fault := range map[string]discordtest.Fault{
		"502 before": discordtest.FailBefore(502), "502 after": discordtest.FailAfter(502),
		"cut before": discordtest.Drop(discordtest.Before), "cut after": discordtest.Drop(discordtest.After),
		"429": discordtest.RateLimited(discordtest.ScopeUser, time.Second),
	} {
		t.Run(name, func(t *testing.T) {
			w := newGuildWorld(t, nil)
			w.opens(w.zoe, "First") // so that the category of the channels is there
			made := w.discord.Fail(discordtest.On("POST", "/guilds/*/channels"), fault)
			card := w.discord.Fail(discordtest.On("POST", "/channels/*/messages").And("It broke."), fault)
			greeting := w.discord.Fail(discordtest.On("POST", "/channels/*/messages").And("Bonjour Ana"), fault)
			ch := w.opens(w.ana, "Second")
			w.see(ch, "It broke.")
			w.see(ch, "Bonjour Ana")
			v := w.ticketIn(ch)
			w.runs(w.max, ch, "/ticket resolve", nil)
			w.see(ch, "Est-ce réglé ?")
			if made.Hits() == 0 || card.Hits() == 0 || greeting.Hits() == 0 {
				t.Errorf("the faults hit %d, %d and %d times", made.Hits(), card.Hits(), greeting.Hits())
			}
			w.quiet(v)
			for _, words := range []string{"It broke.", "Bonjour Ana", "Est-ce réglé ?"} {
				if n := count(ch, words); n != 1 {
					t.Errorf("%q stands there %d times", words, n)
				}
			}
			n := 0
			for _, c := range w.guild.Channels() {
				if strings.HasPrefix(c.Name(), "2-second") {
					n++
				}
			}
			if n != 1 {
				t.Errorf("there are %d channels for one ticket", n)
			}
		})
	}
}

// quiet waits until the ticket's channel has nothing left to be done.
func (w *guildWorld) quiet(v *ticket.View) {
	w.t.Helper()
	w.until("there is nothing to do", func() bool { return w.isQuiet(v) })
}

func (w *guildWorld) isQuiet(v *ticket.View) bool {
	f, err := w.services.Channels.Facts(w.ctx, w.system(), v.ID, event.ChannelDiscord)
	return err == nil && f.Surface.State == channel.Ready && f.Surface.Intent.Step == "" && len(f.Posts) == 0
}

func TestDiscordSurvivesWhatCannotBeRead(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	for _, raw := range []string{
		`{"id":"1","channel_id":"` + ch.ID().String() + `","guild_id":"` + w.guild.ID().String() + `","author":"nobody"}`,
		`"not even an object"`, `{"id":{},"channel_id":[]}`, `null`,
	} {
		w.discord.SendRaw("MESSAGE_CREATE", json.RawMessage(raw))
		w.discord.SendRaw("INTERACTION_CREATE", json.RawMessage(raw))
		w.discord.SendRaw("GUILD_MEMBER_UPDATE", json.RawMessage(raw))
	}
	w.discord.SendRaw("SOMETHING_NEW", json.RawMessage(`{"a":1}`))
	w.discord.SendRaw("MESSAGE_CREATE", json.RawMessage(`{"id":"7","nonce":12,"channel_id":"`+ch.ID().String()+
		`","guild_id":"`+w.guild.ID().String()+`","author":{"id":"`+w.ana.ID().String()+`","username":"ana","public_flags":9007199254740993},
		"content":"with all kinds of parts","components":[{"type":17,"components":[{"type":99}]}],"attachments":[7],"mentions":"?"}`))
	w.until("the strange one was read", func() bool {
		return slices.Contains(w.talk(v.ID), "reply/requester: with all kinds of parts")
	})
	_, err := w.ana.Posts(ch, "an ordinary one")
	ok(t, err)
	w.until("the next was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: an ordinary one") })
}

func TestDiscordSurvivesAPanic(t *testing.T) {
	var panics atomic.Bool
	panics.Store(true)
	w := newGuildWorld(t, func(w *guildWorld) {
		w.breakOpen = func() {
			if panics.Load() {
				panic("a bug")
			}
		}
	})
	in := w.ana.Runs(w.ctx, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "Assistance"})
	ok(t, in.Wait(w.ctx))
	answer := w.answer(in.Submit(w.ctx, discordtest.Values{"subject": "Help", "body": "It broke."}))
	contains(t, answer, "Un problème est survenu de notre côté")
	if strings.Contains(answer, "a bug") {
		t.Error("the panic was shown")
	}
	panics.Store(false)
	w.opens(w.ana, "Help")
}

// A message on which the helpdesk stumbles must not stand in front of the others.
func TestDiscordGetsPastAMessageThatPanics(t *testing.T) {
	var poisoned atomic.Bool
	w := newGuildWorld(t, func(w *guildWorld) {
		w.breakUpdate = func() {
			if poisoned.Load() {
				panic("a bug")
			}
		}
	})
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	poisoned.Store(true)
	_, err := w.ana.Posts(ch, "the poison")
	ok(t, err)
	w.until("it was stumbled over twice", func() bool { return w.log.count("a handler panicked") >= 2 })
	poisoned.Store(false)
	_, err = w.ana.Posts(ch, "the next")
	ok(t, err)
	w.until("the next was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: the next") })
}

// The database is away for a moment while somebody writes.
func TestDiscordTakesInWhatFailedAtFirst(t *testing.T) {
	var broken atomic.Bool
	w := newGuildWorld(t, func(w *guildWorld) { w.failUpdate = broken.Load })
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	broken.Store(true)
	_, err := w.ana.Posts(ch, "first")
	ok(t, err)
	w.until("it failed", func() bool { return w.log.has("an event could not be handled") })
	contains(t, w.runs(w.max, ch, "/ticket claim", nil), "Something went wrong on our side")
	broken.Store(false)
	_, err = w.ana.Posts(ch, "second")
	ok(t, err)
	w.until("both were taken in", func() bool { return len(w.talk(v.ID)) == 4 })
	if talk := w.talk(v.ID); talk[2] != "reply/requester: first" || talk[3] != "reply/requester: second" {
		t.Errorf("the talk is %q", talk)
	}
}

func TestDiscordWaitsForAPermissionWithoutHoldingUpOthers(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.guild.GiveBot(discordtest.DefaultPermissions)
	in := w.ana.Runs(w.ctx, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "Support"})
	ok(t, in.Wait(w.ctx))
	in = in.Submit(w.ctx, discordtest.Values{"subject": "Help", "body": "It broke."})
	c := w.system()
	w.until("it is recorded what stands in the way", func() bool {
		page, err := w.services.Tickets.ByNumber(w.ctx, c, 1)
		if err != nil {
			return false
		}
		s, err := w.services.Channels.Of(w.ctx, c, page.ID, event.ChannelDiscord)
		return err == nil && s.State == channel.Blocked && s.Detail == "discord.blocked.permission"
	})
	_, err := in.WaitFor(w.ctx, "Il manque une permission au bot")
	ok(t, err)
	w.guild.GiveBot(discordtest.BotPermissions)
	_, err = in.WaitFor(w.ctx, "<#")
	ok(t, err)
}

func TestDiscordOverflowsAFullCategory(t *testing.T) {
	w := newGuildWorld(t, func(w *guildWorld) {
		tickets := w.guild.Category("Tickets")
		for i := range 50 {
			w.guild.Text(fmt.Sprintf("old-%d", i), tickets)
		}
	})
	ch := w.opens(w.ana, "Help")
	if got := ch.Parent().Name(); got != "Tickets 2" {
		t.Errorf("the channel is under %q", got)
	}
}

func TestDiscordTrustsTheErrorOfAFullCategory(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.opens(w.zoe, "First")
	var filled sync.Once
	post := discordtest.On("POST", "/guilds/*/channels").And("2-second")
	defer w.discord.OnRequest(func(r discordtest.Request) {
		if r.Phase == discordtest.Before && post(r) {
			filled.Do(func() { // after the bot has counted
				for i := range 49 {
					w.guild.Text(fmt.Sprintf("late-%d", i), w.guild.Channel("Tickets"))
				}
			})
		}
	})()
	ch := w.opens(w.ana, "Second")
	if got := ch.Parent().Name(); got != "Tickets 2" {
		t.Errorf("the channel is under %q", got)
	}
}

func TestDiscordSplitsLongTexts(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	_, err := w.ana.Posts(ch, "hello")
	ok(t, err)
	long := strings.Repeat("many words ", 800) + "END"
	m, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, long)
	ok(t, err)
	w.see(ch, "END")
	w.quiet(v)
	if n := count(ch, "many words"); n != 3 {
		t.Errorf("the text stands in %d messages", n)
	}
	_, err = w.services.Tickets.EditMessage(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, m.ID, "few words")
	ok(t, err)
	w.see(ch, "few words")
	w.until("the rest is gone", func() bool { return count(ch, "many words") == 0 })
	if talk := w.talk(v.ID); !slices.Contains(talk, "reply/staff: few words") {
		t.Errorf("the talk is %q", talk)
	}
}

func TestDiscordCardComesBackWhenSomebodyDeletesIt(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	card := w.see(ch, "It broke.")
	w.quiet(w.ticketIn(ch))
	ok(t, w.guild.Owner().Deletes(card))
	w.until("another card is there", func() bool {
		m := ch.Find("It broke.")
		return m != nil && m.ID != card.ID
	})
	contains(t, w.clicks(w.max, ch.Find("It broke."), "Prendre en charge"), "is yours now")
}

func TestDiscordStandsBy(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	other, err := discord.New(w.config("two"))
	ok(t, err)
	done := make(chan error, 1)
	ctx, cancel := contextOf(w)
	go func() { done <- other.Run(ctx) }()
	w.until("one holds the gateway", func() bool { return w.discord.Connected() == 1 })
	if _, err := w.adapter.Sync(w.ctx, w.system().Actor.Workspace, w.ticketIn(ch).ID); err != nil {
		t.Error(err)
	}
	cancel()
	ok(t, <-done)
}

func TestDiscordRefusesABadToken(t *testing.T) {
	w := newGuildWorld(t, nil)
	c := w.config("three")
	c.Token = "nonsense"
	a, err := discord.New(c)
	ok(t, err)
	if err := a.Check(w.ctx); !errors.Is(err, discord.ErrToken) {
		t.Errorf("the check says %v", err)
	}
	ok(t, w.adapter.Check(w.ctx))
	c.APIURL = "nowhere"
	if _, err := discord.New(c); err == nil {
		t.Error("a malformed address was taken")
	}
}

func TestDiscordKnowsWhoCameAndLeft(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	role := func(m *discordtest.Member) string {
		found, err := w.services.Members.ByIdentity(w.ctx, w.system(), event.ChannelDiscord, m.ID().String())
		if err != nil {
			return ""
		}
		return string(found.Role) + " " + found.Name
	}
	w.until("the holders of the role are agents", func() bool { return role(w.max) == "agent Max" })
	w.zoe.Gets(w.support)
	w.until("a new holder is, too", func() bool { return role(w.zoe) == "agent Zoe" && ch.SeenBy(w.zoe) })
	w.zoe.IsCalled("Zoé")
	w.until("the name follows", func() bool { return role(w.zoe) == "agent Zoé" })
	w.zoe.Leaves()
	w.until("who left is no agent", func() bool { return role(w.zoe) == "requester Zoé" })
	w.guild.Fails()
	w.guild.Recovers()
	w.guild.KickBot()
	w.guild.AddBot()
	contains(t, w.runs(w.max, ch, "/ticket claim", nil), "")
}
