package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Agent is how a member works tickets.
type Agent struct {
	Member       Member   `json:"member" doc:"Who it is."`
	Skills       []string `json:"skills" nullable:"false" doc:"What they know about."`
	Languages    []string `json:"languages" nullable:"false" doc:"The languages that they answer in."`
	Availability string   `json:"availability" enum:"online,away,offline" doc:"Whether they take tickets now: they do; they are there and take none; they are not there."`
	Capacity     int      `json:"capacity" doc:"How many tickets they work on at a time; 0: no limit."`
	HasProfile   bool     `json:"hasProfile" doc:"Whether they, or somebody for them, said all this."`
}

// TransformSchema keeps huma from looking for anything else.
func (Agent) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema { return s }

func showAgent(actor access.Actor, m *member.Member, a *member.Agent) Agent {
	out := Agent{Member: showMember(actor, m), Skills: []string{}, Languages: []string{}, Availability: string(member.Online)}
	if a == nil {
		return out
	}
	out.HasProfile, out.Availability, out.Capacity = true, string(a.Availability), a.Capacity
	out.Languages = each(a.Languages, func(l locale.Tag) string { return string(l) })
	if a.Skills != nil {
		out.Skills = a.Skills
	}
	return out
}

// memberList is what members can be chosen and ordered by.
func memberList() list {
	return list{
		name: "MemberWhere",
		columns: columns{
			"role":         words(member.FieldRole, "On their role.", roles()...),
			"name":         texts(member.FieldName, "On their name."),
			"locale":       {field: member.FieldLocale, ops: equal(), form: "string", value: text, about: "On the language in which they are answered."},
			"team":         ids(member.FieldTeam, opaque.Team, "On the teams that they are in."),
			"availability": words(member.FieldAvailability, "On whether they take tickets now. It holds for nobody who has no agent profile.", "online", "away", "offline"),
			"isService":    flags(member.FieldService, "On whether they stand for a program."),
			"createdAt":    moments(member.FieldCreatedAt, "On when the helpdesk first heard of them."),
		},
		orders: sorted(member.FieldName, member.FieldCreatedAt),
	}
}

// memberPages gives members page by page, as far as they meet the conditions.
func memberPages[T any](s *server, show func(context.Context, access.Call, []*member.Member) ([]T, error), must ...query.Condition) source[ListInput, *member.Member, T] {
	return source[ListInput, *member.Member, T]{
		list: memberList(), show: show,
		narrow: func(_ access.Call, _ *ListInput, q *query.Query) error {
			if len(must) > 0 {
				q.Where = query.Where{Conditions: must, And: []query.Where{q.Where}}
			}
			return nil
		},
		fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*member.Member], error) {
			return s.Members.Page(ctx, c, q, r)
		},
		count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
			return s.Members.Count(ctx, c, q.Where)
		},
		cursor: func(q query.Query, m *member.Member) page.Cursor { return member.Terms().CursorOf(q, m.SortKey) },
	}
}

// The inputs of members.
type (
	// MemberPath names a member.
	MemberPath struct {
		MemberID string `path:"memberId" doc:"The member's ID."`
	}
	// MemberChange is a role for a member.
	MemberChange struct {
		MemberPath
		Expecting

		Body struct {
			Role string `json:"role" enum:"requester,agent,supervisor,admin" doc:"What they are from now on; channels don't change it any more."`
		} `nameHint:"MemberChange"`
	}
	// AgentChange is what is to be different about how a member works.
	AgentChange struct {
		MemberPath
		Expecting

		Body AgentParts
	}
	// AgentParts is how a member is to work. What is left out stays; null empties.
	AgentParts struct {
		Skills       Field[[]string] `json:"skills,omitzero" doc:"What they know about."`
		Languages    Field[[]string] `json:"languages,omitzero" doc:"The languages that they answer in."`
		Availability *string         `json:"availability,omitempty" enum:"online,away,offline" doc:"Whether they take tickets now."`
		Capacity     *int            `json:"capacity,omitempty" doc:"How many tickets they work on at a time; 0: no limit."`
	}
)

func (p MemberPath) id() id.Member { return opaqueMember(p.MemberID) }

