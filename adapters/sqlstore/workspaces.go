package sqlstore

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// WorkspaceRepository stores workspaces and their links.
type WorkspaceRepository struct{ recorder }

var _ workspace.Repository = (*WorkspaceRepository)(nil)

// Workspaces gives the store's workspaces.
func (s *Store) Workspaces() *WorkspaceRepository { return &WorkspaceRepository{recorder{s}} }

const (
	workspaceColumns = `w.id, w.slug, w.name, w.locale, w.channel, w.on_surface_lost, w.created_at, w.version, w.promises`
	workspaceSQL     = `SELECT ` + workspaceColumns + ` FROM workspaces w`
)

// workspaceFields gives where workspaceColumns go, and what is to be done then.
func workspaceFields(w *workspace.Workspace) (into []any, finish func()) {
	var created int64
	into = []any{(*int64)(&w.ID), &w.Slug, &w.Name, (*string)(&w.Locale), (*string)(&w.Channel), (*string)(&w.OnLoss), &created, &w.Version, &w.Promises}
	return into, func() { w.CreatedAt = Moment(created) }
}

func scanWorkspace(row scanner) (*workspace.Workspace, error) {
	w := &workspace.Workspace{}
	into, finish := workspaceFields(w)
	if err := row.Scan(into...); err != nil {
		return nil, err
	}
	finish()
	return w, nil
}

// Get implements workspace.Repository.
func (r *WorkspaceRepository) Get(ctx context.Context, w id.Workspace) (*workspace.Workspace, error) {
	return r.one(ctx, workspaceSQL+` WHERE w.id = ?`, int64(w))
}

// BySlug implements workspace.Repository.
func (r *WorkspaceRepository) BySlug(ctx context.Context, slug string) (*workspace.Workspace, error) {
	return r.one(ctx, workspaceSQL+` WHERE w.slug = ?`, slug)
}

// ByLink implements workspace.Repository.
func (r *WorkspaceRepository) ByLink(ctx context.Context, c event.Channel, externalID string) (*workspace.Workspace, error) {
	return r.one(ctx, workspaceSQL+` JOIN links l ON l.workspace_id = w.id WHERE l.channel = ? AND l.external_id = ?`, string(c), externalID)
}

func (r *WorkspaceRepository) one(ctx context.Context, query string, args ...any) (*workspace.Workspace, error) {
	w, err := one(ctx, r.store.Read(ctx), workspace.ErrNotFound, scanWorkspace, query, args...)
	if err != nil {
		return nil, failed("find workspace", err)
	}
	return w, nil
}

// List implements workspace.Repository.
func (r *WorkspaceRepository) List(ctx context.Context) ([]*workspace.Workspace, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanWorkspace, workspaceSQL+` ORDER BY w.slug`)
	return all, failed("list workspaces", err)
}

// SetLossPolicy implements workspace.Repository.
func (r *WorkspaceRepository) SetLossPolicy(ctx context.Context, w id.Workspace, expected int64, p workspace.LossPolicy) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `UPDATE workspaces SET on_surface_lost = ?, version = version + 1
			WHERE id = ? AND CAST(? AS BIGINT) IN (0, version)`, string(p), int64(w), expected)
		if err != nil || n > 0 {
			return err
		}
		found, err := r.Get(ctx, w)
		if err != nil {
			return err
		}
		return fault.Outdated(found.Version)
	})
	return failed("set what becomes of lost surfaces", err)
}

// adoptSQL succeeds for one of those who try it at the same time: the others
// find the slug changed when they get the row.
const adoptSQL = `UPDATE workspaces SET slug = ?, name = ?, locale = ?, channel = ?, version = version + 1 WHERE slug = ?
	AND NOT EXISTS (SELECT 1 FROM links l WHERE l.workspace_id = workspaces.id)
	AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.workspace_id = workspaces.id)`

// Adopt implements workspace.Repository.
func (r *WorkspaceRepository) Adopt(ctx context.Context, p workspace.Place, slug string, now time.Time) (*workspace.Workspace, bool, error) {
	var adopted *workspace.Workspace
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		adopted = nil
		n, err := tx.Affected(ctx, adoptSQL, slug, p.Name, string(p.Locale), string(p.Channel), workspace.DefaultSlug)
		if err != nil || n == 0 {
			return err
		}
		w, err := r.BySlug(ctx, slug)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO links (channel, external_id, workspace_id, name, linked_at) VALUES (?, ?, ?, ?, ?)`,
			string(p.Channel), p.ExternalID, int64(w.ID), p.Name, Micros(now))
		adopted = w
		return err
	})
	if err != nil {
		return nil, false, failed("adopt workspace", taken(err, workspace.ErrLinked))
	}
	return adopted, adopted != nil, nil
}
