package graph

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/graph/model"
)

// Teams is the resolver for the teams field.
func (r *queryResolver) Teams(ctx context.Context, where *model.TeamWhere, orderBy []*model.Order, first *int, after page.Cursor, last *int, before page.Cursor) (*model.Connection[*team.Team, *model.Team], error) {
	p, err := model.PageRequest(first, after, last, before)
	if err != nil {
		return nil, err
	}
	rows, query := r.rows(ctx), model.TeamQuery(where, orderBy)
	found, err := r.config.Teams.Page(ctx, rows.Call, query, p)
	return model.NewTeamPage(rows, query, found, func(ctx context.Context) (int, error) {
		return r.config.Teams.Count(ctx, rows.Call, query.Where)
	}), err
}
