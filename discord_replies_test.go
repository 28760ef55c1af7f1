package main_test

import (
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// Who writes while nobody works reads when somebody does, by their own clock.
func TestDiscordTellsWhenSomebodyWorksByTheReadersClock(t *testing.T) {
	w := newGuildWorld(t, nil)
	cats, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(t, err)
	changed := *cats[0]
	changed.Replies = []category.AutomaticReply{{On: category.OutsideHours, Texts: locale.Text{"en": "We are back {{next_opening}}.", "fr": "De retour : {{next_opening}}."}}}
	_, err = w.services.Categories.Save(w.ctx, w.system(), changed)
	ok(t, err)
	contains(t, w.runs(w.guild.Owner(), w.guild.Channel("general"), "/ticket info", nil), "ticket")
	opens := time.Now().UTC().Add(3 * 24 * time.Hour).Truncate(24 * time.Hour).Add(9 * time.Hour)
	hours := sla.NewService(w.store.Hours(), w.store.Queues(), w.store.Categories(), w.store.IDs())
	_, err = hours.ChangeHours(w.ctx, w.as(w.guild.Owner()), sla.Hours{}, func(s *sla.Schedule) error {
		*s = sla.Schedule{Zone: "UTC", Week: []sla.Span{{Day: opens.Weekday(), From: 9 * 60, To: 10 * 60}}}
		return nil
	})
	ok(t, err)
	text := w.see(w.opens(w.ana, "Help"), "De retour").Text()
	found := regexp.MustCompile(`De retour : <t:(\d+):F>\.`).FindStringSubmatch(text)
	if len(found) != 2 || found[1] != strconv.FormatInt(opens.Unix(), 10) {
		t.Errorf("Ana reads %q, want the moment %d", text, opens.Unix())
	}
}
