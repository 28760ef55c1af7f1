package graph_test

import (
	"fmt"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph"
)

// fill opens tickets with all that one can have: replies of both sides, notes,
// edits, tags, participants, an assignee.
func fill(t *testing.T, h *house, n int) {
	t.Helper()
	for i := range n {
		requester, agent, cat := h.Lea, h.Chidi, h.Help
		if i%2 == 1 {
			requester, agent, cat = h.Bob, h.Dana, h.Invoice
		}
		tk := h.Opens(t, requester, cat)
		var said *ticket.Message
		h.Changes(t, agent, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
			if err := tk.Claim(c); err != nil {
				return err
			}
			if err := tk.AddTag(c, fmt.Sprintf("tag %d", i%5)); err != nil {
				return err
			}
			if err := tk.AddParticipant(c, h.Sam.ID); err != nil {
				return err
			}
			var err error
			if said, err = tk.Reply(c, ticket.FromStaff, "en", "We are looking into it."); err != nil {
				return err
			}
			_, err = tk.AddNote(c, "en", "Hm.")
			return err
		})
		if _, err := h.services.Tickets.EditMessage(t.Context(), h.Call(t, agent), h.Ref(tk), said.ID, "We looked into it."); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	memberRow   = `{ id name agent { capacity } }`
	messageRow  = `{ id body author ` + memberRow + ` versions { body author ` + memberRow + ` } }`
	listRow     = `{ id number subject status priority tags requester { name } assignee { name } queue { name } lastMessage { body } }`
	timelineRow = `{ nodes { __typename ... on Event { actor ` + memberRow + ` }
		... on TicketOpenedEvent { category { name } queue { name } } ... on MessagePostedEvent { message ` + messageRow + ` }
		... on NoteAddedEvent { message ` + messageRow + ` } ... on TicketClaimedEvent { assignee ` + memberRow + ` previousAssignee ` + memberRow + ` }
		... on ParticipantAddedEvent { member ` + memberRow + ` } ... on MessageEditedEvent { message ` + messageRow + ` } } }`
	chosenRow = `{ id messages(first: 2, where: {not: {kind: {eq: NOTE}}}, orderBy: {field: OCCURRED_AT, direction: DESC}) { totalCount nodes { id author { name } } }
		timeline(first: 3, where: {or: [{type: {in: [TICKET_OPENED, TAG_ADDED]}}, {not: {actor: {isNull: true}}}]}, orderBy: {field: OCCURRED_AT}) {
			totalCount nodes { __typename ... on Event { actor { name } } } } }`
	everything = `{ id surface { state position detail } category { name queue { name } form { key } } requester ` + memberRow + ` assignee ` + memberRow + `
		participants ` + memberRow + ` lastMessage ` + messageRow + ` messages(last: 20) { nodes ` + messageRow + ` } timeline(first: 20) ` + timelineRow + ` }`
)

// A list takes as many statements for a hundred rows as for one, whichever way
// it is asked for.
func TestStatementsDoNotGrowWithRows(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.services.Limits.Complexity = 1 << 20
		h.handler = graph.NewHandler(h.services)
		fill(t, h, 1)
		queries := map[string]struct {
			who   *member.Member
			query string
			most  int // statements, who asks included
		}{
			"list":            {h.Sam, `{ tickets(first: 100) { nodes ` + listRow + ` pageInfo { endCursor hasNextPage } } }`, 4},
			"list of agent":   {h.Chidi, `{ tickets(first: 100) { edges { cursor node ` + listRow + ` } } }`, 4},
			"list of member":  {h.Lea, `{ tickets(first: 100) { nodes ` + listRow + ` } }`, 4},
			"list with count": {h.Sam, `{ tickets(first: 100) { totalCount nodes { id } } }`, 5},
			"nodes":           {h.Sam, `{ tickets(first: 20) { nodes ` + everything + ` } }`, 30},
			"edges":           {h.Sam, `{ tickets(first: 20) { edges { node ` + everything + ` } } }`, 30},
			"chosen content":  {h.Sam, `{ tickets(first: 100) { nodes ` + chosenRow + ` } }`, 12},
			"content counted": {h.Lea, `{ tickets(first: 100) { nodes { messages(first: 1) { totalCount } timeline(first: 1) { totalCount } } } }`, 8},
			"members":         {h.Sam, `{ members(first: 100, orderBy: {field: NAME}) { totalCount nodes ` + memberRow + ` } }`, 4},
			"teams":           {h.Sam, `{ teams { totalCount nodes { name members ` + memberRow + ` queues { name } } } }`, 9},
			"audit":           {h.Ada, `{ auditEntries(first: 100) { totalCount nodes { action objectId actor ` + memberRow + ` changes { field before after } } } }`, 5},
			"categories":      {h.Lea, `{ categories { totalCount nodes { name queue { name } } } }`, 4},
		}
		once := map[string]int{}
		for name, q := range queries {
			once[name] = h.counter.During(func() { h.ask(t, q.who, q.query, nil) })
			if once[name] > q.most {
				t.Errorf("%s: %d statements, more than %d", name, once[name], q.most)
			}
		}
		fill(t, h, 30)
		for name, q := range queries {
			if n := h.counter.During(func() { h.ask(t, q.who, q.query, nil) }); n != once[name] {
				t.Errorf("%s: %d statements with 31 tickets, %d with 1", name, n, once[name])
			}
		}
	})
}

