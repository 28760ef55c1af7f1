// Package ticket is the heart of the helpdesk: a request for help, what is said
// in it, and what becomes of it.
//
// A Ticket changes only by its methods. Each checks the state machine, changes
// the ticket and records an event; a Repository saves both in one transaction.
// Who may call what is the Service's business.
package ticket

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
)

// Limits, in characters or items.
const (
	MaxSubject      = category.MaxSubject
	MaxBody         = 10000
	MaxTag          = tag.MaxName
	MaxTags         = 20
	MaxParticipants = 50
)

// The refusals of this package beside those of the state machine.
var (
	ErrNotFound        = fault.New(fault.NotFound, "fault.ticket.not_found")
	ErrMessageNotFound = fault.New(fault.NotFound, "fault.ticket.message_not_found")
	ErrMessageDeleted  = fault.New(fault.Transition, "fault.ticket.message_deleted")
	ErrVersion         = fault.New(fault.Conflict, "fault.ticket.version")
	ErrMessageVersion  = fault.New(fault.Conflict, "fault.version.outdated")
	ErrNotAuthor       = fault.New(fault.Forbidden, "fault.ticket.not_author")
	ErrOpener          = fault.New(fault.Invalid, "fault.ticket.participant_is_requester")
)

// Ticket is one request for help. Times are UTC.
type Ticket struct {
	ID        id.Ticket
	Workspace id.Workspace
	Number    int64 // counted per workspace from 1, without gaps; given by the repository
	Version   int64 // rises with each change of the ticket itself; messages and notes do not raise it

	Subject      string
	Status       Status
	Priority     priority.Level
	Category     id.Category
	Queue        id.Queue
	Requester    id.Member
	Assignee     id.Member // 0: nobody
	Locale       locale.Tag
	Channel      event.Channel // where its surface is
	Tags         []string      // as the vocabulary calls them, sorted
	Participants []id.Member   // sorted
	Answers      []category.Answer

	OpenedAt     time.Time
	ActivityAt   time.Time // of the last event
	FirstReplyAt time.Time // zero: none yet
	ResolvedAt   time.Time // zero: not resolved
	ClosedAt     time.Time // zero: not closed

	LastMessage  id.Message // the newest public one
	MessageCount int64      // public ones, deleted included

	Turn     Turn
	Clocks   []sla.Clock // of what is promised, in the order of their targets
	Deadline time.Time   // when the first promise is broken whose clock runs, or was; zero: none runs
	DueAt    time.Time   // when the ticket is to be looked at, by a clock or since its snooze ends; zero: never
	KeptBy   int64       // version of the promises by which the clocks were last kept
	Promised int64       // version of the workspace's promises when the ticket was locked

	Snoozed      bool
	SnoozedUntil time.Time // zero: it is not, or until the requester says something

	SpokeAt   time.Time // when the helpdesk last said something by itself; zero: not since the greeting
	ToldUntil time.Time // until when the requester was told that nobody works; zero: was not

	changes Changes
}

// Changes is what a change of a ticket leaves for the repository to save.
type Changes struct {
	Events   []event.Draft
	Messages []*Message         // new ones
	Edited   []*Message         // with a new version, or deleted
	Enclosed []*file.Attachment // new to their messages: copies to be made, and uploads, which have an Uploader
	Unfiled  []*file.Attachment // that their messages carry no more
	Copied   []*file.Attachment // whose copy was made, or was not
	Aspects  bool               // something besides messages changed: the version rises
	Members  bool               // participants changed
	Tags     bool               // tags changed
	Fields   bool               // answers changed
	Clocks   bool               // clocks changed, or by what they are kept, or the snooze
	Turn     bool               // whose turn it is changed

	settled int  // events of what was due before the change
	expired bool // the ticket was closed because nobody went on with it
	warned  bool // that it will be
}

// echo tells whether nothing happened but that something was said where it stands. A
// closed ticket's place is another matter: it goes when all is stored.
func (c *Changes) echo() bool {
	if c.Aspects || c.Members || c.Tags || c.Fields || c.Clocks || c.Turn || len(c.Edited)+len(c.Unfiled)+len(c.Copied) > 0 {
		return false
	}
	return !slices.ContainsFunc(c.Events, func(e event.Draft) bool {
		return e.Data.Type() != event.MessagePosted{}.Type() || !e.Origin.Shown
	})
}

// heard tells of all changes so far that they are recorded now.
func (c *Changes) heard(now time.Time) {
	for i := range c.Events {
		c.Events[i].RecordedAt = now
	}
	for _, m := range c.Messages {
		m.RecordedAt = now
	}
}

// TakeChanges gives what is to be saved, once.
func (t *Ticket) TakeChanges() Changes {
	c := t.changes
	t.changes = Changes{}
	if t.Status != Closed && c.echo() {
		for i := range c.Events {
			c.Events[i].Echo = true
		}
	}
	return c
}

// Cause is what every change needs to know: who does it, when, by which way.
type Cause struct {
	By     id.Member // 0: the helpdesk itself
	Now    time.Time
	Origin event.Origin
	IDs    id.Source
}

// at is when the change happened for the person who made it.
func (c Cause) at() time.Time {
	if !c.Origin.OccurredAt.IsZero() {
		return c.Origin.OccurredAt
	}
	return c.Now
}

// moment is when the change happened, and no later than now, whatever the clock of
// a channel shows.
func (c Cause) moment() time.Time {
	if c.at().After(c.Now) {
		return c.Now
	}
	return c.at()
}

// record notes an event. Changes of the ticket itself, and not just of what is
// said in it, raise its version. What staff does among themselves is no
// activity: a requester could tell from its moment that something was written.
func (t *Ticket) record(c Cause, internal bool, d event.Data) {
	e := event.Draft{
		ID: id.Event(c.IDs()), Actor: c.By, Origin: c.Origin, Internal: internal,
		At: c.at(), RecordedAt: c.Now, Data: d,
	}
	if e.Origin.CorrelationID == 0 {
		e.Origin.CorrelationID = e.ID
		if len(t.changes.Events) > t.changes.settled {
			e.Origin.CorrelationID = t.changes.Events[t.changes.settled].Origin.CorrelationID
		}
	}
	t.changes.Events = append(t.changes.Events, e)
	if !internal && c.Now.After(t.ActivityAt) {
		t.ActivityAt = c.Now
	}
}

func (t *Ticket) recordAspect(c Cause, internal bool, d event.Data) {
	t.changes.Aspects = true
	t.record(c, internal, d)
}

// Scope is the ticket as the access table sees it for the actor.
func (t *Ticket) Scope(a access.Actor) access.Scope {
	return access.Scope{
		Workspace: t.Workspace, Queue: t.Queue, Category: t.Category,
		Requester:   a.Member != 0 && t.Requester == a.Member,
		Assignee:    a.Member != 0 && t.Assignee == a.Member,
		Participant: a.Member != 0 && slices.Contains(t.Participants, a.Member),
	}
}
