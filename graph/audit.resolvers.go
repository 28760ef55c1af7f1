package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/model"
)

// AuditEntries is the resolver for the auditEntries field.
func (r *queryResolver) AuditEntries(ctx context.Context, where *model.AuditWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*audit.Entry, *model.AuditEntry], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.AuditQuery(where, orderBy)
	found, err := r.config.Audit.Page(ctx, rows.Call, query, p)
	return model.NewAuditPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Audit.Count(ctx, rows.Call, query.Where)
	}), err
}
