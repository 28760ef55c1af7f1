package sqlstore

import (
	"fmt"
	"testing"
	"time"
)

func TestDollars(t *testing.T) {
	r := newRebinder()
	for query, want := range map[string]string{
		`SELECT 1`:                       `SELECT 1`,
		`SELECT ?, ? WHERE a = ?`:        `SELECT $1, $2 WHERE a = $3`,
		`SELECT '?', "?", ? || 'it''s?'`: `SELECT '?', "?", $1 || 'it''s?'`,
	} {
		for range 2 {
			if got := r.dollars(query); got != want {
				t.Errorf("%s became %s, want %s", query, got, want)
			}
		}
	}
}

func TestTheRebinderForgetsRatherThanGrows(t *testing.T) {
	r := newRebinder()
	for i := range 2 * rebinderCapacity {
		if got, want := r.dollars(fmt.Sprintf("SELECT %d, ?", i)), fmt.Sprintf("SELECT %d, $1", i); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
	if r.size.Load() != rebinderCapacity {
		t.Errorf("%d texts are kept", r.size.Load())
	}
}

func TestMoments(t *testing.T) {
	for _, moment := range []time.Time{{}, time.Date(2026, 7, 8, 9, 10, 11, 123_456_000, time.UTC)} {
		if got := Moment(Micros(moment)); !got.Equal(moment) || got.Location() != time.UTC {
			t.Errorf("%v came back as %v", moment, got)
		}
	}
}
