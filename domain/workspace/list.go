package workspace

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which workspaces are chosen and put in order.
const (
	FieldName      query.Field = "name"
	FieldSlug      query.Field = "slug"
	FieldCreatedAt query.Field = "createdAt"
)

// Terms are what workspaces can be put in order by.
func Terms() query.Terms {
	return query.Terms{
		Numbers: []query.Field{FieldCreatedAt}, Texts: []query.Field{FieldName}, Usual: []query.Order{{Field: FieldName}},
	}
}

// SortKey gives what puts a workspace in its place in an order by the field.
func (w *Workspace) SortKey(f query.Field) any {
	switch f {
	case FieldName:
		return w.Name
	case FieldCreatedAt:
		return w.CreatedAt.UnixMicro()
	default:
		return int64(w.ID)
	}
}

// Page gives a page of the workspaces in which the actor's account is a member.
// Codes: unauthenticated, forbidden, invalid.
func (s *Service) Page(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Workspace], error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[*Workspace]{}, err
	}
	w, err := Terms().Window(q, r)
	if err != nil {
		return page.Page[*Workspace]{}, err
	}
	return s.repo.Page(ctx, c.Actor.Member, q, w)
}

// Count counts what Page would give in all. Codes: unauthenticated, forbidden,
// invalid.
func (s *Service) Count(ctx context.Context, c access.Call, where query.Where) (int, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.repo.Count(ctx, c.Actor.Member, where)
}
