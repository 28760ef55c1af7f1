package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

func bulk(name string) string {
	return `mutation($in: ` + inputOf(name) + `!) { ` + name + `(input: $in) { results { ticketId ticket { id version status priority tags
		assignee { name } queue { name } timeline(last: 2) { nodes { __typename } } } userErrors { code currentVersion } }
		userErrors { code field message } } }`
}

func listed(tickets ...*ticket.Ticket) []vars {
	all := make([]vars, len(tickets))
	for i, tk := range tickets {
		all[i] = vars{"id": ticketID(tk)}
	}
	return all
}

func TestBulkChangesDoToEachWhatOneWould(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		one, two := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Bob, h.Invoice)
		for _, c := range []struct {
			name  string
			in    vars
			path  string
			want  any
			event string
		}{
			{"bulkAssignTickets", vars{"assigneeId": memberID(h.Dana)}, "assignee", vars{"name": h.Dana.Name}, "TicketAssignedEvent"},
			{"bulkSetTicketPriority", vars{"priority": "URGENT"}, "priority", "URGENT", "PriorityChangedEvent"},
			{"bulkTagTickets", vars{"add": []string{"b", "a"}}, "tags", []string{"a", "b"}, "TagAddedEvent"},
			{"bulkTagTickets", vars{"add": []string{"c"}, "remove": []string{"a"}}, "tags", []string{"b", "c"}, "TagAddedEvent"},
			{"bulkTransferTickets", vars{"queueId": gid(scalar.Queue, h.Billing.ID)}, "queue", vars{"name": "Billing"}, ""},
			{"bulkSetTicketStatus", vars{"status": "RESOLVED"}, "status", "RESOLVED", "TicketResolvedEvent"},
			{"bulkSetTicketStatus", vars{"status": "CLOSED"}, "status", "CLOSED", "TicketClosedEvent"},
			{"bulkSetTicketStatus", vars{"status": "OPEN"}, "status", "OPEN", "TicketReopenedEvent"},
			{"bulkSetTicketStatus", vars{"status": "PENDING"}, "status", "PENDING", "StatusChangedEvent"},
			{"bulkSetTicketStatus", vars{"status": "ON_HOLD"}, "status", "ON_HOLD", "StatusChangedEvent"},
		} {
			c.in["tickets"] = listed(two, one)
			a := h.ask(t, h.Sam, bulk(c.name), vars{"in": c.in})
			a.want(c.name+".userErrors", []any{})
			for i, tk := range []*ticket.Ticket{two, one} {
				at := c.name + ".results." + string(rune('0'+i))
				a.want(at+".ticketId", ticketID(tk))
				a.want(at+".ticket."+c.path, c.want)
				a.want(at+".userErrors", []any{})
				if c.event != "" && !strings.Contains(a.body, c.event) {
					t.Errorf("%s: the history has no %s: %s", c.name, c.event, a.body)
				}
			}
		}
	})
}

