package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

const linkSQL = `SELECT channel, external_id, workspace_id, name, linked_at FROM links`

func scanLink(row scanner) (workspace.Link, error) {
	var l workspace.Link
	var at int64
	err := row.Scan((*string)(&l.Channel), &l.ExternalID, (*int64)(&l.Workspace), &l.Name, &at)
	if at != 0 {
		l.At = Moment(at)
	}
	return l, err
}

// Links implements workspace.Repository.
func (r *WorkspaceRepository) Links(ctx context.Context, c event.Channel) ([]workspace.Link, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanLink, linkSQL+` WHERE channel = ? ORDER BY external_id`, string(c))
	return all, failed("list links", err)
}

// LinksOf implements workspace.Repository.
func (r *WorkspaceRepository) LinksOf(ctx context.Context, w id.Workspace) ([]workspace.Link, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanLink, linkSQL+` WHERE workspace_id = ? ORDER BY linked_at, channel, external_id`, int64(w))
	return all, failed("list links", err)
}

// linkedPlace gives the place in which a workspace shows its tickets in a channel.
func linkedPlace(workspaceID, ch string) string {
	return `(SELECT l.external_id FROM links l WHERE l.workspace_id = ` + workspaceID + ` AND l.channel = ` + ch + `)`
}

// Link implements workspace.Repository.
func (r *WorkspaceRepository) Link(ctx context.Context, l workspace.Link) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		has, err := one(ctx, tx.Conn, sql.ErrNoRows, scanLink, linkSQL+` WHERE workspace_id = ? AND channel = ?`, int64(l.Workspace), string(l.Channel))
		switch {
		case err == nil && has.ExternalID != l.ExternalID:
			return workspace.ErrHasPlace
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		}
		n, err := tx.Affected(ctx, `INSERT INTO links (channel, external_id, workspace_id, name, linked_at)
			SELECT ?, ?, id, ?, CAST(? AS BIGINT) FROM workspaces WHERE id = ?`,
			string(l.Channel), l.ExternalID, l.Name, linkedAt(l), int64(l.Workspace))
		tx.Signal(workspace.LinksTopic)
		return changed(n, taken(err, workspace.ErrLinked), workspace.ErrNotFound)
	})
	return failed("link workspace", err)
}

func linkedAt(l workspace.Link) int64 {
	if l.At.IsZero() {
		return 0
	}
	return Micros(l.At)
}

// Relink implements workspace.Repository.
func (r *WorkspaceRepository) Relink(ctx context.Context, l workspace.Link) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if err := r.Link(ctx, l); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM unlinked WHERE channel = ? AND external_id = ?`, string(l.Channel), l.ExternalID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE workspaces SET version = version + 1, channel = CASE WHEN channel = 'api' THEN ? ELSE channel END WHERE id = ?`,
			string(l.Channel), int64(l.Workspace))
		return err
	})
	return failed("link workspace again", err)
}

// Unlinked implements workspace.Repository.
func (r *WorkspaceRepository) Unlinked(ctx context.Context, c event.Channel, externalID string) (bool, error) {
	n, err := number[int64](r.store.Read(ctx).QueryRow(ctx, `SELECT COUNT(*) FROM unlinked WHERE channel = ? AND external_id = ?`, string(c), externalID))
	return n > 0, failed("find what was unlinked", err)
}

// SaveLinkCode implements workspace.Repository.
func (r *WorkspaceRepository) SaveLinkCode(ctx context.Context, digest string, c workspace.LinkCode) error {
	made := c.ExpiresAt.Add(-workspace.LinkCodeFor)
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM link_codes WHERE expires_at < ?`, Micros(made)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO link_codes (digest, workspace_id, member_id, channel, expires_at) VALUES (?, ?, ?, ?, ?)`,
			digest, int64(c.Workspace), int64(c.Member), string(c.Channel), Micros(c.ExpiresAt))
		return err
	})
	return failed("save link code", err)
}

// validCodeSQL chooses the code if it has not expired and its maker is still an
// administrator.
const validCodeSQL = ` WHERE digest = ? AND expires_at > ? AND EXISTS (SELECT 1 FROM members m
	WHERE m.id = link_codes.member_id AND m.workspace_id = link_codes.workspace_id AND m.role = 'admin')`

// LinkCode implements workspace.Repository.
func (r *WorkspaceRepository) LinkCode(ctx context.Context, digest string, now time.Time) (workspace.LinkCode, error) {
	c, err := one(ctx, r.store.Read(ctx), workspace.ErrNoCode, func(row scanner) (workspace.LinkCode, error) {
		var c workspace.LinkCode
		var expires int64
		err := row.Scan((*int64)(&c.Workspace), (*int64)(&c.Member), (*string)(&c.Channel), &expires)
		c.ExpiresAt = Moment(expires)
		return c, err
	}, `SELECT workspace_id, member_id, channel, expires_at FROM link_codes`+validCodeSQL, digest, Micros(now))
	return c, failed("find link code", err)
}

// SpendLinkCode implements workspace.Repository.
func (r *WorkspaceRepository) SpendLinkCode(ctx context.Context, digest string, now time.Time) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `DELETE FROM link_codes`+validCodeSQL, digest, Micros(now))
		return changed(n, err, workspace.ErrNoCode)
	})
	return failed("spend link code", err)
}
