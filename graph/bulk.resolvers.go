package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/model"
)

// BulkAssignTickets is the resolver for the bulkAssignTickets field.
func (r *mutationResolver) BulkAssignTickets(ctx context.Context, input model.BulkAssignTicketsInput) (*model.Payload, error) {
	return r.changeAll(ctx, input.BulkInput, ticket.Assigning(input.AssigneeID))
}

// BulkTransferTickets is the resolver for the bulkTransferTickets field.
func (r *mutationResolver) BulkTransferTickets(ctx context.Context, input model.BulkTransferTicketsInput) (*model.Payload, error) {
	return r.changeAll(ctx, input.BulkInput, ticket.Transferring(input.QueueID))
}

// BulkTagTickets is the resolver for the bulkTagTickets field.
func (r *mutationResolver) BulkTagTickets(ctx context.Context, input model.BulkTagTicketsInput) (*model.Payload, error) {
	return r.changeAll(ctx, input.BulkInput, ticket.Tagging(input.Add, input.Remove))
}

// BulkSetTicketPriority is the resolver for the bulkSetTicketPriority field.
func (r *mutationResolver) BulkSetTicketPriority(ctx context.Context, input model.BulkSetTicketPriorityInput) (*model.Payload, error) {
	return r.changeAll(ctx, input.BulkInput, ticket.Prioritising(input.Priority))
}

// BulkSetTicketStatus is the resolver for the bulkSetTicketStatus field.
func (r *mutationResolver) BulkSetTicketStatus(ctx context.Context, input model.BulkSetTicketStatusInput) (*model.Payload, error) {
	return r.changeAll(ctx, input.BulkInput, ticket.Moving(input.Status))
}
