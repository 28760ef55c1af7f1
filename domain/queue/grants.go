package queue

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which grants are chosen and put in order. A queue or category is
// 0 in grants for the other.
const (
	FieldRole       query.Field = "role"
	FieldPermission query.Field = "permission"
	FieldEffect     query.Field = "effect"
	FieldQueue      query.Field = "queue"
	FieldCategory   query.Field = "category"
)

// GrantTerms are what grants can be put in order by. Who may do what where tells
// them apart.
func GrantTerms() query.Terms {
	return query.Terms{
		Texts: []query.Field{FieldRole, FieldPermission}, Numbers: []query.Field{FieldQueue, FieldCategory},
		Usual: []query.Order{{Field: FieldRole}},
		Tie:   []query.Field{FieldRole, FieldPermission, FieldQueue, FieldCategory},
	}
}

// GrantSortKey gives what puts a grant in its place in an order by the field.
func GrantSortKey(g access.Grant, f query.Field) any {
	switch f {
	case FieldRole:
		return string(g.Role)
	case FieldPermission:
		return string(g.Class)
	case FieldQueue:
		return int64(g.Queue)
	default:
		return int64(g.Category)
	}
}

// PageGrants gives a page of the workspace's grants. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) PageGrants(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[access.Grant], error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[access.Grant]{}, err
	}
	w, err := GrantTerms().Window(q, r)
	if err != nil {
		return page.Page[access.Grant]{}, err
	}
	return s.repo.PageGrants(ctx, c.Actor.Workspace, q, w)
}

// CountGrants counts what PageGrants would give in all. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) CountGrants(ctx context.Context, c access.Call, where query.Where) (int, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.repo.CountGrants(ctx, c.Actor.Workspace, where)
}
