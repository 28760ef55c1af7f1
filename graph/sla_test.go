package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
	"github.com/ticketsys/ticketsys/locales"
)

// firstReply is what most policies of these tests promise.
var firstReply = []vars{{"target": "FIRST_REPLY", "within": "PT1H", "steps": []vars{{"before": "PT10M", "action": "WARN"}}}}

// promises makes a policy for tickets with a tag; it is stored whatever others there are.
func (h *house) promises(t *testing.T, name, tag string) *sla.Policy {
	t.Helper()
	p := &sla.Policy{
		ID: id.Policy(h.IDs()), Workspace: h.Workspace.ID, Name: name, Position: 1, Match: sla.Match{Tags: []string{tag}},
		Rules: sla.Rules{Promises: []sla.Promise{{Target: sla.FirstReply, Within: time.Hour}, {Target: sla.Resolution, Within: time.Hour}}},
	}
	if err := h.store.Hours().SavePolicy(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

const savePolicy = `mutation($in: SaveSlaPolicyInput!) { saveSlaPolicy(input: $in) { slaPolicy { id name position version
	match { queues { name } tags } promises { target within business steps { before action priority queue { name } text } } pausedBy }
	userErrors { code field message } } }`

// tick lets time pass, and what is due be done.
func (h *house) tick(t *testing.T, d time.Duration) {
	t.Helper()
	if err := h.services.Tickets.Tick(t.Context(), h.Clock.Advance(d)); err != nil {
		t.Fatal(err)
	}
}

// moves gives what became of a ticket's clocks, as staff sees it in the history.
func (h *house) moves(t *testing.T, tk string) string {
	t.Helper()
	a := h.ask(t, h.Sam, `query($t: ID!) { ticket(id: $t) { timeline(first: 100) { nodes {
		... on ClockMovedEvent { target movement } ... on AlertRaisedEvent { text breached }
		... on NoteAddedEvent { message { body } } ... on PriorityChangedEvent { toPriority } } } } }`, vars{"t": tk})
	var told []string
	for _, n := range a.at("ticket.timeline.nodes").([]any) {
		switch n := n.(map[string]any); {
		case n["movement"] != nil:
			told = append(told, fmt.Sprint(n["target"], " ", n["movement"]))
		case n["text"] != nil:
			told = append(told, fmt.Sprint("alert ", n["text"], " ", n["breached"]))
		case n["message"] != nil:
			told = append(told, fmt.Sprint("note ", n["message"].(map[string]any)["body"]))
		case n["toPriority"] != nil:
			told = append(told, fmt.Sprint("priority ", n["toPriority"]))
		}
	}
	return strings.Join(told, "\n")
}

func TestPromisesAreKeptAndBroken(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.keeps(t, h.Help)
		saved := h.ask(t, h.Ada, savePolicy, vars{"in": vars{"name": "All", "promises": []vars{
			{"target": "FIRST_REPLY", "within": "PT1H", "steps": []vars{
				{"before": "PT10M", "action": "ALERT", "text": "hurry"}, {"action": "RAISE", "priority": "URGENT"}, {"action": "ADD_NOTE", "text": "Too late."},
			}},
			{"target": "NEXT_REPLY", "within": "PT2H"},
			{"target": "RESOLUTION", "within": "P1D"},
		}}})
		saved.want("saveSlaPolicy.userErrors", []any{})
		tk := h.ask(t, h.Lea, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven", body: "Cold."}) { ticket { id deadline turn slaClocks { target } } userErrors { message } } }`,
			vars{"c": gid(scalar.Category, h.Help.ID)})
		n := tk.at("openTicket.ticket.id").(string)
		tk.want("openTicket.ticket.turn", "STAFF")
		tk.want("openTicket.ticket.deadline", nil) // promises are staff's own matter
		tk.want("openTicket.ticket.slaClocks", []any{})
		h.ask(t, h.Sam, `query($t: ID!) { ticket(id: $t) { slaClocks { target state within policy { name } breaches } } }`, vars{"t": n}).
			want("ticket.slaClocks", []vars{
				{"target": "FIRST_REPLY", "state": "RUNNING", "within": "PT1H", "policy": vars{"name": "All"}, "breaches": 0},
				{"target": "RESOLUTION", "state": "RUNNING", "within": "PT24H", "policy": vars{"name": "All"}, "breaches": 0},
			})
		h.tick(t, 49*time.Minute)
		h.tick(t, 2*time.Minute)
		h.tick(t, time.Minute)
		h.tick(t, 10*time.Minute)
		h.tick(t, time.Minute)
		want := "FIRST_REPLY ACTIVATED\nRESOLUTION ACTIVATED\nFIRST_REPLY WARNED\nalert hurry false\nFIRST_REPLY BREACHED\npriority URGENT\nnote Too late."
		if got := h.moves(t, n); got != want {
			t.Fatalf("it went\n%s\nwant\n%s", got, want)
		}
		h.ask(t, h.Sam, replyOnce, vars{"in": vars{"ticketId": n, "body": "Hello"}})
		h.ask(t, h.Lea, replyOnce, vars{"in": vars{"ticketId": n, "body": "Still cold"}})
		h.ask(t, h.Sam, `mutation($t: ID!) { resolveTicket(input: {ticketId: $t}) { userErrors { message } } }`, vars{"t": n})
		want += "\nFIRST_REPLY FULFILLED\nNEXT_REPLY ACTIVATED\nNEXT_REPLY CANCELLED\nRESOLUTION FULFILLED"
		if got := h.moves(t, n); got != want {
			t.Errorf("it went\n%s\nwant\n%s", got, want)
		}
		h.ask(t, h.Sam, `query($t: ID!) { ticket(id: $t) { deadline turn slaClocks { state breaches } } }`, vars{"t": n}).want("ticket", vars{
			"deadline": nil, "turn": "REQUESTER",
			"slaClocks": []vars{{"state": "FULFILLED", "breaches": 1}, {"state": "CANCELLED", "breaches": 0}, {"state": "FULFILLED", "breaches": 0}},
		})
		if a := h.ask(t, h.Lea, `query($t: ID!) { ticket(id: $t) { timeline(first: 100) { nodes { __typename } } } }`, vars{"t": n}); strings.Contains(a.body, "ClockMoved") {
			t.Error("the requester reads of clocks")
		}
	})
}

