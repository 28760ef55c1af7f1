package main_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/channel/channeltest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/locales"
)

// discordHarness is Discord on a real store. Its bot hears what people do; what
// it does to tickets' channels, it does when the suite asks.
type discordHarness struct {
	ctx      context.Context
	server   *discordtest.Server
	guild    *discordtest.Guild
	lobby    *discordtest.Channel
	people   map[string]*discordtest.Member
	world    tickettest.World
	services discord.Services
	adapter  *discord.Adapter
	join     func() // lets the bot into the guild, once the suite has linked it

	left atomic.Int64 // changes until one fails; at 0 or below none does
	lost atomic.Bool
}

func newDiscordHarness(t *testing.T) *discordHarness {
	t.Helper()
	server := discordtest.StartFor(t, discordtest.Options{Now: time.Now, AckTime: patience})
	server.GuardPings(t)
	s := sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now, Exclusive: true})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	h := &discordHarness{
		ctx: ctx, server: server, guild: server.Guild("Acme"), people: map[string]*discordtest.Member{},
		world: tickettest.World{
			Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
			Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
		},
		services: (&guildWorld{t: t}).serve(s),
	}
	h.lobby = h.guild.Text("lobby", nil)
	h.adapter = h.newAdapter(t, s)
	var running sync.WaitGroup
	h.join = sync.OnceFunc(func() {
		h.guild.AddBot()
		running.Go(func() {
			if err := h.adapter.Run(ctx); err != nil {
				t.Errorf("the adapter ended: %v", err)
			}
		})
	})
	t.Cleanup(func() { cancel(); running.Wait() })
	h.armFailures()
	return h
}

