package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// CreateAPIKey is the resolver for the createApiKey field.
func (r *mutationResolver) CreateAPIKey(ctx context.Context, input model.CreateAPIKeyInput) (*model.Payload, error) {
	k, secret, err := r.config.Auth.CreateKey(ctx, r.call(ctx), input.Wish())
	if err != nil {
		return r.result(ctx, err)
	}
	p, err := r.result(ctx, nil, object(scalar.APIKey, k.ID))
	p.Secret = &secret
	return p, err
}

// RevokeAPIKey is the resolver for the revokeApiKey field.
func (r *mutationResolver) RevokeAPIKey(ctx context.Context, input model.RevokeAPIKeyInput) (*model.Payload, error) {
	return r.result(ctx, r.config.Auth.RevokeKey(ctx, r.call(ctx), input.APIKeyID), object(scalar.APIKey, input.APIKeyID))
}

// APIKeys is the resolver for the apiKeys field.
func (r *queryResolver) APIKeys(ctx context.Context, where *model.APIKeyWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*auth.APIKey, *model.APIKey], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.APIKeyQuery(where, orderBy)
	found, err := r.config.Auth.Keys(ctx, rows.Call, query, p)
	return model.NewAPIKeyPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Auth.CountKeys(ctx, rows.Call, query.Where)
	}), err
}
