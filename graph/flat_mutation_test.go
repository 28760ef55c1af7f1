package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// deed is a mutation by who may do it. One of many tickets may write so many
// statements more for each of them.
type deed struct {
	who  *member.Member
	name string
	in   vars
	each int
}

// countsMutations does everything that can be done, in an order in which it can,
// and tells how many statements each mutation took.
func (h *house) countsMutations(t *testing.T, c *crowd) map[string]int {
	t.Helper()
	counts, s := map[string]int{}, everythingBy(100)
	said := "" // the message of the last mutation that had one
	for _, d := range append(h.deedsOnATicket(c), append(h.deedsOnTickets(t, c), h.deedsOfSetup(t, c)...)...) {
		if d.name == "editMessage" || d.name == "deleteMessage" {
			d.in["messageId"] = said
		}
		f := s.Mutation.Fields.ForName(d.name)
		query := "mutation($in: " + inputOf(d.name) + "!) { " + d.name + "(input: $in) " + s.of(t, f.Type) + "}"
		var a *answer
		n := h.counter.During(func() { a = h.ask(t, d.who, query, vars{"in": d.in}) })
		if a.refused() != "" {
			t.Errorf("%s refuses %v: %.300s", d.name, d.in, a.body)
		}
		if m, ok := a.at(d.name).(map[string]any)["message"].(map[string]any); ok {
			said = m["id"].(string)
		}
		if _, again := counts[d.name]; !again {
			counts[d.name] = n - d.each*(c.size-1)
		}
	}
	for _, f := range s.Mutation.Fields {
		if _, done := counts[f.Name]; !done && !strings.HasPrefix(f.Name, "__") {
			t.Errorf("nobody counts the statements of %s: add a line to deedsOnATicket, deedsOnTickets or deedsOfSetup, in flat_mutation_test.go", f.Name)
		}
	}
	return counts
}

// deedsOnATicket is a ticket's life, from where its staff takes it up.
func (h *house) deedsOnATicket(c *crowd) []deed {
	on := func(more ...any) vars {
		in := vars{"ticketId": ticketID(c.ticket)}
		for i := 0; i < len(more); i += 2 {
			in[more[i].(string)] = more[i+1]
		}
		return in
	}
	return []deed{
		{who: h.Chidi, name: "claimTicket", in: on()},
		{who: h.Chidi, name: "replyToTicket", in: on("body", "Hello")},
		{who: h.Chidi, name: "editMessage", in: on("body", "Hullo")},
		{who: h.Chidi, name: "addNote", in: on("body", "Hm")},
		{who: h.Chidi, name: "deleteMessage", in: on()},
		{who: h.Chidi, name: "setTicketPriority", in: on("priority", "URGENT")},
		{who: h.Chidi, name: "addTicketTags", in: on("tags", []string{"vip"})},
		{who: h.Chidi, name: "removeTicketTags", in: on("tags", []string{"vip"})},
		{who: h.Chidi, name: "addTicketParticipant", in: on("memberId", memberID(h.Bob))},
		{who: h.Chidi, name: "removeTicketParticipant", in: on("memberId", memberID(h.Bob))},
		{who: h.Chidi, name: "markTicketPending", in: on()},
		{who: h.Chidi, name: "putTicketOnHold", in: on()},
		{who: h.Chidi, name: "snoozeTicket", in: on()},
		{who: h.Chidi, name: "wakeTicket", in: on()},
		{who: h.Sam, name: "transferTicket", in: on("queueId", gid(scalar.Queue, h.Billing.ID))},
		{who: h.Sam, name: "assignTicket", in: on("assigneeId", memberID(h.Dana))},
		{who: h.Sam, name: "unassignTicket", in: on()},
		{who: h.Sam, name: "recategoriseTicket", in: on("categoryId", gid(scalar.Category, h.Invoice.ID))},
		{who: h.Sam, name: "updateTicketFields", in: on("answers", []vars{{"key": "remark", "value": "late"}})},
		{who: h.Sam, name: "resolveTicket", in: on()},
		{who: h.Lea, name: "confirmTicket", in: on()},
		{who: h.Lea, name: "reopenTicket", in: on()},
		{who: h.Sam, name: "resolveTicket", in: on()},
		{who: h.Sam, name: "closeTicket", in: on()},
	}
}

