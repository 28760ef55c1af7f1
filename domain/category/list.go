package category

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which categories are chosen and put in order.
const (
	FieldIntent   query.Field = "intent"
	FieldQueue    query.Field = "queue"
	FieldPriority query.Field = "priority" // its rank
	FieldPosition query.Field = "position"
	FieldArchived query.Field = "isArchived" // 0 or 1
)

// Terms are what categories can be put in order by.
func Terms() query.Terms {
	return query.Terms{
		Numbers: []query.Field{FieldArchived, FieldPosition, FieldPriority},
		Usual:   []query.Order{{Field: FieldArchived}, {Field: FieldPosition}},
	}
}

// SortKey gives what puts a category in its place in an order by the field.
func (c *Category) SortKey(f query.Field) any {
	switch f {
	case FieldPosition:
		return int64(c.Position)
	case FieldPriority:
		return int64(c.Priority.Rank())
	case FieldArchived:
		if c.Archived {
			return int64(1)
		}
		return int64(0)
	default:
		return int64(c.ID)
	}
}

// Page gives a page of the workspace's categories. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) Page(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Category], error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[*Category]{}, err
	}
	w, err := Terms().Window(q, r)
	if err != nil {
		return page.Page[*Category]{}, err
	}
	return s.repo.Page(ctx, c.Actor.Workspace, q, w)
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
	return s.repo.Count(ctx, c.Actor.Workspace, where)
}
