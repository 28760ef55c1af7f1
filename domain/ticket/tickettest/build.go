package tickettest

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// IDs gives a source that counts from 1001, the same in every run.
func IDs() id.Source {
	var last atomic.Int64
	last.Store(1000)
	return func() int64 { return last.Add(1) }
}

// Clock is a clock that moves only when a test moves it. It may be shared.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock gives a clock that stands at a fixed moment, which is not a whole
// number of milliseconds: stores keep microseconds.
func NewClock() *Clock {
	return &Clock{now: time.Date(2026, time.January, 2, 3, 4, 5, 678_901_000, time.UTC)}
}

// Now gives the moment at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Tick moves the clock on by a second and gives the new moment.
func (c *Clock) Tick() time.Time { return c.Advance(time.Second) }

// Advance moves the clock on and gives the new moment.
func (c *Clock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// Option says in what a built ticket differs from an ordinary one.
type Option func(*ticket.Ticket)

// The members, places and moment of an ordinary built ticket.
const (
	TheWorkspace id.Workspace = 1
	TheQueue     id.Queue     = 2
	TheCategory  id.Category  = 3
	TheTicket    id.Ticket    = 4
	TheRequester id.Member    = 5
)

// NewTicket builds a ticket that no store knows: new, of normal priority, with
// nobody assigned, nothing said in it and nothing to save.
func NewTicket(options ...Option) *ticket.Ticket {
	now := NewClock().Now()
	t := &ticket.Ticket{
		ID: TheTicket, Workspace: TheWorkspace, Number: 1, Version: 1, Subject: "Printer on fire",
		Status: ticket.New, Priority: priority.Normal, Category: TheCategory, Queue: TheQueue,
		Requester: TheRequester, Locale: locale.Fallback, Channel: event.ChannelAPI,
		OpenedAt: now, ActivityAt: now,
	}
	for _, o := range options {
		o(t)
	}
	return t
}

// In puts the ticket into a status, with the moments that belong to it.
func In(s ticket.Status) Option {
	return func(t *ticket.Ticket) {
		t.Status = s
		if s == ticket.Resolved || s == ticket.Closed {
			t.ResolvedAt = t.OpenedAt
		}
		if s == ticket.Closed {
			t.ClosedAt = t.OpenedAt
		}
	}
}

// AssignedTo gives the ticket to a member.
func AssignedTo(m id.Member) Option { return func(t *ticket.Ticket) { t.Assignee = m } }

// With lets members take part.
func With(members ...id.Member) Option {
	return func(t *ticket.Ticket) { t.Participants = slices.Sorted(slices.Values(members)) }
}

// Tagged marks the ticket.
func Tagged(tags ...string) Option {
	return func(t *ticket.Ticket) { t.Tags = slices.Sorted(slices.Values(tags)) }
}

// InQueue puts the ticket into a queue and a category.
func InQueue(q id.Queue, c id.Category) Option {
	return func(t *ticket.Ticket) { t.Queue, t.Category = q, c }
}
