package main_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// reopens takes the work up again through the API.
func (w *guildWorld) reopens(v *ticket.View) {
	w.t.Helper()
	_, err := w.services.Tickets.Reopen(w.ctx, w.as(w.max), refOf(v))
	ok(w.t, err)
}

// blocked waits until a ticket's channel is refused to the bot.
func (w *guildWorld) blocked(v *ticket.View) {
	w.t.Helper()
	w.until("it is recorded what stands in the way", func() bool {
		s := w.surfaceOf(v.ID)
		return s.State == channel.Blocked && s.Detail == "discord.blocked.permission"
	})
}

// Whatever becomes of a ticket while the bot lacks a permission in its channel, the
// channel shows how the ticket stands once that is mended, and nothing of what it
// went through meanwhile.
func TestDiscordShowsHowATicketStandsOnceItsChannelIsMended(t *testing.T) {
	for name, c := range map[string]struct {
		closed bool // before
		steps  []func(*guildWorld, *ticket.View)
	}{
		"reopened and closed again": {true, []func(*guildWorld, *ticket.View){(*guildWorld).reopens, (*guildWorld).closes}},
		"reopened":                  {true, []func(*guildWorld, *ticket.View){(*guildWorld).reopens}},
		"closed and reopened":       {false, []func(*guildWorld, *ticket.View){(*guildWorld).closes, (*guildWorld).reopens}},
		"closed":                    {false, []func(*guildWorld, *ticket.View){(*guildWorld).closes}},
	} {
		t.Run(name, func(t *testing.T) {
			sqlstoretest.EachURL(t, func(t *testing.T, url string) {
				w := newGuildWorldOn(t, url, 2*patience, nil)
				ch := w.opens(w.ana, "Help")
				v := w.ticketIn(ch)
				w.as(w.max)
				w.quiet(v)
				closed := c.closed
				if closed {
					w.closes(v)
					w.see(ch, "Ce ticket est fermé")
					w.quiet(v)
				}
				w.guild.GiveBot(discordtest.BotPermissions &^ (discordtest.PermManageChannels | discordtest.PermManageRoles))
				for _, step := range c.steps {
					step(w, v)
					closed = !closed
					if ch.CanSend(w.ana) == closed {
						w.blocked(v)
					}
				}
				w.guild.GiveBot(discordtest.BotPermissions)
				w.until("the channel shows how the ticket stands", func() bool {
					return w.isQuiet(v) && ch.CanSend(w.ana) != closed && strings.Contains(ch.Last().Text(), "Ce ticket est fermé") == closed
				})
				notices := 0
				if closed {
					notices = 1
				}
				if n := count(ch, "Ce ticket est fermé"); n != notices {
					t.Errorf("the channel says %d times that the ticket is closed", n)
				}
				if closed {
					contains(t, w.clicks(w.ana, ch.Last(), "Rouvrir"), "de nouveau ouvert")
				}
				w.until("people write again", func() bool { return ch.CanSend(w.ana) })
			})
		})
	}
}

// A thread on a message of a ticket's channel is no part of the ticket, whatever
// becomes of it; the message is, as before.
func TestDiscordLeavesAThreadOnAMessageAlone(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		ch := w.opens(w.ana, "Help")
		v := w.ticketIn(ch)
		asked, err := w.ana.Posts(ch, "Why is it red?", discordtest.File("red.txt", []byte("red")))
		ok(t, err)
		w.settledFiles(v.ID, 1)
		aside, err := w.guild.Owner().OpensThreadOn(asked, "aside")
		ok(t, err)
		_, err = w.guild.Owner().Posts(aside, "between us")
		ok(t, err)
		ok(t, w.ana.Edits(asked, "Why is it so red?"))
		_, err = w.ana.Posts(ch, "Anybody?")
		ok(t, err)
		want := []string{"reply/requester: Why is it so red?", "reply/requester: Anybody?"}
		w.until("what is said in the channel is known", func() bool { return strings.HasSuffix(strings.Join(w.talk(v.ID), "\n"), strings.Join(want, "\n")) })
		ok(t, w.guild.Owner().DeletesChannel(aside))
		again, err := w.guild.Owner().OpensThreadOn(asked, "aside again")
		ok(t, err)
		ok(t, w.ana.Deletes(asked)) // the thread stays
		w.until("the message is gone", func() bool { return strings.Contains(strings.Join(w.talk(v.ID), "\n"), "reply/requester: (deleted)") })
		w.stop()
		_, err = w.guild.Owner().Posts(again, "still between us")
		ok(t, err)
		w.start()
		_, err = w.ana.Posts(ch, "Hello?")
		ok(t, err)
		w.until("the talk goes on", func() bool { return strings.HasSuffix(strings.Join(w.talk(v.ID), "\n"), "reply/requester: Hello?") })
		if got := strings.Join(w.talk(v.ID), "\n"); strings.Contains(got, "between us") || !ch.CanSend(w.ana) || w.surfaceOf(v.ID).ExternalID != ch.ID().String() {
			t.Errorf("the ticket stands in %s with the talk %q", w.surfaceOf(v.ID).ExternalID, got)
		}
	})
}

// A ticket that is resolved once more asks anew, where the talk has come to, even
// where the end of the first question could not be shown.
func TestDiscordAsksAnewWhenATicketIsResolvedOnceMore(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	_, err := w.services.Tickets.Resolve(w.ctx, w.as(w.max), refOf(v))
	ok(t, err)
	first := w.see(ch, "marquée comme résolue")
	w.quiet(v)
	w.discord.FailTimes(discordtest.On("PATCH", "/channels/"+ch.ID().String()+"/messages/"+first.ID.String()), discordtest.FailAfter(502), 3)
	_, err = w.ana.Posts(ch, "Not yet") // which reopens it
	ok(t, err)
	w.see(ch, "Le ticket a été repris")
	_, err = w.services.Tickets.Resolve(w.ctx, w.as(w.max), refOf(v))
	ok(t, err)
	w.until("the question stands at the end", func() bool { return strings.Contains(ch.Last().Text(), "marquée comme résolue") })
	w.quiet(v)
	if n := count(ch, "marquée comme résolue"); n != 1 {
		t.Errorf("it is asked %d times", n)
	}
}