// A change that comes between a deadline and the tick that looks for it loses no step.
func TestStepsAreTakenThoughAnotherChangeComesBeforeTheTick(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.keeps(t, h.Help)
		steps := []vars{{"action": "ALERT", "text": "late"}, {"action": "RAISE", "priority": "URGENT"}, {"action": "ADD_NOTE", "text": "Too late."}}
		h.ask(t, h.Ada, savePolicy, vars{"in": vars{"name": "All", "promises": []vars{
			{"target": "FIRST_REPLY", "within": "PT1H", "steps": steps}, {"target": "RESOLUTION", "within": "PT2H", "steps": steps[2:]},
		}}}).want("saveSlaPolicy.userErrors", []any{})
		n := h.ask(t, h.Lea, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven"}) { ticket { id } } }`,
			vars{"c": gid(scalar.Category, h.Help.ID)}).at("openTicket.ticket.id").(string)
		h.Clock.Advance(time.Hour + 3*time.Second)
		h.ask(t, h.Sam, replyOnce, vars{"in": vars{"ticketId": n, "body": "Hello"}})
		want := "FIRST_REPLY ACTIVATED\nRESOLUTION ACTIVATED\nFIRST_REPLY BREACHED\nalert late true\npriority URGENT\nnote Too late.\nFIRST_REPLY FULFILLED"
		if got := h.moves(t, n); got != want {
			t.Fatalf("it went\n%s\nwant\n%s", got, want)
		}
		h.Clock.Advance(time.Hour)
		h.ask(t, h.Sam, bulk("bulkSetTicketStatus"), vars{"in": vars{"tickets": []vars{{"id": n}}, "status": "RESOLVED"}})
		want += "\nRESOLUTION BREACHED\nnote Too late.\nRESOLUTION FULFILLED"
		if got := h.moves(t, n); got != want {
			t.Fatalf("it went\n%s\nwant\n%s", got, want)
		}
		h.tick(t, time.Minute)
		if got := h.moves(t, n); got != want {
			t.Errorf("once more, it went\n%s\nwant\n%s", got, want)
		}
	})
}

