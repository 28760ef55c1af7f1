package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

var (
	faultAll   = flag.Bool("fault.all", false, "live a ticket's life with every fault at every point of it, not with a sample of them")
	faultSeed  = flag.Uint64("fault.seed", 0, "pick the sample of faults by this number; 0: by the clock")
	faultAt    = flag.String("fault.at", "", "live it with the faults whose name has this in it")
	faultShare = shareFlag("fault.share", "of the faults that the others choose, live it with those of this share, such as 2/4, the second of four")
)

// How many cells an ordinary run tries, and how many at a time: they mostly wait.
const (
	faultsSQLite   = 24
	faultsPostgres = 8
	faultsAtOnce   = 8
)

// atOnce is how many lives go on at a time on SQLite: what -parallel says, if that is more.
func atOnce() int {
	asked, err := strconv.Atoi(flag.Lookup("test.parallel").Value.String())
	if err != nil {
		return faultsAtOnce
	}
	return max(asked, faultsAtOnce)
}

// cell is one kind of fault at one point of a ticket's life.
type cell struct {
	spot
	kind discordtest.FaultKind
}

func (c cell) String() string { return c.spot.String() + "/" + c.kind.Name }

// heartbeat is Discord's interval of them: short where one is to be missed.
func (c cell) heartbeat() time.Duration {
	if strings.Contains(c.kind.Name, "heartbeat") || strings.Contains(c.kind.Name, "zombie") {
		return pulse
	}
	return 0
}

// TestFaults lives the life of a ticket once for each cell: each kind of fault
// that Discord and the way to it have, at each request that the program makes
// and each event that it is sent. People do as in TestKill. In the end they
// must find what they find after a life without faults: the same history, the
// same channels, the same messages in them; nothing is lost, nothing is there twice.
func TestFaults(t *testing.T) {
	want, spots := lifeWithoutFaults(t)
	cells := matrix(spots)
	t.Logf("%d cells: %d points of %d steps, %d kinds of fault", len(cells), len(spots), len(stepsOf(spots)), len(discordtest.FaultKinds()))
	seed := *faultSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("the sample is that of -fault.seed=%d", seed)
	dice := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a sample, not a secret
	t.Run("sqlite", func(t *testing.T) {
		faultEach(t, sqlstoretest.SQLite, want, picked(dice, cells, faultsSQLite), atOnce())
	})
	t.Run("postgres", func(t *testing.T) {
		sqlstoretest.Postgres(t)
		faultEach(t, sqlstoretest.Postgres, want, picked(dice, cells, faultsPostgres), faultsAtOnce) // more want more connections than a server takes
	})
}

// lifeWithoutFaults gives what people find, and the spots that were passed.
func lifeWithoutFaults(t *testing.T) (string, []spot) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), faultyTime)
	defer cancel()
	f := newFaulty(ctx, t, sqlstoretest.SQLite(t), discordtest.Options{AckTime: unhurried})
	f.rest(ctx)
	f.strict = true
	p := newPassing(f.discord)
	for _, a := range told() {
		p.enters(a.name)
		if err := a.do(f.story, ctx); err != nil {
			t.Fatalf("a life without a fault: %s: %v\n%s", a.name, err, f.log)
		}
		if !unfinished(a.name) {
			f.rest(ctx)
		}
	}
	got, err := f.settled(ctx, "")
	if err != nil {
		t.Fatalf("a life without a fault: %v\n%s", err, f.log)
	}
	spots := p.leaves()
	if err := f.over(got); err != nil {
		t.Fatal(err)
	}
	return got, spots
}

// matrix is every kind of fault at every spot where it can strike.
func matrix(spots []spot) []cell {
	var cells []cell
	for _, m := range spots {
		for _, k := range discordtest.FaultKinds() {
			if k.Gateway == (m.event != "") {
				cells = append(cells, cell{m, k})
			}
		}
	}
	return cells
}

func stepsOf(spots []spot) []string {
	var steps []string
	for _, m := range spots {
		steps = append(steps, m.step)
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}

// picked are the cells that this run tries.
func picked(dice *rand.Rand, cells []cell, sample int) []cell {
	if *faultAll || *faultAt != "" {
		cells = slices.DeleteFunc(slices.Clone(cells), func(c cell) bool { return !strings.Contains(c.String(), *faultAt) })
		return part(*faultShare, cells)
	}
	cells = slices.Clone(cells)
	dice.Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
	return part(*faultShare, cells[:min(sample, len(cells))])
}

// faultEach lives a life for each of the cells, some of them at a time.
func faultEach(t *testing.T, database func(testing.TB) string, want string, cells []cell, most int) {
	t.Helper()
	var struck atomic.Int64
	var all sync.WaitGroup
	places := make(chan struct{}, most)
	for _, c := range cells {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			t.Run(c.String(), func(t *testing.T) {
				if faultOnce(t, database(t), want, c) {
					struck.Add(1)
				}
			})
		})
	}
	all.Wait()
	t.Logf("%d cells were tried; %d of the faults struck", len(cells), struck.Load())
}

// faultOnce lives a life with one fault; false when it did not strike.
func faultOnce(t *testing.T, databaseURL, want string, c cell) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), faultyTime)
	defer cancel()
	f := newFaulty(ctx, t, databaseURL, discordtest.Options{HeartbeatInterval: c.heartbeat()})
	fail := func(err error) {
		t.Helper()
		t.Fatalf("%v\n%s\n%s", err, f.places(), f.log)
	}
	hits := func() int { return 0 }
	for _, a := range told() {
		if a.name == c.act {
			f.rest(ctx)
			armed := c.kind.Arm(f.discord, c.point())
			defer armed.Disarm()
			hits = armed.Hits
			if c.kind.Lasts {
				go f.passes(ctx, armed)
			}
		}
		if err := a.do(f.story, ctx); err != nil {
			fail(fmt.Errorf("%s: %w", a.name, err))
		}
	}
	got, err := f.settled(ctx, want)
	if err != nil {
		fail(err)
	}
	if got != want {
		fail(fmt.Errorf("people find something else than after a life without faults:\n%s", difference(got, want)))
	}
	if err := f.over(got); err != nil {
		fail(err)
	}
	return hits() > 0
}
