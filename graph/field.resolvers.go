package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/graph/model"
)

// UpdateTicketFields is the resolver for the updateTicketFields field.
func (r *mutationResolver) UpdateTicketFields(ctx context.Context, input model.UpdateTicketFieldsInput) (*model.Payload, error) {
	_, err := r.config.Tickets.Fill(ctx, r.call(ctx), input.Ref(), input.Values())
	return r.changed(ctx, input.TicketID, err)
}
