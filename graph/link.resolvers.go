package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// CreateChannelLinkCode is the resolver for the createChannelLinkCode field.
func (r *mutationResolver) CreateChannelLinkCode(ctx context.Context, input model.CreateChannelLinkCodeInput) (*model.Payload, error) {
	made, err := r.config.Workspaces.CreateLinkCode(ctx, r.call(ctx), input.Channel)
	p, err := r.result(ctx, err)
	if made.Code == "" {
		return p, err
	}
	return p.Showing(made), err
}

// RemoveChannelLink is the resolver for the removeChannelLink field.
func (r *mutationResolver) RemoveChannelLink(ctx context.Context, input model.RemoveChannelLinkInput) (*model.Payload, error) {
	call := r.call(ctx)
	_, err := r.config.Workspaces.Unlink(ctx, call, input.Expected(), input.Channel, input.ExternalID)
	return r.result(ctx, err, object(scalar.Workspace, call.Actor.Workspace))
}

// Links is the resolver for the links field.
func (r *workspaceResolver) Links(ctx context.Context, obj *workspace.Workspace) ([]*model.ChannelLink, error) {
	call := r.call(ctx)
	if call.Actor.Workspace != obj.ID || !access.Allowed(call.Actor, access.WorkspaceManage, access.InWorkspace(obj.ID)) {
		return nil, nil
	}
	found, err := r.config.Workspaces.Links(ctx, call)
	if err != nil {
		return nil, err
	}
	links := make([]*model.ChannelLink, len(found))
	for i, l := range found {
		links[i] = &model.ChannelLink{Link: l}
	}
	return links, nil
}
