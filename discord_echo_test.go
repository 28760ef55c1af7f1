package main_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/ticket"
)

// A talk in a ticket's channel shows itself: the channel is looked after again when
// something else is to be seen there.
func TestDiscordIsLeftAloneWhilePeopleTalk(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Login")
	tk := w.ticketIn(ch).ID
	heard := func(body string) {
		t.Helper()
		w.until(body+" is heard", func() bool {
			return slices.ContainsFunc(w.talk(tk), func(line string) bool {
				return line == "reply/requester: "+body || line == "reply/staff: "+body
			})
		})
	}
	_, err := w.ana.Posts(ch, "One.")
	ok(t, err)
	heard("One.")
	before := w.looks.Load()
	for _, body := range []string{"Two.", "Three."} {
		_, err := w.ana.Posts(ch, body)
		ok(t, err)
		heard(body)
	}
	if n := w.looks.Load() - before; n != 0 {
		t.Errorf("while the requester went on, the channel was to be looked after %d times", n)
	}
	_, err = w.max.Posts(ch, "I am on it.")
	ok(t, err)
	heard("I am on it.")
	if n := w.looks.Load() - before; n == 0 {
		t.Error("the first answer of staff changes the card, and nobody looks after it")
	}
	w.see(ch, "Ouvert")
	if got := w.ticketIn(ch); got.Status != ticket.Open {
		t.Errorf("the ticket is %s", got.Status)
	}
}