func TestTicketsComeByTheirDeadlines(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.keeps(t, h.Help)
		for _, p := range []vars{
			{"name": "Urgent", "match": vars{"priorities": "URGENT"}, "promises": []vars{{"target": "RESOLUTION", "within": "PT1H"}}},
			{"name": "High", "match": vars{"priorities": "HIGH"}, "promises": []vars{{"target": "RESOLUTION", "within": "PT3H"}}},
		} {
			h.ask(t, h.Ada, savePolicy, vars{"in": p}).want("saveSlaPolicy.userErrors", []any{})
		}
		var opened []any
		for _, p := range []string{"NORMAL", "HIGH", "URGENT"} {
			n := h.ask(t, h.Lea, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven"}) { ticket { id } } }`, vars{"c": gid(scalar.Category, h.Help.ID)}).at("openTicket.ticket.id")
			h.ask(t, h.Sam, `mutation($t: ID!, $p: Priority!) { setTicketPriority(input: {ticketId: $t, priority: $p}) { userErrors { message } } }`, vars{"t": n, "p": p})
			opened = append(opened, n)
		}
		list := func(query string, want ...any) {
			t.Helper()
			a := h.ask(t, h.Sam, query, nil)
			nodes := []any{}
			for _, n := range want {
				nodes = append(nodes, vars{"id": n})
			}
			a.want("tickets.nodes", nodes)
		}
		list(`{ tickets(orderBy: {field: DEADLINE}) { nodes { id } } }`, opened[2], opened[1], opened[0])
		list(`{ tickets(where: {deadline: {isNull: true}}) { nodes { id } } }`, opened[0])
		list(`{ tickets(where: {deadline: {gte: "2020-01-01T00:00:00Z"}}, orderBy: {field: DEADLINE, direction: DESC}) { nodes { id } } }`, opened[1], opened[2])
		list(`{ tickets(where: {turn: {eq: REQUESTER}}) { nodes { id } } }`)
		h.ask(t, h.Lea, `{ tickets(where: {deadline: {isNull: false}}) { nodes { id } } }`, nil).want("tickets.nodes", []any{})
		if a := h.run(t, h.Lea, `{ tickets(orderBy: {field: DEADLINE}) { nodes { id } } }`, nil); a.refused() != "FORBIDDEN" {
			t.Errorf("a requester has an order by deadlines: %s", a.body)
		}
	})
}

func TestPoliciesAreConfigured(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		refused := func(in vars, field, message string) {
			t.Helper()
			a := h.ask(t, h.Ada, savePolicy, vars{"in": in})
			a.want("saveSlaPolicy.userErrors.0.field", []any{field})
			a.want("saveSlaPolicy.userErrors.0.message", message)
		}
		refused(vars{"name": "x"}, "promises", "A policy has to promise something: a first reply, a next reply or a resolution.")
		refused(vars{"name": "x", "promises": vars{"target": "RESOLUTION", "within": "PT0S"}}, "promises", "A promise has to be kept within one minute to 366 days.")
		support := gid(scalar.Queue, h.Support.ID)
		p := h.ask(t, h.Ada, savePolicy, vars{"in": vars{"name": "Support", "match": vars{"queueIds": support}, "promises": firstReply}})
		p.want("saveSlaPolicy.slaPolicy.promises", []vars{{"target": "FIRST_REPLY", "within": "PT1H", "business": false, "steps": []vars{
			{"before": "PT10M", "action": "WARN", "priority": nil, "queue": nil, "text": nil},
		}}})
		n := p.at("saveSlaPolicy.slaPolicy.id")
		refused(vars{"name": "Never", "match": vars{"queueIds": support, "tags": "vip"}, "promises": firstReply}, "match",
			"This policy would never hold: “Support” comes first and matches all of its tickets.")
		refused(vars{"name": "Before", "position": 0, "promises": firstReply}, "match", "With this policy before it, “Support” would never hold.")
		refused(vars{"name": "Nowhere", "match": vars{"queueIds": gid(scalar.Queue, id.Queue(99))}, "promises": firstReply}, "match",
			"This queue does not exist, or you cannot see it. Please choose another one.")
		h.ask(t, h.Ada, savePolicy, vars{"in": vars{"id": n, "name": "Help", "expectedVersion": 1}}).want("saveSlaPolicy.slaPolicy.version", 2)
		h.ask(t, h.Ada, savePolicy, vars{"in": vars{"id": n, "name": "Old", "expectedVersion": 1}}).want("saveSlaPolicy.userErrors.0.code", "CONFLICT")
		h.ask(t, h.Ada, `{ auditEntries(first: 1) { nodes { action objectKind objectId changes { field before after } } } }`, nil).
			want("auditEntries.nodes.0", vars{"action": "CHANGED", "objectKind": "SLA_POLICY", "objectId": n, "changes": []vars{
				{"field": "name", "before": []string{"Support"}, "after": []string{"Help"}},
			}})
		for range 2 {
			h.ask(t, h.Ada, `mutation($p: ID!) { removeSlaPolicy(input: {id: $p}) { userErrors { code } } }`, vars{"p": n}).want("removeSlaPolicy.userErrors", []any{})
		}
		h.ask(t, h.Ada, `{ slaPolicies { nodes { id } } }`, nil).want("slaPolicies.nodes", []any{})
	})
}

