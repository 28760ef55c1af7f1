package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// savedHours makes the result of a change of business hours. After a conflict those
// that are there are shown: nobody told their ID.
func (r *Resolver) savedHours(ctx context.Context, in model.HoursInput, saved *sla.Hours, err error) (*model.Payload, error) {
	var n id.Hours
	if saved != nil {
		n = saved.ID
	}
	if fault.CodeOf(err) == fault.Conflict {
		all, listErr := r.config.SLA.Hours(ctx, r.call(ctx))
		if listErr != nil {
			return nil, listErr
		}
		for _, h := range all {
			if h.Queue == in.QueueID {
				n = h.ID
			}
		}
	}
	return r.result(ctx, err, object(scalar.Hours, n))
}
