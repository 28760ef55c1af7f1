package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// SetDesk is the resolver for the setDesk field.
func (r *mutationResolver) SetDesk(ctx context.Context, input model.SetDeskInput) (*model.Payload, error) {
	call := r.call(ctx)
	return r.result(ctx, r.config.Channels.SetDesk(ctx, call, input.Desk()), object(scalar.Workspace, call.Actor.Workspace))
}

// RemoveDesk is the resolver for the removeDesk field.
func (r *mutationResolver) RemoveDesk(ctx context.Context, input model.RemoveDeskInput) (*model.Payload, error) {
	call := r.call(ctx)
	return r.result(ctx, r.config.Channels.RemoveDesk(ctx, call, input.Desk()), object(scalar.Workspace, call.Actor.Workspace))
}

// Desks is the resolver for the desks field.
func (r *workspaceResolver) Desks(ctx context.Context, obj *workspace.Workspace) ([]*model.Desk, error) {
	rows := r.rows(ctx)
	if rows.Call.Actor.Workspace != obj.ID || !access.Allowed(rows.Call.Actor, access.WorkspaceManage, access.InWorkspace(obj.ID)) {
		return nil, nil
	}
	found, err := r.config.Channels.Desks(ctx, rows.Call, event.ChannelDiscord)
	return model.NewDesks(rows, found), err
}
