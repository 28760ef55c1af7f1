package main_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/id"
)

// unseen counts the marks of messages that were never seen.
func (w *guildWorld) unseen(t id.Ticket) int {
	w.t.Helper()
	n := 0
	for _, line := range w.talk(t) {
		if strings.HasPrefix(line, "note/") && strings.Contains(line, "supprimé avant que le support ne l’ait vu") {
			n++
		}
	}
	return n
}

// What was seen leaves no mark, though it is deleted before its channel was read.
func TestDiscordMarksNothingThatItSaw(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	w.quiet(v)
	w.stop()
	m, err := w.ana.Posts(ch, "a slip")
	ok(t, err)
	reads := discordtest.On("GET", "/channels/"+ch.ID().String()+"/messages")
	first := true
	defer w.discord.OnRequest(func(r discordtest.Request) {
		if !reads(r) || r.Phase != discordtest.Before || !first {
			return
		}
		first = false
		c := w.arriving(w.ana) // another process heard of it
		c.Origin.ExternalID = m.ID.String()
		if _, err := w.services.Tickets.Reply(w.ctx, c, refOf(v), "a slip"); err != nil {
			t.Error(err)
		}
		if err := w.ana.Deletes(m); err != nil {
			t.Error(err)
		}
	})()
	w.start()
	_, err = w.ana.Posts(ch, "after")
	ok(t, err)
	w.until("what is said is taken in, and the deletion too", func() bool {
		return slices.Contains(w.talk(v.ID), "reply/requester: after") && slices.Contains(w.talk(v.ID), "reply/requester: (deleted)")
	})
	if n := w.unseen(v.ID); n != 0 {
		t.Errorf("there are %d marks", n)
	}
}

// What was written and deleted while nobody listened leaves a mark where Discord
// tells that there was something.
func TestDiscordMarksWhatItNeverSaw(t *testing.T) {
	for name, happens := range map[string]func(*guildWorld, *discordtest.Channel){
		"the last message": func(w *guildWorld, ch *discordtest.Channel) {
			m, err := w.ana.Posts(ch, "a slip")
			ok(w.t, err)
			ok(w.t, w.ana.Deletes(m))
		},
		"one that was answered": func(w *guildWorld, ch *discordtest.Channel) {
			m, err := w.ana.Posts(ch, "a slip")
			ok(w.t, err)
			_, err = w.max.Posts(ch, "What do you mean?", discordtest.ReplyTo(m))
			ok(w.t, err)
			ok(w.t, w.ana.Deletes(m))
		},
	} {
		t.Run(name, func(t *testing.T) {
			sqlstoretest.EachURL(t, func(t *testing.T, url string) {
				w := newGuildWorldOn(t, url, 2*patience, nil)
				ch := w.opens(w.ana, "Help")
				v := w.ticketIn(ch)
				said, err := w.ana.Posts(ch, "before")
				ok(t, err)
				w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), "reply/requester: before") })
				w.quiet(v)
				w.stop()
				happens(w, ch)
				w.start()
				w.until("there is a mark", func() bool { return w.unseen(v.ID) == 1 })
				w.stop()
				w.start()
				_, err = w.max.Posts(ch, "after", discordtest.ReplyTo(said))
				ok(t, err)
				w.until("what is said is taken in", func() bool {
					return slices.ContainsFunc(w.talk(v.ID), func(l string) bool { return strings.HasSuffix(l, "after") })
				})
				if n := w.unseen(v.ID); n != 1 {
					t.Errorf("there are %d marks", n)
				}
			})
		})
	}
}
