package team

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which teams are chosen and put in order.
const (
	FieldName   query.Field = "name"
	FieldMember query.Field = "member" // who is in it
	FieldQueue  query.Field = "queue"  // that it serves
)

// Terms are what teams can be put in order by.
func Terms() query.Terms {
	return query.Terms{Texts: []query.Field{FieldName}, Usual: []query.Order{{Field: FieldName}}}
}

// SortKey gives what puts a team in its place in an order by the field.
func (t *Team) SortKey(f query.Field) any {
	if f == FieldName {
		return t.Name
	}
	return int64(t.ID)
}

// Page gives a page of the workspace's teams. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) Page(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Team], error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[*Team]{}, err
	}
	w, err := Terms().Window(q, r)
	if err != nil {
		return page.Page[*Team]{}, err
	}
	return s.repo.Page(ctx, c.Actor.Workspace, q, w)
}

// Count counts what Page would give in all. Codes: unauthenticated, forbidden,
// invalid.
func (s *Service) Count(ctx context.Context, c access.Call, where query.Where) (int, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.repo.Count(ctx, c.Actor.Workspace, where)
}