func TestWhatAPolicyWouldMeanIsForetold(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		const foretell = `query($t: ID!, $terms: SlaTermsInput!) { slaForecast(ticketId: $t, terms: $terms) {
			matches missed inForce { name } clocks { target within used policy { id } } } }`
		a := h.ask(t, h.Ada, foretell, vars{"t": ticketID(tk), "terms": vars{"match": vars{"tags": "vip", "priorities": "URGENT"}, "promises": firstReply}})
		a.want("slaForecast", vars{
			"matches": false, "missed": []string{"PRIORITY", "TAG"}, "inForce": nil,
			"clocks": []vars{{"target": "FIRST_REPLY", "within": "PT1H", "used": "PT0S", "policy": nil}},
		})
		h.ask(t, h.Ada, foretell, vars{"t": "tkt_1", "terms": vars{"promises": firstReply}}).want("slaForecast", nil)
		h.ask(t, h.Ada, savePolicy, vars{"in": vars{"name": "All", "promises": firstReply}})
		h.ask(t, h.Ada, foretell, vars{"t": ticketID(tk), "terms": vars{"promises": firstReply}}).want("slaForecast.inForce", vars{"name": "All"})
	})
}

// A changed policy reaches the tickets that are open, in steps that may be
// interrupted, and those of which somebody else changes something meanwhile.
func TestChangedPromisesReachOpenTickets(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		var all []*ticket.Ticket
		for range 3 {
			all = append(all, h.Opens(t, h.Lea, h.Help))
		}
		h.ask(t, h.Ada, savePolicy, vars{"in": vars{"name": "All", "promises": firstReply}})
		claims, err := h.store.Claim(t.Context(), sla.Consumer, "test", time.Now().Add(time.Hour), time.Minute, 10)
		if err != nil || len(claims) != 1 {
			t.Fatalf("%d workspaces are to be looked through: %v", len(claims), err)
		}
		h.ask(t, h.Sam, `mutation($t: ID!) { setTicketPriority(input: {ticketId: $t, priority: LOW}) { userErrors { message } } }`, vars{"t": ticketID(all[1])})
		for range 2 {
			call := access.Call{Actor: access.System(h.Workspace.ID), Now: h.Clock.Tick()}
			if _, err := h.services.Tickets.Reconsider(t.Context(), call, job.Claim{}); err != nil {
				t.Fatal(err)
			}
		}
		for _, tk := range all {
			if got := h.moves(t, ticketID(tk)); strings.Count(got, "FIRST_REPLY ACTIVATED") != 1 {
				t.Errorf("ticket %d: %s", tk.Number, got)
			}
		}
	})
}

func policyID(p id.Policy) string { return gid(scalar.Policy, p) }

// saying lets the helpdesk write what it says by itself.
func saying(c *locales.Catalogue) ticket.Words {
	return func(reader locale.Tag, key string, args map[string]any) (string, locale.Tag) {
		return c.Text(string(reader), key, args), reader
	}
}

