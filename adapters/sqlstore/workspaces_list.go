package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

var workspaceAspects = map[query.Field]aspect{
	query.FieldID:            {column: "w.id", ordered: true},
	workspace.FieldName:      {column: "w.name", text: true},
	workspace.FieldSlug:      {column: "w.slug", text: true},
	workspace.FieldCreatedAt: {column: "w.created_at", ordered: true},
}

func workspaceList() listing[*workspace.Workspace] {
	return listing[*workspace.Workspace]{
		terms: terms{aspects: workspaceAspects}, columns: workspaceColumns, scan: scanWorkspace, order: workspace.Terms(),
		from: ` FROM workspaces w JOIN members m ON m.workspace_id = w.id
			WHERE m.account_id = (SELECT me.account_id FROM members me WHERE me.id = ?)`,
	}
}

// Page implements workspace.Repository.
func (r *WorkspaceRepository) Page(ctx context.Context, m id.Member, q query.Query, p page.Window) (page.Page[*workspace.Workspace], error) {
	found, err := workspaceList().page(ctx, r.store.Read(ctx), q, p, int64(m))
	return found, failed("list workspaces", err)
}

// Count implements workspace.Repository.
func (r *WorkspaceRepository) Count(ctx context.Context, m id.Member, where query.Where) (int, error) {
	n, err := workspaceList().count(ctx, r.store.Read(ctx), where, int64(m))
	return n, failed("count workspaces", err)
}

// Update implements workspace.Repository.
func (r *WorkspaceRepository) Update(ctx context.Context, w id.Workspace, expected int64, s workspace.Settings) error {
	name, tag := "", ""
	if s.Name != nil {
		name = *s.Name
	}
	if s.Locale != nil {
		tag = string(*s.Locale)
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `UPDATE workspaces SET version = version + 1,
				name = CASE WHEN CAST(? AS BOOLEAN) THEN CAST(? AS TEXT) ELSE name END,
				locale = CASE WHEN CAST(? AS BOOLEAN) THEN CAST(? AS TEXT) ELSE locale END
			WHERE id = ? AND CAST(? AS BIGINT) IN (0, version)`, s.Name != nil, name, s.Locale != nil, tag, int64(w), expected)
		if err != nil || n > 0 {
			return err
		}
		found, err := r.Get(ctx, w)
		if err != nil {
			return err
		}
		return fault.Outdated(found.Version)
	})
	return failed("update workspace", err)
}