// deedsOnTickets makes tickets and changes many of them at once.
func (h *house) deedsOnTickets(t *testing.T, c *crowd) []deed {
	t.Helper()
	all := h.ask(t, h.Sam, fmt.Sprintf(`{ tickets(first: %d, where: {status: {eq: OPEN}, participant: {eq: %q}}) { nodes { id } } }`, c.size, memberID(h.Sam)), nil).at("tickets.nodes")
	on := func(name string, value any) vars { return vars{"tickets": all, name: value} }
	return []deed{
		{who: h.Lea, name: "openTicket", in: vars{"categoryId": gid(scalar.Category, h.Help.ID), "subject": "Oven", "body": "Cold."}},
		{who: h.Lea, name: "createUpload", in: vars{"name": "oven.png"}},
		{who: h.Sam, name: "bulkSetTicketPriority", in: on("priority", "URGENT"), each: 2},
		{who: h.Sam, name: "bulkTagTickets", in: on("add", []string{"vip"}), each: 3},
		{who: h.Sam, name: "bulkAssignTickets", in: on("assigneeId", memberID(h.Sam)), each: 2},
		{who: h.Sam, name: "bulkSetTicketStatus", in: on("status", "PENDING"), each: 2},
		{who: h.Sam, name: "bulkTransferTickets", in: on("queueId", gid(scalar.Queue, c.queues[0])), each: 3},
	}
}

