package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// errors is what each mutation below asks for beside what it changed.
const refusal = `userErrors { code field message }`

// verb makes the document of a mutation on a ticket.
func verb(name string) string {
	input := strings.ToUpper(name[:1]) + name[1:] + "Input!"
	return `mutation($in: ` + input + `) { ` + name + `(input: $in) { ticket { id status version priority tags
		assignee { name } queue { name } category { name } participants { name } } ` + refusal + ` } }`
}

// keeps lets staff keep a value on the category's tickets, and who opens one change
// another; it gives the key of the first.
func (h *house) keeps(t *testing.T, c *category.Category) string {
	t.Helper()
	c.Form = append(
		c.Form,
		category.Field{Key: "remark", Label: locale.Of("en", "Remark"), Style: category.Short, Internal: true, Purpose: category.Detail},
		category.Field{Key: "phone", Label: locale.Of("en", "Phone"), Style: category.Short, Editable: true, Purpose: category.Detail},
	)
	if err := h.Categories.Save(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return "remark"
}

// A ticket goes through every verb, each by who may, and its history tells so.
func TestADayOfATicket(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.ask(t, h.Ada, `mutation($c: ID!) { saveCategory(input: {id: $c, requesterReminder: {after: "PT50M"}}) { userErrors { code } } }`,
			vars{"c": gid(scalar.Category, h.Help.ID)}).want("saveCategory.userErrors", []any{})
		opened := h.ask(t, h.Lea, `mutation($in: OpenTicketInput!) { openTicket(input: $in) { ticket {
			id number subject status priority requester { name } queue { name } category { name } messageCount
			lastMessage { body kind author { name } } } `+refusal+` } }`, vars{"in": vars{
			"categoryId": gid(scalar.Category, h.Help.ID), "subject": "Imprimante", "body": "Elle fume.",
		}})
		opened.want("openTicket.userErrors", []any{})
		opened.want("openTicket.ticket.category.name", "Aide")
		opened.want("openTicket.ticket.requester.name", "Léa")
		opened.want("openTicket.ticket.queue.name", "Support")
		opened.want("openTicket.ticket.lastMessage.kind", "SYSTEM")
		opened.want("openTicket.ticket.lastMessage.author", nil)
		opened.want("openTicket.ticket.number", 1)
		tk := opened.at("openTicket.ticket.id").(string)

		do := func(who *member.Member, name string, in vars) *answer {
			t.Helper()
			in["ticketId"] = tk
			a := h.ask(t, who, verb(name), vars{"in": in})
			a.want(name+".userErrors", []any{})
			return a
		}
		say := func(who *member.Member, name string, in vars) string {
			t.Helper()
			in["ticketId"] = tk
			a := h.ask(t, who, `mutation($in: `+strings.ToUpper(name[:1])+name[1:]+`Input!) { `+name+`(input: $in) {
				message { id body version author { name } deletedAt } ticket { status } `+refusal+` } }`, vars{"in": in})
			a.want(name+".userErrors", []any{})
			a.want(name+".message.author.name", who.Name)
			return a.at(name + ".message.id").(string)
		}

		do(h.Chidi, "claimTicket", vars{}).want("claimTicket.ticket.assignee.name", "Chidi")
		reply := say(h.Chidi, "replyToTicket", vars{"body": "Débranchez-la !"})
		say(h.Chidi, "editMessage", vars{"messageId": reply, "body": "Débranchez-la, s’il vous plaît."})
		note := say(h.Chidi, "addNote", vars{"body": "Third one this week."})
		say(h.Chidi, "deleteMessage", vars{"messageId": note})
		do(h.Chidi, "setTicketPriority", vars{"priority": "URGENT"}).want("setTicketPriority.ticket.priority", "URGENT")
		do(h.Chidi, "addTicketTags", vars{"tags": []string{"printer", "fire"}}).want("addTicketTags.ticket.tags", []string{"fire", "printer"})
		do(h.Chidi, "removeTicketTags", vars{"tags": []string{"fire"}}).want("removeTicketTags.ticket.tags", []string{"printer"})
		h.ask(t, h.Ada, savePolicy, vars{"in": vars{"name": "Printers", "match": vars{"tags": "printer"}, "promises": vars{
			"target": "RESOLUTION", "within": "PT1H", "steps": vars{"before": "PT10M", "action": "ALERT", "text": "smoke"},
		}}}).want("saveSlaPolicy.userErrors", []any{})
		do(h.Chidi, "addTicketTags", vars{"tags": []string{"again"}})
		h.tick(t, 55*time.Minute)
		do(h.Chidi, "snoozeTicket", vars{})
		do(h.Chidi, "wakeTicket", vars{})
		do(h.Chidi, "addTicketParticipant", vars{"memberId": memberID(h.Bob)}).want("addTicketParticipant.ticket.participants.0.name", "Bob")
		do(h.Bob, "removeTicketParticipant", vars{"memberId": memberID(h.Bob)})
		do(h.Chidi, "markTicketPending", vars{}).want("markTicketPending.ticket.status", "PENDING")
		do(h.Chidi, "putTicketOnHold", vars{}).want("putTicketOnHold.ticket.status", "ON_HOLD")
		do(h.Sam, "transferTicket", vars{"queueId": gid(scalar.Queue, h.Billing.ID)}).want("transferTicket.ticket.queue.name", "Billing")
		do(h.Sam, "assignTicket", vars{"assigneeId": memberID(h.Dana)}).want("assignTicket.ticket.assignee.name", "Dana")
		do(h.Dana, "unassignTicket", vars{}).want("unassignTicket.ticket.assignee", nil)
		do(h.Dana, "recategoriseTicket", vars{"categoryId": gid(scalar.Category, h.Invoice.ID)}).want("recategoriseTicket.ticket.category.name", "Invoice")
		do(h.Dana, "updateTicketFields", vars{"answers": []vars{{"key": h.keeps(t, h.Invoice), "value": "late"}}})
		h.arrives(t, &ticket.Ticket{ID: scalar.TicketOf(tk)})
		do(h.Dana, "resolveTicket", vars{}).want("resolveTicket.ticket.status", "RESOLVED")
		h.happensElsewhere(t)
		do(h.Lea, "confirmTicket", vars{}).want("confirmTicket.ticket.status", "CLOSED")
		do(h.Lea, "reopenTicket", vars{}).want("reopenTicket.ticket.status", "OPEN")
		do(h.Dana, "resolveTicket", vars{})
		do(h.Dana, "closeTicket", vars{}).want("closeTicket.ticket.status", "CLOSED")

		seesItsHistory(t, h, tk)
	})
}

