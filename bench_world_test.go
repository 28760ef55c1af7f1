package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// benchWorld is the wired program with a workspace full of tickets.
type benchWorld struct {
	*app
	b         *testing.B
	workspace *workspace.Workspace
	agent     access.Actor // serves every queue
	members   []access.Actor
	tickets   []*ticket.Ticket
	sqlite    bool
}

func newBenchWorld(b *testing.B, databaseURL string) *benchWorld {
	b.Helper()
	return newBenchWorldOf(b, Config{DatabaseURL: databaseURL})
}

func newBenchWorldOf(b *testing.B, c Config) *benchWorld {
	b.Helper()
	c.DataDir = b.TempDir()
	a, err := newApp(b.Context(), c, appOptions{
		Logger: slog.New(slog.DiscardHandler), Exclusive: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close() })
	w := &benchWorld{app: a, b: b, sqlite: strings.HasPrefix(c.DatabaseURL, "sqlite")}
	w.workspace, err = a.workspaceFor(b.Context(), "")
	w.check(err)
	for i := range 20 {
		w.members = append(w.members, w.enters(fmt.Sprintf("Member %d", i)))
	}
	w.agent = w.enters("Agent")
	w.joinsTeam(w.agent.Member)
	w.agent, err = a.members.ActorOf(b.Context(), w.system(), w.agent.Member)
	w.check(err)
	return w
}

func (w *benchWorld) check(err error) {
	w.b.Helper()
	if err != nil {
		w.b.Fatal(err)
	}
}

func (w *benchWorld) call(a access.Actor) access.Call { return w.callAt(a, time.Now()) }

func (w *benchWorld) callAt(a access.Actor, now time.Time) access.Call {
	return access.Call{Actor: a, Now: now, Origin: event.Origin{Channel: event.ChannelAPI}}
}

func (w *benchWorld) system() access.Call { return w.call(access.System(w.workspace.ID)) }

func (w *benchWorld) enters(name string) access.Actor {
	m, err := w.app.members.Arrive(w.b.Context(), w.system(), member.Arrival{Channel: event.ChannelPlain, ExternalID: name, Name: name, Locale: "en"})
	w.check(err)
	a, err := w.app.members.ActorOf(w.b.Context(), w.system(), m.ID)
	w.check(err)
	return a
}

func (w *benchWorld) joinsTeam(m id.Member) {
	ctx := w.b.Context()
	w.check(w.app.members.SetRole(ctx, w.system(), member.Ref{ID: m}, access.RoleAgent))
	teams, err := w.teams.List(ctx, w.system())
	w.check(err)
	t := *teams[0]
	t.Members = append(t.Members, m)
	_, err = w.teams.Save(ctx, w.system(), team.Team{ID: t.ID, Name: t.Name, Members: t.Members, Queues: t.Queues, Roles: t.Roles})
	w.check(err)
}

// benchPace is how far apart tickets are opened.
const benchPace = 2 * time.Minute

// open fills the workspace with what came until now: every ticket has a requester's
// message and a greeting, half have an assignee, all have two tags.
func (w *benchWorld) open(n int) {
	ctx := w.b.Context()
	categories, err := w.categories.List(ctx, w.system(), false)
	w.check(err)
	for i := range n {
		now := time.Now().Add(-time.Duration(n-i) * benchPace)
		t, err := w.app.tickets.Open(ctx, w.callAt(w.members[i%len(w.members)], now), ticket.OpenInput{
			Category: categories[0].ID, Subject: fmt.Sprintf("The printer %d is on fire", i), Body: "It began this morning and does not stop.",
		})
		w.check(err)
		_, err = w.app.tickets.AddTags(ctx, w.callAt(w.agent, now.Add(20*time.Second)), ticket.Ref{ID: t.ID}, "fire", fmt.Sprintf("floor-%d", i%9))
		w.check(err)
		if i%2 == 0 {
			t, err = w.app.tickets.Claim(ctx, w.callAt(w.agent, now.Add(time.Minute)), ticket.Ref{ID: t.ID})
			w.check(err)
		}
		w.tickets = append(w.tickets, t)
	}
	// What a database does by itself some time after so many rows.
	w.check(w.store.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
		_, err := tx.Exec(ctx, `ANALYZE`)
		return err
	}))
}
