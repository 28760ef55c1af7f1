package main_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// What people write on Discord is read in the helpdesk as they saw it there.
func TestDiscordIsHeardWithoutItsNotation(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	rules := w.guild.Text("règles", nil)
	first, err := w.ana.Posts(ch, fmt.Sprintf("%s or <@&%s>: see <#%s>, <:party:123456789012345678> at <t:1772625600:F>",
		w.max.Mention(), w.support.ID(), rules.ID()))
	ok(t, err)
	want := "reply/requester: @Max or @Équipe Support: see #règles, :party: at 2026-03-04 12:00 UTC"
	w.until("it was taken in", func() bool { return slices.Contains(w.talk(v.ID), want) })

	_, err = w.max.Posts(ch, "I will.", discordtest.ReplyTo(first))
	ok(t, err)
	quoted := "reply/staff: > Ana: @Max or @Équipe Support: see #règles, :party: at 2026-03-04 12:00 UTC\nI will."
	w.until("the answer was taken in", func() bool { return slices.Contains(w.talk(v.ID), quoted) })

	_, err = w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, "Look again, please.")
	ok(t, err)
	_, err = w.ana.Posts(ch, "日本 👍🏽", discordtest.ReplyTo(w.see(ch, "Look again, please.")))
	ok(t, err)
	w.until("the answer to the bot was taken in", func() bool {
		return slices.Contains(w.talk(v.ID), "reply/requester: > Max: Look again, please.\n日本 👍🏽")
	})
}

// Whatever an agent writes through the API, Discord pings nobody for it.
func TestDiscordPingsNobodyForWhatAnAgentWrites(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	text := fmt.Sprintf("@everyone @here %s <@&%s> **look**", w.zoe.Mention(), w.support.ID())
	_, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, text, w.upload("@everyone.txt", "x"))
	ok(t, err)
	if shown := w.see(ch, "@everyone @here"); len(shown.Pinged) != 0 {
		t.Errorf("the message pinged %v", shown.Pinged)
	}
}

// A reply that is longer than Discord takes arrives whole, in order, with its code.
func TestDiscordShowsLongRepliesInParts(t *testing.T) {
	w := newGuildWorld(t, nil)
	ch := w.opens(w.ana, "Help")
	v := w.ticketIn(ch)
	text := "First.\n```go\n" + strings.Repeat("func main() { println(1) }\n", 250) + "```\nLast."
	_, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), ticket.Ref{ID: v.ID}, text)
	ok(t, err)
	w.see(ch, "Last.")
	lines := 0
	for _, m := range ch.Messages() {
		if n := strings.Count(m.Text(), "func main() { println(1) }\n"); n > 0 {
			lines += n
			if strings.Count(m.Text(), "```") != 2 {
				t.Errorf("a part has an open block: %q", m.Text())
			}
		}
	}
	if lines != 250 {
		t.Errorf("%d lines arrived", lines)
	}
}
