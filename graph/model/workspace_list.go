package model

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// WorkspaceWhere is conditions on workspaces.
type WorkspaceWhere struct {
	Name      *TextFilter
	Slug      *TextFilter
	CreatedAt *DateTimeFilter

	Tree[WorkspaceWhere]
}

func (w *WorkspaceWhere) conditions() conditions {
	var c conditions
	add(&c, workspace.FieldName, w.Name, plain)
	add(&c, workspace.FieldSlug, w.Slug, plain)
	add(&c, workspace.FieldCreatedAt, w.CreatedAt, micros)
	return c
}

// WorkspaceQuery gives conditions and sort keys for the service.
func WorkspaceQuery(w *WorkspaceWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of workspaces.
type (
	// WorkspaceConnection is a page of workspaces.
	WorkspaceConnection = Connection[*workspace.Workspace, *workspace.Workspace]
	// WorkspaceEdge is a workspace and its place.
	WorkspaceEdge = Edge[*workspace.Workspace]
)

// NewWorkspacePage makes the page of a query's workspaces; count counts them all.
func NewWorkspacePage(q query.Query, p page.Page[*workspace.Workspace], count Counted) *WorkspaceConnection {
	same := func(w *workspace.Workspace) *workspace.Workspace { return w }
	return Connect(p, same, placed[*workspace.Workspace](workspace.Terms(), q), count)
}

// UpdateWorkspaceInput is settings of a workspace, those that are given.
type UpdateWorkspaceInput struct {
	Keyed
	Expecting

	Name   graphql.Omittable[*string]
	Locale graphql.Omittable[*locale.Tag]
}

// Settings gives the settings for the service. Null stands for nothing there,
// which no setting can be.
func (in UpdateWorkspaceInput) Settings() workspace.Settings {
	return workspace.Settings{Name: presented(in.Name), Locale: presented(in.Locale)}
}

// presented tells a value that was left out, nil, from one that is null, zero.
func presented[T any](o graphql.Omittable[*T]) *T {
	value, set := o.ValueOK()
	if set && value == nil {
		return new(T)
	}
	return value
}
