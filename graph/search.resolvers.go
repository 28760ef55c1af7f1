package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/graph/model"
)

// SearchTickets is the resolver for the searchTickets field.
func (r *queryResolver) SearchTickets(ctx context.Context, query string, order search.Order, first *int, after page.Cursor) (*model.Connection[search.Hit, *model.SearchHit], error) {
	p, err := model.PageRequest(first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	rows := r.rows(ctx)
	found, err := r.config.Search.Search(ctx, rows.Call, search.Input{Text: query, Order: order}, p)
	return model.NewSearch(rows, order, found), err
}
