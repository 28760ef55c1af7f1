package graph_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

func TestRefusalsTellCodeFieldAndReasonInTheCallersLanguage(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	long := strings.Repeat("x", ticket.MaxBody+1)
	for name, c := range map[string]struct {
		who   *member.Member
		verb  string
		in    vars
		code  string
		field []string
		text  string
	}{
		"stale version":    {h.Chidi, "claimTicket", vars{"expectedVersion": 99}, "CONFLICT", []string{}, "Someone changed this ticket"},
		"wrong transition": {h.Chidi, "closeTicket", vars{}, "INVALID_TRANSITION", []string{}, "Only a resolved ticket"},
		"in French":        {h.Lea, "reopenTicket", vars{}, "INVALID_TRANSITION", []string{}, "Ce ticket"},
		"not allowed":      {h.Lea, "setTicketPriority", vars{"priority": "HIGH"}, "FORBIDDEN", []string{}, "Vous n’avez pas le droit"},
		"not seen":         {h.Bob, "resolveTicket", vars{}, "NOT_FOUND", []string{}, "This ticket does not exist"},
		"no agent":         {h.Sam, "assignTicket", vars{"assigneeId": memberID(h.Bob)}, "INVALID", []string{"assigneeId"}, "not an agent"},
		"unknown member":   {h.Sam, "assignTicket", vars{"assigneeId": "mem_zzz"}, "NOT_FOUND", []string{"assigneeId"}, "member"},
		"a queue as member": {
			h.Sam, "assignTicket", vars{"assigneeId": gid(scalar.Queue, h.Support.ID)}, "NOT_FOUND", []string{"assigneeId"}, "member",
		},
		"malformed queue": {h.Sam, "transferTicket", vars{"queueId": "'; DROP TABLE"}, "NOT_FOUND", []string{"queueId"}, "queue"},
		"long tag":        {h.Sam, "addTicketTags", vars{"tags": []string{long}}, "INVALID", []string{"tags"}, "at most 40"},
	} {
		c.in["ticketId"] = ticketID(tk)
		a := h.ask(t, c.who, verb(c.verb), vars{"in": c.in})
		if a.refused() != c.code {
			t.Errorf("%s: %q, want %s in %s", name, a.refused(), c.code, a.body)
			continue
		}
		a.want(c.verb+".userErrors.0.field", c.field)
		if text := a.at(c.verb + ".userErrors.0.message").(string); !strings.Contains(text, c.text) {
			t.Errorf("%s: %q does not say %q", name, text, c.text)
		}
		if c.code == "CONFLICT" {
			a.want(c.verb+".ticket.version", 1)
		} else {
			a.want(c.verb+".ticket", nil)
		}
	}
	if h.Read(t, tk.ID).Version != 1 {
		t.Error("a refusal changed the ticket")
	}
}

func TestIDsThatNameNothingAreNull(t *testing.T) {
	h := sqlite(t)
	other := tickettest.NewDesk(t, h.World)
	elsewhere := other.Opens(t, other.Bob, other.Help)
	mine := h.Opens(t, h.Lea, h.Help)
	for _, s := range []string{
		"", "x", "tkt_", "tkt_0", "tkt_-5", "TKT_1", "tkt_zzzzzzzzzzzzzzzzzzzz", "tkt_1 ", "que_1", "\x00", ticketID(elsewhere),
		memberID(other.Bob), gid(scalar.Workspace, other.Workspace.ID), gid(scalar.Category, other.Help.ID), gid(scalar.Queue, other.Support.ID),
	} {
		h.ask(t, h.Ada, `query($id: ID!) { ticket(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }`, vars{"id": s}).
			want("node", nil)
	}
	h.ask(t, h.Ada, `query($id: ID!) { ticket(id: $id) { id } }`, vars{"id": gid(scalar.Member, h.Lea.ID)}).want("ticket", nil)
	h.ask(t, h.Ada, `{ ticketByNumber(number: 4711) { id } }`, nil).want("ticketByNumber", nil)

	a := h.ask(t, h.Lea, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, vars{"ids": []string{
		ticketID(mine), "nothing", memberID(h.Lea), gid(scalar.Workspace, h.Workspace.ID), gid(scalar.Category, h.Help.ID),
		gid(scalar.Queue, h.Support.ID), gid(scalar.Message, h.Read(t, mine.ID).Last.ID),
	}})
	for i, kind := range []string{"Ticket", "", "Member", "Workspace", "Category", "Queue", "Message"} {
		if n, ok := a.at("nodes").([]any)[i].(map[string]any); ok != (kind != "") || ok && n["__typename"] != kind {
			t.Errorf("node %d is %v, want a %s", i, n, kind)
		}
	}
}

// What staff says among themselves reaches no requester by any field.
func TestNotesReachNoRequester(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	id := ticketID(tk)
	const secret = "She is always like that."
	n := h.ask(t, h.Chidi, `mutation($t: ID!, $b: String!) { addNote(input: {ticketId: $t, body: $b}) { message { id } `+refusal+` }
		addTicketTags(input: {ticketId: $t, tags: ["difficult"]}) { `+refusal+` } }`, vars{"t": id, "b": secret})
	note := n.at("addNote.message.id")
	for _, who := range []*member.Member{h.Lea, h.Bob} {
		for _, query := range []string{
			`query($t: ID!, $n: ID!) { node(id: $n) { id } ticket(id: $t) { tags messages { nodes { kind body versions { body } } }
				lastMessage { body } timeline(first: 100) { nodes { __typename ... on Event { isInternal } } } } }`,
			`query($t: ID!, $n: ID!) { nodes(ids: [$t, $n]) { ... on Message { body } ... on Ticket { tags } } }`,
			`mutation($t: ID!, $n: ID!) { editMessage(input: {ticketId: $t, messageId: $n, body: "x"}) { message { body } userErrors { code } } }`,
			`mutation($t: ID!, $n: ID!) { deleteMessage(input: {ticketId: $t, messageId: $n}) { message { body } userErrors { code } } }`,
		} {
			a := h.run(t, who, query, vars{"t": id, "n": note})
			for _, leak := range []string{secret, "difficult", `"NOTE"`, "NoteAdded", "TagAdded", `"isInternal":true`} {
				if strings.Contains(a.body, leak) {
					t.Errorf("%s reads %q: %s", who.Name, leak, a.body)
				}
			}
		}
	}
	staff := h.ask(t, h.Chidi, `query($t: ID!, $n: ID!) { node(id: $n) { ... on Message { body } } ticket(id: $t) { tags } }`, vars{"t": id, "n": note})
	staff.want("node.body", secret)
	staff.want("ticket.tags", []string{"difficult"})
}

func TestRequestersDoNotSeeWhatIsStaffs(t *testing.T) {
	h := sqlite(t)
	h.Opens(t, h.Lea, h.Help)
	for _, query := range []string{`{ auditEntries { nodes { id } } }`, `{ teams { nodes { name } } }`, `{ members { nodes { name } } }`, `{ grants { nodes { role } } }`} {
		if a := h.run(t, h.Lea, query, nil); a.refused() != "FORBIDDEN" || a.status != 200 {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	h.ask(t, h.Bob, `{ tickets { totalCount nodes { id } } }`, nil).want("tickets", vars{"totalCount": 0, "nodes": []any{}})
	a := h.ask(t, h.Lea, `{ viewer { name role agent { capacity } } workspace { slug } tickets { totalCount } }`, nil)
	a.want("viewer", vars{"name": "Léa", "role": "REQUESTER", "agent": nil})
	a.want("tickets.totalCount", 1)
}
