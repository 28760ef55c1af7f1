package graph_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// inputs gives an input for each mutation that would do, were it allowed, in a
// workspace with the ticket and the message.
func inputs(d *tickettest.Desk, tk *ticket.Ticket, m *ticket.Message) map[string]vars {
	t, msg := ticketID(tk), gid(scalar.Message, m.ID)
	q, c, dana := gid(scalar.Queue, d.Billing.ID), gid(scalar.Category, d.Invoice.ID), memberID(d.Dana)
	texts, many := []vars{{"locale": "en", "text": "Text"}}, []vars{{"id": t}}
	return map[string]vars{
		"openTicket":    {"categoryId": c, "body": "x", "requesterId": memberID(d.Lea)},
		"replyToTicket": {"ticketId": t, "body": "x"}, "addNote": {"ticketId": t, "body": "x"},
		"editMessage": {"ticketId": t, "messageId": msg, "body": "x"}, "deleteMessage": {"ticketId": t, "messageId": msg},
		"claimTicket": {"ticketId": t}, "assignTicket": {"ticketId": t, "assigneeId": dana}, "unassignTicket": {"ticketId": t},
		"transferTicket": {"ticketId": t, "queueId": q}, "recategoriseTicket": {"ticketId": t, "categoryId": c},
		"setTicketPriority": {"ticketId": t, "priority": "LOW"}, "addTicketTags": {"ticketId": t, "tags": []string{"x"}},
		"removeTicketTags": {"ticketId": t, "tags": []string{"x"}}, "addTicketParticipant": {"ticketId": t, "memberId": dana},
		"removeTicketParticipant": {"ticketId": t, "memberId": dana}, "markTicketPending": {"ticketId": t}, "putTicketOnHold": {"ticketId": t},
		"resolveTicket": {"ticketId": t}, "confirmTicket": {"ticketId": t}, "closeTicket": {"ticketId": t}, "reopenTicket": {"ticketId": t},
		"saveQueue": {"name": "x"}, "saveTeam": {"name": "x"},
		"bindTeamRole": {"teamId": "tem_1", "role": vars{"channel": "DISCORD", "externalId": "1"}},
		"saveCategory": {"names": texts, "queueId": q}, "setGrant": {"queueId": q, "role": "AGENT", "permission": "SEE", "effect": "DENY"},
		"removeGrant":       {"queueId": q, "role": "AGENT", "permission": "SEE"},
		"saveBusinessHours": {"timeZone": "UTC", "always": true}, "removeBusinessHours": {"queueId": q}, "importHolidays": {"iCalendar": calendarFile},
		"saveSlaPolicy": {"name": "x", "promises": firstReply}, "removeSlaPolicy": {"id": "sla_1"},
		"saveDigestPlan": {"queueId": q, "timeZone": "UTC", "moments": mondays}, "removeDigestPlan": {"queueId": q},
		"setMemberRole": {"memberId": dana, "role": "REQUESTER"}, "setMyLocale": {"locale": "no language"}, "setMyTimeZone": {"timeZone": "Middle/Earth"},
		"saveAgent": {"memberId": dana, "skills": []string{"x"}}, "setLossPolicy": {"onSurfaceLost": "CLOSE"},
		"createChannelLinkCode": {"channel": "DISCORD"}, "removeChannelLink": {"channel": "DISCORD", "externalId": "1"},
		"setDesk": {"externalId": "1"}, "removeDesk": {"queueId": q},
		"createUpload": {"name": " "}, "updateWorkspace": {"name": "x"}, "updateTicketFields": {"ticketId": t, "answers": []vars{{"key": "x", "value": "x"}}},
		"createTag": {"name": "x"}, "updateTag": {"tagId": "tag_1", "name": "x"},
		"mergeTags": {"tagIds": []string{"tag_1"}, "intoId": "tag_2"}, "deleteTag": {"tagId": "tag_1"},
		"createApiKey": {"name": "x", "scopes": []string{"TICKET_SEE"}}, "revokeApiKey": {"apiKeyId": "key_1"},
		"createSignInCode": {"memberId": dana}, "exchangeSignInCode": {"code": "AAAA-AAAA-AAAA-AAAA"}, "refreshSession": {"refreshToken": "tsr_x"},
		"endSession": {"sessionId": "ses_1"}, "signOutEverywhere": {"memberId": dana},
		"snoozeTicket": {"ticketId": t}, "wakeTicket": {"ticketId": t},
		"bulkAssignTickets": {"tickets": many, "assigneeId": dana}, "bulkTransferTickets": {"tickets": many, "queueId": q},
		"bulkTagTickets": {"tickets": many, "add": []string{"x"}}, "bulkSetTicketPriority": {"tickets": many, "priority": "HIGH"},
		"bulkSetTicketStatus": {"tickets": many, "status": "RESOLVED"},
	}
}

// tries runs a mutation and gives the code by which it is refused.
func (h *house) tries(t *testing.T, who *member.Member, name string, in vars) (code, body string) {
	t.Helper()
	a := h.run(t, who, `mutation($in: `+strings.ToUpper(name[:1])+name[1:]+`Input!) { `+name+`(input: $in) { userErrors { code message } } }`, vars{"in": in})
	return a.refused(), a.body
}

