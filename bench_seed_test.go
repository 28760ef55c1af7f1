package main

import (
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
