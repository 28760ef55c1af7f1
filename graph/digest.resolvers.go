package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/live"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// SaveDigestPlan is the resolver for the saveDigestPlan field.
func (r *mutationResolver) SaveDigestPlan(ctx context.Context, input model.SaveDigestPlanInput) (*model.Payload, error) {
	_, err := r.config.Digests.Change(ctx, r.call(ctx), input.Which(), input.Apply)
	return r.result(ctx, err, object(scalar.DigestPlan, input.QueueID))
}

// RemoveDigestPlan is the resolver for the removeDigestPlan field.
func (r *mutationResolver) RemoveDigestPlan(ctx context.Context, input model.RemoveDigestPlanInput) (*model.Payload, error) {
	return r.result(ctx, r.config.Digests.Remove(ctx, r.call(ctx), input.Which()))
}

// DigestPlan is the resolver for the digestPlan field.
func (r *queryResolver) DigestPlan(ctx context.Context, queueID string) (*model.DigestPlan, error) {
	rows := r.rows(ctx)
	found, err := rows.DigestPlans.Get(ctx, scalar.Of[id.DigestPlan](scalar.Queue, queueID))
	return model.NewDigestPlan(rows, found), err
}

// Digests is the resolver for the digests field.
func (r *queryResolver) Digests(ctx context.Context, queueID string, where *model.DigestWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*digest.Digest, *model.Digest], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query, q := r.rows(ctx), model.DigestQuery(where, orderBy), scalar.Of[id.Queue](scalar.Queue, queueID)
	found, err := r.config.Digests.Page(ctx, rows.Call, q, query, p)
	return model.NewDigestPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Digests.Count(ctx, rows.Call, q, query.Where)
	}), err
}

// DigestEvents is the resolver for the digestEvents field.
func (r *subscriptionResolver) DigestEvents(ctx context.Context, queueID string, after page.Cursor) (<-chan *model.DigestEventEdge, error) {
	w, err := r.ofQueue(ctx, queueID, event.TypeDigested)
	if err != nil {
		return nil, err
	}
	return follow(ctx, r.Resolver, w, after, digestEventEdge)
}

// AlertEvents is the resolver for the alertEvents field.
func (r *subscriptionResolver) AlertEvents(ctx context.Context, queueID *string, after page.Cursor) (<-chan *model.AlertEventEdge, error) {
	w := live.Wish{Only: event.TypeAlertRaised}
	if queueID != nil {
		var err error
		if w, err = r.ofQueue(ctx, *queueID, event.TypeAlertRaised); err != nil {
			return nil, err
		}
	}
	return follow(ctx, r.Resolver, w, after, alertEventEdge)
}
