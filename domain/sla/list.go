package sla

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The fields by which policies are chosen and put in order.
const (
	FieldName     query.Field = "name"
	FieldPosition query.Field = "position"
)

// FieldQueue is whose business hours are: the field by which those are chosen and
// put in order, 0 in those of the workspace.
const FieldQueue query.Field = "queue"

// PolicyTerms are what policies can be put in order by: usually, as they are tried.
func PolicyTerms() query.Terms {
	return query.Terms{Texts: []query.Field{FieldName}, Numbers: []query.Field{FieldPosition}, Usual: []query.Order{{Field: FieldPosition}}}
}

// HoursTerms are what business hours can be put in order by: usually, the workspace's
// before those of its queues.
func HoursTerms() query.Terms {
	return query.Terms{Numbers: []query.Field{FieldQueue}, Usual: []query.Order{{Field: FieldQueue}}}
}

// SortKey gives what puts a policy in its place in an order by the field.
func (p *Policy) SortKey(f query.Field) any {
	switch f {
	case FieldName:
		return p.Name
	case FieldPosition:
		return int64(p.Position)
	default:
		return int64(p.ID)
	}
}

// SortKey gives what puts business hours in their place in an order by the field.
func (h *Hours) SortKey(f query.Field) any {
	if f == FieldQueue {
		return int64(h.Queue)
	}
	return int64(h.ID)
}

// PagePolicies gives a page of the workspace's policies. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) PagePolicies(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Policy], error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[*Policy]{}, err
	}
	w, err := PolicyTerms().Window(q, r)
	if err != nil {
		return page.Page[*Policy]{}, err
	}
	return s.repo.PagePolicies(ctx, c.Actor.Workspace, q, w)
}

// CountPolicies counts what PagePolicies would give in all. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) CountPolicies(ctx context.Context, c access.Call, where query.Where) (int, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.repo.CountPolicies(ctx, c.Actor.Workspace, where)
}

// PageHours gives a page of the business hours of the workspace and its queues.
// Codes: unauthenticated, forbidden, invalid.
func (s *Service) PageHours(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Hours], error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return page.Page[*Hours]{}, err
	}
	w, err := HoursTerms().Window(q, r)
	if err != nil {
		return page.Page[*Hours]{}, err
	}
	return s.repo.PageHours(ctx, c.Actor.Workspace, q, w)
}

// CountHours counts what PageHours would give in all. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) CountHours(ctx context.Context, c access.Call, where query.Where) (int, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.repo.CountHours(ctx, c.Actor.Workspace, where)
}