// deedsOfSetup changes what is configured, with lists as long as they may be.
func (h *house) deedsOfSetup(t *testing.T, c *crowd) []deed {
	t.Helper()
	name := fmt.Sprint("New with ", c.size)
	var members, queues, tags []string
	for _, n := range c.tags[:min(len(c.tags), 51)] {
		tags = append(tags, gid(scalar.Tag, n))
	}
	spare, err := h.services.Tags.Create(t.Context(), h.Call(t, h.Ada), tag.Tag{Name: "Spare " + name})
	if err != nil {
		t.Fatal(err)
	}
	code, err := h.services.Auth.CreateSignInCode(t.Context(), h.Call(t, h.Ada), h.Lea.ID)
	if err != nil {
		t.Fatal(err)
	}
	let, err := h.services.Auth.BeginFor(t.Context(), h.Workspace.ID, h.Ada.ID, "", "Console", h.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := h.services.Auth.CreateKey(t.Context(), h.Call(t, h.Ada), auth.KeyWish{Name: "Spare " + name, Scopes: auth.ReadScopes()})
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.members {
		members, queues = append(members, gid(scalar.Member, c.members[i])), append(queues, gid(scalar.Queue, c.queues[i]))
	}
	team := h.ask(t, h.Ada, fmt.Sprintf(`{ teams(where: {name: {eq: "1 of %d"}}) { nodes { id } } }`, c.size), nil).at("teams.nodes.0.id")
	newcomer := memberID(h.Arrives(t, name, "en", access.RoleRequester))
	grant := func(more ...any) vars {
		in := vars{"queueId": queues[0], "role": "SUPERVISOR", "permission": "CLAIM"}
		if len(more) > 0 {
			in["effect"] = more[0]
		}
		return in
	}
	return []deed{
		{who: h.Ada, name: "updateWorkspace", in: vars{"name": name}},
		{who: h.Ada, name: "setLossPolicy", in: vars{"onSurfaceLost": map[bool]string{true: "CLOSE", false: "REBUILD"}[c.size == 1]}},
		{who: h.Ada, name: "createChannelLinkCode", in: vars{"channel": "DISCORD"}},
		{who: h.Ada, name: "setDesk", in: vars{"queueId": queues[0], "externalId": h.linked(t, name)}},
		{who: h.Ada, name: "removeDesk", in: vars{"queueId": queues[0]}},
		{who: h.Ada, name: "removeChannelLink", in: vars{"channel": "DISCORD", "externalId": name}},
		{who: h.Ada, name: "saveQueue", in: vars{"name": name}},
		{who: h.Ada, name: "saveTeam", in: vars{"name": name, "memberIds": members, "queueIds": queues}},
		{who: h.Ada, name: "bindTeamRole", in: vars{"teamId": team, "role": vars{"channel": "DISCORD", "externalId": name}}},
		{who: h.Ada, name: "saveCategory", in: vars{"names": []vars{{"locale": "en", "text": name}}, "queueId": queues[0]}},
		{who: h.Ada, name: "setGrant", in: grant("DENY")},
		{who: h.Ada, name: "removeGrant", in: grant()},
		{who: h.Ada, name: "saveBusinessHours", in: vars{"queueId": queues[0], "timeZone": "UTC", "week": []vars{{"day": "FRIDAY", "from": "22:00", "to": "02:00"}}}},
		{who: h.Ada, name: "importHolidays", in: vars{"queueId": queues[0], "iCalendar": calendarFile}},
		{who: h.Ada, name: "removeBusinessHours", in: vars{"queueId": queues[0]}},
		{who: h.Ada, name: "saveSlaPolicy", in: vars{"id": policyID(c.policy), "match": vars{"queueIds": queues}, "promises": firstReply}},
		{who: h.Ada, name: "removeSlaPolicy", in: vars{"id": policyID(c.policy)}},
		{who: h.Ada, name: "saveDigestPlan", in: vars{"queueId": queues[0], "timeZone": "UTC", "moments": mondays}},
		{who: h.Ada, name: "removeDigestPlan", in: vars{"queueId": queues[0]}},
		{who: h.Ada, name: "createApiKey", in: vars{"name": name, "scopes": []string{"TICKET_SEE"}}},
		{who: h.Ada, name: "revokeApiKey", in: vars{"apiKeyId": gid(scalar.APIKey, key.ID)}},
		{who: h.Ada, name: "createSignInCode", in: vars{"memberId": newcomer}},
		{who: h.Ada, name: "exchangeSignInCode", in: vars{"code": code.Code}},
		{who: h.Ada, name: "refreshSession", in: vars{"refreshToken": let.RefreshToken}},
		{who: h.Ada, name: "endSession", in: vars{"sessionId": gid(scalar.Session, let.Session)}},
		{who: h.Ada, name: "signOutEverywhere", in: vars{"memberId": newcomer}},
		{who: h.Chidi, name: "createTag", in: vars{"name": name}},
		{who: h.Sam, name: "updateTag", in: vars{"tagId": tags[0], "name": "Renamed " + name}},
		{who: h.Sam, name: "mergeTags", in: vars{"tagIds": tags[:max(len(tags)-1, 1)], "intoId": gid(scalar.Tag, spare.ID)}},
		{who: h.Sam, name: "deleteTag", in: vars{"tagId": gid(scalar.Tag, spare.ID)}},
		{who: h.Ada, name: "setMemberRole", in: vars{"memberId": newcomer, "role": "AGENT"}},
		{who: h.Ada, name: "saveAgent", in: vars{"memberId": newcomer, "skills": []string{"bread"}}},
		{who: h.Dana, name: "setMyLocale", in: vars{"locale": map[bool]string{true: "de", false: "fr"}[c.size == 1]}},
		{who: h.Dana, name: "setMyTimeZone", in: vars{"timeZone": map[bool]string{true: "Europe/Paris", false: "Asia/Tokyo"}[c.size == 1]}},
	}
}
