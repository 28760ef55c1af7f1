package main_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestDiscordLearnsWhatWasEditedAndDeletedMeanwhile(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	kept, err := w.ana.Posts(ch, "the frist word")
	ok(t, err)
	slip, err := w.ana.Posts(ch, "my password")
	ok(t, err)
	w.until("both were taken in", func() bool { return len(w.talk(v.ID)) == 4 })
	w.stop()
	ok(t, w.ana.Edits(kept, "the first word"))
	ok(t, w.ana.Deletes(slip))
	w.start()
	w.until("the edit and the deletion are known", func() bool {
		said := w.talk(v.ID)
		return slices.Contains(said, "reply/requester: the first word") && slices.Contains(said, "reply/requester: (deleted)")
	})
	w.stop()
	w.start()
	_, err = w.ana.Posts(ch, "again")
	ok(t, err)
	w.until("the ticket goes on", func() bool { return len(w.talk(v.ID)) == 5 })
}

func TestDiscordKeepsWhatItMayNotReadAnyMore(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	_, err := w.ana.Posts(ch, "still there")
	ok(t, err)
	w.until("it was taken in", func() bool { return len(w.talk(v.ID)) == 3 })
	w.stop()
	reads := discordtest.On("GET", "/channels/*/messages")
	before := w.discord.Count(reads)
	ok(t, w.guild.Owner().SetsOverwrite(ch, discordtest.Overwrite{
		ID: w.discord.BotID(), Type: 1, Allow: discordtest.PermViewChannel, Deny: discordtest.PermReadHistory,
	}))
	w.start()
	w.until("the channel was read", func() bool { return w.discord.Connected() == 1 && w.discord.Count(reads) > before })
	_, err = w.ana.Posts(ch, "later")
	ok(t, err)
	w.until("the ticket goes on", func() bool { return len(w.talk(v.ID)) == 4 })
	if said := w.talk(v.ID); !slices.Contains(said, "reply/requester: still there") {
		t.Errorf("what the bot may not read was taken for deleted: %q", said)
	}
}

// A form whose answer was lost stays open, and is sent again.
func TestDiscordOpensOneTicketFromOneForm(t *testing.T) {
	w := newGuildWorld(t, nil)
	form := w.ana.Runs(w.ctx, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "Support"})
	ok(t, form.Wait(w.ctx))
	filled := discordtest.Values{"subject": "Help", "body": "It broke."}
	for range 2 {
		_, err := form.Submit(w.ctx, filled).WaitFor(w.ctx, "<#")
		ok(t, err)
	}
	if n := len(w.guild.Channels()); w.guild.Channel("2-help") != nil {
		t.Errorf("one form opened two tickets, there are %d channels", n)
	}
	v, err := w.services.Tickets.ByNumber(w.ctx, w.system(), 1)
	ok(t, err)
	if v.MessageCount != 2 {
		t.Errorf("the ticket has %d messages, want what was asked and the greeting", v.MessageCount)
	}
}

func TestDiscordTakesInWhatWasWrittenBeforeTheTicketWasClosed(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.runs(w.max, ch, "/ticket claim", nil)
	w.quiet(v)
	w.discord.ForgetSessions()
	end := w.discord.Outage()
	_, err := w.ana.Posts(ch, "one more thing")
	ok(t, err)
	_, err = w.services.Tickets.Resolve(w.ctx, w.as(w.max), refOf(v))
	ok(t, err)
	_, err = w.services.Tickets.Close(w.ctx, w.as(w.max), refOf(v))
	ok(t, err)
	end()
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: one more thing") })
	if now := w.ticketIn(ch); now.Status != ticket.Closed {
		t.Errorf("the ticket is %s", now.Status)
	}
	w.quiet(v)
	if n := count(ch, "one more thing"); n != 1 {
		t.Errorf("it stands there %d times", n)
	}
}
