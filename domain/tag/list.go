package tag

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which tags are chosen and put in order.
const (
	FieldName      query.Field = "name" // eq and in: whatever the case, former names too
	FieldCreatedAt query.Field = "createdAt"
)

// Terms are what tags can be put in order by.
func Terms() query.Terms {
	return query.Terms{
		Texts: []query.Field{FieldName}, Numbers: []query.Field{FieldCreatedAt}, Usual: []query.Order{{Field: FieldName}},
	}
}

// SortKey gives what puts a tag in its place in an order by the field.
func (t *Tag) SortKey(f query.Field) any {
	switch f {
	case FieldName:
		return t.Name
	case FieldCreatedAt:
		return t.CreatedAt.UnixMicro()
	default:
		return int64(t.ID)
	}
}

// Page gives a page of the vocabulary. Codes: unauthenticated, forbidden, invalid.
func (s *Service) Page(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Tag], error) {
	if err := require(c, access.TagSee); err != nil {
		return page.Page[*Tag]{}, err
	}
	w, err := Terms().Window(q, r)
	if err != nil {
		return page.Page[*Tag]{}, err
	}
	return s.repo.Page(ctx, c.Actor.Workspace, q, w)
}

// Count counts what Page would give in all. Codes: unauthenticated, forbidden,
// invalid.
func (s *Service) Count(ctx context.Context, c access.Call, where query.Where) (int, error) {
	if err := require(c, access.TagSee); err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.repo.Count(ctx, c.Actor.Workspace, where)
}

// Get finds tags by ID; others are left out. Codes: unauthenticated, forbidden.
func (s *Service) Get(ctx context.Context, c access.Call, tags ...id.Tag) ([]*Tag, error) {
	if err := require(c, access.TagSee); err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, c.Actor.Workspace, tags...)
}

// Named finds tags by their names, former ones too; others are left out. Codes:
// unauthenticated, forbidden.
func (s *Service) Named(ctx context.Context, c access.Call, names ...string) (map[string]*Tag, error) {
	if err := require(c, access.TagSee); err != nil {
		return nil, err
	}
	return s.repo.Named(ctx, c.Actor.Workspace, names...)
}

// Tickets counts the tickets with each of the tags, of those whose tags the actor
// may see. Codes: unauthenticated, forbidden.
func (s *Service) Tickets(ctx context.Context, c access.Call, tags ...id.Tag) (map[id.Tag]int, error) {
	if err := require(c, access.TagSee); err != nil {
		return nil, err
	}
	f, err := access.Filter(c.Actor, access.NoteSee)
	if err != nil {
		return nil, err
	}
	return s.repo.Tickets(ctx, f, tags...)
}
