package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/generated"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// UpdateWorkspace is the resolver for the updateWorkspace field.
func (r *mutationResolver) UpdateWorkspace(ctx context.Context, input model.UpdateWorkspaceInput) (*model.Payload, error) {
	call := r.call(ctx)
	_, err := r.config.Workspaces.Update(ctx, call, input.Expected(), input.Settings())
	return r.result(ctx, err, object(scalar.Workspace, call.Actor.Workspace))
}

// Workspaces is the resolver for the workspaces field.
func (r *queryResolver) Workspaces(ctx context.Context, where *model.WorkspaceWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*workspace.Workspace, *workspace.Workspace], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.WorkspaceQuery(where, orderBy)
	found, err := r.config.Workspaces.Page(ctx, rows.Call, query, p)
	return model.NewWorkspacePage(query, found, func(ctx context.Context) (int, error) {
		return r.config.Workspaces.Count(ctx, rows.Call, query.Where)
	}), err
}

// Workspace returns generated.WorkspaceResolver implementation.
func (r *Resolver) Workspace() generated.WorkspaceResolver { return &workspaceResolver{r} }

type workspaceResolver struct{ *Resolver }
