package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
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

// Agent gives how the member works tickets: nil if they do not, or if the
// caller is not staff.
func (m *Member) Agent(ctx context.Context) (*member.Agent, error) {
	a := m.rows.Call.Actor
	if !access.Allowed(a, access.MemberSee, access.InWorkspace(a.Workspace)) {
		return nil, nil
	}
	return m.rows.Agents.Get(ctx, m.ID)
}

// MemberConnection is a page of members.
type MemberConnection struct {
	page.Page[*member.Member]

	rows *load.Rows
}

// NewMemberPage makes a page of members.
func NewMemberPage(rows *load.Rows, p page.Page[*member.Member]) *MemberConnection {
	rows.WantMembers(p.Items...)
	return &MemberConnection{Page: p, rows: rows}
}

// Nodes gives the members.
func (c *MemberConnection) Nodes() []*Member { return NewMembers(c.rows, c.Items) }

// Edges gives the members with their places.
func (c *MemberConnection) Edges() []*MemberEdge {
	edges := make([]*MemberEdge, len(c.Items))
	for i, m := range c.Items {
		edges[i] = &MemberEdge{Node: NewMember(c.rows, m), Cursor: memberCursor(m)}
	}
	return edges
}

// PageInfo tells how to go on.
func (c *MemberConnection) PageInfo() *PageInfo { return pageInfo(c.Page, memberCursor) }

func memberCursor(m *member.Member) page.Cursor { return page.Cursor{int64(m.ID)} }

// MemberEdge is a member and their place.
type MemberEdge struct {
	Cursor page.Cursor
	Node   *Member
}
