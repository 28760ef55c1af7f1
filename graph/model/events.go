package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// The events of a ticket's history, each with what it says by itself.
type (
	// TicketOpenedEvent is an event of type TicketOpened.
	TicketOpenedEvent struct {
		Base

		data event.TicketOpened
	}
	// MessagePostedEvent is an event of type MessagePosted.
	MessagePostedEvent struct {
		Base

		data event.MessagePosted
	}
	// NoteAddedEvent is an event of type NoteAdded.
	NoteAddedEvent struct {
		Base

		data event.NoteAdded
	}
	// MessageEditedEvent is an event of type MessageEdited.
	MessageEditedEvent struct {
		Base

		data event.MessageEdited
	}
	// MessageDeletedEvent is an event of type MessageDeleted.
	MessageDeletedEvent struct {
		Base

		data event.MessageDeleted
	}
	// TicketClaimedEvent is an event of type TicketClaimed.
	TicketClaimedEvent struct {
		Base

		data event.TicketClaimed
	}
	// TicketAssignedEvent is an event of type TicketAssigned.
	TicketAssignedEvent struct {
		Base

		data event.TicketAssigned
	}
	// TicketUnassignedEvent is an event of type TicketUnassigned.
	TicketUnassignedEvent struct {
		Base

		data event.TicketUnassigned
	}
	// TicketTransferredEvent is an event of type TicketTransferred.
	TicketTransferredEvent struct {
		Base

		data event.TicketTransferred
	}
	// TicketRecategorisedEvent is an event of type TicketRecategorised.
	TicketRecategorisedEvent struct {
		Base

		data event.TicketRecategorised
	}
	// PriorityChangedEvent is an event of type PriorityChanged.
	PriorityChangedEvent struct {
		Base

		data event.PriorityChanged
	}
	// TagAddedEvent is an event of type TagAdded.
	TagAddedEvent struct {
		Base

		data event.TagAdded
	}
	// TagRemovedEvent is an event of type TagRemoved.
	TagRemovedEvent struct {
		Base

		data event.TagRemoved
	}
	// ParticipantAddedEvent is an event of type ParticipantAdded.
	ParticipantAddedEvent struct {
		Base

		data event.ParticipantAdded
	}
	// ParticipantRemovedEvent is an event of type ParticipantRemoved.
	ParticipantRemovedEvent struct {
		Base

		data event.ParticipantRemoved
	}
	// StatusChangedEvent is an event of type StatusChanged.
	StatusChangedEvent struct {
		Base

		data event.StatusChanged
	}
	// TicketResolvedEvent is an event of type TicketResolved.
	TicketResolvedEvent struct {
		Base

		data event.TicketResolved
	}
	// TicketConfirmedEvent is an event of type TicketConfirmed.
	TicketConfirmedEvent struct {
		Base

		data event.TicketConfirmed
	}
	// TicketClosedEvent is an event of type TicketClosed.
	TicketClosedEvent struct {
		Base

		data event.TicketClosed
	}
	// TicketReopenedEvent is an event of type TicketReopened.
	TicketReopenedEvent struct {
		Base

		data event.TicketReopened
	}
)

// Category gives what was chosen.
func (e *TicketOpenedEvent) Category(ctx context.Context) (*Category, error) {
	return categoryOf(ctx, e.rows, e.data.Category)
}

// Queue gives where the ticket went.
func (e *TicketOpenedEvent) Queue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, e.rows, e.data.Queue)
}

// Priority gives how much it mattered.
func (e *TicketOpenedEvent) Priority() priority.Level { return priority.Level(e.data.Priority) }

// Message gives what was said, nil if the reader may not read it.
func (e *MessagePostedEvent) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, e.rows, e.data.Message)
}

// Message gives what was said, nil if the reader may not read it.
func (e *NoteAddedEvent) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, e.rows, e.data.Message)
}

// Message gives what was said, nil if the reader may not read it.
func (e *MessageEditedEvent) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, e.rows, e.data.Message)
}

// Version gives the number of the new text.
func (e *MessageEditedEvent) Version() int64 { return e.data.Version }

// FilesAdded gives how many files came to the message.
func (e *MessageEditedEvent) FilesAdded() int { return e.data.FilesAdded }

// FilesRemoved gives how many were taken away from it.
func (e *MessageEditedEvent) FilesRemoved() int { return e.data.FilesRemoved }

// Message gives what was said, nil if the reader may not read it.
func (e *MessageDeletedEvent) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, e.rows, e.data.Message)
}

// Assignee gives the agent.
func (e *TicketClaimedEvent) Assignee(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Assignee)
}

// PreviousAssignee gives who had it before, nil if nobody did.
func (e *TicketClaimedEvent) PreviousAssignee(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Previous)
}

// Assignee gives the agent.
func (e *TicketAssignedEvent) Assignee(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Assignee)
}

// PreviousAssignee gives who had it before, nil if nobody did.
func (e *TicketAssignedEvent) PreviousAssignee(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Previous)
}

// PreviousAssignee gives who had it before, nil if nobody did.
func (e *TicketUnassignedEvent) PreviousAssignee(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Previous)
}

// FromQueue gives where it was.
func (e *TicketTransferredEvent) FromQueue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, e.rows, e.data.From)
}

// ToQueue gives where it is.
func (e *TicketTransferredEvent) ToQueue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, e.rows, e.data.To)
}

// FromCategory gives what it was.
func (e *TicketRecategorisedEvent) FromCategory(ctx context.Context) (*Category, error) {
	return categoryOf(ctx, e.rows, e.data.From)
}

// ToCategory gives what it is.
func (e *TicketRecategorisedEvent) ToCategory(ctx context.Context) (*Category, error) {
	return categoryOf(ctx, e.rows, e.data.To)
}

// FromPriority gives what it was.
func (e *PriorityChangedEvent) FromPriority() priority.Level { return priority.Level(e.data.From) }

// ToPriority gives what it is.
func (e *PriorityChangedEvent) ToPriority() priority.Level { return priority.Level(e.data.To) }

// Tag gives the mark.
func (e *TagAddedEvent) Tag() string { return e.data.Tag }

// Tag gives the mark.
func (e *TagRemovedEvent) Tag() string { return e.data.Tag }

// Member gives the member.
func (e *ParticipantAddedEvent) Member(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Member)
}

// Member gives the member.
func (e *ParticipantRemovedEvent) Member(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.Member)
}

// FromStatus gives what the status was.
func (e *StatusChangedEvent) FromStatus() ticket.Status { return ticket.Status(e.data.From) }

// ToStatus gives what the status is.
func (e *StatusChangedEvent) ToStatus() ticket.Status { return ticket.Status(e.data.To) }

// FromStatus gives what the status was.
func (e *TicketResolvedEvent) FromStatus() ticket.Status { return ticket.Status(e.data.From) }

// Reason gives why it was closed.
func (e *TicketClosedEvent) Reason() CloseReason { return CloseReason(e.data.Reason) }

// FromStatus gives what the status was.
func (e *TicketReopenedEvent) FromStatus() ticket.Status { return ticket.Status(e.data.From) }
