package audit

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which entries are chosen and put in order.
const (
	FieldActor    query.Field = "actor" // none: the helpdesk itself
	FieldChannel  query.Field = "channel"
	FieldAt       query.Field = "at"
	FieldKind     query.Field = "objectKind"
	FieldObjectID query.Field = "objectId"
	FieldAction   query.Field = "action"
)

// Terms are what entries can be put in order by; usually the latest comes first.
func Terms() query.Terms {
	return query.Terms{
		Numbers: []query.Field{FieldAt}, Texts: []query.Field{FieldKind, FieldAction},
		Usual: []query.Order{{Field: FieldAt, Descending: true}},
	}
}

// SortKey gives what puts an entry in its place in an order by the field.
func (e *Entry) SortKey(f query.Field) any {
	switch f {
	case FieldAt:
		return e.At.UnixMicro()
	case FieldKind:
		return string(e.Object.Kind)
	case FieldAction:
		return string(e.Action)
	default:
		return int64(e.ID)
	}
}

// Repository is the port to the record.
type Repository interface {
	Recorder

	// Page gives a page of what the query finds in the workspace.
	Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*Entry], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, where query.Where) (int, error)
}

// Service is what one may do with the record: read it.
type Service struct{ repo Repository }

// NewService makes the service.
func NewService(r Repository) *Service { return &Service{repo: r} }

// Page gives a page of the workspace's entries. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) Page(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Entry], error) {
	if err := access.Require(c.Actor, access.AuditSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[*Entry]{}, err
	}
	w, err := Terms().Window(q, r)
	if err != nil {
		return page.Page[*Entry]{}, err
	}
	return s.repo.Page(ctx, c.Actor.Workspace, q, w)
}

// Count counts what Page would give in all. Codes: unauthenticated, forbidden,
// invalid.
func (s *Service) Count(ctx context.Context, c access.Call, where query.Where) (int, error) {
	if err := access.Require(c.Actor, access.AuditSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.repo.Count(ctx, c.Actor.Workspace, where)
}