func TestBulkChangesRollBackOrGoOn(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		open, closed := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Lea, h.Help)
		h.Changes(t, h.Sam, closed, func(c ticket.Cause, tk *ticket.Ticket) error {
			if err := tk.Resolve(c); err != nil {
				return err
			}
			return tk.Close(c)
		})
		elsewhere := h.Opens(t, h.Bob, h.Invoice) // Chidi does not see it
		version := h.Read(t, open.ID).Version
		all := append(listed(open, closed, elsewhere), vars{"id": "nonsense"}, vars{"id": "nothing"})
		in := vars{"tickets": all, "priority": "HIGH"}
		a := h.ask(t, h.Chidi, bulk("bulkSetTicketPriority"), vars{"in": in})
		a.want("bulkSetTicketPriority.results.0", vars{"ticketId": ticketID(open), "ticket": nil, "userErrors": []any{}})
		a.want("bulkSetTicketPriority.results.1.userErrors.0.code", "INVALID_TRANSITION")
		a.want("bulkSetTicketPriority.results.2.userErrors.0.code", "NOT_FOUND")
		a.want("bulkSetTicketPriority.results.4", vars{
			"ticketId": "nothing", "ticket": nil, "userErrors": []vars{{"code": "NOT_FOUND", "currentVersion": nil}},
		})
		a.want("bulkSetTicketPriority.userErrors.0.field", []string{"tickets", "1"})
		if v := h.Read(t, open.ID); v.Version != version || v.Priority != open.Priority {
			t.Errorf("it was not rolled back: version %d, %s", v.Version, v.Priority)
		}
		in["onError"] = "CONTINUE"
		a = h.ask(t, h.Chidi, bulk("bulkSetTicketPriority"), vars{"in": in})
		a.want("bulkSetTicketPriority.userErrors", []any{})
		a.want("bulkSetTicketPriority.results.0.ticket.priority", "HIGH")
		a.want("bulkSetTicketPriority.results.1.userErrors.0.code", "INVALID_TRANSITION")
		if v := h.Read(t, open.ID); v.Version != version+1 {
			t.Errorf("version %d, want %d", v.Version, version+1)
		}

		stale := vars{"tickets": []vars{{"id": ticketID(open), "expectedVersion": version}}, "priority": "LOW", "onError": "CONTINUE"}
		h.ask(t, h.Chidi, bulk("bulkSetTicketPriority"), vars{"in": stale}).
			want("bulkSetTicketPriority.results.0.userErrors", []vars{{"code": "CONFLICT", "currentVersion": version + 1}})
	})
}

func TestBulkChangesAreBounded(t *testing.T) {
	h := sqlite(t)
	tk, taken := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Lea, h.Help)
	taken = h.Changes(t, h.Chidi, taken, func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Claim(c) })
	many := make([]vars, ticket.MaxBulk+1)
	for i := range many {
		many[i] = vars{"id": "x"}
	}
	for name, in := range map[string]vars{
		"none": {"tickets": []any{}, "status": "OPEN"}, "too many": {"tickets": many, "status": "OPEN"},
		"one twice": {"tickets": listed(tk, tk), "status": "OPEN"}, "new": {"tickets": listed(taken), "status": "NEW"},
	} {
		a := h.ask(t, h.Sam, `mutation($in: BulkSetTicketStatusInput!) { bulkSetTicketStatus(input: $in) { results { ticketId } userErrors { code } } }`, vars{"in": in})
		if a.refused() != "INVALID" {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}

func TestABulkChangeWithAKeyHappensOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		one, two := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Bob, h.Invoice)
		for _, onError := range []string{"CONTINUE", "ROLLBACK"} {
			in := vars{"tickets": append(listed(one, two), vars{"id": "x"}), "priority": "HIGH", "onError": onError, "idempotencyKey": onError}
			first := h.ask(t, h.Sam, bulk("bulkSetTicketPriority"), vars{"in": in})
			again := h.ask(t, h.Sam, bulk("bulkSetTicketPriority"), vars{"in": in})
			if first.body != again.body || !strings.Contains(first.body, "NOT_FOUND") {
				t.Errorf("%s: first %s, then %s", onError, first.body, again.body)
			}
		}
		if v := h.Read(t, one.ID); v.Version != 2 {
			t.Errorf("version %d, want 2", v.Version)
		}
	})
}

// A requester finds out nothing by a bulk change, and staff not more than they see.
func TestBulkChangesTellNoMoreThanOneWould(t *testing.T) {
	h := sqlite(t)
	own, other := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Bob, h.Help)
	for _, who := range []*member.Member{h.Lea, h.Bob} {
		a := h.ask(t, who, bulk("bulkTagTickets"), vars{"in": vars{"tickets": listed(own, other), "add": []string{"secret"}, "onError": "CONTINUE"}})
		if strings.Contains(a.body, "secret") || strings.Count(a.body, "FORBIDDEN") != 1 || strings.Count(a.body, "NOT_FOUND") != 1 {
			t.Errorf("%s: %s", who.Name, a.body)
		}
	}
}

