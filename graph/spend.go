package graph

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/graph/model"
)

// spend takes a cost from what the caller may spend, or refuses it.
func (r *Resolver) spend(ctx context.Context, cost int) ([]budget.Standing, error) {
	standings, ok := r.budget.Spend(r.config.Now(), budget.PayerOf(access.FromContext(ctx)), cost)
	if ok {
		return standings, nil
	}
	return nil, &refusal{
		fault: errRate.fault.With("Seconds", budget.Seconds(budget.Wait(standings))), code: errRate.code, status: errRate.status, standings: standings,
	}
}

// price is what an operation costs: 1 at least, and for a trial no more.
func price(op *graphql.OperationContext) int {
	stats := complexityOf(op)
	if stats == nil || op.Stats.GetExtension(trial{}.ExtensionName()) != nil {
		return 1
	}
	return max(stats.Complexity, 1)
}

func complexityOf(op *graphql.OperationContext) *extension.ComplexityStats {
	stats, _ := op.Stats.GetExtension("ComplexityLimit").(*extension.ComplexityStats)
	return stats
}

// tellStandings says in a response's headers what may be spent.
func (r *Resolver) tellStandings(h http.Header, all []budget.Standing) {
	budget.Tell(r.config.Now(), all, h.Set)
}

// tightest is the bucket that holds the least.
func tightest(all []budget.Standing) (least *budget.Standing) {
	for i := range all {
		if least == nil || all[i].Remaining < least.Remaining {
			least = &all[i]
		}
	}
	return least
}

// rateLimit tells what an operation costs and what may be spent; the second is
// unknown when nothing is limited.
func rateLimit(cost *extension.ComplexityStats, s *budget.Standing) *model.RateLimit {
	told := &model.RateLimit{}
	if cost != nil {
		told.Cost = cost.Complexity
	}
	if s != nil {
		told.Limit, told.Remaining, told.ResetAt = &s.Rate.Burst, &s.Remaining, &s.ResetAt
	}
	return told
}
