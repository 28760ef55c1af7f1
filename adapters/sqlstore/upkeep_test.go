package sqlstore_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

func TestMaintenanceForgetsOnlyLeasesThatEndedLongAgo(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		ctx, now := t.Context(), time.Now()
		for name, until := range map[string]time.Time{"old": now.Add(-48 * time.Hour), "held": now.Add(time.Hour)} {
			if ok, err := s.Acquire(ctx, name, "first", now.Add(-72*time.Hour), until); !ok || err != nil {
				t.Fatalf("Acquire(%s) = %t, %v", name, ok, err)
			}
		}
		if err := s.Maintain(ctx, now); err != nil {
			t.Fatalf("Maintain: %v", err)
		}
		// At a moment when the old lease had not ended, only a forgotten one can be had.
		before := now.Add(-60 * time.Hour)
		if ok, err := s.Acquire(ctx, "old", "second", before, now); !ok || err != nil {
			t.Errorf("the old lease is still remembered: %t, %v", ok, err)
		}
		if ok, err := s.Acquire(ctx, "held", "second", before, now); ok || err != nil {
			t.Errorf("the held lease was forgotten: %t, %v", ok, err)
		}
	})
}
