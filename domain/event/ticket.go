package event

import (
	"github.com/ticketsys/ticketsys/domain/id"
)

// The types of a ticket's events.
const (
	TypeTicketOpened        Type = "ticket.opened"
	TypeMessagePosted       Type = "ticket.message_posted"
	TypeNoteAdded           Type = "ticket.note_added"
	TypeMessageEdited       Type = "ticket.message_edited"
	TypeMessageDeleted      Type = "ticket.message_deleted"
	TypeTicketClaimed       Type = "ticket.claimed"
	TypeTicketAssigned      Type = "ticket.assigned"
	TypeTicketUnassigned    Type = "ticket.unassigned"
	TypeTicketTransferred   Type = "ticket.transferred"
	TypeTicketRecategorised Type = "ticket.recategorised"
	TypePriorityChanged     Type = "ticket.priority_changed"
	TypeTagAdded            Type = "ticket.tag_added"
	TypeTagRemoved          Type = "ticket.tag_removed"
	TypeFieldChanged        Type = "ticket.field_changed"
	TypeParticipantAdded    Type = "ticket.participant_added"
	TypeParticipantRemoved  Type = "ticket.participant_removed"
	TypeStatusChanged       Type = "ticket.status_changed"
	TypeTicketResolved      Type = "ticket.resolved"
	TypeTicketConfirmed     Type = "ticket.confirmed"
	TypeTicketClosed        Type = "ticket.closed"
	TypeTicketReopened      Type = "ticket.reopened"
	TypeAttachmentStored    Type = "ticket.attachment_stored"
	TypeAttachmentFailed    Type = "ticket.attachment_failed"
)

// Movers are the types of those events that change whose a ticket is: who has it,
// who takes part in it, and the queue that it waits in.
func Movers() []Type {
	return []Type{
		TypeTicketClaimed, TypeTicketAssigned, TypeTicketUnassigned, TypeTicketTransferred,
		TypeParticipantAdded, TypeParticipantRemoved,
	}
}

// The data of a ticket's events. All are at version 1.
type (
	// TicketOpened begins a ticket's history.
	TicketOpened struct {
		Number    int64       `json:"number"`
		Requester id.Member   `json:"requester"`
		Category  id.Category `json:"category"`
		Queue     id.Queue    `json:"queue"`
		Priority  string      `json:"priority"`
	}
	// MessagePosted is a reply, or a message of the helpdesk itself.
	MessagePosted struct {
		Message id.Message `json:"message"`
		Kind    string     `json:"kind"`
		Files   int        `json:"files,omitempty"` // that it carries
	}
	// NoteAdded is a message among staff.
	NoteAdded struct {
		Message id.Message `json:"message"`
		Files   int        `json:"files,omitempty"`
	}
	// MessageEdited gave a message or note a new version.
	MessageEdited struct {
		Message      id.Message `json:"message"`
		Version      int64      `json:"version"`
		FilesAdded   int        `json:"filesAdded,omitempty"`
		FilesRemoved int        `json:"filesRemoved,omitempty"`
	}
	// MessageDeleted took a message or note out of sight.
	MessageDeleted struct {
		Message id.Message `json:"message"`
	}
	// TicketClaimed is an agent taking the ticket themself.
	TicketClaimed struct {
		Assignee id.Member `json:"assignee"`
		Previous id.Member `json:"previous,omitempty"`
	}
	// TicketAssigned is someone giving the ticket to an agent.
	TicketAssigned struct {
		Assignee id.Member `json:"assignee"`
		Previous id.Member `json:"previous,omitempty"`
	}
	// TicketUnassigned leaves the ticket to its queue's teams.
	TicketUnassigned struct {
		Previous id.Member `json:"previous"`
	}
	// TicketTransferred moved the ticket to another queue.
	TicketTransferred struct {
		From id.Queue `json:"from"`
		To   id.Queue `json:"to"`
	}
	// TicketRecategorised put the ticket into another category.
	TicketRecategorised struct {
		From id.Category `json:"from"`
		To   id.Category `json:"to"`
	}
	// PriorityChanged changed how much the ticket matters.
	PriorityChanged struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	// TagAdded marked the ticket.
	TagAdded struct {
		Tag string `json:"tag"`
	}
	// TagRemoved unmarked the ticket.
	TagRemoved struct {
		Tag string `json:"tag"`
	}
	// FieldChanged gave a field another value. From and To are numbers, days, and
	// options with commas between them; of a text it only tells that it changed.
	FieldChanged struct {
		Key        string    `json:"key"`
		Kind       string    `json:"kind"` // of value
		From       string    `json:"from,omitempty"`
		To         string    `json:"to,omitempty"`
		FromMember id.Member `json:"fromMember,omitempty"`
		ToMember   id.Member `json:"toMember,omitempty"`
	}
	// ParticipantAdded let another member take part.
	ParticipantAdded struct {
		Member id.Member `json:"member"`
	}
	// ParticipantRemoved ended a member's part.
	ParticipantRemoved struct {
		Member id.Member `json:"member"`
	}
	// StatusChanged is a move that has no name of its own.
	StatusChanged struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	// TicketResolved says that the work is done, as far as its resolver sees.
	TicketResolved struct {
		From string `json:"from"`
	}
	// TicketConfirmed is the requester agreeing that it is resolved.
	TicketConfirmed struct{}
	// TicketClosed ends the ticket.
	TicketClosed struct {
		Reason string `json:"reason"`
	}
	// TicketReopened takes the work up again.
	TicketReopened struct {
		From string `json:"from"`
	}
	// AttachmentStored is a file of a message that can be opened from now on.
	AttachmentStored struct {
		Message    id.Message    `json:"message"`
		Attachment id.Attachment `json:"attachment"`
	}
	// AttachmentFailed is a file of a message that could not be copied from its
	// channel, and will not be.
	AttachmentFailed struct {
		Message    id.Message    `json:"message"`
		Attachment id.Attachment `json:"attachment"`
		Reason     string        `json:"reason"`
	}
)

