package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// SnoozeTicket is the resolver for the snoozeTicket field.
func (r *mutationResolver) SnoozeTicket(ctx context.Context, input model.SnoozeTicketInput) (*model.Payload, error) {
	_, err := r.config.Tickets.Snooze(ctx, r.call(ctx), input.Ref(), input.Until)
	return r.changed(ctx, input.TicketID, err)
}

// WakeTicket is the resolver for the wakeTicket field.
func (r *mutationResolver) WakeTicket(ctx context.Context, input model.TicketInput) (*model.Payload, error) {
	return r.do(ctx, input, r.config.Tickets.Wake)
}

// SaveSLAPolicy is the resolver for the saveSlaPolicy field.
func (r *mutationResolver) SaveSLAPolicy(ctx context.Context, input model.SaveSLAPolicyInput) (*model.Payload, error) {
	saved, err := r.config.SLA.ChangePolicy(ctx, r.call(ctx), input.Which(), input.Apply)
	if saved != nil {
		input.ID = saved.ID
	}
	return r.result(ctx, err, object(scalar.Policy, input.ID))
}

// RemoveSLAPolicy is the resolver for the removeSlaPolicy field.
func (r *mutationResolver) RemoveSLAPolicy(ctx context.Context, input model.RemoveSLAPolicyInput) (*model.Payload, error) {
	return r.result(ctx, r.config.SLA.RemovePolicy(ctx, r.call(ctx), input.Which()))
}

// SLAPolicies is the resolver for the slaPolicies field.
func (r *queryResolver) SLAPolicies(ctx context.Context, where *model.SLAPolicyWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*sla.Policy, *model.SLAPolicy], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.SLAPolicyQuery(where, orderBy)
	found, err := r.config.SLA.PagePolicies(ctx, rows.Call, query, p)
	return model.NewSLAPolicyPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.SLA.CountPolicies(ctx, rows.Call, query.Where)
	}), err
}

// SLAForecast is the resolver for the slaForecast field.
func (r *queryResolver) SLAForecast(ctx context.Context, ticketID string, policyID *string, terms *model.SLATermsInput) (*model.SLAForecast, error) {
	return r.foresee(ctx, scalar.TicketOf(ticketID), policyID, terms)
}
