package graph

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/graph/budget"
	"github.com/ticketsys/ticketsys/graph/model"
)

// payer is who pays for what a session asks for.
func payer(s access.Session) budget.Payer {
	p := budget.Payer{Token: s.Token, Address: s.Address}
	if s.Actor.Member != 0 {
		p.Member = strconv.FormatInt(int64(s.Actor.Member), 36)
	}
	return p
}

// spend takes a cost from what the caller may spend, or refuses it.
func (r *Resolver) spend(ctx context.Context, cost int) ([]budget.Standing, error) {
	standings, ok := r.budget.Spend(r.config.Now(), payer(access.FromContext(ctx)), cost)
	if ok {
		return standings, nil
	}
	return nil, &refusal{
		fault: errRate.fault.With("Seconds", seconds(wait(standings))), code: errRate.code, status: errRate.status, standings: standings,
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

// wait is until all buckets hold what was refused.
func wait(all []budget.Standing) (longest time.Duration) {
	for _, s := range all {
		longest = max(longest, s.Wait)
	}
	return longest
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// tellStandings says in a response's headers what may be spent, as the draft
// "RateLimit header fields for HTTP" has it: a policy and a state by name.
func (r *Resolver) tellStandings(h http.Header, all []budget.Standing) {
	if len(all) == 0 {
		return
	}
	now := r.config.Now()
	policies, states := make([]string, len(all)), make([]string, len(all))
	for i, s := range all {
		policies[i] = fmt.Sprintf("%q;q=%d;w=%d", s.Name, s.Rate.Burst, seconds(s.Rate.Window))
		states[i] = fmt.Sprintf("%q;r=%d;t=%d", s.Name, max(s.Remaining, 0), max(seconds(s.ResetAt.Sub(now)), 0))
	}
	h.Set("RateLimit-Policy", strings.Join(policies, ", "))
	h.Set("RateLimit", strings.Join(states, ", "))
	if w := wait(all); w > 0 {
		h.Set("Retry-After", fmt.Sprint(seconds(w)))
	}
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