// apply changes what is given.
func (p AgentParts) apply(a *member.Agent) {
	p.Skills.to(&a.Skills)
	if p.Languages.Set {
		a.Languages = each(p.Languages.Value, func(l string) locale.Tag { return locale.Tag(l) })
	}
	wordTo(p.Availability, &a.Availability)
	if p.Capacity != nil {
		a.Capacity = *p.Capacity
	}
}

func (s *server) member(ctx context.Context, c access.Call, m id.Member) (shown[Member], error) {
	found, err := s.Members.Get(ctx, c, m)
	if err != nil {
		return shown[Member]{}, err
	}
	body := showMember(c.Actor, found)
	return shown[Member]{&body, found.Version}, nil
}

func (s *server) agent(ctx context.Context, c access.Call, m id.Member) (shown[Agent], error) {
	found, err := s.Members.Get(ctx, c, m)
	if err != nil {
		return shown[Agent]{}, err
	}
	all, err := s.agents(ctx, c, []*member.Member{found})
	if err != nil {
		return shown[Agent]{}, err
	}
	return shown[Agent]{&all[0], found.Version}, nil
}

func (s *server) agents(ctx context.Context, c access.Call, all []*member.Member) ([]Agent, error) {
	profiles, err := s.Members.Agents(ctx, c, each(all, func(m *member.Member) id.Member { return m.ID })...)
	return each(all, func(m *member.Member) Agent { return showAgent(c.Actor, m, profiles[m.ID]) }), err
}

func (s *server) members() {
	staff := []fault.Code{fault.Forbidden, fault.NotFound}
	pages(s, operation{id: "listMembers", path: "/members", tag: tagPeople, summary: "List members", about: "In the order in which they came unless ordered otherwise. Staff only.", codes: staff[:1]},
		memberPages(s, func(_ context.Context, c access.Call, all []*member.Member) ([]Member, error) {
			return each(all, func(m *member.Member) Member { return showMember(c.Actor, m) }), nil
		}))
	fetch(s, operation{id: "getMember", path: "/members/{memberId}", tag: tagPeople, summary: "Show a member", about: "Staff only, but for oneself.", codes: staff},
		func(ctx context.Context, c access.Call, in *struct {
			MemberPath
			Conditional
		},
		) (shown[Member], error) {
			return s.member(ctx, c, in.id())
		})
	change(s, operation{id: "changeMember", method: http.MethodPatch, path: "/members/{memberId}", tag: tagPeople, summary: "Give a member a role", about: "Administrators only.", codes: configured},
		func(ctx context.Context, c access.Call, in *MemberChange, version int64) (string, error) {
			return in.MemberID, s.Members.SetRole(ctx, c, member.Ref{ID: in.id(), Version: version}, access.Role(in.Body.Role))
		},
		func(ctx context.Context, c access.Call, in *MemberChange, _ string) (shown[Member], error) {
			return s.member(ctx, c, in.id())
		})
	pages(s, operation{
		id: "listAgents", path: "/agents", tag: tagPeople, summary: "List agents", codes: staff[:1],
		about: "The members who may work tickets, in the order in which they came unless ordered otherwise. Staff only.",
	}, memberPages(s, s.agents, query.Condition{Field: member.FieldRole, Op: query.In, Values: []any{string(access.RoleAgent), string(access.RoleSupervisor), string(access.RoleAdmin)}}))
	fetch(s, operation{id: "getAgent", path: "/agents/{memberId}", tag: tagPeople, summary: "Show how a member works", about: "Staff only.", codes: staff},
		func(ctx context.Context, c access.Call, in *struct {
			MemberPath
			Conditional
		},
		) (shown[Agent], error) {
			return s.agent(ctx, c, in.id())
		})
	change(s, operation{
		id: "changeAgent", method: http.MethodPatch, path: "/agents/{memberId}", tag: tagPeople, summary: "Say how a member works", codes: configured,
		about: "Of oneself, for staff, or of anybody for an administrator.",
	}, func(ctx context.Context, c access.Call, in *AgentChange, version int64) (string, error) {
		return in.MemberID, s.Members.ChangeAgent(ctx, c, member.Ref{ID: in.id(), Version: version}, in.Body.apply)
	}, func(ctx context.Context, c access.Call, in *AgentChange, _ string) (shown[Agent], error) {
		return s.agent(ctx, c, in.id())
	})
}
