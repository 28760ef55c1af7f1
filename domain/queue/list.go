package queue

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which queues are chosen and put in order.
const (
	FieldName query.Field = "name"
	FieldTeam query.Field = "team" // that serves it
)

// Terms are what queues can be put in order by.
func Terms() query.Terms {
	return query.Terms{Texts: []query.Field{FieldName}, Usual: []query.Order{{Field: FieldName}}}
}

// SortKey gives what puts a queue in its place in an order by the field.
func (q *Queue) SortKey(f query.Field) any {
	if f == FieldName {
		return q.Name
	}
	return int64(q.ID)
}

// Page gives a page of the workspace's queues. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) Page(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Queue], error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[*Queue]{}, err
	}
	w, err := Terms().Window(q, r)
	if err != nil {
		return page.Page[*Queue]{}, err
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
