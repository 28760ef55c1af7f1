package main_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// lengthy has Max reply by the API with a text that stands in several messages.
func (w *guildWorld) lengthy(v *ticket.View) (*ticket.Message, func() []*discordtest.Message) {
	w.t.Helper()
	ch := w.channelOf(v)
	m, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), refOf(v), strings.Repeat("All work and no play makes Jack a dull boy. ", 210))
	ok(w.t, err)
	parts := func() []*discordtest.Message {
		var all []*discordtest.Message
		for _, m := range ch.Messages() {
			if strings.Contains(m.Text(), "a dull boy") {
				all = append(all, m)
			}
		}
		return all
	}
	w.until("all of it stands there", func() bool { return len(parts()) >= 3 && w.isQuiet(v) })
	return m, parts
}

// channelOf gives the ticket's channel.
func (w *guildWorld) channelOf(v *ticket.View) *discordtest.Channel {
	w.t.Helper()
	at := w.surfaceOf(v.ID).ExternalID
	all := w.guild.Channels()
	i := slices.IndexFunc(all, func(ch *discordtest.Channel) bool { return ch.ID().String() == at })
	if i < 0 {
		w.t.Fatal("the ticket has no channel")
	}
	return all[i]
}

// Of a long reply that stands in several messages, none is deleted alone.
func TestDiscordTakesAPartThatIsDeletedForTheWhole(t *testing.T) {
	for name, away := range map[string]bool{"live": false, "while it was away": true} {
		t.Run(name, func(t *testing.T) {
			sqlstoretest.EachURL(t, func(t *testing.T, url string) {
				w := newGuildWorldOn(t, url, 2*patience, nil)
				v := w.ticketIn(w.opens(w.ana, "Help"))
				_, parts := w.lengthy(v)
				if away {
					w.stop()
				}
				ok(t, w.guild.Owner().Deletes(parts()[1]))
				if away {
					w.start()
				}
				w.until("the reply is deleted", func() bool { return slices.Contains(w.talk(v.ID), "reply/staff: (deleted)") })
				w.until("the other parts are gone", func() bool { return len(parts()) == 0 })
				w.quiet(v)
				if n := len(told[event.MessageDeleted](w, v.ID)); n != 1 {
					t.Errorf("the history tells it %d times", n)
				}
			})
		})
	}
}

// What the program itself takes away, since the text got shorter, is no deletion.
func TestDiscordShortensALongReply(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		v := w.ticketIn(w.opens(w.ana, "Help"))
		m, parts := w.lengthy(v)
		_, err := w.services.Tickets.EditMessage(w.ctx, w.as(w.max), refOf(v), m.ID, "Jack is a dull boy.")
		ok(t, err)
		w.until("the rest is gone", func() bool { return len(parts()) == 1 && w.isQuiet(v) })
		_, err = w.ana.Posts(w.channelOf(v), "and then?")
		ok(t, err)
		w.until("all that happened was heard", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: and then?") })
		if !slices.Contains(w.talk(v.ID), "reply/staff: Jack is a dull boy.") || len(told[event.MessageDeleted](w, v.ID)) != 0 {
			t.Errorf("the talk is %q", w.talk(v.ID))
		}
	})
}

// The program ends while it takes the rest of a shortened text away.
func TestDiscordShortensALongReplyAfterARestart(t *testing.T) {
	w := newGuildWorld(t, nil)
	v := w.ticketIn(w.opens(w.ana, "Help"))
	m, parts := w.lengthy(v)
	deletes := discordtest.On("DELETE", "/channels/*/messages/*")
	disarm := w.discord.OnRequest(func(r discordtest.Request) {
		if deletes(r) && r.Phase == discordtest.After {
			w.halt()
		}
	})
	_, err := w.services.Tickets.EditMessage(w.ctx, w.as(w.max), refOf(v), m.ID, "Jack is a dull boy.")
	ok(t, err)
	w.until("a part is gone", func() bool { return w.discord.Count(deletes) > 0 })
	w.stop()
	disarm()
	w.start()
	w.until("the rest is gone", func() bool { return len(parts()) == 1 && w.isQuiet(v) })
	if !slices.Contains(w.talk(v.ID), "reply/staff: Jack is a dull boy.") {
		t.Errorf("the talk is %q", w.talk(v.ID))
	}
}

func TestDiscordFindsDirectMessagesThatChangedMeanwhile(t *testing.T) {
	sqlstoretest.EachURL(t, func(t *testing.T, url string) {
		w := newGuildWorldOn(t, url, 2*patience, nil)
		staff, v := w.talksTo("Help", "message privé")
		dm := w.ana.DM()
		w.see(dm, "Bonjour Ana")
		var said []*discordtest.Message
		for _, text := range []string{"one", "two", "three"} {
			m, err := w.ana.Posts(dm, text)
			ok(t, err)
			w.see(staff, text)
			said = append(said, m)
		}
		w.quiet(v)
		w.stop()
		ok(t, w.ana.Edits(said[0], "one, corrected"))
		ok(t, w.ana.Deletes(said[1]))
		_, err := w.ana.Posts(dm, "four")
		ok(t, err)
		w.start()
		w.see(staff, "four")
		w.see(staff, "one, corrected")
		w.until("what was deleted is taken away where staff is", func() bool { return count(staff, "two") == 0 })
		talk := w.talk(v.ID)
		for _, want := range []string{"reply/requester: one, corrected", "reply/requester: (deleted)", "reply/requester: three", "reply/requester: four"} {
			if !slices.Contains(talk, want) {
				t.Errorf("%q is not in %q", want, talk)
			}
		}
	})
}

// Far more than a page is looked through, too.
func TestDiscordFindsOldDirectMessagesThatChangedMeanwhile(t *testing.T) {
	w := newGuildWorldOn(t, sqlstoretest.SQLite(t), 3*patience, nil)
	_, v := w.talksTo("Help", "message privé")
	dm := w.ana.DM()
	w.see(dm, "Bonjour Ana")
	first, err := w.ana.Posts(dm, "the first")
	ok(t, err)
	second, err := w.ana.Posts(dm, "the second")
	ok(t, err)
	for range longTalk {
		_, err := w.ana.Posts(dm, "more")
		ok(t, err)
	}
	w.until("all was taken in", func() bool { return len(w.messages(v.ID)) >= longTalk+4 })
	w.stop()
	ok(t, w.ana.Edits(first, "the very first"))
	ok(t, w.ana.Deletes(second))
	w.start()
	w.until("what changed is known", func() bool {
		all := w.messages(v.ID)
		return slices.ContainsFunc(all, func(m *ticket.Message) bool { return m.Body == "the very first" }) &&
			slices.ContainsFunc(all, func(m *ticket.Message) bool { return m.ExternalID == second.ID.String() && !m.DeletedAt.IsZero() })
	})
}
