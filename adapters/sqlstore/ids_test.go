package sqlstore_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

// TestIDsNeverCollide makes identifiers in several processes and goroutines in
// the same millisecond, far more than it holds.
func TestIDsNeverCollide(t *testing.T) {
	frozen := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	sqlstoretest.EachURL(t, func(t *testing.T, databaseURL string) {
		const processes, goroutines, each = 3, 4, 5000
		var mu sync.Mutex
		seen := make(map[int64]bool, processes*goroutines*each)
		var group sync.WaitGroup
		for range processes {
			s := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: func() time.Time { return frozen }})
			next := s.IDs()
			for range goroutines {
				group.Go(func() {
					mine := make([]int64, each)
					for i := range mine {
						mine[i] = next()
						if i > 0 && mine[i] <= mine[i-1] || mine[i] <= 0 {
							t.Errorf("identifier %d after %d", mine[i], mine[max(i-1, 0)])
							return
						}
					}
					mu.Lock()
					defer mu.Unlock()
					for _, n := range mine {
						seen[n] = true
					}
				})
			}
		}
		group.Wait()
		if len(seen) != processes*goroutines*each {
			t.Errorf("%d different identifiers of %d", len(seen), processes*goroutines*each)
		}
	})
}

func TestIDsGrowWhenTheClockGoesBack(t *testing.T) {
	databaseURL := sqlstoretest.SQLite(t)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: func() time.Time { return now }})
	next := s.IDs()
	before := next()
	now = now.Add(-time.Hour)
	for range 5000 {
		after := next()
		if after <= before {
			t.Fatalf("identifier %d after %d", after, before)
		}
		before = after
	}
	// A restart with the clock set back makes none of the old ones again.
	again := sqlstoretest.Open(t, sqlstore.Options{URL: databaseURL, Now: func() time.Time { return now.Add(time.Hour) }})
	if first := again.IDs()(); first&nodeMask == before&nodeMask {
		t.Errorf("identifiers %d and %d are of the same node", first, before)
	}
}

// nodeMask covers the bits that tell processes apart.
const nodeMask = (1<<11 - 1) << 11

func TestIDsFollowTheClock(t *testing.T) {
	now := time.Date(2094, 9, 1, 0, 0, 0, 0, time.UTC)
	s := sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: func() time.Time { return now }})
	if n := s.IDs()(); n <= 0 || n>>22 != now.Sub(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)).Milliseconds() {
		t.Errorf("identifier %d does not hold its time", n)
	}
}
