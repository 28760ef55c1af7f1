package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// foresee tells what a saved policy, or else terms, would mean for a ticket.
func (r *Resolver) foresee(ctx context.Context, t id.Ticket, saved *string, terms *model.SLATermsInput) (*model.SLAForecast, error) {
	rows := r.rows(ctx)
	p, err := r.meant(ctx, rows, saved, terms)
	if err != nil || p == nil {
		return nil, err
	}
	found, err := r.config.Tickets.Foresee(ctx, rows.Call, t, *p)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return model.NewSLAForecast(rows, found), nil
}

// meant gives the policy that is asked about; nil for one that is not there.
func (r *Resolver) meant(ctx context.Context, rows *load.Rows, saved *string, terms *model.SLATermsInput) (*sla.Policy, error) {
	switch {
	case saved != nil:
		return rows.Policies.Get(ctx, scalar.Of[id.Policy](scalar.Policy, *saved))
	case terms != nil:
		p := terms.Policy()
		return &p, nil
	}
	return nil, sla.ErrNoPromise.On("terms")
}
