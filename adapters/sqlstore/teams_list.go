package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/team"
)

var teamAspects = map[query.Field]aspect{
	query.FieldID:    {column: "t.id", ordered: true},
	team.FieldName:   {column: "t.name", text: true},
	team.FieldMember: {column: "tm.member_id", list: "t.id IN (SELECT tm.team_id FROM team_members tm WHERE "},
	team.FieldQueue:  {column: "tq.queue_id", list: "t.id IN (SELECT tq.team_id FROM team_queues tq WHERE "},
}

func teamList() listing[*team.Team] {
	return listing[*team.Team]{
		terms: terms{aspects: teamAspects}, columns: teamColumns, from: teamFrom, scan: scanTeam, order: team.Terms(),
	}
}

// Page implements team.Repository.
func (r *TeamRepository) Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*team.Team], error) {
	c := r.store.Read(ctx)
	found, err := teamList().page(ctx, c, q, p, int64(w))
	if err == nil {
		err = complete(ctx, c, found.Items)
	}
	return found, failed("list teams", err)
}

// Count implements team.Repository.
func (r *TeamRepository) Count(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := teamList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count teams", err)
}
