package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Member is a member in a list.
type Member struct {
	*member.Member

	rows *load.Rows
}

// NewMember makes a member of a list, nil of nil. That it may be asked for its
// agent's profile is known to the list already.
func NewMember(rows *load.Rows, m *member.Member) *Member {
	if m == nil {
		return nil
	}
	return &Member{Member: m, rows: rows}
}

// NewMembers makes members of a list.
func NewMembers(rows *load.Rows, members []*member.Member) []*Member {
	made := make([]*Member, len(members))
	for i, m := range members {
		made[i] = NewMember(rows, m)
	}
	return made
}

// IsService reports whether the member stands for a program.
func (m *Member) IsService() bool { return m.Service }

// TimeZone gives by which clocks the member lives: nil if that is not known, or not
// for the caller to know.
func (m *Member) TimeZone() *string {
	return orNil(m.ZoneFor(m.rows.Call.Actor))
}

// Agent gives how the member works tickets: nil if they do not, or if the
// caller is not staff.
func (m *Member) Agent(ctx context.Context) (*member.Agent, error) {
	a := m.rows.Call.Actor
	if !access.Allowed(a, access.MemberSee, access.InWorkspace(a.Workspace)) {
		return nil, nil
	}
	return m.rows.Agents.Get(ctx, m.ID)
}
