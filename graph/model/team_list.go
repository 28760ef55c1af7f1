package model

import (
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// TeamWhere is conditions on teams.
type TeamWhere struct {
	Name   *TextFilter
	Member *IDFilter
	Queue  *IDFilter

	Tree[TeamWhere]
}

func (w *TeamWhere) conditions() conditions {
	var c conditions
	add(&c, team.FieldName, w.Name, plain)
	add(&c, team.FieldMember, w.Member, idOf[id.Member](scalar.Member))
	add(&c, team.FieldQueue, w.Queue, idOf[id.Queue](scalar.Queue))
	return c
}

// TeamQuery gives conditions and sort keys for the service.
func TeamQuery(w *TeamWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of teams.
type (
	// TeamConnection is a page of teams.
	TeamConnection = Connection[*team.Team, *Team]
	// TeamEdge is a team and its place.
	TeamEdge = Edge[*Team]
)

// NewTeamPage makes the page of a query's teams; count counts them all.
func NewTeamPage(rows *load.Rows, q query.Query, p page.Page[*team.Team], count Counted) *TeamConnection {
	return Connect(p, func(t *team.Team) *Team { return NewTeam(rows, t) }, placed[*team.Team](team.Terms(), q), count)
}
