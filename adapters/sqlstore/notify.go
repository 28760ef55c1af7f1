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
// A process that is alone sends nothing: on two cores a signal costs as much as
// writing two messages. What a process that dies has not sent is found by the
// others' sweeps.
type notifier struct {
	send   func(ctx context.Context, topics []string) error
	logger *slog.Logger
	wake   chan struct{} // 1: something waits

	mu       sync.Mutex
	waiting  map[string]struct{}
	company  bool // another process listens
	meetings int  // how often one was noticed
}

// notifySpacing is how long topics wait for company once some were sent.
const notifySpacing = 5 * time.Millisecond

func newNotifier(logger *slog.Logger, send func(context.Context, []string) error) *notifier {
	return &notifier{send: send, logger: logger, wake: make(chan struct{}, 1), waiting: map[string]struct{}{}}
}

// add never blocks.
func (n *notifier) add(topics map[string]struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.company {
		n.put(topics)
	}
}

func (n *notifier) put(topics map[string]struct{}) {
	if len(topics) == 0 {
		return
	}
	maps.Copy(n.waiting, topics)
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

// meet notes that another process listens. It may have begun to while this one
// sent nothing, so it is told to look at everything.
func (n *notifier) meet() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.meetings++
	if !n.company {
		n.company = true
		n.put(map[string]struct{}{everything: {}})
	}
}

// look asks who listens. Who was met while the database answered is not
// forgotten for an answer that is older.
func (n *notifier) look(ctx context.Context, accompanied func(context.Context) (bool, error)) error {
	n.mu.Lock()
	before := n.meetings
	n.mu.Unlock()
	company, err := accompanied(ctx)
	if err != nil {
		return err
	}
	if company {
		n.meet()
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.meetings == before {
		n.company = false
	}
	return nil
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
