package main

import (
	"context"
	"flag"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

var (
	killAll  = flag.Bool("kill.all", false, "kill the program at every point of the day, not at a sample of them")
	killSeed = flag.Uint64("kill.seed", 0, "pick the sample of points by this number; 0: by the clock")
	killAt   = flag.String("kill.at", "", "kill the program at the points whose name has this in it")

	killShare = shareFlag("kill.share", "of the points that the others choose, kill the program at those of this share, such as 2/4, the second of four")
)

// How many points an ordinary run tries. On PostgreSQL a killed process's leases
// have to run out first.
const (
	sampleSQLite   = 12
	samplePostgres = 4
)

// TestKill kills the program with SIGKILL at points of the demo's day, which has
// the whole life of one more ticket in it, and starts it again at once. In the end people must find what they find after a day
// without a kill: nothing that was acknowledged is lost, nothing is there twice.
//
// What people do meanwhile: who writes in a channel takes for granted that it
// was read. Who gets no answer ("The application did not respond") looks whether
// what they wanted is there, and asks again only if it is not. A form whose
// sending failed stays open, so that it is sent again without looking. A program
// that speaks GraphQL does as people do. "Ticket.sys is thinking…" is no answer yet:
// who still reads it after a while does as if there had been none.
func TestKill(t *testing.T) {
	want, points := dayWithoutKill(t)
	t.Logf("the day has %d points; on PostgreSQL %d", len(points), len(onPostgres(points)))
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("the sample is that of -kill.seed=%d", seed)
	dice := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a sample, not a secret
	t.Run("sqlite", func(t *testing.T) {
		killEach(t, sqlstoretest.SQLite, want, chosen(dice, points, sampleSQLite))
	})
	t.Run("postgres", func(t *testing.T) {
		sqlstoretest.Postgres(t)
		killEach(t, sqlstoretest.Postgres, want, chosen(dice, onPostgres(points), samplePostgres))
	})
}

// dayWithoutKill gives what people find, and the points that were passed.
func dayWithoutKill(t *testing.T) (string, []point) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lifeTime)
	defer cancel()
	database := sqlstoretest.SQLite(t)
	l := newLife(ctx, t, database, point{})
	go l.watch.commits(ctx, strings.TrimPrefix(database, "sqlite://"))
	want, err := l.live(ctx, "")
	if err != nil {
		t.Fatalf("a day without a kill: %v\n%s", err, l.child.log())
	}
	return want, l.watch.points()
}

func onPostgres(points []point) []point {
	var kept []point
	for _, p := range points {
		if !p.onSQLiteOnly() {
			kept = append(kept, p)
		}
	}
	return kept
}

// chosen are the points that this run tries.
func chosen(dice *rand.Rand, points []point, sample int) []point {
	if *killAll || *killAt != "" {
		var kept []point
		for _, p := range points {
			if strings.Contains(p.String(), *killAt) {
				kept = append(kept, p)
			}
		}
		return part(*killShare, kept)
	}
	points = append([]point(nil), points...)
	dice.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
	return part(*killShare, points[:min(sample, len(points))])
}

// killEach lives a day for each of the points.
func killEach(t *testing.T, database func(testing.TB) string, want string, points []point) {
	var struck atomic.Int64
	t.Run("at", func(t *testing.T) {
		for _, p := range points {
			t.Run(p.String(), func(t *testing.T) {
				t.Parallel()
				if killOnce(t, database(t), want, p) {
					struck.Add(1)
				}
			})
		}
	})
	t.Logf("%d points were tried; the program came by %d of them and was killed there", len(points), struck.Load())
}

// killOnce lives a day with one kill; false when the day did not come by the point.
func killOnce(t *testing.T, databaseURL, want string, p point) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lifeTime)
	defer cancel()
	l := newLife(ctx, t, databaseURL, p)
	if path, ok := strings.CutPrefix(databaseURL, "sqlite://"); ok && p.onSQLiteOnly() { // watching takes a good part of a processor
		go l.watch.commits(ctx, path)
	}
	got, err := l.live(ctx, want)
	if err != nil {
		t.Fatalf("%v\n%s", err, l.child.log())
	}
	if got != want {
		t.Errorf("people find something else than after a day without a kill:\n%s\n%s", difference(got, want), l.child.log())
	}
	return l.watch.reached()
}
