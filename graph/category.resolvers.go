package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/model"
)

// Categories is the resolver for the categories field.
func (r *queryResolver) Categories(ctx context.Context, where *model.CategoryWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*category.Category, *model.Category], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.CategoryQuery(where, orderBy)
	found, err := r.config.Categories.Page(ctx, rows.Call, query, p)
	return model.NewCategoryPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Categories.Count(ctx, rows.Call, query.Where)
	}), err
}
