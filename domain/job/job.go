// Package job is durable work: rows in the same database as what they are
// about, written in the transaction that makes them necessary.
//
// There is one row for each (consumer, key). A second wish for the same work
// does not add a row: it sets when the row is due. A claim clears that, so that
// a wish that arrives while a worker runs is seen when the worker finishes. No
// wish is lost; several may be worked at once. Because one row
// stands for one key, work of a key is done by one worker at a time and in
// order, while keys do not hold each other up.
package job

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Consumer names who does a kind of work, e.g. "discord".
type Consumer string

// Key identifies a piece of work among all of its consumer's, e.g. a ticket's ID.
type Key struct {
	Consumer  Consumer
	Key       string
	Workspace id.Workspace
}

// Claim is a row held by one worker until its lease ends.
type Claim struct {
	Key

	Attempt    int       // 1 on the first try since the last success
	Cursor     int64     // where the consumer stood when it last finished
	LeaseUntil time.Time // when others may take the row over
	Owner      string
}

// Outcome is what a handler reached.
type Outcome struct {
	Cursor int64     // kept for the next claim of the key
	Again  time.Time // when the work is due again, zero when it is done
}

// Handler does claimed work. It must be idempotent: after a crash the same
// claim is handed out again. An error means try again later.
type Handler func(ctx context.Context, c Claim) (Outcome, error)

// Route says which work an event makes necessary, and whether any.
type Route func(e event.Envelope) (Key, bool)

// Queue is the port to the rows.
//
// Every method may fail with fault codes: none; an error is internal.
type Queue interface {
	// Enqueue wishes for work outside of any other change, due at the given time.
	Enqueue(ctx context.Context, key Key, due time.Time) error
	// EnqueueAll wishes for much work at once.
	EnqueueAll(ctx context.Context, keys []Key, due time.Time) error
	// Claim takes up to limit due rows of the consumer whose lease is free or
	// over, oldest due first, and holds them for owner until now+lease.
	Claim(ctx context.Context, consumer Consumer, owner string, now time.Time, lease time.Duration, limit int) ([]Claim, error)
	// Extend prolongs the lease; false when the row is no longer the owner's.
	Extend(ctx context.Context, c Claim, until time.Time) (bool, error)
	// Finish releases the row with its outcome. A row that was wished for since
	// the claim is due when the wish says, if that is earlier.
	Finish(ctx context.Context, c Claim, o Outcome, now time.Time) error
	// Retry releases the row to be due later; cause is kept for staff to read.
	Retry(ctx context.Context, c Claim, due time.Time, cause string) error
	// Hasten makes all of a workspace's work of the consumer due now that waits for
	// later. What is worked on just now is left alone: it may be what hastens.
	Hasten(ctx context.Context, consumer Consumer, w id.Workspace, now time.Time) error
	// NextDue is the earliest moment at which a row of the consumer can be
	// claimed: its due time, or the end of its lease where it has one.
	NextDue(ctx context.Context, consumer Consumer) (time.Time, bool, error)
}

// Signals is the port by which committed work is heard of at once. A signal
// carries nothing: the receiver looks into the database.
type Signals interface {
	// Subscribe gives a channel that receives after each commit that concerns
	// the topic, in this process or another, until stop is called. Signals that
	// arrive while one waits are merged into it.
	Subscribe(topic string) (signal <-chan struct{}, stop func())
}

// Topic is the signal topic of the consumer's work.
func (c Consumer) Topic() string { return "job:" + string(c) }

// Leases is the port for what only one process at a time may do.
type Leases interface {
	// Acquire takes or prolongs the named lease for owner until the given
	// time; false when another owner holds it.
	Acquire(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
	// Release gives the lease back at once if owner holds it.
	Release(ctx context.Context, name, owner string) error
}
