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

// enclose puts files into a message, behind those that it ever had.
func (t *Ticket) enclose(c Cause, m *Message, with []file.Enclosure) {
	next := 0
	if n := len(m.Files); n > 0 {
		next = m.Files[n-1].Position + 1
	}
	for i, e := range with {
		a := &file.Attachment{ID: e.Upload, Uploader: c.By, State: file.Stored}
		if e.Upload == 0 {
			a = file.Enclose(e)
			a.ID = id.Attachment(c.IDs())
		}
		a.Workspace, a.Ticket, a.Message, a.Position = t.Workspace, t.ID, m.ID, next+i
		a.Channel, a.AddedAt, a.Since = m.Channel, c.Now, m.Version
		m.Files = append(m.Files, a)
		t.changes.Enclosed = append(t.changes.Enclosed, a)
	}
}

// refiling is what becomes of the files of a message.
type refiling struct {
	added   []file.Enclosure
	removed []*file.Attachment
}

func (r refiling) nothing() bool { return len(r.added)+len(r.removed) == 0 }

// refilingTo tells how a message comes to carry what its channel says that it does.
// A file for which either has no name of the channel's is left alone.
func refilingTo(m *Message, now []file.Enclosure) refiling {
	var r refiling
	carried := map[string]*file.Attachment{}
	for _, a := range m.Files {
		if a.ExternalID != "" && !a.TakenAway() {
			carried[a.ExternalID] = a
		}
	}
	named := map[string]bool{"": true}
	for _, e := range now {
		if carried[e.ExternalID] == nil && !named[e.ExternalID] {
			r.added = append(r.added, e)
		}
		named[e.ExternalID] = true
	}
	for _, a := range m.Files {
		if carried[a.ExternalID] == a && !named[a.ExternalID] {
			r.removed = append(r.removed, a)
		}
	}
	return r
}

// refile gives the message's newest version other files than the one before has.
func (t *Ticket) refile(c Cause, m *Message, files refiling) {
	for _, a := range files.removed {
		a.Until = m.Version
	}
	t.changes.Unfiled = append(t.changes.Unfiled, files.removed...)
	t.enclose(c, m, files.added)
}

// Rewrite is Edit of a message in the channel that it came from: besides the text it
// has by now these files there, and no others. Those that it has no more stay with
// its earlier versions. Codes: those of Edit.
func (t *Ticket) Rewrite(c Cause, m *Message, body string, files []file.Enclosure) error {
	return t.edit(c, m, body, refilingTo(m, files))
}

// RewriteMessage gives a message of the actor's own the text and the files that it
// has by now in its channel. Codes: those of EditMessage.
func (s *Service) RewriteMessage(ctx context.Context, c access.Call, r Ref, m id.Message, body string, files []file.Enclosure) (*Message, error) {
	return s.changeOwn(ctx, c, r, m, func(cause Cause, t *Ticket, m *Message) error {
		return t.Rewrite(cause, m, body, files)
	})
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