func TestTicketsAreClosedByThemselves(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		save := func(in vars) *answer {
			t.Helper()
			in["id"] = gid(scalar.Category, h.Help.ID)
			return h.ask(t, h.Ada, `mutation($in: SaveCategoryInput!) { saveCategory(input: $in) { category { closeAfterResolution closeAfterSilence silenceWarning } userErrors { field } } }`, vars{"in": in})
		}
		save(vars{"closeAfterSilence": "P3D"}).want("saveCategory.userErrors", []vars{{"field": []any{"silenceWarning"}}})
		for _, wrong := range []vars{{"silenceWarning": "P1D"}, {"silenceWarning": "-P1D"}, {"closeAfterSilence": nil, "silenceWarning": "P1D"}} {
			save(wrong).want("saveCategory.userErrors", []vars{{"field": []any{"silenceWarning"}}})
		}
		save(vars{"closeAfterSilence": "P5D", "silenceWarning": "P2D"}).want("saveCategory.category.silenceWarning", "PT48H")
		save(vars{"closeAfterSilence": nil}).want("saveCategory.category", vars{"closeAfterResolution": nil, "closeAfterSilence": nil, "silenceWarning": nil})
		save(vars{"closeAfterResolution": "PT1S"}).want("saveCategory.userErrors", []vars{{"field": []any{"closeAfterResolution"}}})
		save(vars{"closeAfterResolution": "P2D", "closeAfterSilence": "P3D", "silenceWarning": "P1D"}).
			want("saveCategory.category", vars{"closeAfterResolution": "PT48H", "closeAfterSilence": "PT72H", "silenceWarning": "PT24H"})
		open := func() string {
			t.Helper()
			return h.ask(t, h.Lea, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven"}) { ticket { id } } }`,
				vars{"c": gid(scalar.Category, h.Help.ID)}).at("openTicket.ticket.id").(string)
		}
		stands := func(n, status string, closes bool) {
			t.Helper()
			a := h.ask(t, h.Lea, `query($t: ID!) { ticket(id: $t) { status closesAt } }`, vars{"t": n})
			a.want("ticket.status", status)
			if got := a.at("ticket.closesAt") != nil; got != closes {
				t.Errorf("a ticket that is %s closes by itself: %t", status, got)
			}
		}
		said := func(n string) (last string) {
			t.Helper()
			return h.ask(t, h.Lea, `query($t: ID!) { ticket(id: $t) { lastMessage { body } } }`, vars{"t": n}).at("ticket.lastMessage.body").(string)
		}
		reason := func(n string) any {
			t.Helper()
			return h.ask(t, h.Lea, `query($t: ID!) { ticket(id: $t) { timeline(last: 1, where: {type: {eq: TICKET_CLOSED}}) { nodes { ... on TicketClosedEvent { reason actor { name } } } } } }`,
				vars{"t": n}).at("ticket.timeline.nodes.0.reason")
		}
		const warning = "Ce ticket attend votre réponse. Sans elle, il sera fermé dans 24 heures."

		silent, talks, done := open(), open(), open()
		stands(silent, "NEW", false)
		for _, n := range []string{silent, talks} {
			h.ask(t, h.Sam, replyOnce, vars{"in": vars{"ticketId": n, "body": "Which oven?"}})
			stands(n, "OPEN", true)
		}
		h.ask(t, h.Sam, `mutation($t: ID!) { resolveTicket(input: {ticketId: $t}) { userErrors { message } } }`, vars{"t": done})
		stands(done, "RESOLVED", true)
		h.tick(t, 47*time.Hour)
		stands(done, "RESOLVED", true)
		h.tick(t, 2*time.Hour)
		stands(done, "CLOSED", false)
		if got := reason(done); got != "DELAY" {
			t.Errorf("closed because of %v", got)
		}
		for _, n := range []string{silent, talks} {
			if got := said(n); got != warning {
				t.Errorf("the requester reads %q", got)
			}
		}
		h.ask(t, h.Lea, replyOnce, vars{"in": vars{"ticketId": talks, "body": "The big one."}})
		stands(talks, "OPEN", false)
		h.tick(t, 22*time.Hour)
		stands(silent, "OPEN", true)
		h.tick(t, 3*time.Hour)
		stands(silent, "CLOSED", false)
		stands(talks, "OPEN", false)
		if got := reason(silent); got != "SILENCE" {
			t.Errorf("closed because of %v", got)
		}

		// Who comes back after a week does not close what nobody was warned of.
		h.ask(t, h.Sam, replyOnce, vars{"in": vars{"ticketId": talks, "body": "And now?"}})
		h.tick(t, 7*24*time.Hour)
		stands(talks, "OPEN", true)
		if got := said(talks); got != warning {
			t.Errorf("the requester reads %q", got)
		}
		h.tick(t, 23*time.Hour)
		stands(talks, "OPEN", true)
		h.tick(t, 2*time.Hour)
		stands(talks, "CLOSED", false)
	})
}
