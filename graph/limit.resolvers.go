package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/graph/model"
)

// RateLimit is the resolver for the rateLimit field.
func (r *queryResolver) RateLimit(ctx context.Context, dryRun bool) (*model.RateLimit, error) {
	_ = dryRun // then nothing else of the operation is left
	standings, _ := r.budget.Spend(r.config.Now(), budget.PayerOf(access.FromContext(ctx)), 0)
	return rateLimit(complexityOf(graphql.GetOperationContext(ctx)), tightest(standings)), nil
}
