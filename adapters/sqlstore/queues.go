package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// QueueRepository stores queues and the grants on them.
type QueueRepository struct{ store *Store }

var _ queue.Repository = (*QueueRepository)(nil)

// Queues gives the store's queues.
func (s *Store) Queues() *QueueRepository { return &QueueRepository{store: s} }

const queueSQL = `SELECT id, workspace_id, name FROM queues WHERE workspace_id = ?`

func scanQueue(row scanner) (*queue.Queue, error) {
	q := &queue.Queue{}
	err := row.Scan((*int64)(&q.ID), (*int64)(&q.Workspace), &q.Name)
	return q, err
}

// Save implements queue.Repository. The ID of a queue of another workspace
// changes nothing.
func (r *QueueRepository) Save(ctx context.Context, q *queue.Queue) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `INSERT INTO queues (id, workspace_id, name) VALUES (?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE queues.workspace_id = excluded.workspace_id`,
			int64(q.ID), int64(q.Workspace), q.Name)
		return changed(n, taken(err, queue.ErrNameTaken.On("name")), queue.ErrNotFound)
	})
	return failed("save queue", err)
}

// Get implements queue.Repository.
func (r *QueueRepository) Get(ctx context.Context, w id.Workspace, ids ...id.Queue) ([]*queue.Queue, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "id", ids)
	found, err := collect(ctx, c, scanQueue, queueSQL+` AND `+these, int64(w), list)
	return found, failed("find queues", err)
}

// List implements queue.Repository.
func (r *QueueRepository) List(ctx context.Context, w id.Workspace) ([]*queue.Queue, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanQueue, queueSQL+` ORDER BY name, id`, int64(w))
	return all, failed("list queues", err)
}

// setGrantSQL stores nothing when the workspace has neither such a queue nor
// such a category.
const setGrantSQL = `INSERT INTO grants (workspace_id, role, class, queue_id, category_id, effect)
	SELECT w.id, ?, ?, ?, ?, ? FROM workspaces w WHERE w.id = ? AND (
		EXISTS (SELECT 1 FROM queues q WHERE q.id = ? AND q.workspace_id = w.id) OR
		EXISTS (SELECT 1 FROM categories c WHERE c.id = ? AND c.workspace_id = w.id))
	ON CONFLICT (workspace_id, role, class, queue_id, category_id) DO UPDATE SET effect = excluded.effect`

// SetGrant implements queue.Repository.
func (r *QueueRepository) SetGrant(ctx context.Context, w id.Workspace, g access.Grant) error {
	missing := queue.ErrNotFound.On("queueId")
	if g.Category != 0 {
		missing = category.ErrNotFound.On("categoryId")
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, setGrantSQL, string(g.Role), string(g.Class), int64(g.Queue), int64(g.Category), string(g.Effect),
			int64(w), int64(g.Queue), int64(g.Category))
		if err := changed(n, err, missing); err != nil {
			return err
		}
		return tx.refreshSurfaces(ctx, w)
	})
	return failed("set grant", err)
}

// RemoveGrant implements queue.Repository.
func (r *QueueRepository) RemoveGrant(ctx context.Context, w id.Workspace, g access.Grant) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `DELETE FROM grants
			WHERE workspace_id = ? AND role = ? AND class = ? AND queue_id = ? AND category_id = ?`,
			int64(w), string(g.Role), string(g.Class), int64(g.Queue), int64(g.Category))
		if err != nil || n == 0 {
			return err
		}
		return tx.refreshSurfaces(ctx, w)
	})
	return failed("remove grant", err)
}

// Grants implements queue.Repository.
func (r *QueueRepository) Grants(ctx context.Context, w id.Workspace) ([]access.Grant, error) {
	all, err := grantsOf(ctx, r.store.Read(ctx), w)
	return all, failed("list grants", err)
}

func grantsOf(ctx context.Context, c Conn, w id.Workspace) ([]access.Grant, error) {
	return collect(ctx, c, func(row scanner) (access.Grant, error) {
		var g access.Grant
		err := row.Scan((*string)(&g.Role), (*string)(&g.Class), (*int64)(&g.Queue), (*int64)(&g.Category), (*string)(&g.Effect))
		return g, err
	}, `SELECT role, class, queue_id, category_id, effect FROM grants
		WHERE workspace_id = ? ORDER BY role, class, queue_id, category_id`, int64(w))
}
