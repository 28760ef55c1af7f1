package graph_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// contentOf is what a ticket holds, each row told by one text.
const contentOf = `... on Ticket { messages(%s) { totalCount nodes { body } edges { cursor } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } }
	timeline(%s) { totalCount nodes { __typename } edges { cursor } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`

// rowsOf asks for what a ticket holds and gives its rows, and whether they were
// counted rightly.
func (h *house) rowsOf(t *testing.T, who *member.Member, tk *ticket.Ticket, messages, timeline string) (said, told string) {
	t.Helper()
	if messages == "" {
		messages = "first: 100"
	}
	if timeline == "" {
		timeline = "first: 100"
	}
	a := h.ask(t, who, `query($id: ID!, $dana: ID) { ticket(id: $id) { `+fmt.Sprintf(contentOf, messages, timeline)+` }
		unused: tickets(first: 1, where: {assignee: {eq: $dana}}) { nodes { id } } }`, vars{"id": ticketID(tk), "dana": memberID(h.Dana)})
	texts := func(list, field string) string {
		var all []string
		for _, n := range a.at("ticket." + list + ".nodes").([]any) {
			all = append(all, n.(map[string]any)[field].(string))
		}
		a.want("ticket."+list+".totalCount", len(all))
		return strings.Join(all, " ")
	}
	return texts("messages", "body"), strings.ReplaceAll(texts("timeline", "__typename"), "Event", "")
}

func TestMessagesAreChosenAndOrdered(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		fill(t, h, 2) // the second is Bob's, in Billing with Dana
		tk := h.ticketNumbered(t, 2)
		for args, want := range map[string][2]string{ // for a supervisor, for the requester
			`where: {kind: {eq: NOTE}}`:                          {"Hm.", ""},
			`where: {kind: {in: [NOTE, REPLY]}}`:                 {"It is broken. We looked into it. Hm.", "It is broken. We looked into it."},
			`where: {not: {kind: {eq: NOTE}}}`:                   {"It is broken. We looked into it.", "It is broken. We looked into it."},
			`where: {side: {eq: REQUESTER}}`:                     {"It is broken.", "It is broken."},
			`where: {author: {eq: $dana}}`:                       {"We looked into it. Hm.", "We looked into it."},
			`where: {author: {isNull: true}}`:                    {"", ""},
			`where: {author: {eq: "nobody"}}`:                    {"", ""},
			`where: {occurredAt: {gte: "2100-01-01T00:00:00Z"}}`: {"", ""},
			`orderBy: {field: OCCURRED_AT, direction: DESC}`:     {"Hm. We looked into it. It is broken.", "We looked into it. It is broken."},
			`where: {or: [{kind: {eq: NOTE}}, {side: {eq: REQUESTER}}]}, orderBy: {field: OCCURRED_AT, direction: DESC}`: {"Hm. It is broken.", "It is broken."},
		} {
			for i, who := range []*member.Member{h.Sam, h.Bob} {
				if said, _ := h.rowsOf(t, who, tk, args, ""); said != want[i] {
					t.Errorf("%s: %s reads %q, want %q", args, who.Name, said, want[i])
				}
			}
		}
	})
}

func TestTimelinesAreChosenAndOrdered(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		fill(t, h, 2)
		tk := h.ticketNumbered(t, 2)
		backward := func(who *member.Member) string {
			_, all := h.rowsOf(t, who, tk, "", "")
			types := strings.Fields(all)
			slices.Reverse(types)
			return strings.Join(types, " ")
		}
		for args, want := range map[string][2]string{ // for a supervisor, for the requester
			`where: {type: {eq: NOTE_ADDED}}`:                    {"NoteAdded", ""},
			`where: {type: {in: [TICKET_OPENED, TAG_ADDED]}}`:    {"TicketOpened TagAdded", "TicketOpened"},
			`where: {actor: {isNull: true}}`:                     {"", ""},
			`where: {actor: {eq: $dana}, type: {in: []}}`:        {"", ""},
			`where: {occurredAt: {lt: "2000-01-01T00:00:00Z"}}`:  {"", ""},
			`where: {not: {actor: {eq: $dana}}}`:                 {"TicketOpened MessagePosted", "TicketOpened MessagePosted"},
			`orderBy: {field: RECORDED_AT, direction: DESC}`:     {backward(h.Sam), backward(h.Bob)},
			`orderBy: [{field: OCCURRED_AT, direction: DESC}]`:   {backward(h.Sam), backward(h.Bob)},
			`orderBy: [{field: OCCURRED_AT}], where: {not: {} }`: {"", ""},
		} {
			for i, who := range []*member.Member{h.Sam, h.Bob} {
				if _, told := h.rowsOf(t, who, tk, "", args); told != want[i] {
					t.Errorf("%s: %s reads %q, want %q", args, who.Name, told, want[i])
				}
			}
		}
	})
}

