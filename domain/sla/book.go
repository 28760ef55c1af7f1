package sla

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Book is all that a workspace promises, as of one version: its policies and the
// calendars of its business hours. It never changes, and may be used by many.
type Book struct {
	version    int64
	since      time.Time // when it came into force; zero: not known
	policies   []*Policy // in the order of their positions
	calendars  map[id.Queue]*Calendar
	usual      *Calendar
	categories map[id.Category]*category.Category
	own        map[id.Category][]Promise // what closes tickets by itself, and reminds
}

// NewBook makes the book of the policies, in the order of their positions, and the
// hours of a workspace. Hours whose zone is not known any more count all time:
// nobody's message is refused for them.
func NewBook(version int64, hours []*Hours, policies []*Policy, categories ...*category.Category) *Book {
	b := &Book{version: version, policies: policies, calendars: map[id.Queue]*Calendar{}, usual: Always(), own: map[id.Category][]Promise{}, categories: map[id.Category]*category.Category{}}
	for _, c := range categories {
		b.own[c.ID] = append(closings(c.Closing), reminders(c)...)
		b.categories[c.ID] = c
	}
	for _, h := range hours {
		c, err := h.Calendar()
		if err != nil {
			c = Always()
		}
		if h.Queue == 0 {
			b.usual = c
		} else {
			b.calendars[h.Queue] = c
		}
	}
	return b
}

// closings gives what closes a category's tickets as time that runs like a
// promise's.
func closings(c category.Closing) []Promise {
	var made []Promise
	if c.Silence > 0 {
		made = append(made, Promise{Target: Silence, Within: c.Silence, Steps: []Step{{Before: c.Warning, Action: Warn}}})
	}
	if c.Resolved > 0 {
		made = append(made, Promise{Target: Closing, Within: c.Resolved})
	}
	return made
}

// promised gives what runs for a target, nil for nothing.
func (b *Book) promised(p *Policy, category id.Category, t Target) *Promise {
	if t.Promised() {
		return p.promise(t)
	}
	if b == nil {
		return nil
	}
	for i, x := range b.own[category] {
		if x.Target == t {
			return &b.own[category][i]
		}
	}
	return nil
}

// Version tells books of a workspace apart: it rises with each change of what is
// promised. 0: nothing ever was.
func (b *Book) Version() int64 {
	if b == nil {
		return 0
	}
	return b.version
}

// InForce gives the book as one that came into force at a moment.
func (b *Book) InForce(since time.Time) *Book {
	dated := *b
	dated.since = since
	return &dated
}

// Replaces tells whether at a moment the book was in force in the place of the one
// of another version; 0: not known.
func (b *Book) Replaces(version int64, at time.Time) bool {
	return b != nil && version != 0 && version != b.version && !b.since.IsZero() && !b.since.After(at)
}

// Calendar gives when is worked in a queue.
func (b *Book) Calendar(q id.Queue) *Calendar {
	if b == nil {
		return Always()
	}
	if c := b.calendars[q]; c != nil {
		return c
	}
	return b.usual
}

// Policy gives the policy that holds for a ticket, nil for none.
func (b *Book) Policy(f Facts) *Policy {
	if b == nil {
		return nil
	}
	for _, p := range b.policies {
		if len(p.Missed(f)) == 0 {
			return p
		}
	}
	return nil
}

// Category gives a category as it was when the book was written; nil if it is not there.
func (b *Book) Category(c id.Category) *category.Category {
	if b == nil {
		return nil
	}
	return b.categories[c]
}

// With gives a book in which the policy is the only one.
func (b *Book) With(p *Policy) *Book {
	alone := *b
	alone.policies = []*Policy{p}
	return &alone
}

// named finds a policy.
func (b *Book) named(p id.Policy) *Policy {
	i := slices.IndexFunc(b.policies, func(x *Policy) bool { return x.ID == p })
	if i < 0 {
		return nil
	}
	return b.policies[i]
}

// measure gives the calendar by which a clock counts.
func (b *Book) measure(c Clock) *Calendar {
	if !c.Business {
		return Always()
	}
	return b.Calendar(c.Hours)
}

// UsedAt gives how much of its promise's time a clock has counted at a moment.
func (b *Book) UsedAt(c Clock, at time.Time) time.Duration {
	if c.State != Running {
		return c.Used
	}
	return c.Used + b.measure(c).Between(c.Since, at)
}

// reached gives when a running clock has counted so much.
func (b *Book) reached(c Clock, used time.Duration) time.Time {
	if used <= c.Used {
		return c.Since
	}
	return b.measure(c).Add(c.Since, used-c.Used)
}
