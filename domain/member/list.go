package member

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which members are chosen and put in order.
const (
	FieldName         query.Field = "name"
	FieldRole         query.Field = "role"
	FieldLocale       query.Field = "locale"
	FieldTeam         query.Field = "team"         // that they are in
	FieldAvailability query.Field = "availability" // of those who work tickets
	FieldService      query.Field = "isService"    // 0 or 1
	FieldCreatedAt    query.Field = "createdAt"
)

// Terms are what members can be put in order by.
func Terms() query.Terms {
	return query.Terms{
		Numbers: []query.Field{FieldCreatedAt}, Texts: []query.Field{FieldName},
		Usual: []query.Order{{Field: query.FieldID}},
	}
}

// SortKey gives what puts a member in its place in an order by the field.
func (m *Member) SortKey(f query.Field) any {
	switch f {
	case FieldName:
		return m.Name
	case FieldCreatedAt:
		return m.CreatedAt.UnixMicro()
	default:
		return int64(m.ID)
	}
}

// Page gives a page of the workspace's members. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) Page(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Member], error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[*Member]{}, err
	}
	w, err := Terms().Window(q, r)
	if err != nil {
		return page.Page[*Member]{}, err
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
