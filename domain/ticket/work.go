package ticket

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/tag"
)

// enter sets the status and the moments that belong to it.
func (t *Ticket) enter(c Cause, s Status) {
	t.Status = s
	t.next(turnIn(s))
	if s == Resolved || s == Closed {
		t.wake(c, WokenByStatus)
	}
	switch s {
	case Resolved:
		t.ResolvedAt = c.Now
	case Closed:
		t.ClosedAt = c.Now
	case New, Open, Pending, OnHold:
		t.ResolvedAt, t.ClosedAt = time.Time{}, time.Time{}
	}
}

// Claim makes the actor the assignee; who has it already keeps it.
// Codes: invalid_transition.
func (t *Ticket) Claim(c Cause) error {
	next, err := t.Status.after(moveTakeUp)
	if err != nil || t.Assignee == c.By {
		return err
	}
	t.recordAspect(c, false, event.TicketClaimed{Assignee: c.By, Previous: t.Assignee})
	t.Assignee = c.By
	t.arrive(c, next)
	return nil
}

// Assign gives the ticket to an agent. Codes: invalid_transition.
func (t *Ticket) Assign(c Cause, agent id.Member) error {
	next, err := t.Status.after(moveTakeUp)
	if err != nil || t.Assignee == agent {
		return err
	}
	t.recordAspect(c, false, event.TicketAssigned{Assignee: agent, Previous: t.Assignee})
	t.Assignee = agent
	t.arrive(c, next)
	return nil
}

// Unassign leaves the ticket to the queue's teams. Codes: invalid_transition.
func (t *Ticket) Unassign(c Cause) error {
	if _, err := t.Status.after(moveChangeAspect); err != nil {
		return err
	}
	t.unassign(c)
	return nil
}

func (t *Ticket) unassign(c Cause) {
	if t.Assignee == 0 {
		return
	}
	t.recordAspect(c, false, event.TicketUnassigned{Previous: t.Assignee})
	t.Assignee = 0
}

// Transfer moves the ticket to another queue, where nobody has taken it yet.
// Codes: invalid_transition.
func (t *Ticket) Transfer(c Cause, to id.Queue) error {
	if _, err := t.Status.after(moveChangeAspect); err != nil || t.Queue == to {
		return err
	}
	t.recordAspect(c, false, event.TicketTransferred{From: t.Queue, To: to})
	t.Queue = to
	t.unassign(c)
	return nil
}

// Recategorise puts the ticket into another category and so into its queue.
// Codes: invalid, invalid_transition.
func (t *Ticket) Recategorise(c Cause, to *category.Category) error {
	if _, err := t.Status.after(moveChangeAspect); err != nil || t.Category == to.ID {
		return err
	}
	if to.Archived {
		return category.ErrArchived.On("categoryId")
	}
	t.recordAspect(c, false, event.TicketRecategorised{From: t.Category, To: to.ID})
	t.Category = to.ID
	return t.Transfer(c, to.Queue)
}

// SetPriority says how much the ticket matters. Codes: invalid, invalid_transition.
func (t *Ticket) SetPriority(c Cause, p priority.Level) error {
	if err := p.Check(); err != nil {
		return err
	}
	if _, err := t.Status.after(moveChangeAspect); err != nil || t.Priority == p {
		return err
	}
	t.recordAspect(c, false, event.PriorityChanged{From: string(t.Priority), To: string(p)})
	t.Priority = p
	return nil
}

// AddTag marks the ticket with what the vocabulary calls so. Tags are staff's own
// words: their events are internal. Codes: invalid, invalid_transition.
func (t *Ticket) AddTag(c Cause, name string) error {
	name, err := locale.Clean(name, "tags", 1, MaxTag)
	if err != nil {
		return err
	}
	if _, err := t.Status.after(moveChangeAspect); err != nil {
		return err
	}
	if t.tagged(name) >= 0 {
		return nil
	}
	if len(t.Tags) >= MaxTags {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxTags).On("tags")
	}
	i, _ := slices.BinarySearch(t.Tags, name)
	t.Tags = slices.Insert(slices.Clone(t.Tags), i, name)
	t.changes.Tags = true
	t.recordAspect(c, true, event.TagAdded{Tag: name})
	return nil
}

// tagged finds the tag that is called so, -1 if the ticket has none.
func (t *Ticket) tagged(name string) int {
	key := tag.Key(name)
	return slices.IndexFunc(t.Tags, func(has string) bool { return has == name || tag.Key(has) == key })
}

// RemoveTag takes a mark away. Codes: invalid_transition.
func (t *Ticket) RemoveTag(c Cause, name string) error {
	if _, err := t.Status.after(moveChangeAspect); err != nil {
		return err
	}
	i := t.tagged(name)
	if i < 0 {
		return nil
	}
	name = t.Tags[i]
	t.Tags = slices.Delete(slices.Clone(t.Tags), i, i+1)
	t.changes.Tags = true
	t.recordAspect(c, true, event.TagRemoved{Tag: name})
	return nil
}

// AddParticipant lets another member take part. Codes: invalid, invalid_transition.
func (t *Ticket) AddParticipant(c Cause, m id.Member) error {
	if _, err := t.Status.after(moveChangeAspect); err != nil {
		return err
	}
	if m == t.Requester {
		return ErrOpener.On("memberId")
	}
	i, has := slices.BinarySearch(t.Participants, m)
	if has {
		return nil
	}
	if len(t.Participants) >= MaxParticipants {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxParticipants).On("memberId")
	}
	t.Participants = slices.Insert(slices.Clone(t.Participants), i, m)
	t.changes.Members = true
	t.recordAspect(c, false, event.ParticipantAdded{Member: m})
	return nil
}

// RemoveParticipant ends a member's part. Codes: invalid_transition.
func (t *Ticket) RemoveParticipant(c Cause, m id.Member) error {
	if _, err := t.Status.after(moveChangeAspect); err != nil {
		return err
	}
	i, has := slices.BinarySearch(t.Participants, m)
	if !has {
		return nil
	}
	t.Participants = slices.Delete(slices.Clone(t.Participants), i, i+1)
	t.changes.Members = true
	t.recordAspect(c, false, event.ParticipantRemoved{Member: m})
	return nil
}
