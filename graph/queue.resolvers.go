package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/graph/model"
)

// Queues is the resolver for the queues field.
func (r *queryResolver) Queues(ctx context.Context, where *model.QueueWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*queue.Queue, *queue.Queue], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.QueueQuery(where, orderBy)
	found, err := r.config.Queues.Page(ctx, rows.Call, query, p)
	return model.NewQueuePage(query, found, func(ctx context.Context) (int, error) {
		return r.config.Queues.Count(ctx, rows.Call, query.Where)
	}), err
}
