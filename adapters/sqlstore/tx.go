package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/job"
)

// Tx is a running transaction. It is used by one goroutine at a time.
type Tx struct {
	Conn

	store  *Store
	run    func(context.Context, []statement) ([]int64, error) // statements in their order, in one round trip where the database can
	wishes map[job.Key]time.Time
	topics map[string]struct{}
	recall bool // changes what tags are called
	last   []statement
	news   []news
	caller *access.Call // of the recorded change that is running; nil: none
	failed error        // of a joined InTx
	over   atomic.Bool
}

// txTries is how often a transaction is tried that the database gave up.
const txTries = 5

// InTx runs fn in a transaction, and commits when it returns nil. Every other
// way out rolls back: an error, a panic, a failing commit, which is reported.
// Work and signals that fn asked for are written and sent as the package says.
//
// fn may run more than once, each time in a new transaction. Within fn's ctx,
// InTx joins the running transaction; once that is over, a context that was made
// of ctx is like any other.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if tx := s.running(ctx); tx != nil {
		return tx.join(ctx, fn)
	}
	for try := 1; ; try++ {
		err := s.transact(ctx, fn)
		if err == nil || try == txTries || !s.dialect.retryable(err) {
			return err
		}
		if waitErr := pause(ctx, time.Duration(try)*5*time.Millisecond); waitErr != nil {
			return errors.Join(err, waitErr)
		}
	}
}

func (s *Store) transact(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	running, err := s.dialect.begin(ctx, s)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	committed := false
	defer func() {
		if !committed {
			running.rollback(ctx)
		}
	}()
	tx := s.newTx(running)
	defer tx.over.Store(true)
	if err := fn(context.WithValue(ctx, txKey{s}, tx), tx); err != nil {
		return err
	}
	if tx.failed != nil {
		return fmt.Errorf("a part of the transaction failed: %w", tx.failed)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err = tx.commit(ctx, running)
	committed = err == nil
	return err
}

// commit does not end with ctx: a COMMIT that is given up half-way may have
// happened. For the same reason the signals go out also when the database did
// not answer. They say nothing but that it is worth looking.
func (tx *Tx) commit(ctx context.Context, running session) error {
	last, err := tx.ending(ctx)
	if err != nil {
		return err
	}
	err = running.commit(context.WithoutCancel(ctx), last)
	if err == nil || !refusedByDatabase(err) {
		tx.store.signal(tx.topics)
	}
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func (s *Store) newTx(running session) *Tx {
	return &Tx{
		Conn:   running.connection(),
		store:  s,
		run:    running.run,
		topics: make(map[string]struct{}, 4),
		last:   make([]statement, 0, 6),
	}
}

// txKey finds the store's running transaction in a context.
type txKey struct{ store *Store }

func (s *Store) running(ctx context.Context) *Tx {
	tx, _ := ctx.Value(txKey{s}).(*Tx)
	if tx == nil || tx.over.Load() {
		return nil
	}
	return tx
}

// join runs fn in the same transaction. If it fails, nothing commits, even when
// the caller goes on: half of fn's writes may have happened.
func (tx *Tx) join(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	err := fn(ctx, tx)
	if err == nil {
		err = tx.runLast(ctx)
	}
	if err != nil && tx.failed == nil {
		tx.failed = err
	}
	return err
}

// Enqueue wishes for durable work, due at the given time: in this transaction,
// together with whatever else it wishes for.
func (tx *Tx) Enqueue(key job.Key, due time.Time) {
	if asked, ok := tx.wishes[key]; !ok || due.Before(asked) {
		if tx.wishes == nil {
			tx.wishes = map[job.Key]time.Time{}
		}
		tx.wishes[key] = due
	}
	tx.Signal(key.Consumer.Topic())
}

// Publish makes events heard: the work that the routes find in them becomes due
// now, and their workspace's topic is signalled. It does not write the events.
func (tx *Tx) Publish(envelopes ...event.Envelope) {
	for _, e := range envelopes {
		tx.Signal(event.Topic(e.Workspace))
		for _, route := range tx.store.options.Routes {
			if key, ok := route(e); ok {
				tx.Enqueue(key, tx.store.options.Now())
			}
		}
	}
}

// Signal wakes the topic's subscribers, in every process, after the commit.
func (tx *Tx) Signal(topic string) { tx.topics[topic] = struct{}{} }

// Next increments a counter and gives its new value: 1 at first. The counter is
// locked until the transaction ends, so its values have no gaps and appear in
// commit order; call it as late as possible.
func (tx *Tx) Next(ctx context.Context, counter string) (int64, error) {
	var value int64
	err := tx.QueryRow(ctx, `INSERT INTO counters (name, value) VALUES (?, 1)
		ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value`, counter).Scan(&value)
	if err != nil {
		return 0, fmt.Errorf("counter %s: %w", counter, err)
	}
	return value, nil
}

// ending gives what was collected, to be written as the last thing before the
// commit. The workspace's history comes after all else: others wait for it.
func (tx *Tx) ending(ctx context.Context) ([]statement, error) {
	all := tx.last
	if len(tx.wishes) > 0 {
		all = append(tx.wishStatements(), tx.last...)
	}
	return tx.placing(ctx, all)
}

// pause waits unless ctx ends first.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
