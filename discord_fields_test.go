package main_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// refunds is a category that asks for a value of each type but text.
func (w *guildWorld) refunds() {
	w.t.Helper()
	queues, err := w.services.Queues.List(w.ctx, w.system())
	ok(w.t, err)
	options := []category.Option{
		{Value: "card", Label: locale.Text{"en": "Card", "fr": "Carte"}}, {Value: "cash", Label: locale.Text{"en": "Cash", "fr": "Espèces"}},
	}
	_, err = w.services.Categories.Save(w.ctx, w.system(), category.Category{
		Name: locale.Of("en", "Refunds"), Intent: category.Support, Queue: queues[0].ID, Priority: priority.Normal,
		Form: []category.Field{
			{Key: "paid", Label: locale.Text{"en": "Paid", "fr": "Payé"}, Type: category.Choice, Style: category.Short, Options: options, Required: true},
			{Key: "wanted", Label: locale.Of("en", "Wanted"), Type: category.MultiChoice, Style: category.Short, Options: options},
			{Key: "amount", Label: locale.Of("en", "Amount"), Type: category.Number, Style: category.Short},
			{Key: "day", Label: locale.Of("en", "Day"), Type: category.Date, Style: category.Short},
			{Key: "seller", Label: locale.Of("en", "Seller"), Type: category.Member, Style: category.Short},
			{Key: "risk", Label: locale.Of("en", "Risk"), Style: category.Short, Internal: true},
		},
	})
	ok(w.t, err)
}

// The form on Discord asks for values in the way that suits them, and they are
// the ticket's as if they had come by the API.
func TestDiscordAsksForValuesOfEveryType(t *testing.T) {
	w := newGuildWorld(t, nil)
	general := w.guild.Channel("general")
	ok(t, w.ana.Runs(w.ctx, general, "/ticket open", nil).Wait(w.ctx)) // the helpdesk is there
	w.refunds()
	form := func() *discordtest.Interaction {
		in := w.ana.Runs(w.ctx, general, "/ticket open", discordtest.Args{"category": "Refunds"})
		ok(t, in.Wait(w.ctx))
		return in
	}
	in := form()
	if m := in.Modal(); m == nil || len(m.Fields) != 5 || m.Fields[0].Label != "Payé" || m.Fields[0].Options[1].Label != "Espèces" ||
		m.Fields[3].Placeholder != "AAAA-MM-JJ" || !m.Fields[0].Required || m.Fields[4].Required {
		t.Fatalf("the form is %+v", m)
	}
	wrong := w.answer(in.Submit(w.ctx, discordtest.Values{"paid": "card", "day": "demain"}))
	contains(t, wrong, "2026-03-01")

	in = form().Submit(w.ctx, discordtest.Values{
		"paid": "card", "wanted": []string{"cash", "card"}, "amount": "12,50", "day": "2026-02-28", "seller": w.zoe,
	})
	_, err := in.WaitFor(w.ctx, "<#")
	ok(t, err)
	p, err := w.services.Tickets.List(w.ctx, w.system(), ticket.Query{}, page.Request{})
	ok(t, err)
	answers := p.Items[0].Answers
	var values []string
	for _, a := range answers {
		values = append(values, a.Key+"="+a.Value)
	}
	if want := []string{"paid=Carte", "wanted=Carte, Espèces", "amount=12.5", "day=2026-02-28", "seller=Zoe"}; !slices.Equal(values, want) {
		t.Errorf("the ticket holds %q, want %q", values, want)
	}
	if answers[4].Member == 0 || answers[2].Number != 12.5 || !slices.Equal(answers[1].Options, []string{"card", "cash"}) {
		t.Errorf("for programs it holds %+v", answers)
	}
}

