package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/generated"
	"github.com/ticketsys/ticketsys/graph/live"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Viewer is the resolver for the viewer field.
func (r *queryResolver) Viewer(ctx context.Context) (*model.Member, error) {
	rows := r.rows(ctx)
	found, err := r.config.Members.Get(ctx, rows.Call, rows.Call.Actor.Member)
	return model.NewMember(rows, found), err
}

// Workspace is the resolver for the workspace field.
func (r *queryResolver) Workspace(ctx context.Context) (*workspace.Workspace, error) {
	return r.config.Workspaces.Get(ctx, r.call(ctx))
}

// Node is the resolver for the node field.
func (r *queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	found, err := r.nodes(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Nodes is the resolver for the nodes field.
func (r *queryResolver) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	return r.nodes(ctx, ids)
}

// Ticket is the resolver for the ticket field.
func (r *queryResolver) Ticket(ctx context.Context, id string) (*model.Ticket, error) {
	rows := r.rows(ctx)
	found, err := hidden(r.config.Tickets.Get(ctx, rows.Call, scalar.TicketOf(id)))
	rows.WantTicket(found)
	return model.NewTicket(rows, found), err
}

// TicketByNumber is the resolver for the ticketByNumber field.
func (r *queryResolver) TicketByNumber(ctx context.Context, number int) (*model.Ticket, error) {
	rows := r.rows(ctx)
	found, err := hidden(r.config.Tickets.ByNumber(ctx, rows.Call, int64(number)))
	rows.WantTicket(found)
	return model.NewTicket(rows, found), err
}

// Tickets is the resolver for the tickets field.
func (r *queryResolver) Tickets(ctx context.Context, where *model.TicketWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*ticket.View, *model.Ticket], error) {
	rows := r.rows(ctx)
	query := model.TicketQuery(where, orderBy)
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	found, err := r.config.Tickets.List(ctx, rows.Call, query, p)
	return model.NewTickets(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Tickets.Count(ctx, rows.Call, query)
	}), err
}

// TicketEvents is the resolver for the ticketEvents field.
func (r *subscriptionResolver) TicketEvents(ctx context.Context, ticketID string, after page.Cursor) (<-chan *model.Edge[model.TimelineItem], error) {
	return follow(ctx, r.Resolver, live.Wish{Ticket: scalar.TicketOf(ticketID)}, after, timelineEdge)
}

// QueueEvents is the resolver for the queueEvents field.
func (r *subscriptionResolver) QueueEvents(ctx context.Context, queueID string, after page.Cursor) (<-chan *model.TicketEventEdge, error) {
	q := scalar.Of[id.Queue](scalar.Queue, queueID)
	if _, err := r.config.Queues.Get(ctx, r.call(ctx), q); err != nil {
		return nil, err
	}
	return follow(ctx, r.Resolver, live.Wish{Queue: q}, after, ticketEventEdge)
}

// MyEvents is the resolver for the myEvents field.
func (r *subscriptionResolver) MyEvents(ctx context.Context, after page.Cursor) (<-chan *model.TicketEventEdge, error) {
	return follow(ctx, r.Resolver, live.Wish{}, after, ticketEventEdge)
}

// Mutation returns generated.MutationResolver implementation.
func (r *Resolver) Mutation() generated.MutationResolver { return &mutationResolver{r} }

// Query returns generated.QueryResolver implementation.
func (r *Resolver) Query() generated.QueryResolver { return &queryResolver{r} }

// Subscription returns generated.SubscriptionResolver implementation.
func (r *Resolver) Subscription() generated.SubscriptionResolver { return &subscriptionResolver{r} }

type (
	mutationResolver     struct{ *Resolver }
	queryResolver        struct{ *Resolver }
	subscriptionResolver struct{ *Resolver }
)
