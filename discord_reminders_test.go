package main_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/category"
)

// reminds has staff and requesters reminded of tickets of a category.
func (w *guildWorld) reminds(name string, r category.Reminders) {
	w.t.Helper()
	cats, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(w.t, err)
	for _, c := range cats {
		if c.Name["en"] == name {
			changed := *c
			changed.Reminders = r
			_, err := w.services.Categories.Save(w.ctx, w.system(), changed)
			ok(w.t, err)
		}
	}
}

// later lets what is due by then happen.
func (w *guildWorld) later(d time.Duration) {
	w.t.Helper()
	ok(w.t, w.services.Tickets.Tick(w.ctx, time.Now().Add(d)))
}

// A reminder pings whose turn it is, and nobody else: the team until somebody has the
// ticket, then them; the requester when they are to answer.
func TestDiscordRemindersPingWhoseTurnItIs(t *testing.T) {
	w := newGuildWorld(t, nil)
	often := category.Reminder{After: time.Hour, Every: time.Hour, Most: 10}
	w.reminds("Support", category.Reminders{Staff: often, Requester: often})
	pings := func(ch *discordtest.Channel, words string, want ...string) {
		t.Helper()
		got := slices.Clone(w.see(ch, words).Pinged)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q pings %q, want %q", words, got, want)
		}
	}
	const waits, asked = "attend toujours une réponse", "attend votre réponse"
	nobodys := w.opens(w.ana, "Nobody’s")
	w.later(time.Hour + time.Second)
	pings(nobodys, waits, "Max")

	max := w.opens(w.ana, "Max’s")
	contains(t, w.runs(w.max, max, "/ticket claim", nil), "yours")
	w.later(time.Hour + time.Second)
	pings(max, waits, "Max")

	answered := w.opens(w.ana, "Answered")
	_, err := w.max.Posts(answered, "Which phone is it?")
	ok(t, err)
	w.until("the answer is heard", func() bool { return len(w.talk(w.ticketIn(answered).ID)) == 3 })
	w.later(time.Hour + time.Second)
	pings(answered, asked, "Ana")
}
