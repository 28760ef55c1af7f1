package model

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// DigestPlan is when the digests of a queue come.
type DigestPlan struct {
	*digest.Plan

	rows *load.Rows
}

// NewDigestPlan makes a plan by itself, nil of nil.
func NewDigestPlan(rows *load.Rows, p *digest.Plan) *DigestPlan {
	if p == nil {
		return nil
	}
	rows.Queues.Want(p.Queue)
	return &DigestPlan{Plan: p, rows: rows}
}

// ID identifies the plan.
func (p *DigestPlan) ID() id.DigestPlan { return id.DigestPlan(p.Plan.Queue) }

// Queue gives whose digests come.
func (p *DigestPlan) Queue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, p.rows, p.Plan.Queue)
}

// TimeZone gives the zone's name.
func (p *DigestPlan) TimeZone() string { return p.Zone }

// Moments gives the moments of the week.
func (p *DigestPlan) Moments() []*DigestMoment {
	made := make([]*DigestMoment, len(p.Plan.Moments))
	for i, m := range p.Plan.Moments {
		made[i] = &DigestMoment{Day: m.Day, Time: sla.TimeOfDay(m.Minute)}
	}
	return made
}

// Pings reports whether the queue's teams are pinged.
func (p *DigestPlan) Pings() bool { return p.Calls }

// NextAt gives when the next digest comes.
func (p *DigestPlan) NextAt() time.Time { return p.DueAt }

// DigestMoment is a moment of each week.
type DigestMoment struct {
	Day  time.Weekday
	Time string
}

// DigestMomentInput is a moment of each week.
type DigestMomentInput DigestMoment

// RemoveDigestPlanInput names a plan by its queue.
type RemoveDigestPlanInput struct {
	Keyed
	Expecting

	QueueID id.Queue
}

// Which gives the plan for the service.
func (in RemoveDigestPlanInput) Which() digest.Plan {
	return digest.Plan{Queue: in.QueueID, Version: in.Expected()}
}

// SaveDigestPlanInput is a plan to save.
type SaveDigestPlanInput struct {
	RemoveDigestPlanInput

	TimeZone graphql.Omittable[*string]
	Moments  graphql.Omittable[[]DigestMomentInput]
	Pings    graphql.Omittable[*bool]
}

// Apply changes what is given; a time that is none becomes a moment that is refused.
func (in SaveDigestPlanInput) Apply(s *digest.Schedule) {
	presentedTo(in.TimeZone, &s.Zone)
	presentedTo(in.Pings, &s.Calls)
	if moments, set := in.Moments.ValueOK(); set {
		s.Moments = nil
		for _, m := range moments {
			minute, err := sla.ParseTimeOfDay(m.Time)
			if err != nil {
				minute = -1
			}
			s.Moments = append(s.Moments, digest.Moment{Day: m.Day, Minute: minute})
		}
	}
}

// DigestPlan gives the plan as it is now.
func (p *Payload) DigestPlan(ctx context.Context) (*DigestPlan, error) {
	return object[DigestPlan](ctx, p, scalar.DigestPlan)
}

// Digest is a digest of a list.
type Digest struct {
	*digest.Digest

	rows *load.Rows
}

// NewDigest makes a digest of a list, nil of nil.
func NewDigest(rows *load.Rows, d *digest.Digest) *Digest {
	if d == nil {
		return nil
	}
	rows.Queues.Want(d.Queue)
	rows.Tickets.Want(d.Tickets...)
	return &Digest{Digest: d, rows: rows}
}

// Queue gives the queue.
func (d *Digest) Queue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, d.rows, d.Digest.Queue)
}

// MadeAt gives when it was made.
func (d *Digest) MadeAt() time.Time { return d.At }

// TicketCount gives how many tickets waited.
func (d *Digest) TicketCount() int { return d.Count }

// Tickets gives the first of the tickets, those that the caller can see.
func (d *Digest) Tickets(ctx context.Context, first int) ([]*Ticket, error) {
	if _, err := PageRequest(&first, nil, nil, nil); err != nil {
		return nil, err
	}
	made := make([]*Ticket, 0, first)
	for _, t := range d.Digest.Tickets {
		found, err := d.rows.Tickets.Get(ctx, t)
		switch {
		case err != nil:
			return nil, err
		case len(made) == first:
			return made, nil
		case found != nil:
			made = append(made, NewTicket(d.rows.OfTickets(), found))
		}
	}
	return made, nil
}

// DigestMadeAt is by what digests are put in order, where the generator finds it.
const DigestMadeAt = digest.FieldMadeAt

// DigestWhere is conditions on digests.
type DigestWhere struct {
	MadeAt *DateTimeFilter

	Tree[DigestWhere]
}

func (w *DigestWhere) conditions() conditions {
	var c conditions
	add(&c, digest.FieldMadeAt, w.MadeAt, micros)
	return c
}

// DigestQuery gives conditions and sort keys for the service.
func DigestQuery(w *DigestWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of digests.
type (
	// DigestConnection is a page of digests.
	DigestConnection = Connection[*digest.Digest, *Digest]
	// DigestEdge is a digest and its place.
	DigestEdge = Edge[*Digest]
)

// NewDigestPage makes the page of a query's digests; count counts them all.
func NewDigestPage(rows *load.Rows, q query.Query, p page.Page[*digest.Digest], count Counted) *DigestConnection {
	return Connect(p, func(d *digest.Digest) *Digest { return NewDigest(rows, d) }, placed[*digest.Digest](digest.Terms(), q), count)
}

func digestOf(ctx context.Context, rows *load.Rows, d id.Digest) (*Digest, error) {
	found, err := rows.Digests.Get(ctx, d)
	return NewDigest(rows, found), err
}

// TicketDigestedEvent is an event of type Digested.
type TicketDigestedEvent struct {
	Base

	data event.Digested
}

// Digest gives the digest.
func (e *TicketDigestedEvent) Digest(ctx context.Context) (*Digest, error) {
	return digestOf(ctx, e.rows, e.data.Digest)
}

// DigestEventEdge is a digest, and the place in history of the last event that tells
// of it.
type DigestEventEdge struct {
	Cursor page.Cursor

	digest id.Digest
	rows   *load.Rows
}

// NewDigestEventEdge makes a digest of one of its events.
func NewDigestEventEdge(rows *load.Rows, e event.Envelope) *DigestEventEdge {
	d, _ := e.Data.(event.Digested)
	e.Sequence += int64(d.Left)
	return &DigestEventEdge{Cursor: eventCursor(e), digest: d.Digest, rows: rows}
}

// Node gives the digest.
func (e *DigestEventEdge) Node(ctx context.Context) (*Digest, error) {
	return digestOf(ctx, e.rows, e.digest)
}

// AlertEventEdge is an alert, its place, and its ticket.
type AlertEventEdge struct {
	Cursor page.Cursor
	Node   *AlertRaisedEvent

	edge *TicketEventEdge
}

// NewAlertEventEdge makes an alert of its event.
func NewAlertEventEdge(rows *load.Rows, e event.Envelope, v *ticket.View) (*AlertEventEdge, error) {
	edge, err := NewTicketEventEdge(rows, e, v)
	if err != nil {
		return nil, err
	}
	alert, _ := edge.Node.(*AlertRaisedEvent)
	return &AlertEventEdge{Cursor: edge.Cursor, Node: alert, edge: edge}, nil
}

// Ticket gives the ticket as it is now.
func (e *AlertEventEdge) Ticket() *Ticket { return e.edge.Ticket() }
