package access_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

func TestGrantsWidenAndNarrow(t *testing.T) {
	allow := func(g access.Grant) access.Grant { g.Effect = access.Allow; return g }
	deny := func(g access.Grant) access.Grant { g.Effect = access.Deny; return g }
	inQueue := func(r access.Role, c access.Class) access.Grant { return access.Grant{Queue: desk, Role: r, Class: c} }
	inCategory := func(r access.Role, c access.Class) access.Grant {
		return access.Grant{Category: kind, Role: r, Class: c}
	}
	for name, try := range map[string]struct {
		role     access.Role
		relation access.Relation
		asks     access.Permission
		grants   []access.Grant
		want     bool
	}{
		"an open category: everybody sees its tickets": {
			access.RoleRequester, access.None, access.TicketSee,
			[]access.Grant{allow(inCategory(access.RoleRequester, access.ClassSee))},
			true,
		},
		"but nobody reads its notes by that": {
			access.RoleRequester, access.None, access.NoteSee,
			[]access.Grant{allow(inCategory(access.RoleRequester, access.ClassSee))},
			false,
		},
		"nor answers": {
			access.RoleRequester, access.None, access.TicketReply,
			[]access.Grant{allow(inCategory(access.RoleRequester, access.ClassSee))},
			false,
		},
		"agents of other teams let in": {
			access.RoleAgent, access.None, access.TicketClaim,
			[]access.Grant{allow(inQueue(access.RoleAgent, access.ClassClaim))},
			true,
		},
		"a grant for another role": {
			access.RoleAgent, access.None, access.TicketClaim,
			[]access.Grant{allow(inQueue(access.RoleSupervisor, access.ClassClaim))},
			false,
		},
		"a grant for another queue": {
			access.RoleAgent, access.None, access.TicketClaim,
			[]access.Grant{{Queue: desk + 5, Role: access.RoleAgent, Class: access.ClassClaim, Effect: access.Allow}},
			false,
		},
		"a team that may not claim": {
			access.RoleAgent, access.Team, access.TicketClaim,
			[]access.Grant{deny(inQueue(access.RoleAgent, access.ClassClaim))},
			false,
		},
		"and answers still": {
			access.RoleAgent, access.Team, access.TicketReply,
			[]access.Grant{deny(inQueue(access.RoleAgent, access.ClassClaim))},
			true,
		},
		"a supervisor kept out": {
			access.RoleSupervisor, access.None, access.TicketSee,
			[]access.Grant{deny(inQueue(access.RoleSupervisor, access.ClassSee))},
			false,
		},
		"a category goes before its queue": {
			access.RoleAgent, access.Team, access.TicketSee,
			[]access.Grant{allow(inQueue(access.RoleAgent, access.ClassSee)), deny(inCategory(access.RoleAgent, access.ClassSee))},
			false,
		},
		"whichever was given first": {
			access.RoleAgent, access.Team, access.TicketSee,
			[]access.Grant{allow(inCategory(access.RoleAgent, access.ClassSee)), deny(inQueue(access.RoleAgent, access.ClassSee))},
			true,
		},
		"an assignee keeps what they have": {
			access.RoleAgent, access.Assignee, access.TicketReply,
			[]access.Grant{deny(inQueue(access.RoleAgent, access.ClassAnswer))},
			true,
		},
		"a requester too": {
			access.RoleRequester, access.Requester, access.TicketSee,
			[]access.Grant{deny(inQueue(access.RoleRequester, access.ClassSee))},
			true,
		},
		"and gains nothing in their own ticket": {
			access.RoleAgent, access.Requester, access.NoteSee,
			[]access.Grant{allow(inQueue(access.RoleAgent, access.ClassSee))},
			false,
		},
		"an admin can't be shut out": {
			access.RoleAdmin, access.None, access.TicketSee,
			[]access.Grant{deny(inQueue(access.RoleAdmin, access.ClassSee))},
			true,
		},
		"what no class covers stays": {
			access.RoleAgent, access.None, access.TicketOpenFor,
			[]access.Grant{deny(inQueue(access.RoleAgent, access.ClassManage))},
			true,
		},
	} {
		actor, ticket := related(try.role, try.relation)
		actor.Grants = try.grants
		if got := access.Allowed(actor, try.asks, ticket); got != try.want {
			t.Errorf("%s: %s with relation %s has %s: %v", name, try.role, try.relation, try.asks, got)
		}
	}
}

func TestAGrantMustSayOneThing(t *testing.T) {
	good := access.Grant{Queue: desk, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny}
	if err := good.Check(); err != nil {
		t.Errorf("%+v: %v", good, err)
	}
	for name, try := range map[string]struct {
		spoil func(*access.Grant)
		field string
	}{
		"no place":        {func(g *access.Grant) { g.Queue = 0 }, "queueId"},
		"two places":      {func(g *access.Grant) { g.Category = id.Category(1) }, "queueId"},
		"no role":         {func(g *access.Grant) { g.Role = "" }, "role"},
		"admins":          {func(g *access.Grant) { g.Role = access.RoleAdmin }, "role"},
		"unknown class":   {func(g *access.Grant) { g.Class = "burn" }, "permission"},
		"unknown effect":  {func(g *access.Grant) { g.Effect = "perhaps" }, "effect"},
		"no effect":       {func(g *access.Grant) { g.Effect = "" }, "effect"},
		"class forgotten": {func(g *access.Grant) { g.Class = "" }, "permission"},
	} {
		g := good
		try.spoil(&g)
		err := g.Check()
		f, ok := err.(*fault.Error) //nolint:errorlint // the fault itself is given
		if !ok || f.Code != fault.Invalid || f.Field != try.field {
			t.Errorf("%s: %v, want invalid at %s", name, err, try.field)
		}
	}
}
