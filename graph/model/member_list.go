package model

import (
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// MemberWhere is conditions on members.
type MemberWhere struct {
	Role         *RoleFilter
	Name         *TextFilter
	Locale       *LocaleFilter
	Team         *IDFilter
	Availability *AvailabilityFilter
	IsService    *BooleanFilter
	CreatedAt    *DateTimeFilter

	Tree[MemberWhere]
}

func (w *MemberWhere) conditions() conditions {
	var c conditions
	add(&c, member.FieldRole, w.Role, plain)
	add(&c, member.FieldName, w.Name, plain)
	add(&c, member.FieldLocale, w.Locale, plain)
	add(&c, member.FieldTeam, w.Team, idOf[id.Team](scalar.Team))
	add(&c, member.FieldAvailability, w.Availability, plain)
	add(&c, member.FieldService, w.IsService, yes)
	add(&c, member.FieldCreatedAt, w.CreatedAt, micros)
	return c
}

// MemberQuery gives conditions and sort keys for the service.
func MemberQuery(w *MemberWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of members.
type (
	// MemberConnection is a page of members.
	MemberConnection = Connection[*member.Member, *Member]
	// MemberEdge is a member and their place.
	MemberEdge = Edge[*Member]
)

// NewMemberPage makes the page of a query's members; count counts them all.
func NewMemberPage(rows *load.Rows, q query.Query, p page.Page[*member.Member], count Counted) *MemberConnection {
	rows.WantMembers(p.Items...)
	node := func(m *member.Member) *Member { return NewMember(rows, m) }
	return Connect(p, node, placed[*member.Member](member.Terms(), q), count)
}
