package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
)

type (
	// AttachmentStoredEvent is an event of type AttachmentStored.
	AttachmentStoredEvent struct {
		Base

		data event.AttachmentStored
	}
	// AttachmentFailedEvent is an event of type AttachmentFailed.
	AttachmentFailedEvent struct {
		Base

		data event.AttachmentFailed
	}
)

// Message gives the message that carries it.
func (e *AttachmentStoredEvent) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, e.rows, e.data.Message)
}

// Attachment gives the file.
func (e *AttachmentStoredEvent) Attachment(ctx context.Context) (*Attachment, error) {
	return attachmentOf(ctx, e.rows, e.data.Message, e.data.Attachment)
}

// Message gives the message that carries it.
func (e *AttachmentFailedEvent) Message(ctx context.Context) (*Message, error) {
	return messageOf(ctx, e.rows, e.data.Message)
}

// Attachment gives the file.
func (e *AttachmentFailedEvent) Attachment(ctx context.Context) (*Attachment, error) {
	return attachmentOf(ctx, e.rows, e.data.Message, e.data.Attachment)
}

// Reason gives why it could not be copied.
func (e *AttachmentFailedEvent) Reason() file.Failure { return file.Failure(e.data.Reason) }
