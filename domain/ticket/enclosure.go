package ticket

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// checked gives the text of a message, which may say nothing if files speak for
// it. Codes: invalid.
func checked(body string, files int) (string, error) {
	if files > file.MaxPerMessage {
		return "", file.ErrTooMany.On("attachmentIds")
	}
	least := 1
	if files > 0 {
		least = 0
	}
	return locale.Clean(body, "body", least, MaxBody)
}

// enclose puts files into a new message.
func (t *Ticket) enclose(c Cause, m *Message, with []file.Enclosure) {
	m.Files = len(with)
	for i, e := range with {
		a := &file.Attachment{ID: e.Upload, Uploader: c.By, State: file.Stored}
		if e.Upload == 0 {
			a = file.Enclose(e)
			a.ID = id.Attachment(c.IDs())
		}
		a.Workspace, a.Ticket, a.Message, a.Position = t.Workspace, t.ID, m.ID, i
		a.Channel, a.AddedAt = m.Channel, c.Now
		t.changes.Enclosed = append(t.changes.Enclosed, a)
	}
}

// Copied records that a file of a message was copied, and what is in it. One
// that is not waited for changes nothing.
func (t *Ticket) Copied(c Cause, m *Message, a *file.Attachment, b *file.Blob) {
	if a.State != file.Pending {
		return
	}
	a.Show(b)
	t.changes.Copied = append(t.changes.Copied, a)
	t.record(c, !m.Public(), event.AttachmentStored{Message: m.ID, Attachment: a.ID})
}

// CopyFailed records that a file of a message will not be copied, for staff to
// know. One that is not waited for changes nothing.
func (t *Ticket) CopyFailed(c Cause, m *Message, a *file.Attachment, why file.Failure) {
	if a.State != file.Pending {
		return
	}
	a.State, a.Failure = file.Failed, why
	t.changes.Copied = append(t.changes.Copied, a)
	t.record(c, true, event.AttachmentFailed{Message: m.ID, Attachment: a.ID, Reason: string(why)})
}

// Copied records that a file of a message was copied. Only the helpdesk itself
// may tell. Codes: unauthenticated, forbidden, not_found.
func (s *Service) Copied(ctx context.Context, c access.Call, a *file.Attachment, b *file.Blob) error {
	return s.copyEnded(ctx, c, a, func(cause Cause, t *Ticket, m *Message, a *file.Attachment) {
		t.Copied(cause, m, a, b)
	})
}

// CopyFailed records that a file of a message will not be copied. Only the
// helpdesk itself may tell. Codes: unauthenticated, forbidden, not_found.
func (s *Service) CopyFailed(ctx context.Context, c access.Call, a *file.Attachment, why file.Failure) error {
	return s.copyEnded(ctx, c, a, func(cause Cause, t *Ticket, m *Message, a *file.Attachment) {
		t.CopyFailed(cause, m, a, why)
	})
}

// copyEnded records the end of a copy, once.
func (s *Service) copyEnded(ctx context.Context, c access.Call, a *file.Attachment, do func(Cause, *Ticket, *Message, *file.Attachment)) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	c.Origin.ExternalID = "file:" + a.ID.String()
	r := Ref{Workspace: c.Actor.Workspace, ID: a.Ticket}
	err := s.repo.UpdateMessage(ctx, r, a.Message, c.Origin, func(t *Ticket, m *Message) error {
		ended := *a // this may be tried again
		do(s.cause(c), t, m, &ended)
		return nil
	})
	if errors.Is(err, ErrDuplicate) {
		return nil
	}
	return err
}
