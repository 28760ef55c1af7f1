package main

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/job"
)

// BenchmarkCommitToStart measures from the return of a transaction's commit to
// the start of the handler that it made necessary.
func BenchmarkCommitToStart(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkStart(b, sqlstoretest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) {
		if os.Getenv(sqlstoretest.PostgresEnv) == "" {
			b.Skipf("%s is not set", sqlstoretest.PostgresEnv)
		}
		benchmarkStart(b, sqlstoretest.Postgres(b))
	})
}

// startsPerRound is enough for a median.
const startsPerRound = 500

func benchmarkStart(b *testing.B, databaseURL string) {
	s := sqlstoretest.Open(b, sqlstore.Options{URL: databaseURL, Now: time.Now, Exclusive: true})
	started := make(chan time.Time)
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx, s, "bench", func(context.Context, job.Claim) (job.Outcome, error) {
			started <- time.Now()
			return job.Outcome{}, nil
		})
	}()
	var waits []time.Duration
	for b.Loop() {
		for range startsPerRound {
			if err := s.Enqueue(b.Context(), job.Key{Consumer: takeoverConsumer, Key: "k"}, time.Now()); err != nil {
				b.Fatal(err)
			}
			committed := time.Now()
			waits = append(waits, (<-started).Sub(committed))
		}
	}
	cancel()
	<-done
	slices.Sort(waits)
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds()), "p99-µs")
}