// happensElsewhere lets things happen to the first ticket in its channel.
func (h *house) happensElsewhere(t *testing.T) {
	t.Helper()
	system := access.Call{Actor: access.System(h.Workspace.ID), Now: h.Clock.Tick()}
	v, err := h.services.Tickets.ByNumber(t.Context(), system, 1)
	if err != nil {
		t.Fatal(err)
	}
	ref := ticket.Ref{ID: v.ID}
	for _, about := range []event.Data{event.PersonLeft{Member: h.Bob.ID, Banned: true}, event.PersonReturned{Member: h.Bob.ID}} {
		a := ticket.Announcement{About: about, Body: "Bob", Locale: "en", Template: "discord.person.left"}
		if err := h.services.Tickets.Announce(t.Context(), system, ref, a); err != nil {
			t.Fatal(err)
		}
	}
	h.plans(t, v.Queue)
	h.digested(t, v.Queue, 0, v.ID)
	if err := h.services.Tickets.LoseSurface(t.Context(), system, ref, event.ChannelPlain, "place"); err != nil {
		t.Fatal(err)
	}
	if err := h.services.Tickets.RemoveSurface(t.Context(), system, ref, event.ChannelPlain, "place"); err != nil {
		t.Fatal(err)
	}
	if err := h.services.Tickets.Undelivered(t.Context(), system, ref, v.LastMessage, "discord.waiting.channels"); err != nil {
		t.Fatal(err)
	}
}

