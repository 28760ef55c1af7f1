package main

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// benchGuild is the wired program beside a Discord with one guild, in which
// every ticket has its channel.
type benchGuild struct {
	*benchWorld
	discord  *discordtest.Server
	guild    *discordtest.Guild
	people   []*discordtest.Member
	actors   []access.Actor // of the people
	channels []*discordtest.Channel
	whole    bool // durable work is done, too
}

// newBenchGuild makes people, and as many open tickets of theirs, in turn.
func newBenchGuild(b *testing.B, databaseURL string, people, tickets int) *benchGuild {
	b.Helper()
	srv, err := discordtest.Start(discordtest.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(srv.Close)
	g := &benchGuild{discord: srv, guild: srv.Guild("Acme")}
	role := g.guild.Role("Support")
	g.guild.Member("Max", role)
	g.guild.AddBot()
	g.benchWorld = newBenchWorldOf(b, Config{
		DatabaseURL: databaseURL, DiscordToken: srv.Token(), DiscordAPIURL: srv.APIURL(), DiscordGatewayURL: srv.GatewayURL(),
	})
	_, err = g.workspaces.Join(b.Context(), time.Now(), workspace.Place{
		Channel: event.ChannelDiscord, ExternalID: g.guild.ID().String(), Name: "Acme", Locale: "en-US",
	})
	g.check(err)
	for i := range people {
		p := g.guild.Member(fmt.Sprintf("Person %d", i))
		g.people, g.actors = append(g.people, p), append(g.actors, g.arrives(p))
	}
	categories, err := g.categories.List(b.Context(), g.system(), false)
	g.check(err)
	for i := range tickets {
		g.opens(i, categories[0])
	}
	return g
}

func (g *benchGuild) arrives(p *discordtest.Member) access.Actor {
	m, err := g.app.members.Arrive(g.b.Context(), g.system(), member.Arrival{
		Channel: event.ChannelDiscord, ExternalID: p.ID().String(), Name: p.Name(), Locale: "en",
	})
	g.check(err)
	a, err := g.app.members.ActorOf(g.b.Context(), g.system(), m.ID)
	g.check(err)
	return a
}

// opens opens a ticket whose channel is there and empty.
func (g *benchGuild) opens(i int, c *category.Category) {
	call := g.call(g.actors[i%len(g.actors)])
	call.Origin = event.Origin{Channel: event.ChannelDiscord, ExternalID: fmt.Sprintf("interaction:%d", i+1)}
	t, err := g.app.tickets.Open(g.b.Context(), call, ticket.OpenInput{
		Category: c.ID, Subject: fmt.Sprintf("The printer %d is on fire", i), Body: "It began this morning and does not stop.",
	})
	g.check(err)
	ch := g.guild.Text(fmt.Sprintf("ticket-%d", i), nil)
	g.check(g.app.channels.Save(g.b.Context(), g.system(), &channel.Surface{
		Ticket: t.ID, Workspace: t.Workspace, Channel: event.ChannelDiscord, ExternalID: ch.ID().String(),
		State: channel.Ready, Kind: category.InChannel,
	}))
	g.tickets, g.channels = append(g.tickets, t), append(g.channels, ch)
}

// runs runs a part of the program until the benchmark ends.
func (g *benchGuild) runs(part func(ctx context.Context) error) {
	ctx, cancel := context.WithCancel(g.b.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := part(ctx); err != nil && ctx.Err() == nil {
			g.b.Errorf("a part of the program ended: %v", err)
		}
	})
	g.b.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

// runsBot runs the bot alone: durable work waits.
func (g *benchGuild) runsBot() {
	bot, err := g.bot()
	g.check(err)
	g.runs(bot.Run)
}

// runsWhole runs the whole program: HTTP, durable work and the bot.
func (g *benchGuild) runsWhole() {
	l, err := (&net.ListenConfig{}).Listen(g.b.Context(), "tcp", "127.0.0.1:0")
	g.check(err)
	g.whole = true
	g.runs(func(ctx context.Context) error { return g.Run(ctx, l) })
}

// looksAfterChannels does once all the durable work that there is.
func (g *benchGuild) looksAfterChannels() {
	bot, err := g.bot()
	g.check(err)
	for _, t := range g.tickets {
		_, err := bot.Sync(g.b.Context(), g.workspace.ID, t.ID)
		g.check(err)
	}
}

// idle reports whether no channel is to be looked after.
func (g *benchGuild) idle() bool {
	return g.number(`SELECT COUNT(*) FROM jobs WHERE consumer = 'discord' AND claim_at < 9223372036854775807`) == 0
}

// number is what a query of one number finds.
func (g *benchGuild) number(query string, args ...any) (n int) {
	g.check(g.store.Read(g.b.Context()).QueryRow(g.b.Context(), query, args...).Scan(&n))
	return n
}

// soon waits for a condition on what runs beside.
func soon(b *testing.B, what string, cond func() bool) {
	b.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(2 * time.Minute); !cond(); <-look.C {
		if time.Now().After(end) {
			b.Fatalf("waited in vain until %s", what)
		}
	}
}
