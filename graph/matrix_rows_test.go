package graph_test

import (
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// The rows of the matrix: one for each field of Query, Mutation and Subscription,
// and one for each type of node. What follows the name after a space tells rows of
// one field apart. "$ticket" and the like stand for IDs; cell.values has them all.
//
// A read is seen when the answer holds the ID that is named last but one.

func queryRows() []row {
	return []row{
		read("Query.viewer", `{ viewer { id } }`, "caller", everybody("seen")),
		read("Query.workspace", `{ workspace { id } }`, "workspace", offers(access.WorkspaceSee)),
		read("Query.node", `query($ticket: ID!) { node(id: $ticket) { id } }`, "ticket", shows(access.TicketSee)),
		read("Query.nodes", `query($ticket: ID!) { nodes(ids: [$ticket]) { id } }`, "ticket", shows(access.TicketSee)),
		read("Query.ticket", `query($ticket: ID!) { ticket(id: $ticket) { id } }`, "ticket", shows(access.TicketSee)),
		read("Query.ticketByNumber", `query($number: Int!) { ticketByNumber(number: $number) { id } }`, "ticket", shows(access.TicketSee)),
		read("Query.tickets", `query($number: Int!) { tickets(where: {number: {eq: $number}}) { nodes { id } } }`, "ticket", shows(access.TicketSee)),
		read("Query.tickets of a queue", `query($queue: ID!) { tickets(first: 100, where: {queue: {eq: $queue}}) { nodes { id } } }`, "ticket", shows(access.TicketSee)),
		read("Query.tickets by tag", `query($number: Int!) { tickets(where: {number: {eq: $number}, tag: {eq: "staffs"}}) { nodes { id } } }`, "ticket", shows(access.NoteSee)),
		read("Query.workspace and its links", `{ workspace { links { externalId } } }`, "place", shows(access.WorkspaceManage)),
		read("Query.workspace and its desks", `{ workspace { desks { externalId } } }`, "desk", shows(access.WorkspaceManage)),
		read("Query.workspaces", `{ workspaces(first: 100) { nodes { id } } }`, "workspace", offers(access.WorkspaceSee)),
		read("Query.categories", `{ categories { nodes { id } } }`, "category", offers(access.WorkspaceSee)),
		read("Query.queues", `{ queues { nodes { id } } }`, "queue", offers(access.WorkspaceSee)),
		read("Query.teams", `{ teams { nodes { id } } }`, "team", offers(access.MemberSee)),
		read("Query.members", `{ members(first: 100) { nodes { id } } }`, "member", offers(access.MemberSee)),
		read("Query.grants", `{ grants { nodes { id } } }`, "grant", offers(access.WorkspaceManage)),
		read("Query.businessHours", `{ businessHours { nodes { id } } }`, "hours", offers(access.WorkspaceSee)),
		read("Query.slaPolicies", `{ slaPolicies { nodes { id } } }`, "policy", offers(access.MemberSee)),
		read("Query.digestPlan", `query($queue: ID!) { digestPlan(queueId: $queue) { id } }`, "plan", offers(access.MemberSee)),
		read("Query.digests", `query($queue: ID!) { digests(queueId: $queue) { nodes { id } } }`, "digest", gathered("FORBIDDEN")),
		read("Query.slaReport", `{ slaReport(from: "2026-01-01T00:00:00Z", to: "2026-12-31T00:00:00Z", where: {}) { queue { id } } }`, "queue", reported),
		read("Query.slaForecast", `query($ticket: ID!, $policy: ID!) { slaForecast(ticketId: $ticket, policyId: $policy) { clocks { policy { id } } } }`,
			"policy", offers(access.WorkspaceManage)),
		read("Query.auditEntries", `query($grant: ID!) { auditEntries(where: {object: {eq: $grant}}) { nodes { objectId } } }`, "grant", offers(access.AuditSee)),
		read("Query.apiKeys", `{ apiKeys(first: 100, orderBy: [{field: CREATED_AT}]) { nodes { id } } }`, "key", keyed("seen", "nothing")),
		read("Query.sessions", `{ sessions(first: 100, orderBy: [{field: CREATED_AT}]) { nodes { id } } }`, "session", sessioned("seen", "nothing")),
		read("Query.tags", `{ tags { nodes { id } } }`, "tag", offers(access.TagSee)),
		read("Query.tags of a ticket", `query($number: Int!) { ticketByNumber(number: $number) { tagDetails { id } } }`, "tag", shows(access.NoteSee)),
		read("Query.tickets by a tag's ID", `query($number: Int!, $tag: ID!) { tickets(where: {number: {eq: $number}, tagId: {eq: $tag}}) { nodes { id } } }`, "ticket", shows(access.NoteSee)),
		read("Query.searchTickets", `{ searchTickets(query: "-status:closed", first: 100) { nodes { ticket { id } } } }`, "ticket", shows(access.TicketSee)),
		read("Query.searchTickets by a note", `{ searchTickets(query: "hm", first: 100) { nodes { message { id } } } }`, "note", shows(access.NoteSee)),
		read("Query.supportedLocales", `{ supportedLocales viewer { id } }`, "caller", everybody("seen")),
		read("Query.rateLimit", `{ rateLimit { cost } viewer { id } }`, "caller", everybody("seen")),
	}
}

func nodeRows() []row {
	return []row{
		node("Node.Ticket", "ticket", shows(access.TicketSee)),
		node("Node.Message", "message", shows(access.TicketSee)),
		node("Node.Message that is a note", "note", shows(access.NoteSee)),
		node("Node.Member", "member", shows(access.MemberSee)),
		node("Node.Member who asks", "caller", everybody("seen")),
		node("Node.Workspace", "workspace", shows(access.WorkspaceSee)),
		node("Node.Category", "category", shows(access.WorkspaceSee)),
		node("Node.Queue", "queue", shows(access.WorkspaceSee)),
		node("Node.Team", "team", shows(access.MemberSee)),
		node("Node.Grant", "grant", shows(access.WorkspaceManage)),
		node("Node.SlaPolicy", "policy", shows(access.MemberSee)),
		node("Node.BusinessHours", "hours", shows(access.WorkspaceSee)),
		node("Node.DigestPlan", "plan", shows(access.MemberSee)),
		node("Node.Digest", "digest", gathered("nothing")),
		node("Node.ApiKey", "key", shows(access.KeyManage)),
		node("Node.Session", "session", shows(access.SessionManage)),
		node("Node.Tag", "tag", shows(access.TagSee)),
	}
}

func subscriptionRows() []row {
	return []row{
		read("Subscription.ticketEvents", `subscription($ticket: ID!, $begin: Cursor) { ticketEvents(ticketId: $ticket, after: $begin) {
			node { ... on MessagePostedEvent { message { id } } } } }`, "message", follows(access.TicketSee)),
		read("Subscription.queueEvents", `subscription($queue: ID!, $begin: Cursor) { queueEvents(queueId: $queue, after: $begin) { ticket { id } } }`,
			"ticket", queueReached),
		read("Subscription.digestEvents", `subscription($queue: ID!, $start: Cursor) { digestEvents(queueId: $queue, after: $start) { node { id } } }`,
			"digest", queueReached),
		read("Subscription.alertEvents", `subscription($queue: ID!, $start: Cursor) { alertEvents(queueId: $queue, after: $start) { ticket { id } } }`,
			"urgent", queueReached),
		read("Subscription.myEvents", `subscription($begin: Cursor) { myEvents(after: $begin) { ticket { id } } }`, "ticket", personal),
	}
}

func ticketRows() []row {
	return []row{
		change("Mutation.openTicket", vars{"categoryId": "$category", "body": "x"}, settles(access.TicketOpen)),
		change("Mutation.openTicket for another", vars{"categoryId": "$category", "body": "x", "requesterId": "$member"}, settles(access.TicketOpenFor)),
		change("Mutation.replyToTicket", vars{"ticketId": "$ticket", "body": "x"}, needs(access.TicketReply)),
		change("Mutation.createUpload", vars{"name": "x.txt"}, everybody("done")),
		change("Mutation.addNote", vars{"ticketId": "$ticket", "body": "x"}, needs(access.NoteWrite)),
		change("Mutation.editMessage", vars{"ticketId": "$ticket", "messageId": "$message", "body": "x"}, nobodyAfter(access.TicketSee)),
		change("Mutation.editMessage that is a note", vars{"ticketId": "$ticket", "messageId": "$note", "body": "x"}, nobodyAfter(access.NoteSee)),
		change("Mutation.editMessage of one's own", vars{"ticketId": "$ticket", "messageId": "$own", "body": "x"}, needs(access.TicketSee)),
		change("Mutation.deleteMessage", vars{"ticketId": "$ticket", "messageId": "$message"}, needs(access.MessageRemove)),
		change("Mutation.deleteMessage that is a note", vars{"ticketId": "$ticket", "messageId": "$note"}, unlessHidden(access.NoteSee, access.MessageRemove)),
		change("Mutation.deleteMessage of one's own", vars{"ticketId": "$ticket", "messageId": "$own"}, needs(access.TicketSee)),
		change("Mutation.claimTicket", vars{"ticketId": "$ticket"}, needs(access.TicketClaim)),
		change("Mutation.assignTicket", vars{"ticketId": "$ticket", "assigneeId": "$agent"}, needs(access.TicketManage)),
		change("Mutation.unassignTicket", vars{"ticketId": "$ticket"}, releases),
		change("Mutation.transferTicket", vars{"ticketId": "$ticket", "queueId": "$otherQueue"}, needs(access.TicketManage)),
		change("Mutation.recategoriseTicket", vars{"ticketId": "$ticket", "categoryId": "$otherCategory"}, needs(access.TicketManage)),
		change("Mutation.setTicketPriority", vars{"ticketId": "$ticket", "priority": "HIGH"}, needs(access.TicketManage)),
		change("Mutation.addTicketTags", vars{"ticketId": "$ticket", "tags": "x"}, needs(access.TicketManage)),
		change("Mutation.removeTicketTags", vars{"ticketId": "$ticket", "tags": "staffs"}, needs(access.TicketManage)),
		change("Mutation.updateTicketFields", vars{"ticketId": "$ticket", "answers": vars{"key": "remark", "value": "x"}}, needs(access.TicketManage)),
		change("Mutation.updateTicketFields that people may change", vars{"ticketId": "$ticket", "answers": vars{"key": "phone", "value": "x"}}, needs(access.TicketAmend)),
		change("Mutation.addTicketParticipant", vars{"ticketId": "$ticket", "memberId": "$member"}, needs(access.TicketManage)),
		change("Mutation.removeTicketParticipant", vars{"ticketId": "$ticket", "memberId": "$member"}, needs(access.TicketManage)),
		change("Mutation.removeTicketParticipant oneself", vars{"ticketId": "$ticket", "memberId": "$caller"}, needs(access.TicketSee)),
		change("Mutation.markTicketPending", vars{"ticketId": "$ticket"}, needs(access.TicketWork)),
		change("Mutation.putTicketOnHold", vars{"ticketId": "$ticket"}, needs(access.TicketWork)),
		change("Mutation.snoozeTicket", vars{"ticketId": "$ticket"}, needs(access.TicketWork)),
		change("Mutation.wakeTicket", vars{"ticketId": "$ticket"}, needs(access.TicketWork)),
		change("Mutation.resolveTicket", vars{"ticketId": "$ticket"}, needs(access.TicketResolve)),
		change("Mutation.confirmTicket", vars{"ticketId": "$ticket"}, needs(access.TicketConfirm), (*ticket.Ticket).Resolve),
		change("Mutation.closeTicket", vars{"ticketId": "$ticket"}, needs(access.TicketManage), (*ticket.Ticket).Resolve),
		change("Mutation.reopenTicket", vars{"ticketId": "$ticket"}, needs(access.TicketReopen), (*ticket.Ticket).Resolve, (*ticket.Ticket).Close),
	}
}

func bulkRows() []row {
	these := vars{"id": "$ticket"}
	return []row{
		change("Mutation.bulkAssignTickets", vars{"tickets": these, "assigneeId": "$agent"}, needs(access.TicketManage)),
		change("Mutation.bulkTransferTickets", vars{"tickets": these, "queueId": "$otherQueue"}, needs(access.TicketManage)),
		change("Mutation.bulkTagTickets", vars{"tickets": these, "add": "x"}, needs(access.TicketManage)),
		change("Mutation.bulkSetTicketPriority", vars{"tickets": these, "priority": "HIGH"}, needs(access.TicketManage)),
		change("Mutation.bulkSetTicketStatus to pending", vars{"tickets": these, "status": "PENDING"}, needs(access.TicketWork)),
		change("Mutation.bulkSetTicketStatus to on hold", vars{"tickets": these, "status": "ON_HOLD"}, needs(access.TicketWork)),
		change("Mutation.bulkSetTicketStatus to resolved", vars{"tickets": these, "status": "RESOLVED"}, needs(access.TicketResolve)),
		change("Mutation.bulkSetTicketStatus to closed", vars{"tickets": these, "status": "CLOSED"}, needs(access.TicketManage), (*ticket.Ticket).Resolve),
		change("Mutation.bulkSetTicketStatus to open", vars{"tickets": these, "status": "OPEN"}, needs(access.TicketReopen),
			(*ticket.Ticket).Resolve, (*ticket.Ticket).Close),
	}
}

func configRows() []row {
	name := vars{"locale": "en", "text": "Invoice"}
	return []row{
		change("Mutation.updateWorkspace", vars{"name": "Desk"}, own(access.WorkspaceManage)),
		change("Mutation.setLossPolicy", vars{"onSurfaceLost": "REBUILD"}, own(access.WorkspaceManage)),
		change("Mutation.createChannelLinkCode", vars{"channel": "DISCORD"}, own(access.WorkspaceManage)),
		change("Mutation.setDesk", vars{"queueId": "$otherQueue", "externalId": "$desk"}, settles(access.WorkspaceManage)),
		// What another workspace has no desk for is removed there without a change here.
		change("Mutation.removeDesk", vars{"queueId": "$queue"}, own(access.WorkspaceManage)),
		change("Mutation.removeChannelLink", vars{"channel": "DISCORD", "externalId": "$place"}, settles(access.WorkspaceManage)),
		change("Mutation.saveQueue", vars{"id": "$otherQueue", "name": "Billing"}, settles(access.WorkspaceManage)),
		change("Mutation.saveQueue that is new", vars{"name": "$new"}, own(access.WorkspaceManage)),
		change("Mutation.saveTeam", vars{"id": "$team", "name": "Billing team", "queueIds": "$otherQueue"}, settles(access.WorkspaceManage)),
		change("Mutation.bindTeamRole", vars{"teamId": "$team", "role": vars{"channel": "DISCORD", "externalId": "1"}}, settles(access.WorkspaceManage)),
		change("Mutation.saveCategory", vars{"id": "$otherCategory", "queueId": "$otherQueue", "names": name}, settles(access.WorkspaceManage)),
		change("Mutation.setGrant", vars{"queueId": "$otherQueue", "role": "AGENT", "permission": "CLAIM", "effect": "DENY"}, settles(access.WorkspaceManage)),
		// What another workspace has no grant for is removed there without a change here.
		change("Mutation.removeGrant", vars{"queueId": "$otherQueue", "role": "AGENT", "permission": "CLAIM"}, own(access.WorkspaceManage)),
		change("Mutation.saveBusinessHours", vars{"timeZone": "Europe/Paris", "always": true}, own(access.WorkspaceManage)),
		change("Mutation.saveBusinessHours of a queue", vars{"queueId": "$otherQueue", "timeZone": "UTC", "always": true}, settles(access.WorkspaceManage)),
		// What another workspace has no hours for is removed there without a change here.
		change("Mutation.removeBusinessHours", vars{"queueId": "$otherQueue"}, own(access.WorkspaceManage)),
		change("Mutation.importHolidays", vars{"queueId": "$queue", "iCalendar": calendarFile}, settles(access.WorkspaceManage)),
		change("Mutation.saveSlaPolicy", vars{"id": "$policy", "name": "Fast"}, settles(access.WorkspaceManage)),
		// What another workspace has no policy for is removed there without a change here.
		change("Mutation.removeSlaPolicy", vars{"id": "$sparePolicy"}, own(access.WorkspaceManage)),
		change("Mutation.saveDigestPlan", vars{"queueId": "$queue", "pings": true}, settles(access.WorkspaceManage)),
		change("Mutation.removeDigestPlan", vars{"queueId": "$otherQueue"}, settles(access.WorkspaceManage)),
		change("Mutation.createApiKey", vars{"name": "Robot", "scopes": "TICKET_SEE"}, own(access.KeyCreate)),
		change("Mutation.createApiKey for another", vars{"name": "Robot", "scopes": "TICKET_SEE", "memberId": "$member"}, settles(access.KeyManage)),
		change("Mutation.revokeApiKey", vars{"apiKeyId": "$key"}, keyed("done", "NOT_FOUND")),
		change("Mutation.createSignInCode", vars{}, everybody("done")),
		change("Mutation.createSignInCode for another", vars{"memberId": "$member"}, settles(access.SessionManage)),
		change("Mutation.exchangeSignInCode that is no good", vars{"code": "AAAA-AAAA-AAAA-AAAA"}, everybody("UNAUTHENTICATED")),
		change("Mutation.refreshSession that is no good", vars{"refreshToken": "tsr_x"}, everybody("UNAUTHENTICATED")),
		change("Mutation.endSession", vars{"sessionId": "$session"}, sessioned("done", "NOT_FOUND")),
		change("Mutation.signOutEverywhere", vars{"memberId": "$member"}, settles(access.SessionManage)),
		change("Mutation.createTag", vars{"name": "$new"}, own(access.TagCreate)),
		change("Mutation.updateTag", vars{"tagId": "$spare", "colour": "#aa0000"}, settles(access.TagManage)),
		change("Mutation.mergeTags", vars{"tagIds": "$spare", "intoId": "$tag"}, settles(access.TagManage)),
		change("Mutation.deleteTag", vars{"tagId": "$spare"}, settles(access.TagManage)),
		change("Mutation.setMemberRole", vars{"memberId": "$member", "role": "REQUESTER"}, settles(access.MemberManage)),
		change("Mutation.setMyLocale", vars{"locale": "en"}, everybody("done")),
		change("Mutation.setMyTimeZone", vars{"timeZone": "Europe/Paris"}, everybody("done")),
		change("Mutation.saveAgent", vars{"memberId": "$agent", "capacity": 3}, settles(access.MemberManage)),
		change("Mutation.saveAgent of oneself", vars{"memberId": "$caller", "capacity": 3}, own(access.MemberSee)),
	}
}