// seesItsHistory finds each kind of event in the timeline of staff.
func seesItsHistory(t *testing.T, h *house, tk string) {
	t.Helper()
	a := h.ask(t, h.Sam, `query($id: ID!) { ticket(id: $id) { timeline(first: 100) { pageInfo { hasNextPage } nodes {
		__typename
		... on Event { id cursor occurredAt recordedAt channel isInternal actor { name } }
		... on TicketOpenedEvent { category { name } queue { name } priority }
		... on MessagePostedEvent { message { body author { name } versions { number body author { name } writtenAt } } }
		... on NoteAddedEvent { message { kind deletedAt } }
		... on MessageEditedEvent { version }
		... on TicketTransferredEvent { fromQueue { name } toQueue { name } }
		... on TicketRecategorisedEvent { fromCategory { name } toCategory { name } }
		... on PriorityChangedEvent { fromPriority toPriority }
		... on TicketAssignedEvent { assignee { name } previousAssignee { name } }
		... on TagAddedEvent { tag }
		... on ParticipantAddedEvent { member { name } }
		... on StatusChangedEvent { fromStatus toStatus }
		... on TicketClosedEvent { reason }
		... on SurfaceLostEvent { outcome } ... on PersonLeftEvent { member { name } isBanned } ... on PersonReturnedEvent { member { name } }
		... on MessageUndeliveredEvent { message { body } why: reason }
	} } } }`, vars{"id": tk})
	for _, told := range []string{`"outcome":"REBUILD"`, `"isBanned":true`, `"why":"The server has as many channels`} {
		if !strings.Contains(a.body, told) {
			t.Errorf("the history does not tell %s", told)
		}
	}
	seen := map[string]bool{}
	for _, n := range a.at("ticket.timeline.nodes").([]any) {
		seen[n.(map[string]any)["__typename"].(string)] = true
	}
	if len(seen) != len(event.Types()) {
		t.Errorf("the day had %d of %d kinds of events: %v", len(seen), len(event.Types()), seen)
	}
	a.want("ticket.timeline.nodes.0.__typename", "TicketOpenedEvent")
	a.want("ticket.timeline.nodes.0.actor.name", "Léa")
	a.want("ticket.timeline.nodes.1.message.body", "Elle fume.")
}

