package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	attachmentColumns = `a.id, a.workspace_id, a.ticket_id, a.message_id, a.position, a.uploader_id, a.name, a.content_type,
		a.size, a.width, a.height, a.state, a.failure, a.channel, a.source, a.blob_id, a.added_at,
		a.since_version, a.until_version, a.external_id,
		COALESCE(b.thumbnail_id, 0), COALESCE(b.thumbnail_type, ''), COALESCE(b.thumbnail_width, 0), COALESCE(b.thumbnail_height, 0)`
	// fromAttachments has their rows, and those of what is in them.
	fromAttachments     = ` FROM attachments a LEFT JOIN blobs b ON b.id = a.blob_id`
	insertAttachmentSQL = `INSERT INTO attachments (id, workspace_id, ticket_id, message_id, position, uploader_id, name, content_type,
		size, width, height, state, failure, channel, source, blob_id, added_at, since_version, until_version, external_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	// encloseSQL attaches what its author uploaded, wholly and for no other message.
	encloseSQL = `UPDATE attachments SET ticket_id = ?, message_id = ?, position = ?, since_version = ?
		WHERE id = ? AND workspace_id = ? AND uploader_id = ? AND uploader_id <> 0 AND state = 'stored' AND message_id = 0`
	copiedSQL = `UPDATE attachments SET state = ?, failure = ?, blob_id = ?, size = ?, content_type = ?, width = ?, height = ?
		WHERE id = ? AND workspace_id = ? AND state = 'pending'`
	unfileSQL = `UPDATE attachments SET until_version = ? WHERE id = ? AND workspace_id = ?`
)

func attachmentArgs(a *file.Attachment) []any {
	return []any{
		int64(a.ID), int64(a.Workspace), int64(a.Ticket), int64(a.Message), a.Position, int64(a.Uploader), a.Name, a.ContentType,
		a.Size, a.Width, a.Height, string(a.State), string(a.Failure), string(a.Channel), a.Source, int64(a.Blob), Micros(a.AddedAt),
		a.Since, a.Until, a.ExternalID,
	}
}

func scanAttachment(row scanner) (*file.Attachment, error) {
	a := &file.Attachment{}
	var added int64
	err := row.Scan((*int64)(&a.ID), (*int64)(&a.Workspace), (*int64)(&a.Ticket), (*int64)(&a.Message), &a.Position, (*int64)(&a.Uploader),
		&a.Name, &a.ContentType, &a.Size, &a.Width, &a.Height, (*string)(&a.State), (*string)(&a.Failure), (*string)(&a.Channel),
		&a.Source, (*int64)(&a.Blob), &added, &a.Since, &a.Until, &a.ExternalID,
		(*int64)(&a.Thumbnail.Blob), &a.Thumbnail.ContentType, &a.Thumbnail.Width, &a.Thumbnail.Height)
	if err != nil {
		return nil, err
	}
	a.AddedAt = Moment(added)
	return a, nil
}

// enclosed writes files that are new to their messages: copies that are to be made,
// with the work of making them, and uploads.
func enclosed(ctx context.Context, tx *Tx, files []*file.Attachment) error {
	for _, a := range files {
		if a.State == file.Pending {
			if _, err := tx.Exec(ctx, insertAttachmentSQL, attachmentArgs(a)...); err != nil {
				return err
			}
			tx.Enqueue(file.Work(a), tx.store.options.Now())
			continue
		}
		n, err := tx.Affected(ctx, encloseSQL, int64(a.Ticket), int64(a.Message), a.Position, a.Since, int64(a.ID), int64(a.Workspace), int64(a.Uploader))
		if err := changed(n, err, file.ErrUpload.On("attachmentIds")); err != nil {
			return err
		}
	}
	return nil
}

// copied writes what became of copies.
func copied(files []*file.Attachment) []statement {
	all := make([]statement, len(files))
	for i, a := range files {
		all[i] = statement{sql: copiedSQL, args: []any{
			string(a.State), string(a.Failure), int64(a.Blob), a.Size, a.ContentType, a.Width, a.Height, int64(a.ID), int64(a.Workspace),
		}}
	}
	return all
}

// unfiled writes which files their messages carry no more.
func unfiled(files []*file.Attachment) []statement {
	all := make([]statement, len(files))
	for i, a := range files {
		all[i] = statement{sql: unfileSQL, args: []any{a.Until, int64(a.ID), int64(a.Workspace)}}
	}
	return all
}

// mayOpen adds that the message m of attachment a, in ticket t, may be read; a
// deleted one's files, and those that were taken away, are for those who may read
// its earlier texts.
func (q *selection) mayOpen(r file.Reading) {
	q.readable(ticket.Visibility{See: r.See, Notes: r.Notes}, "m.kind <> 'note'")
	q.add(" AND (m.deleted_at = 0 AND a.until_version = 0 OR (")
	q.allowed(r.History)
	q.add("))")
}

// Find implements file.Repository.
func (r *FileRepository) Find(ctx context.Context, reading file.Reading, a id.Attachment) (*file.Attachment, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT `+attachmentColumns+fromAttachments+`
		LEFT JOIN messages m ON m.id = a.message_id LEFT JOIN tickets t ON t.id = a.ticket_id WHERE a.id = ? AND a.workspace_id = ?
		AND ((a.message_id = 0 AND a.uploader_id = ? AND a.uploader_id <> 0) OR (a.message_id <> 0 AND (`,
		int64(a), int64(reading.See.Workspace), int64(reading.Uploader))
	q.mayOpen(reading)
	q.add(")))")
	found, err := one(ctx, c, file.ErrNotFound, scanAttachment, q.text(), q.args...)
	if err != nil {
		return nil, failed("find attachment", err)
	}
	return found, nil
}

// Of implements file.Repository.
func (r *FileRepository) Of(ctx context.Context, reading file.Reading, messages ...id.Message) (map[id.Message][]*file.Attachment, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT `+attachmentColumns+fromAttachments+`
		JOIN messages m ON m.id = a.message_id JOIN tickets t ON t.id = a.ticket_id WHERE `)
	q.mayOpen(reading)
	q.and(among(c, "a.message_id", messages))
	q.add(" AND a.message_id <> 0 ORDER BY a.message_id, a.position")
	found := map[id.Message][]*file.Attachment{}
	err := c.each(ctx, func(row scanner) error {
		a, err := scanAttachment(row)
		if err == nil {
			found[a.Message] = append(found[a.Message], a)
		}
		return err
	}, q.text(), q.args...)
	return found, failed("list attachments", err)
}

// filesOf gives all files of messages, in their order, whoever may read them.
func filesOf(ctx context.Context, c Conn, messages ...id.Message) ([]*file.Attachment, error) {
	these, list := among(c, "a.message_id", messages)
	return collect(ctx, c, scanAttachment, `SELECT `+attachmentColumns+fromAttachments+`
		WHERE a.message_id <> 0 AND `+these+` ORDER BY a.message_id, a.position`, list)
}

// Pending implements file.Repository.
func (r *FileRepository) Pending(ctx context.Context, w id.Workspace, a id.Attachment) (*file.Attachment, error) {
	found, err := one(ctx, r.store.Read(ctx), nil, scanAttachment, `SELECT `+attachmentColumns+fromAttachments+`
		WHERE a.id = ? AND a.workspace_id = ? AND a.state = 'pending'`, int64(a), int64(w))
	return found, failed("find a copy to be made", err)
}
