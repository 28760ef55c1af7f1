package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// setGrantSQL stores nothing when the workspace has neither such a queue nor
// such a category.
const setGrantSQL = `INSERT INTO grants (id, workspace_id, role, class, queue_id, category_id, effect)
	SELECT CAST(? AS BIGINT), w.id, ?, ?, ?, ?, ? FROM workspaces w WHERE w.id = ? AND (
		EXISTS (SELECT 1 FROM queues q WHERE q.id = ? AND q.workspace_id = w.id) OR
		EXISTS (SELECT 1 FROM categories c WHERE c.id = ? AND c.workspace_id = w.id))
	ON CONFLICT (workspace_id, role, class, queue_id, category_id) DO UPDATE
		SET effect = excluded.effect, version = grants.version + 1
		WHERE CAST(? AS BIGINT) IN (0, grants.version)
	RETURNING id, version`

// SetGrant implements queue.Repository.
func (r *QueueRepository) SetGrant(ctx context.Context, w id.Workspace, g *access.Grant) error {
	stored := *g
	if g.ID == 0 {
		stored.ID = id.Grant(r.store.ids.next())
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		err := tx.QueryRow(ctx, setGrantSQL, int64(stored.ID), string(g.Role), string(g.Class), int64(g.Queue), int64(g.Category),
			string(g.Effect), int64(w), int64(g.Queue), int64(g.Category), g.Version).Scan((*int64)(&stored.ID), &stored.Version)
		if errors.Is(err, sql.ErrNoRows) {
			return unsetGrant(ctx, tx, w, g)
		}
		if err != nil {
			return err
		}
		return tx.refreshSurfaces(ctx, w)
	})
	if err == nil {
		*g = stored
	}
	return failed("set grant", err)
}

// unsetGrant tells why a grant was not set: there is another version of it, or
// no such queue or category.
func unsetGrant(ctx context.Context, tx *Tx, w id.Workspace, g *access.Grant) error {
	stored, err := storedGrant(ctx, tx, w, *g)
	switch {
	case err != nil:
		return err
	case stored.Version != 0:
		g.ID = stored.ID
		return fault.Outdated(stored.Version)
	case g.Category != 0:
		return category.ErrNotFound.On("categoryId")
	}
	return queue.ErrNotFound.On("queueId")
}

const grantWhere = ` WHERE workspace_id = ? AND role = ? AND class = ? AND queue_id = ? AND category_id = ?`

func grantKey(w id.Workspace, g access.Grant) []any {
	return []any{int64(w), string(g.Role), string(g.Class), int64(g.Queue), int64(g.Category)}
}

// storedGrant gives the ID and the version of the grant for the same; 0: none.
func storedGrant(ctx context.Context, tx *Tx, w id.Workspace, of access.Grant) (access.Grant, error) {
	return one(ctx, tx.Conn, nil, func(row scanner) (access.Grant, error) {
		var g access.Grant
		err := row.Scan((*int64)(&g.ID), &g.Version)
		return g, err
	}, `SELECT id, version FROM grants`+grantWhere, grantKey(w, of)...)
}

// RemoveGrant implements queue.Repository.
func (r *QueueRepository) RemoveGrant(ctx context.Context, w id.Workspace, g access.Grant) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `DELETE FROM grants`+grantWhere+` AND CAST(? AS BIGINT) IN (0, version)`,
			append(grantKey(w, g), g.Version)...)
		if err != nil {
			return err
		}
		if n > 0 {
			return tx.refreshSurfaces(ctx, w)
		}
		stored, err := storedGrant(ctx, tx, w, g)
		if err == nil && stored.Version != 0 {
			return fault.Outdated(stored.Version)
		}
		return err
	})
	return failed("remove grant", err)
}

// Grants implements queue.Repository.
func (r *QueueRepository) Grants(ctx context.Context, w id.Workspace) ([]access.Grant, error) {
	all, err := grantsOf(ctx, r.store.Read(ctx), w)
	return all, failed("list grants", err)
}

// PageGrants implements queue.Repository.
func (r *QueueRepository) PageGrants(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[access.Grant], error) {
	found, err := grantList().page(ctx, r.store.Read(ctx), q, p, int64(w))
	return found, failed("list grants", err)
}

// CountGrants implements queue.Repository.
func (r *QueueRepository) CountGrants(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := grantList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count grants", err)
}

const (
	grantColumns = `g.id, g.version, g.role, g.class, g.queue_id, g.category_id, g.effect`
	grantFrom    = ` FROM grants g WHERE g.workspace_id = ?`
)

var grantAspects = map[query.Field]aspect{
	queue.FieldRole:       {column: "g.role", text: true},
	queue.FieldPermission: {column: "g.class", text: true},
	queue.FieldEffect:     {column: "g.effect", text: true},
	queue.FieldQueue:      {column: "g.queue_id", nullable: true, none: "g.queue_id = 0"},
	queue.FieldCategory:   {column: "g.category_id", nullable: true, none: "g.category_id = 0"},
}

func grantList() listing[access.Grant] {
	return listing[access.Grant]{
		terms: terms{aspects: grantAspects}, columns: grantColumns, from: grantFrom, scan: scanGrant, order: queue.GrantTerms(),
	}
}

func scanGrant(row scanner) (access.Grant, error) {
	var g access.Grant
	err := row.Scan((*int64)(&g.ID), &g.Version, (*string)(&g.Role), (*string)(&g.Class),
		(*int64)(&g.Queue), (*int64)(&g.Category), (*string)(&g.Effect))
	return g, err
}

func grantsOf(ctx context.Context, c Conn, w id.Workspace) ([]access.Grant, error) {
	return collect(ctx, c, scanGrant, `SELECT `+grantColumns+grantFrom+` ORDER BY g.role, g.class, g.queue_id, g.category_id`, int64(w))
}
