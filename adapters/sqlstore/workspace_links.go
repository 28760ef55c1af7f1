package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
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

// Link implements workspace.Repository.
func (r *WorkspaceRepository) Link(ctx context.Context, l workspace.Link) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
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

// Unlinked implements workspace.Repository.
func (r *WorkspaceRepository) Unlinked(ctx context.Context, c event.Channel, externalID string) (bool, error) {
	n, err := number[int64](r.store.Read(ctx).QueryRow(ctx, `SELECT COUNT(*) FROM unlinked WHERE channel = ? AND external_id = ?`, string(c), externalID))
	return n > 0, failed("find what was unlinked", err)
}

// Unlink implements workspace.Repository.
func (r *WorkspaceRepository) Unlink(ctx context.Context, l workspace.Link, expected int64) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if err := r.takeLink(ctx, tx, l, expected); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO unlinked (channel, external_id, workspace_id, unlinked_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (channel, external_id) DO UPDATE SET workspace_id = excluded.workspace_id, unlinked_at = excluded.unlinked_at`,
			string(l.Channel), l.ExternalID, int64(l.Workspace), Micros(l.At))
		if err != nil {
			return err
		}
		return tx.refresh(ctx, `SELECT ticket_id, channel FROM surfaces WHERE workspace_id = ? AND channel = ? AND place = ?`,
			l.Workspace, string(l.Channel), l.ExternalID)
	})
	return failed("unlink workspace", err)
}

// takeLink takes a link away. A workspace without another place in the channel
// shows new tickets nowhere, and has nothing to tell of the channel.
func (r *WorkspaceRepository) takeLink(ctx context.Context, tx *Tx, l workspace.Link, expected int64) error {
	tx.Signal(workspace.LinksTopic)
	n, err := tx.Affected(ctx, `DELETE FROM links WHERE channel = ? AND external_id = ? AND workspace_id = ?`,
		string(l.Channel), l.ExternalID, int64(l.Workspace))
	if err := changed(n, err, workspace.ErrNoLink); err != nil {
		return err
	}
	const last = ` AND NOT EXISTS (SELECT 1 FROM links l WHERE l.workspace_id = ? AND l.channel = ?)`
	n, err = tx.Affected(ctx, `UPDATE workspaces SET version = version + 1,
		channel = CASE WHEN channel = ?`+last+` THEN 'api' ELSE channel END WHERE id = ? AND CAST(? AS BIGINT) IN (0, version)`,
		string(l.Channel), int64(l.Workspace), string(l.Channel), int64(l.Workspace), expected)
	if err != nil {
		return err
	}
	if n == 0 {
		found, err := r.Get(ctx, l.Workspace)
		if err != nil {
			return err
		}
		return fault.Outdated(found.Version)
	}
	_, err = tx.Exec(ctx, `DELETE FROM channel_reports WHERE workspace_id = ? AND channel = ?`+last,
		int64(l.Workspace), string(l.Channel), int64(l.Workspace), string(l.Channel))
	return err
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

// LinkCode implements workspace.Repository.
func (r *WorkspaceRepository) LinkCode(ctx context.Context, digest string, now time.Time) (workspace.LinkCode, error) {
	c, err := one(ctx, r.store.Read(ctx), workspace.ErrNoCode, func(row scanner) (workspace.LinkCode, error) {
		var c workspace.LinkCode
		var expires int64
		err := row.Scan((*int64)(&c.Workspace), (*int64)(&c.Member), (*string)(&c.Channel), &expires)
		c.ExpiresAt = Moment(expires)
		return c, err
	}, `SELECT c.workspace_id, c.member_id, c.channel, c.expires_at FROM link_codes c
		JOIN members m ON m.id = c.member_id AND m.workspace_id = c.workspace_id AND m.role = 'admin'
		WHERE c.digest = ? AND c.expires_at > ?`, digest, Micros(now))
	return c, failed("find link code", err)
}

// LinkByCode implements workspace.Repository.
func (r *WorkspaceRepository) LinkByCode(ctx context.Context, digest string, l workspace.Link) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `DELETE FROM link_codes WHERE digest = ?`, digest)
		if err := changed(n, err, workspace.ErrNoCode); err != nil {
			return err
		}
		there, err := r.linkedHere(ctx, tx, l)
		if there || err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM unlinked WHERE channel = ? AND external_id = ?`, string(l.Channel), l.ExternalID); err != nil {
			return err
		}
		if err := r.Link(ctx, l); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE workspaces SET version = version + 1, channel = CASE WHEN channel = 'api' THEN ? ELSE channel END WHERE id = ?`,
			string(l.Channel), int64(l.Workspace))
		return err
	})
	return failed("link by code", err)
}

// linkedHere reports whether the link is there already. One to another workspace
// goes, if that has no ticket.
func (r *WorkspaceRepository) linkedHere(ctx context.Context, tx *Tx, l workspace.Link) (bool, error) {
	there, err := one(ctx, tx.Conn, sql.ErrNoRows, scanLink, linkSQL+` WHERE channel = ? AND external_id = ?`, string(l.Channel), l.ExternalID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil || there.Workspace == l.Workspace {
		return err == nil, err
	}
	used, err := number[int64](tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE workspace_id = ? LIMIT 1) t`, int64(there.Workspace)))
	if err != nil {
		return false, err
	}
	if used > 0 {
		return false, workspace.ErrLinked
	}
	return false, r.takeLink(ctx, tx, there, 0)
}
