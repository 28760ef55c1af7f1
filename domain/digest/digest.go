package digest

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// MaxTickets is how many tickets a digest names.
const MaxTickets = 100

// Digest is what waited in a queue when its teams were told.
type Digest struct {
	ID        id.Digest
	Workspace id.Workspace
	Queue     id.Queue
	DueAt     time.Time   // the first of the plan's moments for which it is
	At        time.Time   // when it was made
	Tickets   []id.Ticket // the longest waiting first, MaxTickets at most
	Count     int         // of all that waited
	Calls     bool        // the queue's teams are pinged
}

// Waiting is what waits in a queue.
type Waiting struct {
	Tickets []id.Ticket // the longest waiting first, MaxTickets at most
	Count   int
}

// Repository is the port to plans and digests.
type Repository interface {
	audit.Recorder

	// SavePlan stores a queue's plan or replaces it, which must have p's version if
	// that is not 0, and gives p the version that it has then. Codes: not_found,
	// conflict (another version).
	SavePlan(ctx context.Context, p *Plan) error
	// RemovePlan takes a plan away, which must have p's version if that is not 0.
	// Codes: not_found, conflict (another version).
	RemovePlan(ctx context.Context, p *Plan) error
	// Plans gives the workspace's plans, by queue.
	Plans(ctx context.Context, w id.Workspace) ([]*Plan, error)
	// Due gives plans that are due at now and come after another, in the order of when
	// they were and of their queues, up to limit.
	Due(ctx context.Context, now time.Time, after Plan, limit int) ([]*Plan, error)
	// Waiting gives the tickets of a queue that are staff's turn and whose categories
	// are not urgent.
	Waiting(ctx context.Context, w id.Workspace, q id.Queue) (Waiting, error)
	// Take moves a plan on to when it is due next and, unless nothing waits, stores d
	// with what makes it known in the same transaction. It does nothing, and says so, if
	// the plan is not due at now any more.
	Take(ctx context.Context, p *Plan, now time.Time, d *Digest) (taken bool, err error)
	// Page gives a page of the queue's digests that the query finds.
	Page(ctx context.Context, w id.Workspace, q id.Queue, asked query.Query, p page.Window) (page.Page[*Digest], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, q id.Queue, where query.Where) (int, error)
	// Get finds digests by ID; those that are not in the workspace are left out.
	Get(ctx context.Context, w id.Workspace, ids ...id.Digest) ([]*Digest, error)
	// Passing gives those of the tickets that the filter lets through.
	Passing(ctx context.Context, f access.TicketFilter, ids ...id.Ticket) ([]id.Ticket, error)
}

// FieldMadeAt is by what digests are chosen and put in order.
const FieldMadeAt query.Field = "madeAt"

// Terms are what digests can be put in order by; usually the latest comes first.
func Terms() query.Terms {
	return query.Terms{Numbers: []query.Field{FieldMadeAt}, Usual: []query.Order{{Field: FieldMadeAt, Descending: true}}}
}

// SortKey gives what puts a digest in its place in an order by the field.
func (d *Digest) SortKey(f query.Field) any {
	if f == FieldMadeAt {
		return d.At.UnixMicro()
	}
	return int64(d.ID)
}

// reads gives which tickets are open to the actor as to staff, and refuses to whom the
// queue is not. Codes: unauthenticated, forbidden.
func reads(a access.Actor, q id.Queue) (access.TicketFilter, error) {
	notes, err := access.Filter(a, access.NoteSee)
	if err == nil && !notes.Opens(q) {
		err = access.ErrForbidden
	}
	return notes, err
}
