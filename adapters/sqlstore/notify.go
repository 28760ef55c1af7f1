package sqlstore

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// notifier sends topics to the other processes, after the commits that they are
// about. NOTIFY in the transactions themselves would make all of a database
// commit one after the other, and wake every process for each.
//
// What a process that dies has not sent is found by the others' sweeps.
type notifier struct {
	send   func(ctx context.Context, topics []string) error
	logger *slog.Logger
	wake   chan struct{} // 1: something waits

	mu      sync.Mutex
	waiting map[string]struct{}
}

// notifySpacing is how long topics wait for company once some were sent.
const notifySpacing = 5 * time.Millisecond

func newNotifier(logger *slog.Logger, send func(context.Context, []string) error) *notifier {
	return &notifier{send: send, logger: logger, wake: make(chan struct{}, 1), waiting: map[string]struct{}{}}
}

// add never blocks.
func (n *notifier) add(topics map[string]struct{}) {
	if len(topics) == 0 {
		return
	}
	n.mu.Lock()
	maps.Copy(n.waiting, topics)
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// run sends until ctx ends, and then once more.
func (n *notifier) run(ctx context.Context) {
	wait := notifySpacing
	for {
		select {
		case <-ctx.Done():
			ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			_ = n.flush(ending)
			return
		case <-n.wake:
		}
		if err := n.flush(ctx); err != nil {
			n.logger.WarnContext(ctx, "sending signals failed, trying again", "error", oneLine(err))
			wait = min(2*wait, 5*time.Second)
		} else {
			wait = notifySpacing
		}
		_ = pause(ctx, wait)
	}
}

// flush sends what waits. What could not be sent waits on.
func (n *notifier) flush(ctx context.Context) error {
	n.mu.Lock()
	topics := n.waiting
	n.waiting = map[string]struct{}{}
	n.mu.Unlock()
	if len(topics) == 0 {
		return nil
	}
	err := n.send(ctx, slices.Sorted(maps.Keys(topics)))
	if err != nil {
		n.add(topics)
	}
	return err
}

// notify sends topics on PostgreSQL's channel, each with the process it is from.
func (s *Store) notify(ctx context.Context, topics []string) error {
	payloads := make([]string, len(topics))
	for i, topic := range topics {
		payloads[i] = s.sender() + topic
	}
	_, err := s.writer.DB.ExecContext(ctx, `SELECT pg_notify($1, payload) FROM unnest(CAST($2 AS TEXT[])) AS payload`, s.channel, payloads)
	return err
}
