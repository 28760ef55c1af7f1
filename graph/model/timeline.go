package model

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
)

// TimelineItem is an event of a ticket's history.
type TimelineItem interface{ IsTimelineItem() }

// Event is what all events have in common.
type Event interface{ IsEvent() }

// CloseReason is why a ticket was closed.
type CloseReason string

// The reasons.
const (
	ClosedByConfirmation CloseReason = ticket.ClosedByConfirmation
	ClosedByStaff        CloseReason = ticket.ClosedByStaff
	ClosedByDelay        CloseReason = ticket.ClosedByDelay
	ClosedBySilence      CloseReason = ticket.ClosedBySilence
	ClosedByLoss         CloseReason = ticket.ClosedByLoss
)

// Base is what every event has.
type Base struct {
	envelope event.Envelope
	rows     *load.Rows
}

// IsTimelineItem marks an event.
func (*Base) IsTimelineItem() {}

// IsEvent marks an event.
func (*Base) IsEvent() {}

// ID gives the event's ID.
func (b *Base) ID() id.Event { return b.envelope.ID }

// Cursor gives the event's place.
func (b *Base) Cursor() page.Cursor { return eventCursor(b.envelope) }

// Actor gives who did it, nil for the helpdesk itself.
func (b *Base) Actor(ctx context.Context) (*Member, error) {
	return memberOf(ctx, b.rows, b.envelope.Actor)
}

// Channel gives by which way it came.
func (b *Base) Channel() event.Channel { return b.envelope.Channel }

// IsInternal reports whether only staff can see it.
func (b *Base) IsInternal() bool { return b.envelope.Internal }

// OccurredAt gives when it happened.
func (b *Base) OccurredAt() time.Time { return b.envelope.OccurredAt }

// RecordedAt gives when the helpdesk heard of it.
func (b *Base) RecordedAt() time.Time { return b.envelope.RecordedAt }

// NewTimelineEdge makes an event of a list with its place.
func NewTimelineEdge(rows *load.Rows, e event.Envelope) (*TimelineEdge, error) {
	item, err := newItem(rows, e)
	return &TimelineEdge{Cursor: eventCursor(e), Node: item}, err
}

// TicketEventEdge is an event, its place, and its ticket.
type TicketEventEdge struct {
	TimelineEdge

	view *ticket.View
	rows *load.Rows
}

// NewTicketEventEdge makes an event that happened in a ticket.
func NewTicketEventEdge(rows *load.Rows, e event.Envelope, v *ticket.View) (*TicketEventEdge, error) {
	edge, err := NewTimelineEdge(rows, e)
	rows.WantTicket(v)
	return &TicketEventEdge{TimelineEdge: *edge, view: v, rows: rows}, err
}

// Ticket gives the ticket as it is now.
func (e *TicketEventEdge) Ticket() *Ticket { return NewTicket(e.rows, e.view) }

// newItem makes an event of a list. An event that the schema has no type for is
// a fault of this package, which a test excludes.
func newItem(rows *load.Rows, e event.Envelope) (TimelineItem, error) {
	b := Base{envelope: e, rows: rows}
	switch d := e.Data.(type) {
	case event.TicketOpened:
		return &TicketOpenedEvent{b, d}, nil
	case event.MessagePosted:
		return &MessagePostedEvent{b, d}, nil
	case event.NoteAdded:
		return &NoteAddedEvent{b, d}, nil
	case event.MessageEdited:
		return &MessageEditedEvent{b, d}, nil
	case event.MessageDeleted:
		return &MessageDeletedEvent{b, d}, nil
	case event.TicketClaimed:
		return &TicketClaimedEvent{b, d}, nil
	case event.TicketAssigned:
		return &TicketAssignedEvent{b, d}, nil
	case event.TicketUnassigned:
		return &TicketUnassignedEvent{b, d}, nil
	case event.TicketTransferred:
		return &TicketTransferredEvent{b, d}, nil
	case event.TicketRecategorised:
		return &TicketRecategorisedEvent{b, d}, nil
	case event.PriorityChanged:
		return &PriorityChangedEvent{b, d}, nil
	case event.FieldChanged:
		return &FieldChangedEvent{b, d}, nil
	case event.TagAdded:
		return &TagAddedEvent{b, d}, nil
	case event.TagRemoved:
		return &TagRemovedEvent{b, d}, nil
	case event.ParticipantAdded:
		return &ParticipantAddedEvent{b, d}, nil
	case event.ParticipantRemoved:
		return &ParticipantRemovedEvent{b, d}, nil
	case event.StatusChanged:
		return &StatusChangedEvent{b, d}, nil
	case event.TicketResolved:
		return &TicketResolvedEvent{b, d}, nil
	case event.TicketConfirmed:
		return &TicketConfirmedEvent{b, d}, nil
	case event.TicketClosed:
		return &TicketClosedEvent{b, d}, nil
	case event.TicketReopened:
		return &TicketReopenedEvent{b, d}, nil
	case event.AttachmentStored:
		return &AttachmentStoredEvent{b, d}, nil
	case event.AttachmentFailed:
		return &AttachmentFailedEvent{b, d}, nil
	default:
		return surfaceItem(b, d)
	}
}
