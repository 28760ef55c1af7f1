package main_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/tag"
)

// Staff is offered the words of the vocabulary while they type one, and nobody else
// learns of any. A word that the vocabulary calls otherwise by now finds its tag.
func TestDiscordOffersTheVocabulary(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Oven")
	contains(t, w.runs(w.max, ch, "/ticket tag add", discordtest.Args{"word": "Refnud"}), "tag")
	w.runs(w.max, ch, "/ticket tag add", discordtest.Args{"word": "vip"})
	for who, want := range map[*discordtest.Member][]string{w.max: {"Refnud"}, w.ana: nil} {
		in := who.Completes(w.ctx, ch, "/ticket tag remove", discordtest.Args{"word": "REF"}, "word")
		ok(t, in.Wait(w.ctx))
		var offered []string
		for _, c := range in.Choices() {
			offered = append(offered, c.Name)
		}
		if !slices.Equal(offered, want) {
			t.Errorf("%s is offered %q, want %q", who.Name(), offered, want)
		}
	}
	found, err := w.services.Tags.Named(w.ctx, w.system(), "refnud")
	ok(t, err)
	_, err = w.services.Tags.Change(w.ctx, w.system(), found["refnud"].ID, 0, func(t *tag.Tag) { t.Name = "Refund" })
	ok(t, err)
	contains(t, w.runs(w.max, ch, "/ticket info", nil), "Refund, vip")
	w.runs(w.max, ch, "/ticket tag remove", discordtest.Args{"word": "refnud"})
	v, err := w.services.Tickets.Get(w.ctx, w.system(), id.Ticket(w.ticketIn(ch).ID))
	ok(t, err)
	if !slices.Equal(v.Tags, []string{"vip"}) {
		t.Errorf("the tags are %q", v.Tags)
	}
}