// Staff changes any field after the ticket was opened, its requester those that the
// category lets people change; who may not is refused in the words of the API.
func TestDiscordChangesFieldsAfterwards(t *testing.T) {
	w := newGuildWorld(t, nil)
	general := w.guild.Channel("general")
	ok(t, w.ana.Runs(w.ctx, general, "/ticket open", nil).Wait(w.ctx)) // the helpdesk is there
	w.refunds()
	c, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(t, err)
	refunds := *c[slices.IndexFunc(c, func(c *category.Category) bool { return c.Name["en"] == "Refunds" })]
	refunds.Form = slices.Clone(refunds.Form)
	refunds.Form[1].Editable, refunds.Form[2].Editable = true, true
	_, err = w.services.Categories.Save(w.ctx, w.system(), refunds)
	ok(t, err)
	in := w.ana.Runs(w.ctx, general, "/ticket open", discordtest.Args{"category": "Refunds"})
	ok(t, in.Wait(w.ctx))
	ch := w.linked(in.Submit(w.ctx, discordtest.Values{"paid": "card"}))
	field := func(who *discordtest.Member, args discordtest.Args) string {
		return w.runs(who, ch, "/ticket field", args)
	}
	offers := func(who *discordtest.Member, focused string, args discordtest.Args) []string {
		in := who.Completes(w.ctx, ch, "/ticket field", args, focused)
		ok(t, in.Wait(w.ctx))
		var names []string
		for _, c := range in.Choices() {
			names = append(names, c.Name)
		}
		return names
	}
	for who, want := range map[*discordtest.Member][]string{
		w.max: {"Paid", "Wanted", "Amount", "Day", "Seller", "Risk"}, w.ana: {"Wanted", "Amount"},
	} {
		if got := offers(who, "field", discordtest.Args{"field": ""}); !slices.Equal(got, want) {
			t.Errorf("%s is offered the fields %q, want %q", who.Name(), got, want)
		}
	}
	if got := offers(w.ana, "value", discordtest.Args{"field": "wanted", "value": "Espèces, ca"}); !slices.Equal(got, []string{"Espèces, Carte"}) {
		t.Errorf("offered are %q", got)
	}
	contains(t, field(w.ana, discordtest.Args{"field": "wanted", "value": "Espèces, card"}), "n° 1")
	contains(t, field(w.ana, discordtest.Args{"field": "Amount", "value": "12,5"}), "n° 1")
	forbidden := field(w.ana, discordtest.Args{"field": "risk", "value": "high"})
	if field(w.ana, discordtest.Args{"field": "paid", "value": "cash"}) != forbidden || field(w.ana, discordtest.Args{"field": "nothing", "value": "x"}) != forbidden {
		t.Error("a requester finds out which fields there are")
	}
	contains(t, field(w.max, discordtest.Args{"field": "Risk", "value": "high"}), "#1")
	contains(t, field(w.max, discordtest.Args{"field": "paid", "value": "Cash"}), "#1")
	contains(t, field(w.max, discordtest.Args{"field": "seller", "member": w.zoe}), "#1")
	contains(t, field(w.max, discordtest.Args{"field": "paid", "value": "cheque"}), "cheque")
	contains(t, field(w.max, discordtest.Args{"field": "amount"}), "#1")
	v := w.ticketIn(ch)
	var values []string
	for _, a := range v.Answers {
		values = append(values, a.Key+"="+a.Value)
	}
	if want := []string{"paid=Espèces", "wanted=Carte, Espèces", "seller=Zoe", "risk=high"}; !slices.Equal(values, want) {
		t.Errorf("the ticket holds %q, want %q", values, want)
	}
}

// linked waits for an answer that links a channel.
func (w *guildWorld) linked(in *discordtest.Interaction) *discordtest.Channel {
	w.t.Helper()
	reply, err := in.WaitFor(w.ctx, "<#")
	ok(w.t, err)
	_, link, _ := strings.Cut(reply.Text(), "<#")
	for _, ch := range w.guild.Channels() {
		if strings.HasPrefix(link, ch.ID().String()) {
			return ch
		}
	}
	w.t.Fatalf("the answer links no channel: %q", reply.Text())
	return nil
}
