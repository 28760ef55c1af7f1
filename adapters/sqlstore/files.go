package sqlstore

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
)

// FileRepository stores what is known of files.
type FileRepository struct{ store *Store }

var _ file.Repository = (*FileRepository)(nil)

// Files gives the store's files.
func (s *Store) Files() *FileRepository { return &FileRepository{store: s} }

const (
	looseSQL  = `INSERT INTO loose_blobs (id, workspace_id, since) VALUES (?, ?, ?)`
	forgetSQL = `DELETE FROM loose_blobs WHERE id = ?`
)

// Loose implements file.Repository.
func (r *FileRepository) Loose(ctx context.Context, b *file.Blob, at time.Time) error {
	_, err := r.store.change(ctx, looseSQL, int64(b.ID), int64(b.Workspace), Micros(at))
	return failed("note a write", err)
}

// Keep implements file.Repository. Equal blobs that are kept at the same time
// meet in the one row of their hash.
func (r *FileRepository) Keep(ctx context.Context, b *file.Blob, at time.Time) (*file.Blob, error) {
	kept := *b
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		err := tx.QueryRow(ctx, `INSERT INTO blobs (workspace_id, hash, id, size, content_type, width, height, kept_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (workspace_id, hash) DO UPDATE SET
				kept_at = CASE WHEN blobs.kept_at > excluded.kept_at THEN blobs.kept_at ELSE excluded.kept_at END
			RETURNING id`, int64(b.Workspace), b.Hash, int64(b.ID), b.Size, b.ContentType, b.Width, b.Height, Micros(at)).
			Scan((*int64)(&kept.ID))
		if err != nil || kept.ID != b.ID {
			return err
		}
		if work, some := b.Drawing(); some {
			tx.Enqueue(work, at)
		}
		_, err = tx.Exec(ctx, forgetSQL, int64(b.ID))
		return err
	})
	if err != nil {
		return nil, failed("keep a blob", err)
	}
	return &kept, nil
}

// unneeded is a condition on blobs b, which takes the time before which they
// were kept. It is asked once more when the row is the transaction's own, since
// an attachment may have got the blob meanwhile.
const unneeded = `b.kept_at < ? AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.blob_id = b.id)`

// Condemn implements file.Repository.
func (r *FileRepository) Condemn(ctx context.Context, before time.Time, limit int) (int, error) {
	condemned := 0
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		found, err := collect(ctx, tx.Conn, scanDrawn, `SELECT b.id, b.workspace_id, b.thumbnail_id FROM blobs b WHERE `+unneeded+`
			ORDER BY b.kept_at LIMIT ?`+tx.ForUpdate(), Micros(before), limit)
		if err != nil {
			return err
		}
		condemned = len(found)
		for _, b := range found {
			if err := condemn(ctx, tx, b, before); err != nil {
				return err
			}
		}
		return nil
	})
	return condemned, failed("condemn blobs", err)
}

// drawn is a blob with what its thumbnail is in.
type drawn struct {
	blob      file.Blob
	thumbnail id.Blob
}

func scanDrawn(row scanner) (*drawn, error) {
	d := &drawn{}
	err := row.Scan((*int64)(&d.blob.ID), (*int64)(&d.blob.Workspace), (*int64)(&d.thumbnail))
	return d, err
}

// condemn makes one blob loose. The thumbnail that it has is read with the row, which
// the transaction holds on PostgreSQL; SQLite has one writer.
func condemn(ctx context.Context, tx *Tx, d *drawn, before time.Time) error {
	n, err := tx.Affected(ctx, `DELETE FROM blobs AS b WHERE b.id = ? AND `+unneeded, int64(d.blob.ID), Micros(before))
	if err != nil || n == 0 {
		return err
	}
	for _, object := range []id.Blob{d.blob.ID, d.thumbnail} {
		if object == 0 {
			continue
		}
		if _, err := tx.Exec(ctx, looseSQL, int64(object), int64(d.blob.Workspace), Micros(before)); err != nil {
			return err
		}
	}
	return nil
}

// Undrawn implements file.Repository.
func (r *FileRepository) Undrawn(ctx context.Context, w id.Workspace, b id.Blob) (*file.Blob, error) {
	found, err := one(ctx, r.store.Read(ctx), nil, scanBlob,
		`SELECT id, workspace_id FROM blobs WHERE id = ? AND workspace_id = ? AND thumbnail_id = 0`, int64(b), int64(w))
	return found, failed("find what is to be drawn", err)
}

// Illustrate implements file.Repository.
func (r *FileRepository) Illustrate(ctx context.Context, b *file.Blob, t file.Thumbnail) (bool, error) {
	theirs := false
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `UPDATE blobs SET thumbnail_id = ?, thumbnail_type = ?, thumbnail_width = ?, thumbnail_height = ?
			WHERE id = ? AND workspace_id = ? AND thumbnail_id = 0`,
			int64(t.Blob), t.ContentType, t.Width, t.Height, int64(b.ID), int64(b.Workspace))
		theirs = n == 1
		if err != nil || !theirs {
			return err
		}
		_, err = tx.Exec(ctx, forgetSQL, int64(t.Blob))
		return err
	})
	return theirs, failed("keep a thumbnail", err)
}

func scanBlob(row scanner) (*file.Blob, error) {
	b := &file.Blob{}
	if err := row.Scan((*int64)(&b.ID), (*int64)(&b.Workspace)); err != nil {
		return nil, err
	}
	return b, nil
}

// Abandoned implements file.Repository.
func (r *FileRepository) Abandoned(ctx context.Context, before time.Time, limit int) ([]*file.Blob, error) {
	found, err := collect(ctx, r.store.Read(ctx), scanBlob,
		`SELECT id, workspace_id FROM loose_blobs WHERE since < ? ORDER BY since LIMIT ?`, Micros(before), limit)
	return found, failed("list loose blobs", err)
}

// Forget implements file.Repository.
func (r *FileRepository) Forget(ctx context.Context, b id.Blob) error {
	_, err := r.store.change(ctx, forgetSQL, int64(b))
	return failed("forget a blob", err)
}

// AddUpload implements file.Repository.
func (r *FileRepository) AddUpload(ctx context.Context, a *file.Attachment) error {
	_, err := r.store.change(ctx, insertAttachmentSQL, attachmentArgs(a)...)
	return failed("begin an upload", err)
}

// Uploaded implements file.Repository.
func (r *FileRepository) Uploaded(ctx context.Context, a *file.Attachment) error {
	n, err := r.store.change(ctx, `UPDATE attachments SET state = 'stored', blob_id = ?, size = ?, content_type = ?, width = ?, height = ?
		WHERE id = ? AND workspace_id = ? AND state = 'uploading'`,
		int64(a.Blob), a.Size, a.ContentType, a.Width, a.Height, int64(a.ID), int64(a.Workspace))
	return failed("end an upload", changed(n, err, file.ErrUploaded))
}

// DropUploads implements file.Repository.
func (r *FileRepository) DropUploads(ctx context.Context, before time.Time) error {
	_, err := r.store.change(ctx, `DELETE FROM attachments WHERE message_id = 0 AND added_at < ?`, Micros(before))
	return failed("drop uploads", err)
}
