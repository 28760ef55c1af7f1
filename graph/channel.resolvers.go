package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/graph/model"
)

// SetLossPolicy is the resolver for the setLossPolicy field.
func (r *mutationResolver) SetLossPolicy(ctx context.Context, input model.SetLossPolicyInput) (*model.WorkspacePayload, error) {
	saved, err := r.config.Workspaces.SetLossPolicy(ctx, r.call(ctx), input.OnSurfaceLost)
	refused, err := r.refused(ctx, err)
	return &model.WorkspacePayload{Refused: refused, Workspace: saved}, err
}