// Every mutation of the schema is refused to a stranger, to another workspace's
// admin, and to nobody; one that this test does not know fails it.
func TestEveryMutationKeepsStrangersOut(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	said := h.Read(t, tk.ID).Last
	other := build(t, h.store, h.counter) // another workspace of the same store
	samples := inputs(h.Desk, tk, said)
	before := h.ask(t, h.Ada, `{ tickets { totalCount } queues { nodes { name } } members { nodes { role } } grants { nodes { role } } }`, nil).body
	// What a stranger may not do at all, rather than not to this ticket. Words in
	// no language are wrong whoever says them.
	codes := map[string]string{"openTicket": "FORBIDDEN", "setMyLocale": "INVALID", "setMyTimeZone": "INVALID", "createUpload": "INVALID", "exchangeSignInCode": "UNAUTHENTICATED", "refreshSession": "UNAUTHENTICATED"}
	for _, name := range []string{
		"saveQueue", "saveTeam", "bindTeamRole", "saveCategory", "setGrant", "removeGrant", "setMemberRole", "saveAgent",
		"setLossPolicy", "updateWorkspace", "saveBusinessHours", "removeBusinessHours", "importHolidays", "saveSlaPolicy", "removeSlaPolicy", "saveDigestPlan", "removeDigestPlan",
		"createTag", "updateTag", "mergeTags", "deleteTag", "createChannelLinkCode", "removeChannelLink", "setDesk", "removeDesk", "createApiKey", "revokeApiKey",
		"createSignInCode", "signOutEverywhere",
	} {
		codes[name] = "FORBIDDEN"
	}
	for _, f := range ours()["Mutation"].Fields {
		in, known := samples[f.Name]
		if !known {
			t.Errorf("%s is not tried", f.Name)
			continue
		}
		want := codes[f.Name]
		if want == "" {
			want = "NOT_FOUND"
		}
		if code, body := h.tries(t, h.Bob, f.Name, maps.Clone(in)); code != want {
			t.Errorf("a stranger may %s: %s", f.Name, body)
		}
		if code, body := h.tries(t, nil, f.Name, maps.Clone(in)); code != "UNAUTHENTICATED" {
			t.Errorf("nobody may %s: %s", f.Name, body)
		}
	}
	for name, in := range inputs(h.Desk, tk, said) {
		if in["ticketId"] == nil && in["tickets"] == nil {
			continue
		}
		if code, body := other.tries(t, other.Ada, name, in); code != "NOT_FOUND" {
			t.Errorf("another workspace's admin may %s: %s", name, body)
		}
	}
	if after := h.ask(t, h.Ada, `{ tickets { totalCount } queues { nodes { name } } members { nodes { role } } grants { nodes { role } } }`, nil).body; after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
	if now := h.Read(t, tk.ID); now.Version != tk.Version || now.Last.Version != said.Version {
		t.Error("the ticket changed")
	}
}

// What other workspaces have can't be pulled into one's own.
func TestForeignPartsAreNotTaken(t *testing.T) {
	h := sqlite(t)
	other := tickettest.NewDesk(t, h.World)
	tk := h.Opens(t, h.Lea, h.Help)
	for name, in := range map[string]vars{
		"openTicket":           {"categoryId": gid(scalar.Category, other.Help.ID), "body": "x"},
		"assignTicket":         {"ticketId": ticketID(tk), "assigneeId": memberID(other.Dana)},
		"transferTicket":       {"ticketId": ticketID(tk), "queueId": gid(scalar.Queue, other.Billing.ID)},
		"recategoriseTicket":   {"ticketId": ticketID(tk), "categoryId": gid(scalar.Category, other.Help.ID)},
		"addTicketParticipant": {"ticketId": ticketID(tk), "memberId": memberID(other.Lea)},
		"saveQueue":            {"id": gid(scalar.Queue, other.Billing.ID), "name": "mine"},
		"saveCategory":         {"names": []vars{{"locale": "en", "text": "x"}}, "queueId": gid(scalar.Queue, other.Billing.ID)},
		"setMemberRole":        {"memberId": memberID(other.Dana), "role": "REQUESTER"},
		"setGrant":             {"queueId": gid(scalar.Queue, other.Billing.ID), "role": "AGENT", "permission": "SEE", "effect": "DENY"},
		"saveAgent":            {"memberId": memberID(other.Dana)},
		"saveBusinessHours":    {"queueId": gid(scalar.Queue, other.Billing.ID), "timeZone": "UTC", "always": true},
		"saveTeam":             {"name": "Ours", "queueIds": []string{gid(scalar.Queue, other.Billing.ID)}},
	} {
		if code, body := h.tries(t, h.Ada, name, in); code != "NOT_FOUND" {
			t.Errorf("%s: %s", name, body)
		}
	}
}

func TestTeamsAreNodesForStaff(t *testing.T) {
	h := sqlite(t)
	teams, err := h.Teams.List(t.Context(), h.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	id := vars{"id": gid(scalar.Team, teams[0].ID)}
	h.ask(t, h.Sam, `query($id: ID!) { node(id: $id) { ... on Team { name } } }`, id).want("node.name", teams[0].Name)
	h.ask(t, h.Lea, `query($id: ID!) { node(id: $id) { ... on Team { name } } }`, id).want("node", nil)
}