// ticketNumbered gives a ticket of the workspace.
func (h *house) ticketNumbered(t *testing.T, n int64) *ticket.Ticket {
	t.Helper()
	v, err := h.services.Tickets.ByNumber(t.Context(), h.Call(t, h.Ada), n)
	if err != nil {
		t.Fatal(err)
	}
	return v.Ticket
}

// Each order of what a ticket holds is paged from both ends, each row once.
func TestContentIsPagedOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		fill(t, h, 3)
		id := ticketID(h.ticketNumbered(t, 1))
		for field, orders := range map[string][]string{
			"messages": {"", "{field: OCCURRED_AT, direction: DESC}"},
			"timeline": {"", "{field: RECORDED_AT, direction: DESC}", "{field: OCCURRED_AT}", "{field: OCCURRED_AT, direction: DESC}"},
		} {
			for _, order := range orders {
				read := func(args string, c any) (cursors []string, a *answer) {
					a = h.ask(t, h.Sam, `query($id: ID!, $c: Cursor) { ticket(id: $id) { list: `+field+`(orderBy: [`+order+`], `+args+`: $c) { edges { cursor }
						pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } }`, vars{"id": id, "c": c})
					for _, e := range a.at("ticket.list.edges").([]any) {
						cursors = append(cursors, e.(map[string]any)["cursor"].(string))
					}
					return cursors, a
				}
				whole, _ := read("first: 100, after", nil)
				var forward, backward []string
				for c, more := any(nil), true; more && len(forward) <= len(whole); {
					part, a := read("first: 2, after", c)
					forward, c, more = append(forward, part...), a.at("ticket.list.pageInfo.endCursor"), a.at("ticket.list.pageInfo.hasNextPage").(bool)
				}
				for c, more := any(nil), true; more && len(backward) <= len(whole); {
					part, a := read("last: 2, before", c)
					backward, c, more = append(part, backward...), a.at("ticket.list.pageInfo.startCursor"), a.at("ticket.list.pageInfo.hasPreviousPage").(bool)
				}
				if len(whole) < 4 || !slices.Equal(forward, whole) || !slices.Equal(backward, whole) {
					t.Errorf("%s by [%s]: %v, forward %v, backward %v", field, order, whole, forward, backward)
				}
			}
		}
	})
}

// What is asked too much of a ticket's content is refused, as of any list.
func TestContentIsAskedWithinBounds(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	byName := h.ask(t, h.Sam, `{ members(first: 1, orderBy: {field: NAME}) { pageInfo { endCursor } } }`, nil).at("members.pageInfo.endCursor")
	for _, args := range []string{
		`where: {not: {not: {not: {not: {not: {}}}}}}`, `orderBy: [{field: OCCURRED_AT}, {field: OCCURRED_AT}]`, `first: 0`,
		`orderBy: {field: OCCURRED_AT}, after: ` + quote(fmt.Sprint(byName)),
	} {
		for _, field := range []string{"messages", "timeline"} {
			a := h.run(t, h.Lea, `query($id: ID!) { ticket(id: $id) { `+field+`(`+args+`) { totalCount nodes { __typename } } } }`, vars{"id": ticketID(tk)})
			if a.refused() != "INVALID" {
				t.Errorf("%s(%s): %s", field, args, a.body)
			}
		}
	}
}

// Whatever can happen can be asked for: the types of the conditions are those of
// the timeline.
func TestEveryKindOfEventCanBeAskedFor(t *testing.T) {
	h, types := sqlite(t), ours()
	tk := h.Opens(t, h.Lea, h.Help)
	inner := regexp.MustCompile(`([a-z])([A-Z])`)
	for _, item := range types["TimelineItem"].Types {
		name := strings.ToUpper(inner.ReplaceAllString(strings.TrimSuffix(item, "Event"), "${1}_$2"))
		_, told := h.rowsOf(t, h.Sam, tk, "", `where: {type: {eq: `+name+`}}`)
		if told != "" && strings.Trim(strings.ReplaceAll(told, strings.TrimSuffix(item, "Event"), ""), " ") != "" {
			t.Errorf("%s finds %q", name, told)
		}
	}
	if n := len(types["EventType"].EnumValues); n != len(types["TimelineItem"].Types) {
		t.Errorf("%d types of events can be asked for, of %d", n, len(types["TimelineItem"].Types))
	}
}
