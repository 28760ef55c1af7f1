package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/domain/access"
)

// lifeTime bounds a day with a kill in it, and settleTime what is to be done after
// it: both take seconds on a machine that has nothing else to do.
const (
	lifeTime   = 10 * time.Minute
	settleTime = 2 * time.Minute
)

// unhurried is how long Discord waits for the answer to an interaction where silence
// is a fault: not the program's speed is looked at, but what it does.
const unhurried = time.Minute

// life is one day with the program in a process of its own.
type life struct {
	*day
	story   *story
	child   *child
	watch   *watch
	discord *discordtest.Server
	strict  bool // silence is a fault
}

func newLife(ctx context.Context, t *testing.T, databaseURL string, target point) *life {
	t.Helper()
	o := discordtest.Options{Now: time.Now}
	if target == (point{}) {
		o.AckTime = unhurried
	}
	d := discordtest.StartFor(t, o) //nolint:contextcheck // it serves until it is closed
	d.GuardPings(t)
	env := append(inFolder(t, "TICKETSYS_DISCORD_TOKEN", d.Token(),
		"TICKETSYS_DISCORD_API_URL", d.APIURL(), "TICKETSYS_DISCORD_GATEWAY_URL", d.GatewayURL()),
		"TICKETSYS_DATABASE_URL", databaseURL,
		"TICKETSYS_RATE_LIMIT", "0") // those who wait for something look more often than an app would
	l := &life{child: newChild(env), discord: d, watch: newWatch(target), strict: target == (point{})}
	l.watch.strike = func() {
		if err := l.child.kill(ctx); err != nil && ctx.Err() == nil {
			t.Errorf("kill: %v", err)
		}
	}
	l.watch.requests(d)
	l.watch.events(d)
	l.day = newDay(d, "http://program", remembered(tokenBy(t, append([]string{"TICKETSYS_DATABASE_URL", databaseURL}, env...))))
	l.story = newStory(l.day)
	l.story.inStore = func(ctx context.Context, do func(*sqlstore.Store) error) error {
		store, err := openStore(ctx, Config{DatabaseURL: databaseURL}, appOptions{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return err
		}
		return errors.Join(do(store), store.Close())
	}
	l.http = &http.Client{Transport: l.child}
	l.day.unanswered = l.unanswered
	return l
}

// remembered keeps tokens: each is good for the whole day.
func remembered(make func(context.Context, access.Role, string) (string, error)) func(context.Context, access.Role, string) (string, error) {
	kept := map[string]string{}
	return func(ctx context.Context, r access.Role, m string) (string, error) {
		key := string(r) + " " + m
		if kept[key] != "" {
			return kept[key], nil
		}
		token, err := make(ctx, r, m)
		if err == nil {
			kept[key] = token
		}
		return token, err
	}
}

// unanswered waits until a program that was killed, or is about to be, is back. On a
// day without a kill, silence is a fault.
func (l *life) unanswered(ctx context.Context, err error) error {
	_, cut := errors.AsType[*url.Error](err)
	silent := cut || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, discordtest.ErrNoAnswer) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
	if !silent || l.strict || ctx.Err() != nil {
		return err
	}
	return l.back(ctx)
}

// back waits until the program is there, on both sides.
func (l *life) back(ctx context.Context) error {
	if _, err := l.child.reach(ctx); err != nil {
		return err
	}
	return l.discord.Until(ctx, func() bool { return l.discord.Connected() == 1 })
}

// steps are the demo's day with the life of one more ticket in it: what the day
// leaves out.
func (l *life) steps() []step {
	engineers := step{"the engineers come", func(_ *day, ctx context.Context) (map[string]any, error) { return nil, l.story.engineersServe(ctx) }}
	return slices.Concat(supportDay(), []step{engineers}, l.story.steps())
}

// live plays the day, and gives what people find when it is over and all is
// done: want, or what there is instead after a while. Without want it is what
// does not change any more.
func (l *life) live(ctx context.Context, want string) (string, error) {
	if err := l.child.start(ctx); err != nil {
		return "", err
	}
	if _, err := l.child.reach(ctx); err != nil {
		return "", err
	}
	for _, s := range l.steps() {
		if _, err := s.do(l.day, ctx); err != nil {
			return "", fmt.Errorf("%s: %w", s.key, err)
		}
		what := "step " + s.key
		l.watch.at(point{what: what, nth: l.watch.happens(what, now)})
	}
	got, err := l.settled(ctx, want)
	if err != nil {
		return "", err
	}
	if !l.watch.passed(calm) { // what is due later is to be killed, too
		if got, err = l.settled(ctx, want); err != nil {
			return "", err
		}
	}
	l.watch.rest()
	if err := l.back(ctx); err != nil {
		return "", err
	}
	if err := l.child.stop(); err != nil {
		return "", fmt.Errorf("the program did not end in peace: %w", err)
	}
	if after := l.places(); !strings.HasSuffix(got, after) {
		return "", fmt.Errorf("more happened when all seemed done:\n%s", after)
	}
	return got, nil
}

// calm is how long nothing changes when all is done.
const calm = 10 * time.Second

// settled waits until people find what is wanted, or without that until nothing changes.
func (l *life) settled(ctx context.Context, want string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	quiet := time.NewTimer(calm)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for last := ""; ; {
		changed := l.discord.Changed()
		got, err := l.state(ctx)
		if err == nil && got == want {
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
			if want == "" {
				return last, nil
			}
		case <-changed:
		case <-again.C:
		}
	}
}
