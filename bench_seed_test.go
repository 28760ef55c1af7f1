package main

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

// BenchmarkSeed makes up tickets with five messages each, as `ticketsys seed` does,
// and reports how many are stored in a second, everything by which they are found included.
// -bench.tickets says how many.
func BenchmarkSeed(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { seedScale(b, "sqlite://"+filepath.Join(benchFolder(b), "seed.db")) })
	b.Run("postgres", func(b *testing.B) { seedScale(b, sqlstoretest.Postgres(b)) })
}

func seedScale(b *testing.B, databaseURL string) {
	w := newBenchWorld(b, databaseURL)
	for b.Loop() {
		began := time.Now()
		w.seeded(*scaleTickets)
		b.ReportMetric(float64(*scaleTickets)/time.Since(began).Seconds(), "tickets/s")
	}
}

// BenchmarkSeedBesideServer makes up tickets in a process beside the one that serves, in which
// an agent posts a message every few milliseconds, and reports how long the slowest of these took.
func BenchmarkSeedBesideServer(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { seedBeside(b, "sqlite://"+filepath.Join(benchFolder(b), "seed.db")) })
	b.Run("postgres", func(b *testing.B) { seedBeside(b, sqlstoretest.Postgres(b)) })
}

func seedBeside(b *testing.B, databaseURL string) {
	w := newBenchWorld(b, databaseURL)
	w.open(1)
	beside, err := newApp(b.Context(), Config{DatabaseURL: databaseURL, DataDir: b.TempDir()}, appOptions{Logger: slog.New(slog.DiscardHandler)})
	w.check(err)
	defer beside.Close()
	for b.Loop() {
		slowest, stop := w.posts()
		began := time.Now()
		s, err := beside.newSeeding(b.Context(), w.workspace.ID, seedPlan{tickets: 2000, messages: 5, until: began, seed: 1})
		w.check(err)
		_, err = s.run(b.Context(), func(string) {})
		w.check(err)
		b.ReportMetric(2000/time.Since(began).Seconds(), "tickets/s")
		stop()
		b.ReportMetric(float64(slowest.Load())/1000, "ms-held-up")
	}
}