// Every page begins where the one before ended, in both directions, whatever the order.
func TestPagesCoverTheListOnce(t *testing.T) {
	h := sqlite(t)
	fill(t, h, 7)
	for _, order := range []string{"", "{field: NUMBER, direction: ASC}", "{field: PRIORITY, direction: DESC}", "{field: PRIORITY}, {field: OPENED_AT, direction: DESC}"} {
		all := h.ask(t, h.Sam, `{ tickets(orderBy: [`+order+`]) { nodes { number } } }`, nil).at("tickets.nodes").([]any)
		for _, way := range []struct{ page, cursor, more string }{
			{"first: 3, after: $c", "endCursor", "hasNextPage"}, {"last: 3, before: $c", "startCursor", "hasPreviousPage"},
		} {
			var found []any
			var cursor any
			for more := true; more; {
				a := h.ask(t, h.Sam, `query($c: Cursor) { tickets(`+way.page+`, orderBy: [`+order+`]) { nodes { number }
					pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }`, vars{"c": cursor})
				nodes := a.at("tickets.nodes").([]any)
				if way.more == "hasNextPage" {
					found = append(found, nodes...)
				} else {
					found = append(append([]any{}, nodes...), found...)
				}
				cursor = a.at("tickets.pageInfo." + way.cursor)
				more = a.at("tickets.pageInfo." + way.more).(bool)
			}
			if fmt.Sprint(found) != fmt.Sprint(all) || len(all) != 7 {
				t.Errorf("[%s] by %s: %v, want %v", order, way.page, found, all)
			}
		}
	}
}

func TestConditionsChooseTickets(t *testing.T) {
	h := sqlite(t)
	fill(t, h, 4) // 1 and 3 are Léa's, in Support with Chidi; 2 and 4 Bob's, in Billing with Dana
	h.Opens(t, h.Lea, h.Help)
	v := vars{
		"lea": memberID(h.Lea), "dana": memberID(h.Dana), "support": gid("que", h.Support.ID), "invoice": gid("cat", h.Invoice.ID),
		"sam": memberID(h.Sam), "later": h.Clock.Now().AddDate(1, 0, 0),
	}
	for where, want := range map[string]string{
		`{}`:                                              "[1 2 3 4 5]",
		`{status: {eq: NEW}}`:                             "[5]",
		`{status: {in: [OPEN, CLOSED]}}`:                  "[1 2 3 4]",
		`{status: {in: []}}`:                              "[]",
		`{priority: {gte: HIGH}}`:                         "[2 4]",
		`{priority: {lt: HIGH}}`:                          "[1 3 5]",
		`{number: {gte: 2, lt: 4}}`:                       "[2 3]",
		`{number: {in: [1, 5, 9]}}`:                       "[1 5]",
		`{requester: {eq: $lea}}`:                         "[1 3 5]",
		`{requester: {eq: "nobody"}}`:                     "[]",
		`{requester: {eq: $support}}`:                     "[]",
		`{assignee: {eq: $dana}}`:                         "[2 4]",
		`{assignee: {isNull: true}}`:                      "[5]",
		`{assignee: {isNull: false}}`:                     "[1 2 3 4]",
		`{queue: {in: [$support]}}`:                       "[1 3 5]",
		`{category: {eq: $invoice}}`:                      "[2 4]",
		`{participant: {eq: $sam}}`:                       "[1 2 3 4]",
		`{tag: {in: ["tag 0", "tag 3"]}}`:                 "[1 4]",
		`{tag: {isNull: true}}`:                           "[5]",
		`{openedAt: {lt: $later}}`:                        "[1 2 3 4 5]",
		`{activityAt: {gte: $later}}`:                     "[]",
		`{resolvedAt: {isNull: true}}`:                    "[1 2 3 4 5]",
		`{closedAt: {isNull: false}}`:                     "[]",
		`{not: {status: {eq: NEW}}}`:                      "[1 2 3 4]",
		`{or: [{number: {eq: 1}}, {tag: {eq: "tag 1"}}]}`: "[1 2]",
		`{and: [{queue: {eq: $support}}, {not: {assignee: {isNull: true}}}]}`: "[1 3]",
		`{queue: {eq: $support}, or: [{number: {eq: 2}}, {number: {eq: 3}}]}`: "[3]",
	} {
		a := h.run(t, h.Ada, `query($lea: ID, $dana: ID, $support: ID!, $invoice: ID, $sam: ID, $later: DateTime) {
			tickets(where: `+where+`, orderBy: {field: NUMBER}) { totalCount nodes { number } }
			unused: tickets(first: 1, where: {requester: {eq: $lea}, assignee: {eq: $dana}, queue: {in: [$support]}, category: {eq: $invoice},
				participant: {eq: $sam}, openedAt: {lt: $later}}) { nodes { id } } }`, v)
		if len(a.Errors) > 0 {
			t.Errorf("%s: %s", where, a.body)
			continue
		}
		var got []float64
		for _, n := range a.at("tickets.nodes").([]any) {
			got = append(got, n.(map[string]any)["number"].(float64))
		}
		if fmt.Sprint(got) != want || a.at("tickets.totalCount") != float64(len(got)) {
			t.Errorf("%s: %v, want %s", where, got, want)
		}
	}
}
