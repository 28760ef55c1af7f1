package main_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// told fails unless the record tells of changes that somebody made on Discord.
func (w *guildWorld) told(by *discordtest.Member, want ...string) {
	w.t.Helper()
	who, err := w.services.Members.ByIdentity(w.ctx, w.system(), event.ChannelDiscord, by.ID().String())
	ok(w.t, err)
	w.toldOf(who.ID, want...)
}

// toldOf is told of a member.
func (w *guildWorld) toldOf(who id.Member, want ...string) {
	w.t.Helper()
	found, err := audit.NewService(w.store.Audit()).Page(w.ctx, w.system(), query.Query{}, page.Request{First: page.MaxSize})
	ok(w.t, err)
	var lines []string
	for _, e := range found.Items {
		if e.Actor != who || e.Channel != event.ChannelDiscord {
			continue
		}
		line := []string{string(e.Action), string(e.Object.Kind)}
		for _, c := range e.Changes {
			line = append(line, fmt.Sprintf("%s%v→%v", c.Field, c.Before.Items, c.After.Items))
		}
		lines = append(lines, strings.Join(line, " "))
	}
	for _, line := range want {
		if !slices.Contains(lines, line) {
			w.t.Errorf("the record does not tell %q, but %q", line, lines)
		}
	}
}
