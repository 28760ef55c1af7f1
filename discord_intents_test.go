package main_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// unprivileged has Discord grant the bot no privileged intent.
func unprivileged(w *guildWorld) {
	w.discord.Close()
	srv := discordtest.StartFor(w.t, discordtest.Options{
		Now: time.Now, RefuseIntents: discordtest.IntentGuildMembers | discordtest.IntentMessageContent | discordtest.IntentGuildPresences,
	})
	srv.GuardPings(w.t)
	w.discord = srv
	w.guild = srv.Guild("Acme", discordtest.WithLocale("fr"))
	w.support = w.guild.Role("helpers")
	w.ana, w.max = w.guild.Member("Ana", discordtest.Locale("fr")), w.guild.Member("Max", w.support)
	w.guild.AddBot()
}

func TestDiscordWorksWithoutPrivilegedIntents(t *testing.T) {
	w := newGuildWorld(t, unprivileged)
	ch := w.opens(w.ana, "Help")
	if !ch.SeenBy(w.max) {
		t.Error("the team does not see the ticket")
	}
	contains(t, w.runs(w.max, ch, "/ticket claim", nil), "is yours now")
	_, err := w.ana.Posts(ch, "hidden from the bot")
	ok(t, err)
	_, err = w.ana.Posts(ch, w.guild.Bot().Mention()+" can you read this?")
	ok(t, err)
	v := w.ticketIn(ch)
	w.until("the mention was taken in", func() bool {
		return slices.ContainsFunc(w.talk(v.ID), func(s string) bool { return strings.Contains(s, "can you read this?") })
	})
}

// What Discord keeps back from the bot is not what somebody said: an edit after which the
// bot is not mentioned any more leaves the text that was read.
func TestDiscordLosesNoTextWhereAnEditIsKeptBack(t *testing.T) {
	w := newGuildWorld(t, unprivileged)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	card := w.see(ch, "It broke.")
	bot := w.guild.Bot().Mention()
	m, err := w.ana.Posts(ch, bot+" since Monday", discordtest.ReplyTo(card), discordtest.Quietly())
	ok(t, err)
	says := func(words string) bool {
		return slices.ContainsFunc(w.spoken(v), func(s string) bool { return strings.Contains(s, words) })
	}
	w.until("it was read", func() bool { return says("since Monday") })
	ok(t, w.ana.Edits(m, "since Sunday")) // still an answer to the bot that doesn't ping it
	_, err = w.ana.Posts(ch, "unread", discordtest.ReplyTo(card), discordtest.Quietly())
	ok(t, err)
	_, err = w.ana.Posts(ch, "and loud", discordtest.ReplyTo(card))
	ok(t, err)
	w.until("what comes after it was read", func() bool { return says("and loud") })
	if got := w.spoken(v); len(got) != 2 || !says("since Monday") {
		t.Errorf("she said %q", got)
	}
	ok(t, w.ana.Edits(m, bot+" since Sunday"))
	w.until("an edit that the bot may read is read", func() bool { return says("since Sunday") && !says("since Monday") })
}

// Direct messages are told to the bot itself, and so is what staff says to it.
func TestDiscordTalksByDirectMessageWithoutPrivilegedIntents(t *testing.T) {
	w := newGuildWorld(t, unprivileged)
	staff, _ := w.talksTo("Help", "message privé")
	dm, bot := w.ana.DM(), w.guild.Bot().Mention()
	_, err := w.ana.Posts(dm, "Are you there?")
	ok(t, err)
	w.see(staff, "Are you there?")
	_, err = w.max.Posts(staff, "Among ourselves.")
	ok(t, err)
	_, err = w.max.Posts(staff, bot+" Always.")
	ok(t, err)
	w.see(dm, "Always.")
	if count(dm, "Among ourselves.") != 0 {
		t.Error("what the bot may not read was told")
	}
	w.reported("message_content", false)
	w.reported("server_members", false)
	w.until("it is logged how to mend it", func() bool { return w.log.has("the application lacks the message content intent") })
}
