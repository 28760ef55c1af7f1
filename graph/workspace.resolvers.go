package graph

import (
	"github.com/ticketsys/ticketsys/graph/generated"
)

// Workspace returns generated.WorkspaceResolver implementation.
func (r *Resolver) Workspace() generated.WorkspaceResolver { return &workspaceResolver{r} }

type workspaceResolver struct{ *Resolver }
