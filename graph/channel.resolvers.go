package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// SetLossPolicy is the resolver for the setLossPolicy field.
func (r *mutationResolver) SetLossPolicy(ctx context.Context, input model.SetLossPolicyInput) (*model.Payload, error) {
	call := r.call(ctx)
	_, err := r.config.Workspaces.SetLossPolicy(ctx, call, input.Expected(), input.OnSurfaceLost)
	return r.result(ctx, err, object(scalar.Workspace, call.Actor.Workspace))
}

// Channels is the resolver for the channels field.
func (r *workspaceResolver) Channels(ctx context.Context, obj *workspace.Workspace) ([]*model.ChannelReport, error) {
	return r.channelReports(ctx, obj.ID)
}
