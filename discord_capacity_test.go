package main_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
)

// shows has the first category's tickets shown in another way.
func (w *guildWorld) shows(s category.Surface) {
	w.t.Helper()
	w.until("the bot knows the guild", func() bool {
		_, err := w.services.Workspaces.ByPlace(w.ctx, "discord", w.guild.ID().String())
		return err == nil
	})
	all, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(w.t, err)
	for _, c := range all {
		if c.Intent == category.Support {
			c.Surface = s
			_, err := w.services.Categories.Save(w.ctx, w.system(), *c)
			ok(w.t, err)
		}
	}
}

// threads gives the guild's threads that are not archived.
func (w *guildWorld) threads() []*discordtest.Channel {
	var all []*discordtest.Channel
	for _, ch := range w.guild.Channels() {
		if ch.Type() == discordtest.TypePrivateThread && !ch.Archived() {
			all = append(all, ch)
		}
	}
	return all
}

// asks has a member open a ticket, and gives the answer when it holds the words.
func (w *guildWorld) asks(m *discordtest.Member, subject, words string) string {
	w.t.Helper()
	in := m.Runs(w.ctx, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "Support"})
	ok(w.t, in.Wait(w.ctx))
	in = in.Submit(w.ctx, discordtest.Values{"subject": subject, "body": "It broke."})
	reply, err := in.WaitFor(w.ctx, words)
	ok(w.t, err)
	return reply.Text()
}

func TestDiscordCarriesATicketInAThread(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.shows(category.InThread)
	w.runs(w.max, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "nothing"}) // staff becomes known
	w.asks(w.ana, "Help", "<#")
	th := w.threads()[0]
	v := w.ticketIn(th)
	w.until("its people are there", func() bool { return th.SeenBy(w.ana) && th.SeenBy(w.max) })
	_, err := w.max.Posts(th, "How can I help?")
	ok(t, err)
	w.until("it was taken in", func() bool { return strings.Contains(strings.Join(w.talk(v.ID), "\n"), "How can I help?") })
	w.runs(w.max, th, "/ticket resolve", nil)
	w.clicks(w.ana, w.see(th, "marquée comme résolue"), "Oui, c’est résolu")
	w.until("the thread is shut", func() bool { return th.Archived() && th.Locked() })
	if _, err := w.ana.Posts(th, "one more thing"); err == nil {
		t.Error("a shut thread takes messages")
	}
	contains(t, w.runs(w.ana, w.guild.Channel("general"), "/ticket reopen", discordtest.Args{"number": int(v.Number)}), "de nouveau ouvert")
	w.until("the thread is open", func() bool { return !th.Archived() && !th.Locked() && th.CanSend(w.ana) })
	ok(t, w.guild.Owner().DeletesChannel(th))
	w.until("it has another one", func() bool {
		s := w.surfaceOf(v.ID)
		return s.State == channel.Ready && s.ExternalID != th.ID().String()
	})
	if s := w.surfaceOf(v.ID); s.Kind != category.InThread {
		t.Errorf("it is a %s", s.Kind)
	}
}

func TestDiscordKeepsTicketsInLineUntilThereIsAPlace(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.shows(category.InThread)
	w.asks(w.ana, "First", "<#")
	taken := w.threads()[0]
	full := w.discord.FailTimes(discordtest.On("POST", "/channels/*/threads"), discordtest.Refuse(400, 160006, "Maximum number of active threads reached"), 99)
	contains(t, w.asks(w.ana, "Second", "position 1"), "n° 2")
	contains(t, w.asks(w.zoe, "Third", "number 2 in line"), "#3")
	general := w.guild.Channel("general")
	contains(t, w.runs(w.zoe, general, "/ticket info", discordtest.Args{"number": 3}), "Place in line")
	if text := w.runs(w.guild.Owner(), general, "/ticket info", discordtest.Args{"number": 3}); !strings.Contains(text, "⚠️") {
		t.Errorf("staff is not told how to mend it: %q", text)
	}
	full.Disarm()
	ok(t, w.guild.Owner().DeletesChannel(w.guild.Text("spare", nil)))
	w.until("both have their place, in order", func() bool {
		all := w.threads()
		return len(all) == 3 && all[1].Name() == "2-second" && all[2].Name() == "3-third"
	})
	if !taken.Exists() {
		t.Error("a ticket lost its place")
	}
	w.see(w.threads()[2], w.zoe.Mention())
}

func TestDiscordUsesThreadsWhereTheGuildIsFull(t *testing.T) {
	w := newGuildWorld(t, nil)
	w.runs(w.ana, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "nothing"})
	for n := len(w.guild.Channels()); n < 500; n++ {
		w.guild.Text(fmt.Sprintf("talk-%d", n), nil)
	}
	w.asks(w.ana, "Help", "<#")
	if n := len(w.threads()); n != 1 {
		t.Errorf("%d threads", n)
	}
	if v := w.ticketIn(w.threads()[0]); w.surfaceOf(v.ID).Kind != category.InThread {
		t.Errorf("the ticket is in a %s", w.surfaceOf(v.ID).Kind)
	}
}

// Discord's own limits, one after the other: no room for a channel, then none for a
// thread either, and then a thread that is archived makes room for who waits.
func TestDiscordGoesFromChannelsToThreadsToALine(t *testing.T) {
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 2*patience, nil)
	general := w.guild.Channel("general")
	for n := len(w.guild.Channels()); n < 500; n++ {
		w.guild.Text(fmt.Sprintf("talk-%d", n), nil)
	}
	w.asks(w.ana, "First", "<#")
	if first := w.ticketIn(w.threads()[0]); w.surfaceOf(first.ID).Kind != category.InThread {
		t.Errorf("the first ticket is in a %s", w.surfaceOf(first.ID).Kind)
	}
	var spare *discordtest.Channel
	for n := 1; n < 1000; n++ {
		var err error
		spare, err = w.max.OpensThread(general, "idle", discordtest.TypePublicThread)
		ok(t, err)
	}
	contains(t, w.asks(w.ana, "Second", "position 1"), "n° 2")
	contains(t, w.runs(w.ana, general, "/ticket info", discordtest.Args{"number": 2}), "Position dans la file")
	if n := len(w.threads()); n != 1 {
		t.Fatalf("%d tickets have a thread", n)
	}
	ok(t, w.guild.Owner().Archives(spare))
	w.until("it has the place that was freed", func() bool { return len(w.threads()) == 2 && w.threads()[1].Name() == "2-second" })
	w.see(w.threads()[1], w.ana.Mention())
}