func TestConfigurationThroughTheAPI(t *testing.T) {
	h := sqlite(t)
	q := h.ask(t, h.Ada, `mutation { saveQueue(input: {name: "VIP"}) { queue { id name } `+refusal+` } }`, nil)
	queueID := q.at("saveQueue.queue.id").(string)
	h.ask(t, h.Ada, `mutation($q: ID!) { saveQueue(input: {id: $q, name: "Very important"}) { queue { id } `+refusal+` } }`, vars{"q": queueID})

	c := h.ask(t, h.Ada, `mutation($q: ID!) { saveCategory(input: {
		names: [{locale: "en", text: "Refund"}, {locale: "fr", text: "Remboursement"}], queueId: $q, priority: HIGH, emoji: "💶",
		form: [{key: "order", labels: [{locale: "en", text: "Which order?"}, {locale: "fr", text: "Quelle commande ?"}], required: true, maxLength: 20}],
		greetings: [{locale: "fr", text: "Bonjour {{requester}}"}] }) { category { id name intent form { key label labels { locale text } maxLength }
		greetings { locale text } queue { name } isArchived } `+refusal+` } }`, vars{"q": queueID})
	c.want("saveCategory.category.name", "Refund")
	c.want("saveCategory.category.queue.name", "Very important")
	c.want("saveCategory.category.greetings.0.locale", "fr")

	offered := h.ask(t, h.Lea, `{ categories(orderBy: {field: CREATED_AT, direction: DESC}) { nodes { name emoji greetings { text } form { label required } } } }`, nil)
	offered.want("categories.nodes.0.name", "Remboursement")
	offered.want("categories.nodes.0.form.0.label", "Quelle commande ?")
	offered.want("categories.nodes.0.greetings", nil)

	h.ask(t, h.Ada, `{ workspace { onSurfaceLost } }`, nil).want("workspace.onSurfaceLost", "REBUILD")
	h.ask(t, h.Ada, `mutation { setLossPolicy(input: {onSurfaceLost: CLOSE}) { workspace { onSurfaceLost } `+refusal+` } }`, nil).
		want("setLossPolicy.workspace.onSurfaceLost", "CLOSE")
	forum := h.ask(t, h.Ada, `mutation($q: ID!) { saveCategory(input: {names: [{locale: "en", text: "Ideas"}], queueId: $q, intent: SUGGESTION, surface: FORUM}) {
		category { id surface } `+refusal+` } }`, vars{"q": queueID})
	forum.want("saveCategory.category.surface", "FORUM")
	if n := len(h.ask(t, h.Ada, `{ grants { nodes { role } } }`, nil).at("grants.nodes").([]any)); n != 4 {
		t.Errorf("a public category has %d grants, want seeing and answering for requesters and agents", n)
	}
	h.ask(t, h.Ada, `mutation($q: ID!, $c: ID!) { saveCategory(input: {id: $c, names: [{locale: "en", text: "Ideas"}], queueId: $q, intent: SUGGESTION, surface: CHANNEL}) {
		category { surface } `+refusal+` } }`, vars{"q": queueID, "c": forum.at("saveCategory.category.id")}).want("saveCategory.category.surface", "CHANNEL")

	team := h.ask(t, h.Ada, `mutation($q: ID!, $m: ID!) { saveTeam(input: {name: "Concierges", queueIds: [$q], memberIds: [$m]}) {
		team { id name members { name } queues { name } isGuessed } `+refusal+` } }`, vars{"q": queueID, "m": memberID(h.Dana)})
	team.want("saveTeam.team.members.0.name", "Dana")
	bound := h.ask(t, h.Ada, `mutation($t: ID!) { bindTeamRole(input: {teamId: $t, role: {channel: DISCORD, externalId: "77"}}) {
		team { roles { channel externalId } } `+refusal+` } }`, vars{"t": team.at("saveTeam.team.id")})
	bound.want("bindTeamRole.team.roles", []any{vars{"channel": "DISCORD", "externalId": "77"}})

	grant := h.ask(t, h.Ada, `mutation($q: ID!) { setGrant(input: {queueId: $q, role: AGENT, permission: SEE, effect: ALLOW}) {
		grant { queue { name } category { id } role permission effect } `+refusal+` } }`, vars{"q": queueID})
	grant.want("setGrant.grant.queue.name", "Very important")
	h.ask(t, h.Ada, `{ grants { nodes { role permission effect queue { name } } } }`, nil).want("grants.nodes.0.permission", "SEE")
	h.ask(t, h.Ada, `mutation($q: ID!) { removeGrant(input: {queueId: $q, role: AGENT, permission: SEE}) { `+refusal+` } }`, vars{"q": queueID})
	h.ask(t, h.Ada, `{ grants { nodes { role } } }`, nil).want("grants.nodes", []any{})

	h.ask(t, h.Ada, `mutation($m: ID!) { setMemberRole(input: {memberId: $m, role: AGENT}) { member { role } `+refusal+` } }`,
		vars{"m": memberID(h.Bob)}).want("setMemberRole.member.role", "AGENT")
	h.ask(t, h.Bob, `mutation($m: ID!) { saveAgent(input: {memberId: $m, skills: ["fax"], languages: ["en"], capacity: 3}) {
		member { agent { skills languages availability capacity } } `+refusal+` } }`, vars{"m": memberID(h.Bob)}).
		want("saveAgent.member.agent.skills", []string{"fax"})
	h.ask(t, h.Bob, `mutation { setMyLocale(input: {locale: "ja"}) { member { locale } `+refusal+` } }`, nil).want("setMyLocale.member.locale", "ja")
	h.ask(t, h.Bob, `mutation { setMyTimeZone(input: {timeZone: "Asia/Tokyo"}) { member { timeZone } `+refusal+` } }`, nil).
		want("setMyTimeZone.member.timeZone", "Asia/Tokyo")

	members := h.ask(t, h.Sam, `{ members(orderBy: {field: NAME}, where: {role: {in: [AGENT, ADMIN], eq: AGENT}}, first: 2) { nodes { name role agent { capacity } } edges { cursor } pageInfo { hasNextPage endCursor } } teams { nodes { name } } }`, nil)
	members.want("members.pageInfo.hasNextPage", true)
	h.ask(t, h.Sam, `query($after: Cursor) { members(orderBy: {field: NAME}, where: {role: {eq: AGENT}}, after: $after) { nodes { name } } }`,
		vars{"after": members.at("members.pageInfo.endCursor")}).want("members.nodes.0.name", "Dana")
}
