package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/model"
)

// Grants is the resolver for the grants field.
func (r *queryResolver) Grants(ctx context.Context, where *model.GrantWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[access.Grant, *model.Grant], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.GrantQuery(where, orderBy)
	found, err := r.config.Queues.PageGrants(ctx, rows.Call, query, p)
	return model.NewGrantPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Queues.CountGrants(ctx, rows.Call, query.Where)
	}), err
}