func TestStatementsOfABulkChangeDoNotGrow(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.services.Limits.Complexity = 1 << 20
		h.handler = graph.NewHandler(h.services)
		tickets := make([]*ticket.Ticket, ticket.MaxBulk)
		for i := range tickets {
			tickets[i] = h.Opens(t, h.Lea, h.Help)
		}
		change := func(n int, level string) int {
			return h.counter.During(func() {
				a := h.ask(t, h.Sam, `mutation($in: BulkSetTicketPriorityInput!) { bulkSetTicketPriority(input: $in) { userErrors { code }
					results { ticket { number } } } }`, vars{"in": vars{"tickets": listed(tickets[:n]...), "priority": level}})
				a.want("bulkSetTicketPriority.userErrors", []any{})
			})
		}
		one, all := change(1, "HIGH"), change(len(tickets), "URGENT")
		// All are read by as many statements as one, and what is shown is known. What
		// changed of each, and on SQLite what its history says, is written by a statement
		// of its own, which is kept ready: one for all takes longer. On PostgreSQL they
		// go out together.
		if all > one+2*len(tickets) {
			t.Errorf("%d statements for one ticket, %d for %d", one, all, len(tickets))
		}
	})
}

// What a change knows of a ticket is shown without reading it once more. Nobody
// notices: each field, asked for alone, is what a look at the ticket gives.
func TestBulkChangesShowTicketsAsTheyAre(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		l := &h.services.Limits
		l.Complexity, l.Tokens, l.Fields, l.Aliases, l.Repeats = 1<<20, 1<<20, 1<<20, 1<<20, 1<<20
		h.handler = graph.NewHandler(h.services)
		fill(t, h, 2)
		all := h.ask(t, h.Sam, `{ tickets { nodes { id } } }`, nil).at("tickets.nodes").([]any)
		s := everythingBy(20)
		for i, f := range s.Types["Ticket"].Fields {
			field := f.Name + s.sized(t, "Ticket", f, 20) + s.of(t, f.Type, "Ticket")
			a := h.ask(t, h.Sam, `mutation($in: BulkSetTicketPriorityInput!) { bulkSetTicketPriority(input: $in) { ...P } }
				fragment P on BulkSetTicketPriorityPayload { results { ... on BulkTicketResult { ticket { ...T } } } }
				fragment T on Ticket { `+field+` }`, vars{"in": vars{"tickets": all, "priority": []string{"URGENT", "LOW"}[i%2]}})
			for n, one := range all {
				seen := h.ask(t, h.Sam, `query($id: ID!) { node(id: $id) { ... on Ticket { `+field+` } } }`, vars{"id": one.(map[string]any)["id"]})
				a.want(fmt.Sprintf("bulkSetTicketPriority.results.%d.ticket", n), seen.at("node"))
			}
		}
	})
}

// Who transfers tickets out of their sight is not shown them any more, whatever
// they ask for.
func TestABulkChangeShowsNothingThatItTookOutOfSight(t *testing.T) {
	h := sqlite(t)
	for _, asked := range []string{"id", "id requester { name }"} {
		own := h.Opens(t, h.Lea, h.Help)
		a := h.ask(t, h.Chidi, `mutation($in: BulkTransferTicketsInput!) { bulkTransferTickets(input: $in) { userErrors { code } results {
			ticketId ticket { `+asked+` } userErrors { code } } } }`, vars{"in": vars{"tickets": listed(own), "queueId": gid(scalar.Queue, h.Billing.ID)}})
		a.want("bulkTransferTickets", vars{"userErrors": []any{}, "results": []vars{{"ticketId": ticketID(own), "ticket": nil, "userErrors": []any{}}}})
	}
}
