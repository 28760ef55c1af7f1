package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

const (
	fleetGuilds  = 1000
	fleetTickets = 50 // open, of each guild
	fleetPeople  = 10 // of each guild, beside two agents
	fleetMakers  = 12
)

// fleet is a Discord with many guilds, and the database of a program that has
// been in all of them for a while: every ticket's channel is as it should be.
type fleet struct {
	b           *testing.B
	discord     *discordtest.Server
	folder      string
	databaseURL string
	guilds      []*fleetGuild
}

type fleetGuild struct {
	*fleet
	guild    *discordtest.Guild
	agents   []*discordtest.Member
	people   []*discordtest.Member // the requesters of the tickets, in turn
	channels []*discordtest.Channel
}

func newFleet(b *testing.B) *fleet {
	b.Helper()
	srv, err := discordtest.Start(discordtest.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(srv.Close)
	folder := benchFolder(b)
	f := &fleet{b: b, discord: srv, folder: folder, databaseURL: "sqlite://" + filepath.Join(folder, "fleet.db")}
	a, err := newApp(b.Context(), f.config(), appOptions{Logger: slog.New(slog.DiscardHandler), Exclusive: true})
	f.check(err)
	bot, err := a.bot()
	f.check(err)
	var making errgroup.Group
	making.SetLimit(fleetMakers)
	for i := range fleetGuilds {
		g := f.founds(i)
		f.guilds = append(f.guilds, g)
		making.Go(func() error { return g.furnish(b.Context(), a, bot) })
	}
	f.check(making.Wait())
	f.check(a.store.Index(b.Context(), time.Now())) // as it is where the program ran
	f.check(a.Close())
	return f
}

func (f *fleet) config() Config {
	return Config{
		DatabaseURL: f.databaseURL, DataDir: filepath.Join(f.folder, "files"),
		DiscordToken: f.discord.Token(), DiscordAPIURL: f.discord.APIURL(), DiscordGatewayURL: f.discord.GatewayURL(),
	}
}

func (f *fleet) check(err error) {
	f.b.Helper()
	if err != nil {
		f.b.Fatal(err)
	}
}

func (f *fleet) founds(i int) *fleetGuild {
	g := &fleetGuild{fleet: f, guild: f.discord.Guild(fmt.Sprintf("Guild %d", i))}
	role := g.guild.Role("Support")
	for n := range 2 {
		g.agents = append(g.agents, g.guild.Member(fmt.Sprintf("Agent %d", n), role))
	}
	for n := range fleetPeople {
		g.people = append(g.people, g.guild.Member(fmt.Sprintf("Person %d", n)))
	}
	g.guild.AddBot()
	return g
}

// furnish gives the guild its workspace, and that its tickets, with channels.
func (g *fleetGuild) furnish(ctx context.Context, a *app, bot *discord.Adapter) error {
	w, err := a.workspaces.Join(ctx, time.Now(), workspace.Place{
		Channel: event.ChannelDiscord, ExternalID: g.guild.ID().String(), Name: g.guild.Name(), Locale: "en-US",
	})
	if err != nil {
		return err
	}
	system := access.Call{Actor: access.System(w.ID), Now: time.Now(), Origin: event.Origin{Channel: event.ChannelDiscord}}
	if err := g.bind(ctx, a, system); err != nil {
		return err
	}
	var actors []access.Actor
	for _, m := range slices.Concat(g.agents, g.people) {
		actor, err := g.arrives(ctx, a, system, m)
		if err != nil {
			return err
		}
		actors = append(actors, actor)
	}
	categories, err := a.categories.List(ctx, system, false)
	if err != nil {
		return err
	}
	for i := range fleetTickets {
		call := system
		call.Actor, call.Origin.ExternalID = actors[len(g.agents)+i%len(g.people)], fmt.Sprintf("interaction:%s%d", g.guild.ID(), i)
		t, err := a.tickets.Open(ctx, call, ticket.OpenInput{
			Category: categories[0].ID, Subject: fmt.Sprintf("The printer %d is on fire", i), Body: "It began this morning and does not stop.",
		})
		if err != nil {
			return err
		}
		if err := g.place(ctx, a, bot, w.ID, t.ID); err != nil {
			return err
		}
	}
	return a.channels.Seen(ctx, system, event.ChannelDiscord, g.seen()...)
}

// seen is all that stands in the guild's channels: what the bot says, it hears.
func (g *fleetGuild) seen() []channel.Sight {
	all := make([]channel.Sight, len(g.channels))
	for i, ch := range g.channels {
		all[i] = channel.Sight{ExternalID: ch.ID().String(), SeenID: ch.Last().ID.String()}
	}
	return all
}

// place gives a ticket its channel.
func (g *fleetGuild) place(ctx context.Context, a *app, bot *discord.Adapter, w id.Workspace, t id.Ticket) error {
	if _, err := bot.Sync(ctx, w, t); err != nil {
		return err
	}
	s, err := a.channels.Of(ctx, access.Call{Actor: access.System(w)}, t, event.ChannelDiscord)
	if err != nil {
		return err
	}
	var ch discordtest.ID
	if _, err := fmt.Sscan(s.ExternalID, (*uint64)(&ch)); err != nil {
		return fmt.Errorf("a ticket got no channel: %s, %w", s.Detail, err)
	}
	g.channels = append(g.channels, g.discord.ChannelByID(ch))
	return nil
}

// bind lets the guild's role stand for the team.
func (g *fleetGuild) bind(ctx context.Context, a *app, system access.Call) error {
	teams, err := a.teams.List(ctx, system)
	if err != nil {
		return err
	}
	role := team.Role{Channel: event.ChannelDiscord, ExternalID: g.guild.Roles()[0].ID().String()}
	return a.teams.Bind(ctx, system, teams[0].ID, 0, role)
}

func (g *fleetGuild) arrives(ctx context.Context, a *app, system access.Call, p *discordtest.Member) (access.Actor, error) {
	no, as := false, member.Arrival{Channel: event.ChannelDiscord, ExternalID: p.ID().String(), Name: p.Name(), Locale: "en", Roles: []string{}}
	as.Admin = &no
	if role := g.guild.Roles()[0]; p.Has(role) {
		as.Roles = append(as.Roles, role.ID().String())
	}
	m, err := a.members.Arrive(ctx, system, as)
	if err != nil {
		return access.Actor{}, err
	}
	return a.members.ActorOf(ctx, system, m.ID)
}
