package scheduler

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTicksAreCalledWithTheClockUntilTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		s := New(Config{Now: time.Now, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		began := time.Now()
		var calls []time.Duration
		s.Every("steady", time.Minute, func(_ context.Context, now time.Time) error {
			calls = append(calls, now.Sub(began))
			return nil
		})
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()

		time.Sleep(3*time.Minute + time.Second)
		stop()
		if err := <-ended; err != nil {
			t.Fatalf("Run: %v", err)
		}
		time.Sleep(5 * time.Minute)
		if len(calls) != 3 || calls[0] != time.Minute || calls[2] != 3*time.Minute {
			t.Errorf("called after %v, want after 1, 2 and 3 minutes", calls)
		}
	})
}

func TestATickThatFailsOrPanicsIsCalledAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		s := New(Config{Now: time.Now, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		calls := 0
		s.Every("shaky", time.Second, func(context.Context, time.Time) error {
			calls++
			if calls == 1 {
				panic("first")
			}
			return errors.New("second")
		})
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		time.Sleep(3*time.Second + time.Millisecond)
		stop()
		<-ended
		if calls != 3 {
			t.Errorf("called %d times in 3 s, want 3", calls)
		}
		for _, want := range []string{"tick panicked", "panic=first", "tick failed", "error=second", "tick=shaky"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log lacks %q:\n%s", want, log.String())
			}
		}
	})
}
