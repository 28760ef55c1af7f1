package main

import (
	"flag"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
)

var (
	scaleTickets = flag.Int("bench.tickets", 100_000, "how many tickets BenchmarkTicketPageAtScale compares with 10 000")
	scaleSeeded  = flag.String("bench.seeded", "", "URL of a database that `ticketsys seed` filled, which it takes instead of filling one")
)

// fewTickets is what scale is measured against.
const fewTickets = 10_000

// BenchmarkTicketPageAtScale compares the 25-ticket page of a workspace with a
// great many tickets with that of one with 10 000.
func BenchmarkTicketPageAtScale(b *testing.B) {
	if *scaleSeeded != "" {
		few := "sqlite://" + filepath.Join(benchFolder(b), "few.db")
		if strings.HasPrefix(*scaleSeeded, "postgres") {
			few = sqlstoretest.Postgres(b)
		}
		comparePages(b, *scaleSeeded, 0, few)
		return
	}
	b.Run("sqlite", func(b *testing.B) {
		folder := benchFolder(b)
		comparePages(b, "sqlite://"+filepath.Join(folder, "many.db"), *scaleTickets, "sqlite://"+filepath.Join(folder, "few.db"))
	})
	b.Run("postgres", func(b *testing.B) { comparePages(b, sqlstoretest.Postgres(b), *scaleTickets, sqlstoretest.Postgres(b)) })
}

// comparePages compares two databases, the first of which gets so many tickets.
func comparePages(b *testing.B, many string, tickets int, few string) {
	subject, floor := seededPage(b, many, tickets), seededPage(b, few, fewTickets)
	compete(b, runtime.GOMAXPROCS(0), subject, floor)
}

// seededPage asks for the page of a workspace with so many tickets, as an agent
// who serves every queue.
func seededPage(b *testing.B, databaseURL string, tickets int) contender {
	w := newBenchWorld(b, databaseURL)
	if tickets > 0 {
		w.seeded(tickets)
	}
	server := httptest.NewServer(w.handler())
	b.Cleanup(server.Close)
	token := w.token(w.agent.Member)
	return func(int, int) error { return drain(server.URL, token, pageQuery) }
}

// seeded makes up so many tickets.
func (w *benchWorld) seeded(tickets int) {
	ctx := w.b.Context()
	s, err := w.newSeeding(ctx, w.workspace.ID, seedPlan{tickets: tickets, messages: 5, until: time.Now(), seed: 1})
	w.check(err)
	_, err = s.run(ctx, func(string) {})
	w.check(err)
}

func (w *benchWorld) token(m id.Member) string {
	token, err := w.auth.IssueFor(w.b.Context(), w.workspace.ID, m, access.Role(""), time.Hour, time.Now())
	w.check(err)
	return token
}