func (h *discordHarness) newAdapter(t *testing.T, s *sqlstore.Store) *discord.Adapter {
	t.Helper()
	catalogue, err := locales.Load()
	ok(t, err)
	a, err := discord.New(discord.Config{
		Token: h.server.Token(), APIURL: h.server.APIURL(), GatewayURL: h.server.GatewayURL(), Version: "test",
		Services: h.services, Leases: s, Signals: s, Catalogue: catalogue, Owner: "one", Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	ok(t, err)
	return a
}

// armFailures lets the change that Breaks named fail: a request that changes
// channels or messages, and not an answer to somebody.
func (h *discordHarness) armFailures() {
	strike := func(lost bool) discordtest.Match {
		return func(r discordtest.Request) bool {
			changes := r.Method != "GET" && (strings.Contains(r.Path, "/channels") && !strings.HasSuffix(r.Path, "/users/@me/channels"))
			return changes && h.lost.Load() == lost && h.left.Add(-1) == 0
		}
	}
	const always = 1 << 20
	h.server.FailTimes(strike(false), discordtest.FailBefore(502), always)
	h.server.FailTimes(strike(true), discordtest.FailAfter(502), always)
}

func (h *discordHarness) Breaks(nth int, lost bool) {
	h.lost.Store(lost)
	h.left.Store(int64(nth))
}

func (h *discordHarness) World() tickettest.World { return h.world }
func (h *discordHarness) Channel() event.Channel  { return event.ChannelDiscord }
func (h *discordHarness) Place() string           { return h.guild.ID().String() }

func (h *discordHarness) Port() channel.Port {
	h.join()
	return h.adapter
}

func (h *discordHarness) Enters(_ *testing.T, name string, tag locale.Tag) string {
	m := h.guild.Member(name, discordtest.Locale(string(tag)))
	h.people[m.ID().String()] = m
	return m.ID().String()
}

// until waits for the helpdesk, which hears of Discord a moment later.
func (h *discordHarness) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	(&guildWorld{t: t, ctx: h.ctx}).until(what, holds)
}

func (h *discordHarness) system(w id.Workspace) access.Call {
	return access.Call{Actor: access.System(w), Now: time.Now()}
}

func (h *discordHarness) Opens(t *testing.T, w id.Workspace, person string, c *category.Category, text string) id.Ticket {
	t.Helper()
	h.join()
	who, before := h.people[person], h.newest(t, w)
	in := who.Runs(h.ctx, h.lobby, "/ticket open", discordtest.Args{"category": c.Name["en"]})
	ok(t, in.Wait(h.ctx))
	values := discordtest.Values{}
	for _, f := range in.Modal().Fields {
		if f.CustomID == render.InputBody || f.Required {
			values[f.CustomID] = text
		}
	}
	ok(t, in.Submit(h.ctx, values).Wait(h.ctx))
	h.until(t, "the ticket is there", func() bool { return h.newest(t, w) != before })
	return h.newest(t, w)
}

func (h *discordHarness) newest(t *testing.T, w id.Workspace) id.Ticket {
	t.Helper()
	q := ticket.Query{Order: []query.Order{{Field: ticket.FieldNumber, Descending: true}}}
	found, err := h.services.Tickets.List(h.ctx, h.system(w), q, page.Request{First: 1})
	ok(t, err)
	if len(found.Items) == 0 {
		return 0
	}
	return found.Items[0].ID
}

func (h *discordHarness) channelOf(of id.Ticket) []*discordtest.Channel {
	var all []*discordtest.Channel
	for _, c := range h.guild.Channels() {
		if render.MarkedTicket(c.Topic()) == of {
			all = append(all, c)
		}
	}
	return all
}

func (h *discordHarness) Surfaces(_ *testing.T, of id.Ticket) int { return len(h.channelOf(of)) }

func (h *discordHarness) Writes(t *testing.T, w id.Workspace, in id.Ticket, person, text string) string {
	t.Helper()
	post, err := h.people[person].Posts(h.channelOf(in)[0], text)
	ok(t, err)
	h.until(t, "it was heard", func() bool { return h.heard(w, post.ID.String()) != nil })
	return post.ID.String()
}

func (h *discordHarness) heard(w id.Workspace, post string) *ticket.Message {
	m, err := h.services.Tickets.FromChannel(h.ctx, h.system(w), event.ChannelDiscord, post)
	if err != nil {
		return nil
	}
	return m
}

func (h *discordHarness) post(in id.Ticket, post string) *discordtest.Message {
	for _, m := range h.channelOf(in)[0].Messages() {
		if m.ID.String() == post {
			return m
		}
	}
	return nil
}

func (h *discordHarness) Edits(t *testing.T, w id.Workspace, in id.Ticket, person, post, text string) {
	t.Helper()
	ok(t, h.people[person].Edits(h.post(in, post), text))
	h.until(t, "the edit was heard", func() bool { return h.heard(w, post).Body == text })
}

func (h *discordHarness) Deletes(t *testing.T, w id.Workspace, in id.Ticket, person, post string) {
	t.Helper()
	ok(t, h.people[person].Deletes(h.post(in, post)))
	h.until(t, "the deletion was heard", func() bool { return !h.heard(w, post).DeletedAt.IsZero() })
}

func (h *discordHarness) Looks(_ *testing.T, in id.Ticket, person string) channeltest.Sight {
	found, who := h.channelOf(in), h.people[person]
	if len(found) == 0 || !found[0].SeenBy(who) {
		return channeltest.Sight{}
	}
	sight := channeltest.Sight{Sees: true, Writes: found[0].CanSend(who)}
	for _, m := range found[0].VisibleTo(who) {
		if line, said := lineOf(m); said {
			sight.Said = append(sight.Said, line)
		}
	}
	return sight
}

// lineOf tells what somebody said from the bot's own furniture: cards and
// questions have buttons or mention people, notices have a title.
func lineOf(m *discordtest.Message) (channeltest.Line, bool) {
	switch {
	case !m.FromBot:
		return channeltest.Line{Author: m.Author, Text: m.Content}, !m.System
	case m.Content != "" || len(m.Components) > 0 || len(m.Embeds) != 1 || m.Embeds[0].Title != "":
		return channeltest.Line{}, false
	case m.Embeds[0].Author != nil:
		return channeltest.Line{Author: m.Embeds[0].Author.Name, Text: m.Embeds[0].Description}, true
	}
	return channeltest.Line{Text: m.Embeds[0].Description}, true
}

func TestDiscordKeepsTheContractOfChannels(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.Harness { return newDiscordHarness(t) })
}
