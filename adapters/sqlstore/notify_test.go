package sqlstore

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// sent is what another process would have heard.
type sent struct {
	calls  [][]string
	broken atomic.Bool
}

func (s *sent) send(_ context.Context, topics []string) error {
	if s.broken.Load() {
		return errors.New("no connection")
	}
	s.calls = append(s.calls, topics)
	return nil
}

func topics(all ...string) map[string]struct{} {
	set := map[string]struct{}{}
	for _, topic := range all {
		set[topic] = struct{}{}
	}
	return set
}

func notifying(t *testing.T, play func(*notifier, *sent)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &sent{}
		n := newNotifier(slog.New(slog.DiscardHandler), s.send)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		n.company = true
		go func() { defer close(done); n.run(ctx) }()
		play(n, s)
		stop()
		<-done
	})
}

func TestSignalsForOthersAreSentTogether(t *testing.T) {
	notifying(t, func(n *notifier, s *sent) {
		n.add(topics("a"))
		synctest.Wait()
		n.add(topics("b", "a"))
		n.add(topics("b"))
		time.Sleep(notifySpacing)
		synctest.Wait()
		if want := [][]string{{"a"}, {"a", "b"}}; !slices.EqualFunc(s.calls, want, slices.Equal[[]string]) {
			t.Errorf("sent %v, want %v", s.calls, want)
		}
	})
}

func TestSignalsForOthersOutliveABrokenConnection(t *testing.T) {
	notifying(t, func(n *notifier, s *sent) {
		s.broken.Store(true)
		n.add(topics("a"))
		time.Sleep(time.Second)
		s.broken.Store(false)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if want := [][]string{{"a"}}; !slices.EqualFunc(s.calls, want, slices.Equal[[]string]) {
			t.Errorf("sent %v, want %v", s.calls, want)
		}
	})
}

func TestSignalsForOthersAreSentBeforeTheEnd(t *testing.T) {
	s := &sent{}
	n := newNotifier(slog.New(slog.DiscardHandler), s.send)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	n.company = true
	n.add(topics("a"))
	n.run(ctx)
	if len(s.calls) != 1 {
		t.Errorf("%d calls; what waited was forgotten at the end", len(s.calls))
	}
}

func TestAProcessAloneSendsNothingUntilItMeetsAnother(t *testing.T) {
	notifying(t, func(n *notifier, s *sent) {
		alone := func(context.Context) (bool, error) { return false, nil }
		step := func(do func()) {
			do()
			time.Sleep(notifySpacing)
			synctest.Wait()
		}
		step(func() { _ = n.look(t.Context(), alone) })
		step(func() { n.add(topics("unheard")) })
		step(n.meet)
		step(n.meet)
		step(func() { n.add(topics("a")) })
		step(func() {
			_ = n.look(t.Context(), func(context.Context) (bool, error) { return false, errors.New("no answer") })
		})
		step(func() { n.add(topics("b")) })
		step(func() { _ = n.look(t.Context(), alone) })
		step(func() { n.add(topics("unheard")) })
		if want := [][]string{{everything}, {"a"}, {"b"}}; !slices.EqualFunc(s.calls, want, slices.Equal[[]string]) {
			t.Errorf("sent %v, want %v", s.calls, want)
		}
	})
}

// TestWhoIsMetMeanwhileIsNotForgotten lets a process arrive while the database
// looks who is there.
func TestWhoIsMetMeanwhileIsNotForgotten(t *testing.T) {
	notifying(t, func(n *notifier, s *sent) {
		err := n.look(t.Context(), func(context.Context) (bool, error) {
			n.meet()
			return false, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		n.add(topics("a"))
		synctest.Wait()
		if len(s.calls) != 1 || !slices.Contains(s.calls[0], "a") {
			t.Errorf("sent %v; an answer that was old made it forget who came", s.calls)
		}
	})
}

func TestASweepWakesWhereHistoryMoved(t *testing.T) {
	h := newHub()
	moved, stopMoved := h.subscribe("events:1:42")
	defer stopMoved()
	still, stopStill := h.subscribe("events:12")
	defer stopStill()
	work, stopWork := h.subscribe("job:discord")
	defer stopWork()
	ends := map[string]int64{"1": 7, "12": 9}
	w := &sweeper{hub: h, seen: map[string]int64{"1": 6, "12": 9}, ends: func(context.Context) (map[string]int64, error) { return ends, nil }}
	if err := w.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]bool{"moved": len(moved) == 1, "work": len(work) == 1, "still": len(still) == 0} {
		if !got {
			t.Errorf("%s: woken when it should not be, or not when it should", name)
		}
	}
	<-moved
	if err := w.sweep(t.Context()); err != nil || len(moved) != 0 {
		t.Errorf("the same end woke twice (error %v)", err)
	}
}
