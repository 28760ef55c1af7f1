package sqlstore

import (
	"context"
	"sync"
)

// turns lets transactions of this process wait for each other in memory where
// they would otherwise wait in the database, for a row that each of them holds
// until its commit. The database would wake all who wait whenever one is done,
// and each of them costs it a connection.
type turns struct {
	mu   sync.Mutex
	open map[string]chan struct{} // holds a token while nobody has the turn
}

func newTurns() *turns { return &turns{open: map[string]chan struct{}{}} }

// take waits for the turn, which is the caller's until it calls done.
func (t *turns) take(ctx context.Context, name string) (done func(), err error) {
	turn := t.named(name)
	select {
	case <-turn:
		return func() { turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// tryTake takes the turn if it is free.
func (t *turns) tryTake(name string) (done func(), free bool) {
	turn := t.named(name)
	select {
	case <-turn:
		return func() { turn <- struct{}{} }, true
	default:
		return nil, false
	}
}

func (t *turns) named(name string) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	turn, ok := t.open[name]
	if !ok {
		turn = make(chan struct{}, 1)
		turn <- struct{}{}
		t.open[name] = turn
	}
	return turn
}
