package main_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// crashDay opens a ticket through the API's door, answers it, edits, resolves
// and closes it, without anybody who would notice an interaction's failure.
func (w *guildWorld) crashDay() {
	w.t.Helper()
	c := w.as(w.ana)
	c.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: "interaction:1"}
	categories, err := w.services.Categories.List(w.ctx, c, false)
	ok(w.t, err)
	t, err := w.services.Tickets.Open(w.ctx, c, ticket.OpenInput{
		Category: categories[0].ID, Answers: category.Texts(map[string]string{"subject": "Help", "body": "It broke."}),
	})
	ok(w.t, err)
	r := ticket.Ref{ID: t.ID}
	_, err = w.services.Tickets.Claim(w.ctx, w.as(w.max), r)
	ok(w.t, err)
	m, err := w.services.Tickets.Reply(w.ctx, w.as(w.max), r, "same words")
	ok(w.t, err)
	_, err = w.services.Tickets.Reply(w.ctx, w.as(w.max), r, "same words")
	ok(w.t, err)
	_, err = w.services.Tickets.EditMessage(w.ctx, w.as(w.max), r, m.ID, "other words")
	ok(w.t, err)
	_, err = w.services.Tickets.Resolve(w.ctx, w.as(w.max), r)
	ok(w.t, err)
}

// over reports whether all of the day is shown.
func (w *guildWorld) over() bool {
	v, err := w.services.Tickets.ByNumber(w.ctx, w.system(), 1)
	return err == nil && w.isQuiet(v) && w.guild.Channel("1-help").Find("Est-ce réglé ?") != nil
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// settled waits until the day's ticket is shown as it should be, and gives what
// people see.
func (w *guildWorld) settled() []string {
	w.t.Helper()
	v, err := w.services.Tickets.ByNumber(w.ctx, w.system(), 1)
	ok(w.t, err)
	w.quiet(v)
	var seen []string
	for _, ch := range w.guild.Channels() {
		if ch.Type() != discordtest.TypeText || ch.Name() == "general" {
			continue
		}
		w.see(ch, "Est-ce réglé ?")
		seen = append(seen, "#"+ch.Name()+" "+fmt.Sprint(ch.Viewers()))
		for _, m := range ch.Messages() {
			seen = append(seen, strings.Join(strings.Fields(m.Text()), " "))
		}
	}
	return seen
}

// withoutIDs cuts the IDs of mentions, which differ from world to world.
func withoutIDs(lines []string) []string {
	var out []string
	for _, line := range lines {
		for {
			before, rest, found := strings.Cut(line, "<@")
			if !found {
				break
			}
			_, after, _ := strings.Cut(rest, ">")
			line = before + "@someone" + after
		}
		out = append(out, line)
	}
	return out
}

func TestDiscordShowsTheSameAfterAStopAnywhere(t *testing.T) {
	changes := func(r discordtest.Request) bool {
		return r.Method != "GET" && !strings.HasPrefix(r.Path, "/applications") && !strings.HasPrefix(r.Path, "/interactions")
	}
	var total atomic.Int64
	calm := newGuildWorld(t, nil)
	calm.meet()
	calm.discord.OnRequest(func(r discordtest.Request) {
		if changes(r) && r.Phase == discordtest.Before {
			total.Add(1)
		}
	})
	calm.crashDay()
	want := withoutIDs(calm.settled())
	calm.stop()
	type moment struct {
		at    int64
		phase discordtest.Phase
	}
	var moments []moment
	for at := range total.Load() {
		moments = append(moments, moment{at + 1, discordtest.Before}, moment{at + 1, discordtest.After})
	}
	for _, m := range moments {
		t.Run(fmt.Sprintf("request %d phase %d", m.at, m.phase), func(t *testing.T) {
			w := newGuildWorld(t, nil)
			w.meet()
			var n atomic.Int64
			stopped := make(chan struct{})
			w.discord.OnRequest(func(r discordtest.Request) {
				if changes(r) && r.Phase == discordtest.Before {
					n.Add(1)
				}
				if changes(r) && n.Load() == m.at && r.Phase == m.phase && w.halt != nil {
					if n.CompareAndSwap(m.at, 1<<40) {
						w.halt() // the request goes no further for the helpdesk
						close(stopped)
					}
				}
			})
			w.crashDay()
			// Changes that come together may take fewer requests than in the calm world.
			w.until("the moment comes, or the day is over", func() bool { return closed(stopped) || w.over() })
			w.stop()
			w.start()
			if got := withoutIDs(w.settled()); !slices.Equal(got, want) {
				t.Errorf("people see\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// meet makes the people of the day known.
func (w *guildWorld) meet() {
	w.t.Helper()
	w.runs(w.max, w.guild.Channel("general"), "/ticket info", nil)
	w.runs(w.ana, w.guild.Channel("general"), "/ticket info", nil)
}