// Type is TypeTicketOpened.
func (TicketOpened) Type() Type { return TypeTicketOpened }

// Type is TypeMessagePosted.
func (MessagePosted) Type() Type { return TypeMessagePosted }

// Type is TypeNoteAdded.
func (NoteAdded) Type() Type { return TypeNoteAdded }

// Type is TypeMessageEdited.
func (MessageEdited) Type() Type { return TypeMessageEdited }

// Type is TypeMessageDeleted.
func (MessageDeleted) Type() Type { return TypeMessageDeleted }

// Type is TypeTicketClaimed.
func (TicketClaimed) Type() Type { return TypeTicketClaimed }

// Type is TypeTicketAssigned.
func (TicketAssigned) Type() Type { return TypeTicketAssigned }

// Type is TypeTicketUnassigned.
func (TicketUnassigned) Type() Type { return TypeTicketUnassigned }

// Type is TypeTicketTransferred.
func (TicketTransferred) Type() Type { return TypeTicketTransferred }

// Type is TypeTicketRecategorised.
func (TicketRecategorised) Type() Type { return TypeTicketRecategorised }

// Type is TypePriorityChanged.
func (PriorityChanged) Type() Type { return TypePriorityChanged }

// Type is TypeTagAdded.
func (TagAdded) Type() Type { return TypeTagAdded }

// Type is TypeTagRemoved.
func (TagRemoved) Type() Type { return TypeTagRemoved }

// Type is TypeFieldChanged.
func (FieldChanged) Type() Type { return TypeFieldChanged }

// Type is TypeParticipantAdded.
func (ParticipantAdded) Type() Type { return TypeParticipantAdded }

// Type is TypeParticipantRemoved.
func (ParticipantRemoved) Type() Type { return TypeParticipantRemoved }

// Type is TypeStatusChanged.
func (StatusChanged) Type() Type { return TypeStatusChanged }

// Type is TypeTicketResolved.
func (TicketResolved) Type() Type { return TypeTicketResolved }

// Type is TypeTicketConfirmed.
func (TicketConfirmed) Type() Type { return TypeTicketConfirmed }

// Type is TypeTicketClosed.
func (TicketClosed) Type() Type { return TypeTicketClosed }

// Type is TypeTicketReopened.
func (TicketReopened) Type() Type { return TypeTicketReopened }

// Type is TypeAttachmentStored.
func (AttachmentStored) Type() Type { return TypeAttachmentStored }

// Type is TypeAttachmentFailed.
func (AttachmentFailed) Type() Type { return TypeAttachmentFailed }
