package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// CreateSignInCode is the resolver for the createSignInCode field.
func (r *mutationResolver) CreateSignInCode(ctx context.Context, input model.CreateSignInCodeInput) (*model.Payload, error) {
	made, err := r.config.Auth.CreateSignInCode(ctx, r.call(ctx), or(input.MemberID))
	p, err := r.result(ctx, err)
	if made.Code != "" {
		p.SignInCode = &made
	}
	return p, err
}

// ExchangeSignInCode is the resolver for the exchangeSignInCode field.
func (r *mutationResolver) ExchangeSignInCode(ctx context.Context, input model.ExchangeSignInCodeInput) (*model.Payload, error) {
	g, err := r.config.Auth.SignIn(ctx, input.Code, or(input.Label), input.IdempotencyKey, r.config.Now())
	return r.granted(ctx, g, err)
}

// RefreshSession is the resolver for the refreshSession field.
func (r *mutationResolver) RefreshSession(ctx context.Context, input model.RefreshSessionInput) (*model.Payload, error) {
	g, err := r.config.Auth.Refresh(ctx, input.RefreshToken, input.IdempotencyKey, r.config.Now())
	return r.granted(ctx, g, err)
}

// EndSession is the resolver for the endSession field.
func (r *mutationResolver) EndSession(ctx context.Context, input model.EndSessionInput) (*model.Payload, error) {
	return r.result(ctx, r.config.Auth.EndSession(ctx, r.call(ctx), input.SessionID), object(scalar.Session, input.SessionID))
}

// SignOutEverywhere is the resolver for the signOutEverywhere field.
func (r *mutationResolver) SignOutEverywhere(ctx context.Context, input model.SignOutEverywhereInput) (*model.Payload, error) {
	call, m := r.call(ctx), or(input.MemberID)
	if m == 0 {
		m = call.Actor.Member
	}
	return r.result(ctx, r.config.Auth.SignOut(ctx, call, m), object(scalar.Member, m))
}

// Sessions is the resolver for the sessions field.
func (r *queryResolver) Sessions(ctx context.Context, where *model.SessionWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*auth.Session, *model.Session], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.SessionQuery(where, orderBy)
	found, err := r.config.Auth.Sessions(ctx, rows.Call, query, p)
	return model.NewSessionPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Auth.CountSessions(ctx, rows.Call, query.Where)
	}), err
}
