package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/domain/job"
)

const (
	// faultyTime bounds a life with a fault in it, which takes seconds on a machine
	// that has nothing else to do.
	faultyTime = 10 * time.Minute
	// shortPatience is how long the program waits here for an answer of Discord's.
	shortPatience = 2 * time.Second
	// soonAgain is how much of its ceiling a wait before another try is here.
	soonAgain = 0.02
	// shortTick is how often the program looks here for what is due in tickets.
	shortTick = 250 * time.Millisecond
	// pulse is Discord's interval of heartbeats where one is to be missed.
	pulse = 700 * time.Millisecond
)

// faulty is a ticket's life with the program in this process.
type faulty struct {
	*story
	app    *app
	log    *syncedBuffer
	end    func() error
	strict bool // silence is a fault
}

// newFaulty starts the program beside a Discord, up to where a ticket can be
// opened. A short interval of heartbeats is missed at times on a busy machine,
// without a fault.
func newFaulty(ctx context.Context, t *testing.T, databaseURL string, o discordtest.Options) *faulty {
	t.Helper()
	o.Now = time.Now
	d := discordtest.StartFor(t, o) //nolint:contextcheck // it serves until it is closed
	d.GuardPings(t)
	f := &faulty{log: &syncedBuffer{}}
	c, err := demoConfig(d, t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.RateLimit = 0 // those who wait for something look more often than an app would
	address := f.start(ctx, t, c, databaseURL)
	f.story = newStory(newDay(d, address, remembered(f.app.tokenFor)))
	f.inStore = func(_ context.Context, do func(*sqlstore.Store) error) error { return do(f.app.store) }
	f.http, f.day.unanswered = &http.Client{}, f.unanswered
	for _, s := range arrival() {
		if _, err := s.do(f.day, ctx); err != nil {
			t.Fatalf("%s: %v\n%s", s.key, err, f.log)
		}
	}
	if err := f.engineersServe(ctx); err != nil {
		t.Fatalf("the engineers come: %v\n%s", err, f.log)
	}
	return f
}

// start runs the program until end, and gives its address.
func (f *faulty) start(ctx context.Context, t *testing.T, c Config, databaseURL string) string {
	t.Helper()
	c.DatabaseURL = databaseURL
	l, err := listen(ctx, c.Listen)
	if err != nil {
		t.Fatal(err)
	}
	f.app, err = newApp(ctx, c, appOptions{
		Logger: slog.New(slog.NewTextHandler(f.log, nil)), Exclusive: true,
		DiscordPatience: shortPatience, Rand: func() float64 { return soonAgain }, TickInterval: shortTick,
	})
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- f.app.Run(running, l) }()
	over := false
	f.end = func() error {
		if over {
			return nil
		}
		over = true
		stop()
		return errors.Join(<-ended, f.app.Close())
	}
	t.Cleanup(func() { _ = f.end() })
	return "http://" + l.Addr().String()
}

// unanswered lets somebody who was left without an answer ask again, once the bot
// is there: a fault left them so, or a machine on which many lives go on at a time.
func (f *faulty) unanswered(ctx context.Context, err error) error {
	_, cut := errors.AsType[*url.Error](err)
	silent := cut || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, discordtest.ErrNoAnswer) || errors.Is(err, io.EOF)
	if !silent || f.strict || ctx.Err() != nil {
		return err
	}
	return f.discord.Until(ctx, func() bool { return f.discord.Connected() == 1 })
}

// settled waits until people find what is wanted and the program has nothing
// left to do, or without that until nothing changes.
func (f *faulty) settled(ctx context.Context, want string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	quiet := time.NewTimer(calm)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for last := ""; ; {
		changed := f.discord.Changed()
		got, err := f.state(ctx)
		if err == nil && got == want && f.idle(ctx) {
			return got, nil
		}
		if err == nil && got != last {
			quiet.Reset(calm)
			last = got
		}
		select {
		case <-ctx.Done():
			return last, nil
		case <-quiet.C:
			if want == "" && f.idle(ctx) {
				return last, nil
			}
			quiet.Reset(calm)
		case <-changed:
		case <-again.C:
		}
	}
}

// idle reports whether no channel waits to be looked after, and staff to be told of nothing.
func (f *faulty) idle(ctx context.Context) bool {
	for _, work := range []job.Consumer{discord.Consumer, discord.StaffConsumer()} {
		due, waiting, err := f.app.store.NextDue(ctx, work)
		if err != nil || waiting && time.Until(due) <= time.Minute {
			return false
		}
	}
	return true
}

// over ends the program in peace, after which people must find what they found.
func (f *faulty) over(found string) error {
	if err := f.end(); err != nil {
		return fmt.Errorf("the program did not end in peace: %w", err)
	}
	if after := f.places(); !strings.HasSuffix(found, after) {
		return fmt.Errorf("more happened when all seemed done:\n%s", after)
	}
	return nil
}
