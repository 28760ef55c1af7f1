package model

import (
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Keyed is what every mutation's input has. The key is read before the input is:
// see graph/once.go.
type Keyed struct{ IdempotencyKey string }

// Expecting names the version that the caller saw of what they change; 0: any.
type Expecting struct{ ExpectedVersion scalar.Version }

// Expected gives the version for a service.
func (e Expecting) Expected() int64 { return int64(e.ExpectedVersion) }

// TicketInput names a ticket, and perhaps the version that the caller saw: the
// whole input of verbs that need no more.
type TicketInput struct {
	Keyed
	Expecting

	TicketID id.Ticket
}

// Ref gives the ticket's reference for a service.
func (in TicketInput) Ref() ticket.Ref {
	return ticket.Ref{ID: in.TicketID, Version: in.Expected()}
}

// The inputs of verbs on a ticket.
type (
	// BodyInput is a text for a ticket.
	BodyInput struct {
		TicketInput

		Body          string
		AttachmentIDs []id.Attachment
	}
	// CreateUploadInput names a file.
	CreateUploadInput struct {
		Keyed

		Name string
	}
	// MessageInput names a message of a ticket, perhaps with a new text.
	MessageInput struct {
		Keyed
		Expecting

		TicketID  id.Ticket
		MessageID id.Message
		Body      string
	}
	// AssignTicketInput names an agent.
	AssignTicketInput struct {
		TicketInput

		AssigneeID id.Member
	}
	// TransferTicketInput names a queue.
	TransferTicketInput struct {
		TicketInput

		QueueID id.Queue
	}
	// RecategoriseTicketInput names a category.
	RecategoriseTicketInput struct {
		TicketInput

		CategoryID id.Category
	}
	// SetTicketPriorityInput tells a priority.
	SetTicketPriorityInput struct {
		TicketInput

		Priority priority.Level
	}
	// TagsInput tells tags.
	TagsInput struct {
		TicketInput

		Tags []string
	}
	// ParticipantInput names a member.
	ParticipantInput struct {
		TicketInput

		MemberID id.Member
	}
)

// With gives the files that go with the text.
func (in BodyInput) With() []file.Enclosure {
	with := make([]file.Enclosure, len(in.AttachmentIDs))
	for i, a := range in.AttachmentIDs {
		with[i].Upload = a
	}
	return with
}

// Ref gives the message's ticket for a service, with the version of the message.
func (in MessageInput) Ref() ticket.Ref {
	return ticket.Ref{ID: in.TicketID, MessageVersion: in.Expected()}
}

// OpenTicketInput is a wish to open a ticket.
type OpenTicketInput struct {
	Keyed

	CategoryID  id.Category
	Subject     string
	Body        string
	Answers     []AnswerInput
	RequesterID id.Member
}

// Opening gives the wish for the service.
func (in OpenTicketInput) Opening() ticket.OpenInput {
	return ticket.OpenInput{
		Category: in.CategoryID, Subject: in.Subject, Body: in.Body, Answers: given(in.Answers), Requester: in.RequesterID,
	}
}
