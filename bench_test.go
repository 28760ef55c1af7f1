package main

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

// The figures are ratios: a thing and what it is measured against take turns in
// one run, so that a slow moment of the machine slows both. Each benchmark
// reports the median of its rounds; README.md has them, .ci/bench takes them.

// benchRounds is how many times the two take turns, benchTurn how long each.
const (
	benchRounds = 41
	benchTurn   = 80 * time.Millisecond
)

// contender is a thing that is done again and again; worker tells which of the
// concurrent ones does it.
type contender func(worker, i int) error

// compete lets two contenders take turns and reports the rate of each, and what
// part of the floor's rate the first reaches.
func compete(b *testing.B, workers int, subject, floor contender) {
	b.Helper()
	var rates, floors, ratios []float64
	for b.Loop() {
		rates, floors, ratios = nil, nil, nil
		turn(b, workers, subject)
		turn(b, workers, floor)
		for range benchRounds {
			s, f := turn(b, workers, subject), turn(b, workers, floor)
			rates, floors, ratios = append(rates, s), append(floors, f), append(ratios, s/f)
		}
	}
	b.ReportMetric(median(rates), "subject/s")
	b.ReportMetric(median(floors), "floor/s")
	b.ReportMetric(100*median(ratios), "%-of-floor")
}

// turn gives the rate of a contender, per second.
func turn(b *testing.B, workers int, do contender) float64 {
	b.Helper()
	var done atomic.Int64
	var failed atomic.Pointer[error]
	began := time.Now()
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for i := 0; time.Since(began) < benchTurn && failed.Load() == nil; i++ {
				if err := do(worker, i); err != nil {
					failed.Store(&err)
				}
				done.Add(1)
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
	return float64(done.Load()) / time.Since(began).Seconds()
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// eachStore runs a benchmark on both stores, in memory as far as the machine
// has a file system there: SQLite in benchFolder, PostgreSQL wherever its URL says.
func eachStore(b *testing.B, run func(b *testing.B, databaseURL string)) {
	b.Run("sqlite", func(b *testing.B) { run(b, "sqlite://"+filepath.Join(benchFolder(b), "bench.db")) })
	b.Run("postgres", func(b *testing.B) { run(b, sqlstoretest.Postgres(b)) })
}

// memoryFolder is where Linux keeps files in memory.
const memoryFolder = "/dev/shm"

func benchFolder(b *testing.B) string {
	b.Helper()
	if _, err := os.Stat(memoryFolder); err != nil {
		return b.TempDir()
	}
	folder, err := os.MkdirTemp(memoryFolder, "ticketsys-bench-") //nolint:usetesting // the test's own folder may be on a disk
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}
