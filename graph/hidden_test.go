package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// What a list gives to who may not read a ticket's tags does not depend on them,
// be they a requester or an agent who asked for help.
func TestTagsAreNotFoundOutByConditions(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		counts := func(who *member.Member) (all []string) {
			for _, where := range []string{
				`{tag: {eq: "difficult"}}`, `{tag: {in: ["x", "difficult"]}}`, `{tag: {isNull: true}}`, `{tag: {isNull: false}}`,
				`{not: {tag: {isNull: true}}}`, `{not: {tag: {eq: "difficult"}}}`, `{or: [{tag: {eq: "difficult"}}, {number: {eq: 99}}]}`,
				`{and: [{or: [{not: {tag: {eq: "difficult"}}}]}]}`,
			} {
				a := h.ask(t, who, `{ tickets(where: `+where+`) { totalCount nodes { number } } }`, nil)
				all = append(all, fmt.Sprint(where, " ", a.at("tickets")))
			}
			return all
		}
		tickets := []*ticket.Ticket{h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Chidi, h.Help)}
		before := [][]string{counts(h.Lea), counts(h.Chidi), counts(h.Sam)}
		for _, tk := range tickets {
			h.Changes(t, h.Sam, tk, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.AddTag(c, "difficult") })
		}
		// Chidi would work this one, and may know.
		h.Changes(t, h.Sam, tickets[0], func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Transfer(c, h.Billing.ID) })
		lea, sam := counts(h.Lea), counts(h.Sam)
		for i := range lea {
			if lea[i] != before[0][i] {
				t.Errorf("a requester learns of tags: %s, before %s", lea[i], before[0][i])
			}
			if sam[i] == before[2][i] {
				t.Errorf("a supervisor finds nothing: %s", sam[i])
			}
		}
		for i, count := range counts(h.Chidi)[:4] { // none of these is ever true for them
			if !strings.Contains(count, "totalCount:0") {
				t.Errorf("an agent learns of the tags of their own ticket: %s, before %s", count, before[1][i])
			}
		}
	})
}

// Who may manage tickets but not see them reads no earlier texts either, and no
// earlier texts of notes without the right to notes.
func TestEarlierTextsAreForWhoMayReadTheMessage(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		first := h.Read(t, tk.ID).Last.ID
		count := func() int {
			found, err := h.services.Tickets.Versions(t.Context(), h.Call(t, h.Chidi), first)
			if err != nil {
				t.Fatal(err)
			}
			return len(found[first])
		}
		if count() != 1 {
			t.Fatal("an agent does not read the history")
		}
		deny := access.Grant{Queue: h.Support.ID, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny}
		if err := h.Queues.SetGrant(t.Context(), h.Workspace.ID, &deny); err != nil {
			t.Fatal(err)
		}
		if n := count(); n != 0 {
			t.Errorf("who may not see the ticket reads %d versions", n)
		}
	})
}

// Empty conditions hold always and cost nothing; there is a bound to all others.
func TestEmptyConditionsCostNothing(t *testing.T) {
	h := sqlite(t)
	h.Opens(t, h.Lea, h.Help)
	const query = `query($w: TicketWhere) { tickets(where: $w) { totalCount } }`
	parts := func(n int, part any) (all []any) {
		for range n {
			all = append(all, part)
		}
		return all
	}
	empty := vars{"and": parts(3, vars{})}
	for name, c := range map[string]struct {
		where vars
		count int
		code  string
	}{
		"empty parts":             {vars{"and": parts(4000, vars{})}, 1, ""},
		"empty parts in parts":    {vars{"and": parts(300, empty), "or": parts(300, empty)}, 1, ""},
		"an empty alternative":    {vars{"or": []any{vars{"number": vars{"eq": 99}}, vars{}}}, 1, ""},
		"not nothing":             {vars{"not": vars{}}, 0, ""},
		"many that are not empty": {vars{"and": parts(3000, vars{"not": vars{}})}, 0, "INVALID"},
		"many alternatives":       {vars{"or": parts(51, vars{"number": vars{"eq": 1}})}, 0, "INVALID"},
	} {
		a := h.run(t, h.Lea, query, vars{"w": c.where})
		if a.refused() != c.code {
			t.Errorf("%s: %.300s", name, a.body)
		} else if c.code == "" {
			a.want("tickets.totalCount", c.count)
		}
	}
}

// Who somebody is can't be looked up by ID, but by who meets them in a ticket.
func TestMembersAreNodesForStaffAndThemselves(t *testing.T) {
	h := sqlite(t)
	h.Opens(t, h.Lea, h.Help)
	const query = `query($id: ID!) { node(id: $id) { ... on Member { name } } nodes(ids: [$id]) { id } }`
	for _, c := range []struct {
		who, whom *member.Member
		seen      bool
	}{{h.Lea, h.Lea, true}, {h.Lea, h.Chidi, false}, {h.Lea, h.Bob, false}, {h.Chidi, h.Lea, true}, {h.Sam, h.Bob, true}} {
		a := h.ask(t, c.who, query, vars{"id": gid(scalar.Member, c.whom.ID)})
		if seen := strings.Contains(a.body, c.whom.Name); seen != c.seen || (a.at("nodes.0") != nil) != c.seen {
			t.Errorf("%s looks %s up: %s", c.who.Name, c.whom.Name, a.body)
		}
	}
}
