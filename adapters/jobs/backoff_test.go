package jobs_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/adapters/jobs"
)

func TestBackoffDoublesUpToFiveMinutes(t *testing.T) {
	for attempt, want := range map[int]time.Duration{
		1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 9: 256 * time.Second,
		10: 5 * time.Minute, 1000: 5 * time.Minute,
	} {
		if got := jobs.Backoff(attempt, 1); got != want {
			t.Errorf("the ceiling after %d failures is %v, want %v", attempt, got, want)
		}
	}
}

func TestBackoffIsAnyPartOfItsCeiling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempt := rapid.IntRange(1, 1<<30).Draw(t, "attempt")
		random := rapid.Float64Range(0, 0.999999).Draw(t, "random")
		got, ceiling := jobs.Backoff(attempt, random), jobs.Backoff(attempt, 1)
		if got < 0 || got >= ceiling || ceiling > 5*time.Minute {
			t.Fatalf("waits %v under a ceiling of %v", got, ceiling)
		}
	})
}
