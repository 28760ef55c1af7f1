package model

import (
	"context"
	"fmt"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// SLAPolicy is a policy of a list.
type SLAPolicy struct {
	*sla.Policy

	rows *load.Rows
}

// NewSLAPolicy makes a policy of a list by itself, nil of nil.
func NewSLAPolicy(rows *load.Rows, p *sla.Policy) *SLAPolicy {
	if p == nil {
		return nil
	}
	rows.Categories.Want(p.Categories...)
	rows.Queues.Want(p.Queues...)
	return &SLAPolicy{Policy: p, rows: rows}
}

// Match gives for which tickets it is.
func (p *SLAPolicy) Match() *SLAMatch { return &SLAMatch{Match: p.Policy.Match, rows: p.rows} }

// Promises gives what is promised.
func (p *SLAPolicy) Promises() []*SLAPromise {
	made := make([]*SLAPromise, len(p.Policy.Promises))
	for i, x := range p.Policy.Promises {
		made[i] = &SLAPromise{Promise: x, rows: p.rows}
	}
	return made
}

// SLAMatch is for which tickets a policy is.
type SLAMatch struct {
	sla.Match

	rows *load.Rows
}

// Categories gives the categories that are there still.
func (m *SLAMatch) Categories(ctx context.Context) ([]*Category, error) {
	made := make([]*Category, 0, len(m.Match.Categories))
	for _, c := range m.Match.Categories {
		found, err := categoryOf(ctx, m.rows, c)
		if err != nil {
			return nil, err
		}
		if found != nil {
			made = append(made, found)
		}
	}
	return made, nil
}

// Queues gives the queues.
func (m *SLAMatch) Queues(ctx context.Context) ([]*queue.Queue, error) {
	made := make([]*queue.Queue, 0, len(m.Match.Queues))
	for _, q := range m.Match.Queues {
		found, err := queueOf(ctx, m.rows, q)
		if err != nil {
			return nil, err
		}
		if found != nil {
			made = append(made, found)
		}
	}
	return made, nil
}

// SLAPromise is within which time something happens.
type SLAPromise struct {
	sla.Promise

	rows *load.Rows
}

// Steps gives what is done when it is not done in time.
func (p *SLAPromise) Steps() []*SLAStep {
	made := make([]*SLAStep, len(p.Promise.Steps))
	for i, s := range p.Promise.Steps {
		made[i] = &SLAStep{Step: s, rows: p.rows}
	}
	return made
}

// SLAStep is a step of escalation.
type SLAStep struct {
	sla.Step

	rows *load.Rows
}

// Priority gives to what it raises.
func (s *SLAStep) Priority() *priority.Level {
	if s.Step.Priority == "" {
		return nil
	}
	return &s.Step.Priority
}

// Queue gives where it moves the ticket.
func (s *SLAStep) Queue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, s.rows, s.Step.Queue)
}

// Text gives what it says.
func (s *SLAStep) Text() *string {
	if s.Step.Text == "" {
		return nil
	}
	return &s.Step.Text
}

// SLAClock is a clock of a ticket.
type SLAClock struct {
	sla.Clock

	rows *load.Rows
	book *sla.Book // nil: the workspace's
}

// NewSLAClocks makes a list of clocks, which count by the book, or by the
// workspace's if it is nil.
func NewSLAClocks(rows *load.Rows, book *sla.Book, clocks []sla.Clock) []*SLAClock {
	made := make([]*SLAClock, len(clocks))
	for i, c := range clocks {
		made[i] = &SLAClock{Clock: c, rows: rows, book: book}
	}
	return made
}

// Policy gives by what it runs.
func (c *SLAClock) Policy(ctx context.Context) (*SLAPolicy, error) {
	return policyOf(ctx, c.rows, c.Clock.Policy)
}

// Used gives how much time it has counted.
func (c *SLAClock) Used(ctx context.Context) (time.Duration, error) {
	book := c.book
	if book == nil {
		var err error
		if book, err = c.rows.Book(ctx); err != nil {
			return 0, err
		}
	}
	return book.UsedAt(c.Clock, c.rows.Call.Now), nil
}

// StartedAt gives when it was activated.
func (c *SLAClock) StartedAt() time.Time { return c.Begun }

// DueAt gives when the promise is broken.
func (c *SLAClock) DueAt() time.Time { return c.Due }

// BreachedAt gives when the promise was broken.
func (c *SLAClock) BreachedAt() time.Time { return c.Breached }

// EndedAt gives when the clock ended.
func (c *SLAClock) EndedAt() time.Time { return c.Ended }

// Breaches gives how often promises of the target were broken.
func (c *SLAClock) Breaches() int { return c.Broken }

