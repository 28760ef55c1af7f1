package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
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
	ctx, err := r.admitted(ctx)
	if err != nil {
		return graphql.OneShot(r.errorResponse(ctx, err))
	}
	switch oc := graphql.GetOperationContext(ctx); oc.Operation.Operation {
	case ast.Subscription:
		return subscribed(ctx, next)
	case ast.Mutation:
		r.carriedOutOnce(oc)
	case ast.Query:
	}
	ctx, cancel := context.WithTimeout(ctx, r.config.Limits.Timeout)
	respond := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		defer cancel()
		return respond(ctx)
	}
}

// subscribed lets a subscription on a WebSocket wait for events in the goroutine that
// the connection has for it.
func subscribed(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if ctx.Value(webSocketKey{}) == nil {
		return next(ctx)
	}
	var h hearing
	respond := next(context.WithValue(ctx, hearingKey{}, &h))
	return func(ctx context.Context) *graphql.Response {
		if h.wait != nil && !h.wait() {
			return nil
		}
		return respond(ctx)
	}
}

// admitted checks the session once more before an operation. On a WebSocket it
// counts the operation, and asks who the caller is by now.
func (r *Resolver) admitted(ctx context.Context) (context.Context, error) {
	session := access.FromContext(ctx)
	if err := session.Check(r.config.Now()); err != nil && !comesIn(graphql.GetOperationContext(ctx)) {
		return ctx, err
	}
	open, ok := ctx.Value(webSocketKey{}).(*operations)
	if !ok {
		return ctx, nil
	}
	if !open.begin(ctx) {
		return ctx, errBusy.with(maxOperations)
	}
	if _, err := r.spend(ctx, price(graphql.GetOperationContext(ctx))); err != nil {
		return ctx, err
	}
	session, err := r.renewed(ctx, session)
	if err != nil {
		return ctx, err
	}
	return access.NewContext(ctx, session), nil
}

// renewed gives the session with the member as they are now: what they are in
// the workspace may have changed since they came. Codes: unauthenticated.
func (r *Resolver) renewed(ctx context.Context, s access.Session) (access.Session, error) {
	system := access.Call{Actor: access.System(s.Actor.Workspace), Now: r.config.Now()}
	is, err := r.config.Members.ActorOf(ctx, system, s.Actor.Member)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return s, access.ErrNobody
	case err != nil:
		return s, err
	}
	s.Actor = s.As(is)
	if r.config.Auth == nil {
		return s, nil
	}
	return s, r.config.Auth.Check(ctx, s, is)
}
