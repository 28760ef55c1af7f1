package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Bounds of what can be asked for.
const (
	mostSeedTickets  = 50_000_000
	mostSeedMessages = 200 // per ticket
)

const (
	// seedBatch is how many tickets a transaction stores: enough for its cost not to matter.
	seedBatch = 2000
	// servedSeedBatch is that where a server runs: few enough for others to
	// write in between.
	servedSeedBatch = 100
	// servedSeedMessages is how many messages these have at most, on average.
	servedSeedMessages = 1000
)

// seedProgress is how many tickets are told of at a time.
const seedProgress = 5 * seedBatch

func seedCommand(p process) *cli.Command {
	return &cli.Command{
		Name:  "seed",
		Usage: "fill a workspace with made-up members and tickets, the same ones each time",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "tickets", Usage: "how many `N` to add"},
			&cli.IntFlag{Name: "messages", Usage: "how many a ticket has on average", Value: 5},
			&cli.StringFlag{Name: "workspace", Usage: "`SLUG` of the workspace, when there are several"},
			&cli.TimestampFlag{Name: "until", Usage: "when the last ticket is opened, as `TIME` by RFC 3339; now without it", Config: cli.TimestampConfig{Layouts: []string{time.RFC3339}}},
			&cli.Uint64Flag{Name: "seed", Usage: "`NUMBER` that other tickets come of", Value: 1},
		},
		OnUsageError: usage,
		Action:       p.seed,
	}
}

// seedPlan is what to make.
type seedPlan struct {
	tickets  int
	messages int // average of a ticket
	until    time.Time
	seed     uint64
}

func readSeedPlan(cmd *cli.Command, now time.Time) (seedPlan, error) {
	plan := seedPlan{tickets: cmd.Int("tickets"), messages: cmd.Int("messages"), until: now.UTC(), seed: cmd.Uint64("seed")}
	if cmd.IsSet("until") {
		plan.until = cmd.Timestamp("until").UTC()
	}
	switch {
	case cmd.Args().Present():
		return plan, usageError{message: fmt.Sprintf("seed takes no argument %q", cmd.Args().First())}
	case plan.tickets < 1 || plan.tickets > mostSeedTickets:
		return plan, usageError{message: fmt.Sprintf("--tickets must be from 1 to %d", mostSeedTickets)}
	case plan.messages < 1 || plan.messages > mostSeedMessages:
		return plan, usageError{message: fmt.Sprintf("--messages must be from 1 to %d", mostSeedMessages)}
	case plan.until.Year() < 2000 || plan.until.Year() > 2200:
		return plan, usageError{message: "--until must be a moment from the year 2000 to 2200"}
	}
	return plan, nil
}

func (p process) seed(ctx context.Context, cmd *cli.Command) error {
	plan, err := readSeedPlan(cmd, time.Now())
	if err != nil {
		return err
	}
	// What is made is thrown away at once, and cheaper all together.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	a, err := p.wired(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	w, err := a.workspaceFor(ctx, cmd.String("workspace"))
	if err != nil {
		return err
	}
	s, err := a.newSeeding(ctx, w.ID, plan)
	if err != nil {
		return a.plain(err)
	}
	stored, err := s.run(ctx, func(text string) { fmt.Fprintln(p.Err, text) })
	if err != nil {
		fmt.Fprintf(p.Err, "%d of %d tickets are stored, whole; a running server will find what is in them in time\n", stored, plan.tickets)
		return a.plain(err)
	}
	_, err = fmt.Fprintf(p.Out, "Workspace %s has %d tickets more.\n", w.Slug, plan.tickets)
	return err
}

// seeding makes tickets for a workspace.
type seeding struct {
	*app
	plan      seedPlan
	workspace id.Workspace
	people    seedPeople
	rand      *rand.Rand
}

// run stores the tickets in the order in which they were opened, and gives how many. What
// is stored stays when it fails or is interrupted.
func (s *seeding) run(ctx context.Context, progress func(string)) (stored int, err error) {
	err = s.store.Load(ctx, func(ctx context.Context) error {
		if stored, err = s.storeAll(ctx, progress); err != nil {
			return err
		}
		return s.store.IndexAll(ctx, func(done int) { progress(fmt.Sprintf("%d tickets and messages can be found", done)) })
	})
	if err != nil {
		return stored, err
	}
	return stored, s.store.Refresh(ctx)
}

// storeAll stores a batch while the next one is made.
func (s *seeding) storeAll(ctx context.Context, progress func(string)) (stored int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	batches := make(chan seedBatchMade)
	defer func() {
		cancel()
		for range batches { // until the other side has ended
		}
	}()
	go s.makeAll(ctx, batches)
	store, told := s.store.Tickets(), seedTold{of: s.plan.tickets}
	for b := range batches {
		if b.err != nil {
			return stored, b.err
		}
		if err := store.Import(ctx, s.workspace, b.tickets); err != nil {
			return stored, err
		}
		stored += len(b.tickets)
		if err := s.store.GiveWay(ctx); err != nil {
			return stored, err
		}
		if told.next(stored) {
			progress(fmt.Sprintf("%d of %d tickets", stored, s.plan.tickets))
		}
	}
	return stored, ctx.Err()
}

// seedTold is how far it was when it was told of last, in seedProgress.
type seedTold struct{ of, times int }

// next tells whether so many tickets are to be told of, however many were stored at once.
func (t *seedTold) next(stored int) bool {
	before := t.times
	t.times = stored / seedProgress
	return t.times > before || stored == t.of
}

// seedBatchMade is tickets that are to be stored together, or why there are none.
type seedBatchMade struct {
	tickets []*ticket.Ticket
	err     error
}

// makeAll makes the tickets, batch after batch, until there are enough.
func (s *seeding) makeAll(ctx context.Context, to chan<- seedBatchMade) {
	defer close(to)
	for done := 0; done < s.plan.tickets; {
		var b seedBatchMade
		var size int
		size, b.err = s.batch(ctx)
		for ; len(b.tickets) < size && done < s.plan.tickets && b.err == nil; done++ {
			var t *ticket.Ticket
			t, b.err = s.ticket(done)
			b.tickets = append(b.tickets, t)
		}
		select {
		case to <- b:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			return
		}
	}
}

// batch gives how many tickets to store together: beside a server as many as have few
// messages.
func (s *seeding) batch(ctx context.Context) (int, error) {
	served, err := s.store.Served(ctx)
	if served {
		return min(servedSeedBatch, max(servedSeedMessages/s.plan.messages, 1)), err
	}
	return seedBatch, err
}