func policyOf(ctx context.Context, rows *load.Rows, p id.Policy) (*SLAPolicy, error) {
	found, err := rows.Policies.Get(ctx, p)
	return NewSLAPolicy(rows, found), err
}

// promisesShown reports whether the reader may know what is promised of the ticket.
func (t *Ticket) promisesShown() bool {
	a := t.rows.Call.Actor
	return access.Allowed(a, access.NoteSee, t.Scope(a))
}

// Deadline gives when the first promise is broken.
func (t *Ticket) Deadline() time.Time {
	if !t.promisesShown() {
		return time.Time{}
	}
	return t.View.Deadline
}

// SLAClocks gives the clocks of what is promised.
func (t *Ticket) SLAClocks() []*SLAClock {
	if !t.promisesShown() {
		return nil
	}
	return NewSLAClocks(t.rows, nil, t.Promises())
}

// SLAForecast is what a policy would mean for a ticket.
type SLAForecast struct {
	ticket.Forecast

	rows *load.Rows
}

// NewSLAForecast makes a forecast.
func NewSLAForecast(rows *load.Rows, f ticket.Forecast) *SLAForecast {
	return &SLAForecast{Forecast: f, rows: rows}
}

// Matches reports whether the policy's conditions hold.
func (f *SLAForecast) Matches() bool { return len(f.Missed) == 0 }

// InForce gives the policy that holds.
func (f *SLAForecast) InForce() *SLAPolicy { return NewSLAPolicy(f.rows, f.Forecast.InForce) }

// Clocks gives the clocks that would run.
func (f *SLAForecast) Clocks() []*SLAClock {
	return NewSLAClocks(f.rows, f.Book, f.Forecast.Clocks)
}

// The events of what is promised.
type (
	// ClockMovedEvent is an event of type ClockMoved.
	ClockMovedEvent struct {
		Base

		data event.ClockMoved
	}
	// AlertRaisedEvent is an event of type AlertRaised.
	AlertRaisedEvent struct {
		Base

		data event.AlertRaised
	}
)

// Target gives what is promised.
func (e *ClockMovedEvent) Target() sla.Target { return sla.Target(e.data.Target) }

// Movement gives what became of the clock.
func (e *ClockMovedEvent) Movement() sla.Movement { return sla.Movement(e.data.Movement) }

// Policy gives by what.
func (e *ClockMovedEvent) Policy(ctx context.Context) (*SLAPolicy, error) {
	return policyOf(ctx, e.rows, e.data.Policy)
}

// DueAt gives when the promise is broken.
func (e *ClockMovedEvent) DueAt() time.Time { return e.data.DueAt }

// Used gives how much of the time was used then.
func (e *ClockMovedEvent) Used() time.Duration {
	return time.Duration(e.data.UsedSeconds) * time.Second
}

// Breached reports whether the promise was broken by then.
func (e *ClockMovedEvent) Breached() bool { return e.data.Breached }

// Text gives what the policy says.
func (e *AlertRaisedEvent) Text() string { return e.data.Text }

// Target gives what is promised.
func (e *AlertRaisedEvent) Target() sla.Target { return sla.Target(e.data.Target) }

// Policy gives by what.
func (e *AlertRaisedEvent) Policy(ctx context.Context) (*SLAPolicy, error) {
	return policyOf(ctx, e.rows, e.data.Policy)
}

// Breached reports whether the promise was broken.
func (e *AlertRaisedEvent) Breached() bool { return e.data.Breached }

// DueAt gives when the promise is broken.
func (e *AlertRaisedEvent) DueAt() time.Time { return e.data.DueAt }

// SLAPolicy gives the policy as it is now.
func (p *Payload) SLAPolicy(ctx context.Context) (*SLAPolicy, error) {
	return object[SLAPolicy](ctx, p, scalar.Policy)
}

// newPromiseItem makes an event of what is promised.
func newPromiseItem(b Base) (TimelineItem, error) {
	switch d := b.envelope.Data.(type) {
	case event.ClockMoved:
		return &ClockMovedEvent{b, d}, nil
	case event.AlertRaised:
		return &AlertRaisedEvent{b, d}, nil
	case event.TicketSnoozed:
		return &TicketSnoozedEvent{b, d}, nil
	case event.TicketWoken:
		return &TicketWokenEvent{b, d}, nil
	case event.Reminded:
		return &RemindedEvent{b, d}, nil
	case event.Digested:
		b.rows.Digests.Want(d.Digest)
		return &TicketDigestedEvent{b, d}, nil
	default:
		return nil, fmt.Errorf("no type of the schema for event %T", d)
	}
}
