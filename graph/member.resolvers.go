package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/model"
)

// Members is the resolver for the members field.
func (r *queryResolver) Members(ctx context.Context, where *model.MemberWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*member.Member, *model.Member], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.MemberQuery(where, orderBy)
	found, err := r.config.Members.Page(ctx, rows.Call, query, p)
	return model.NewMemberPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Members.Count(ctx, rows.Call, query.Where)
	}), err
}
