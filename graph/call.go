package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/graph/load"
)

// call is the wish of the request's caller, now.
func (r *Resolver) call(ctx context.Context) access.Call {
	return access.Call{
		Actor: access.FromContext(ctx).Actor, Now: r.config.Now(), Origin: event.Origin{Channel: event.ChannelAPI},
	}
}

// rows begins a list for the request's caller.
func (r *Resolver) rows(ctx context.Context) *load.Rows { return r.load.New(r.call(ctx)) }

// aroundOperation lets nobody in whose session is over, which on a WebSocket
// can be long after the door, and gives queries and mutations a deadline.
func (r *Resolver) aroundOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if err := access.FromContext(ctx).Check(r.config.Now()); err != nil {
		return graphql.OneShot(r.errorResponse(ctx, err))
	}
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return next(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, r.config.Limits.Timeout)
	respond := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		defer cancel()
		return respond(ctx)
	}
}
