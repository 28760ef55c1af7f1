package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// chance is by how many statements the same operation may differ from time to
// time: fields of a row are answered at once, and who comes first asks for what
// the others have named by then.
const chance = 3

// needed gives the arguments of those query fields that can't do without.
func needed(field string, c *crowd, ids []string) (string, bool) {
	arguments, ok := map[string]string{
		"node":           fmt.Sprintf("(id: %q)", ticketID(c.ticket)),
		"nodes":          "(ids: [" + strings.Join(ids, ",") + "])",
		"ticket":         fmt.Sprintf("(id: %q)", ticketID(c.ticket)),
		"slaForecast":    fmt.Sprintf("(ticketId: %q, policyId: %q)", ticketID(c.ticket), policyID(c.policy)),
		"slaReport":      `(from: "2026-01-01T00:00:00Z", to: "2026-12-31T00:00:00Z")`,
		"digestPlan":     fmt.Sprintf("(queueId: %q)", gid(scalar.Queue, c.queues[0])),
		"digests":        fmt.Sprintf("(queueId: %q, first: 100)", gid(scalar.Queue, c.queues[0])),
		"searchTickets":  `(query: "-status:closed", first: 100)`,
		"ticketByNumber": fmt.Sprintf("(number: %d)", c.ticket.Number),
	}[field]
	return arguments, ok
}

// Every operation takes as many statements for a hundred rows as for one, with
// everything asked for that there is of each row, whoever asks.
func TestStatementsOfOperationsDoNotGrow(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.unbounded()
		h.keeps(t, h.Invoice)
		one := h.grows(t, 1)
		few, change := h.countsQueries(t, one), h.countsMutations(t, one)
		hundred := h.grows(t, 100)
		maps.Copy(few, change)
		many := h.countsQueries(t, hundred)
		maps.Copy(many, h.countsMutations(t, hundred))
		for name, n := range many {
			if n > few[name]+chance {
				t.Errorf("%s: %d statements for 100 rows, %d for 1", name, n, few[name])
			}
		}
	})
}

// countsQueries tells how many statements each query takes.
func (h *house) countsQueries(t *testing.T, c *crowd) map[string]int {
	t.Helper()
	counts := map[string]int{}
	count := func(who *member.Member, name, query string) {
		n := h.counter.During(func() {
			if a := h.run(t, who, query, nil); len(a.Errors) > 0 && (who == h.Ada || a.refused() != "FORBIDDEN") {
				t.Errorf("%s asks for %s: %.500s", who.Name, name, a.body)
			}
		})
		counts[name+" for "+who.Name] = n
	}
	s := everythingBy(3)
	for _, f := range s.Query.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		for kind, ids := range h.rows(t, s, f, c) {
			arguments, known := needed(f.Name, c, ids)
			if !known {
				arguments = s.sized(t, "Query", f, 100)
			}
			inside := s
			if !strings.HasSuffix(f.Type.Name(), "Connection") && f.Name != "nodes" {
				inside.page = 100
			}
			for _, who := range []*member.Member{h.Ada, h.Chidi, h.Lea} {
				count(who, f.Name+kind, "{ "+f.Name+arguments+inside.of(t, f.Type)+" }")
			}
		}
	}
	return counts
}

// rows gives, for nodes, IDs of up to 100 objects of each kind.
func (h *house) rows(t *testing.T, s wholeOf, f *ast.FieldDefinition, c *crowd) map[string][]string {
	t.Helper()
	if f.Name != "nodes" {
		return map[string][]string{"": nil}
	}
	lists := map[string]string{
		"Ticket": "tickets", "Member": "members", "Queue": "queues", "Team": "teams", "Category": "categories", "Grant": "grants", "Tag": "tags", "ApiKey": "apiKeys", "Session": "sessions", "Workspace": "workspaces",
		"BusinessHours": "businessHours", "SlaPolicy": "slaPolicies",
		"Message": fmt.Sprintf("ticket(id: %q) { messages", ticketID(c.ticket)),
	}
	known := map[string][]string{"Digest": c.digests, "DigestPlan": c.plans} // those of one queue, or one of each
	all := map[string][]string{}
	for _, kind := range s.GetPossibleTypes(s.Types["Node"]) {
		if known[kind.Name] != nil {
			all[" of "+kind.Name] = known[kind.Name]
			continue
		}
		list := lists[kind.Name]
		if list == "" {
			t.Errorf("nobody counts the statements of nodes for a %s: add its list to rows, in flat_query_test.go", kind.Name)
			continue
		}
		a := h.ask(t, h.Ada, fmt.Sprintf("{ %s(first: %d) { nodes { id } } %s }", list, c.size, strings.Repeat("}", strings.Count(list, "{"))), nil)
		at := list
		if kind.Name == "Message" {
			at = "ticket.messages"
		}
		for _, n := range a.at(at + ".nodes").([]any) {
			all[" of "+kind.Name] = append(all[" of "+kind.Name], quote(n.(map[string]any)["id"].(string)))
		}
	}
	return all
}
