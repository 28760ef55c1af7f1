package rest_test

import (
	"net/http"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// row is an operation of the matrix and what becomes of it, caller by caller.
// "$ticket" and the like in path and body stand for IDs; see matrix.outcome.
type row struct {
	name         string // the operation's ID; what follows after a space tells rows of one apart
	method, path string
	body         string
	witness      string // what is found in the answer of a read by who sees it; "" if an answer is enough
	want         rule
	given        []step // what the ticket went through before
}

type step = func(*ticket.Ticket, ticket.Cause) error

func read(name, path, witness string, want rule) row {
	return row{name: name, method: http.MethodGet, path: path, witness: witness, want: want}
}

func post(name, path, body string, want rule, given ...step) row {
	return row{name: name, method: http.MethodPost, path: path, body: body, want: want, given: given}
}

func (r row) by(method string) row { r.method = method; return r }

func rows() []row {
	return slices.Concat(ticketRows(), verbRows(), messageRows(), peopleRows(), houseRows())
}

func resolved(tk *ticket.Ticket, c ticket.Cause) error { return tk.Resolve(c) }

func ticketRows() []row {
	return []row{
		read("listTickets", "/tickets?number=$number", "ticket", shows(access.TicketSee)),
		read("listTickets of a queue", "/tickets?first=100&queue=$queue", "ticket", shows(access.TicketSee)),
		read("listTickets by tag", "/tickets?number=$number&tag=staffs", "ticket", shows(access.NoteSee)),
		read("search", "/search?query=-status:closed&first=100", "ticket", shows(access.TicketSee)),
		read("search by a note", "/search?query=hm&first=100", "note", shows(access.NoteSee)),
		read("getTicket", "/tickets/$ticket", "ticket", follows(access.TicketSee)),
		post("openTicket", "/tickets", `{"categoryId": "$category", "subject": "New"}`, settles(access.TicketOpen)),
		post("openTicket for another", "/tickets", `{"categoryId": "$category", "subject": "New", "requesterId": "$member"}`, settles(access.TicketOpenFor)),
		post("changeTicket", "/tickets/$ticket", `{"priority": "high"}`, needs(access.TicketManage)).by(http.MethodPatch),
		post("changeTicket that resolves", "/tickets/$ticket", `{"status": "resolved"}`, needs(access.TicketResolve)).by(http.MethodPatch),
		post("changeTicket that waits and is marked", "/tickets/$ticket", `{"status": "pending", "tags": ["a"]}`, all(access.TicketWork, access.TicketManage)).by(http.MethodPatch),
		post("changeTicket that unassigns", "/tickets/$ticket", `{"assigneeId": null}`, releases).by(http.MethodPatch),
	}
}

func verbRows() []row {
	return []row{
		post("claimTicket", "/tickets/$ticket/claim", "", needs(access.TicketClaim)),
		post("unassignTicket", "/tickets/$ticket/unassign", "", releases),
		post("assignTicket", "/tickets/$ticket/assign", `{"assigneeId": "$agent"}`, needs(access.TicketManage)),
		post("transferTicket", "/tickets/$ticket/transfer", `{"queueId": "$otherQueue"}`, needs(access.TicketManage)),
		post("recategoriseTicket", "/tickets/$ticket/recategorise", `{"categoryId": "$otherCategory"}`, needs(access.TicketManage)),
		post("pendTicket", "/tickets/$ticket/pend", "", needs(access.TicketWork)),
		post("holdTicket", "/tickets/$ticket/hold", "", needs(access.TicketWork)),
		post("snoozeTicket", "/tickets/$ticket/snooze", `{}`, needs(access.TicketWork)),
		post("wakeTicket", "/tickets/$ticket/wake", "", needs(access.TicketWork)),
		post("resolveTicket", "/tickets/$ticket/resolve", "", needs(access.TicketResolve)),
		post("confirmTicket", "/tickets/$ticket/confirm", "", needs(access.TicketConfirm), resolved),
		post("closeTicket", "/tickets/$ticket/close", "", needs(access.TicketManage), resolved),
		post("reopenTicket", "/tickets/$ticket/reopen", "", needs(access.TicketReopen), resolved),
		read("listTags", "/tickets/$ticket/tags", "", follows(access.TicketSee)),
		post("addTags", "/tickets/$ticket/tags", `{"tags": ["vip"]}`, needs(access.TicketManage)),
		post("removeTag", "/tickets/$ticket/tags/staffs", "", needs(access.TicketManage)).by(http.MethodDelete),
		read("listParticipants", "/tickets/$ticket/participants", "", follows(access.TicketSee)),
		post("addParticipant", "/tickets/$ticket/participants", `{"memberId": "$member"}`, needs(access.TicketManage)),
		post("removeParticipant", "/tickets/$ticket/participants/$member", "", needs(access.TicketManage)).by(http.MethodDelete),
		post("removeParticipant of oneself", "/tickets/$ticket/participants/$caller", "", needs(access.TicketSee)).by(http.MethodDelete),
	}
}

func messageRows() []row {
	return []row{
		read("listMessages", "/tickets/$ticket/messages", "message", follows(access.TicketSee)),
		read("listMessages with notes", "/tickets/$ticket/messages?first=100", "note", within(access.NoteSee)),
		read("listNotes", "/tickets/$ticket/notes", "note", within(access.NoteSee)),
		read("listTimeline", "/tickets/$ticket/timeline?first=100", "message", follows(access.TicketSee)),
		read("listTimeline with notes", "/tickets/$ticket/timeline?first=100", "note", within(access.NoteSee)),
		read("getMessage", "/tickets/$ticket/messages/$message", "message", follows(access.TicketSee)),
		read("getMessage that is a note", "/tickets/$ticket/messages/$note", "note", follows(access.NoteSee)),
		read("listTexts", "/tickets/$ticket/messages/$message/versions", "", follows(access.TicketSee)),
		read("listTexts of a note", "/tickets/$ticket/messages/$note/versions", "", follows(access.NoteSee)),
		post("replyToTicket", "/tickets/$ticket/messages", `{"body": "Yes."}`, needs(access.TicketReply)),
		post("addNote", "/tickets/$ticket/notes", `{"body": "Hm."}`, needs(access.NoteWrite)),
		post("editMessage", "/tickets/$ticket/messages/$own", `{"body": "Mine!"}`, needs(access.TicketSee)).by(http.MethodPatch),
		post("editMessage of another", "/tickets/$ticket/messages/$message", `{"body": "Not mine."}`, needs("")).by(http.MethodPatch),
		post("deleteMessage", "/tickets/$ticket/messages/$own", "", needs(access.TicketSee)).by(http.MethodDelete),
		post("deleteMessage of another", "/tickets/$ticket/messages/$message", "", needs(access.MessageRemove)).by(http.MethodDelete),
		post("deleteMessage that is a note", "/tickets/$ticket/messages/$note", "", unlessHidden(access.NoteSee, access.MessageRemove)).by(http.MethodDelete),
	}
}

func peopleRows() []row {
	return []row{
		read("getMe", "/me", "caller", everybody("seen")),
		post("changeMe", "/me", `{"locale": "en"}`, everybody("done")).by(http.MethodPatch),
		read("listMembers", "/members?first=100", "member", offers(access.MemberSee)),
		read("getMember", "/members/$member", "member", names(access.MemberSee)),
		read("getMember who asks", "/members/$caller", "caller", everybody("seen")),
		post("changeMember", "/members/$member", `{"role": "requester"}`, settles(access.MemberManage)).by(http.MethodPatch),
		read("listAgents", "/agents?first=100", "agent", offers(access.MemberSee)),
		read("getAgent", "/agents/$agent", "agent", names(access.MemberSee)),
		post("changeAgent", "/agents/$agent", `{"capacity": 3}`, settles(access.MemberManage)).by(http.MethodPatch),
		post("changeAgent of oneself", "/agents/$caller", `{"capacity": 3}`, own(access.MemberSee)).by(http.MethodPatch),
		read("listTeams", "/teams", "team", offers(access.MemberSee)),
		read("getTeam", "/teams/$team", "team", names(access.MemberSee)),
		post("createTeam", "/teams", `{"name": "$new"}`, own(access.WorkspaceManage)),
		post("changeTeam", "/teams/$team", `{"queueIds": ["$otherQueue"]}`, settles(access.WorkspaceManage)).by(http.MethodPatch),
		post("bindTeamRole", "/teams/$team/roles", `{"channel": "discord", "externalId": "1"}`, settles(access.WorkspaceManage)),
	}
}

func houseRows() []row {
	return []row{
		read("getWorkspace", "/workspace", "workspace", offers(access.WorkspaceSee)),
		post("changeWorkspace", "/workspace", `{"name": "Desk"}`, own(access.WorkspaceManage)).by(http.MethodPatch),
		read("listQueues", "/queues", "queue", offers(access.WorkspaceSee)),
		read("getQueue", "/queues/$queue", "queue", names(access.WorkspaceSee)),
		post("createQueue", "/queues", `{"name": "$new"}`, own(access.WorkspaceManage)),
		post("changeQueue", "/queues/$otherQueue", `{"name": "Billing"}`, settles(access.WorkspaceManage)).by(http.MethodPatch),
		read("listCategories", "/categories", "category", offers(access.WorkspaceSee)),
		read("getCategory", "/categories/$category", "category", names(access.WorkspaceSee)),
		post("createCategory", "/categories", `{"names": {"en": "New"}, "queueId": "$otherQueue"}`, settles(access.WorkspaceManage)),
		post("changeCategory", "/categories/$otherCategory", `{"position": 2}`, settles(access.WorkspaceManage)).by(http.MethodPatch),
		read("listGrants", "/grants", "grant", offers(access.WorkspaceManage)),
		read("getGrant", "/grants/$grant", "grant", names(access.WorkspaceManage)),
		post("setGrant", "/grants", `{"queueId": "$otherQueue", "role": "agent", "permission": "claim", "effect": "deny"}`, settles(access.WorkspaceManage)).by(http.MethodPut),
		read("listDesks", "/desks", "desk", offers(access.WorkspaceManage)),
		post("setDesk", "/desks/discord", `{"externalId": "4711"}`, settles(access.WorkspaceManage)).by(http.MethodPut),
		post("setQueueDesk", "/queues/$otherQueue/desks/discord", `{"externalId": "4711"}`, settles(access.WorkspaceManage)).by(http.MethodPut),
		// What another workspace has no desk for is removed there without a change here.
		post("removeQueueDesk", "/queues/$otherQueue/desks/discord", "", own(access.WorkspaceManage)).by(http.MethodDelete),
		read("listAuditEntries", "/audit-entries?where={%22object%22:{%22eq%22:%22$grant%22}}", "grant", offers(access.AuditSee)),
		read("listApiKeys", "/api-keys?first=100&orderBy=createdAt", "key", keyed("seen", "nothing")),
		read("getApiKey", "/api-keys/$key", "key", keyed("seen", "not_found")),
		post("createApiKey", "/api-keys", `{"name": "Robot", "scopes": ["ticket.see"]}`, own(access.KeyCreate)),
		post("createApiKey for another", "/api-keys", `{"name": "Robot", "scopes": ["ticket.see"], "memberId": "$member"}`, settles(access.KeyManage)),
		post("revokeApiKey", "/api-keys/$key", "", keyed("done", "not_found")).by(http.MethodDelete),
		read("listSessions", "/sessions?first=100&orderBy=createdAt", "session", sessioned("seen", "nothing")),
		read("getSession", "/sessions/$session", "session", sessioned("seen", "not_found")),
		post("endSession", "/sessions/$session", "", sessioned("done", "not_found")).by(http.MethodDelete),
		post("signOutEverywhere", "/sign-out", `{"memberId": "$member"}`, settles(access.SessionManage)),
		post("createSignInCode", "/sign-in-codes", `{}`, everybody("done")),
		post("createSignInCode for another", "/sign-in-codes", `{"memberId": "$member"}`, settles(access.SessionManage)),
		post("signIn that is no good", "/sessions", `{"code": "AAAA-AAAA-AAAA-AAAA"}`, everybody("unauthenticated")),
		post("refreshSession that is no good", "/sessions/refresh", `{"refreshToken": "tsr_x"}`, everybody("unauthenticated")),
		read("listVocabulary", "/tags", "tag", offers(access.TagSee)),
		read("getTag", "/tags/$tag", "tag", names(access.TagSee)),
		post("createTag", "/tags", `{"name": "$new"}`, own(access.TagCreate)),
		post("changeTag", "/tags/$tag", `{"colour": "#aa0000"}`, settles(access.TagManage)).by(http.MethodPatch),
		post("mergeTags", "/tags/$tag/merge", `{"tagIds": ["$loose"]}`, settles(access.TagManage)),
		post("deleteTag", "/tags/$loose", "", settles(access.TagManage)).by(http.MethodDelete),
		read("listBusinessHours", "/business-hours", "", looks(access.WorkspaceSee)),
		post("changeBusinessHours", "/business-hours", `{"timeZone": "Europe/Paris"}`, own(access.WorkspaceManage)).by(http.MethodPatch),
		post("changeQueueBusinessHours", "/queues/$otherQueue/business-hours", `{"timeZone": "UTC"}`, settles(access.WorkspaceManage)).by(http.MethodPatch),
		post("importHolidays", "/business-hours/holidays", calendarFile, own(access.WorkspaceManage)),
		post("importQueueHolidays", "/queues/$otherQueue/business-hours/holidays", calendarFile, settles(access.WorkspaceManage)),
		// What another workspace has no hours for is removed there without a change here.
		post("removeQueueBusinessHours", "/queues/$otherQueue/business-hours", "", own(access.WorkspaceManage)).by(http.MethodDelete),
		post("removeBusinessHours", "/business-hours", "", own(access.WorkspaceManage)).by(http.MethodDelete),
		post("removeDesk", "/desks/discord", "", own(access.WorkspaceManage)).by(http.MethodDelete),
		read("listSlaPolicies", "/sla-policies", "policy", offers(access.MemberSee)),
		read("getSlaPolicy", "/sla-policies/$policy", "policy", names(access.MemberSee)),
		post("createSlaPolicy", "/sla-policies", `{"name": "$new", "match": {"tags": ["$new"]}, "promises": [{"target": "resolution", "withinSeconds": 60}]}`, own(access.WorkspaceManage)),
		post("changeSlaPolicy", "/sla-policies/$policy", `{"pausedBy": ["pending"]}`, settles(access.WorkspaceManage)).by(http.MethodPatch),
		// What is not there is removed without a change.
		post("removeSlaPolicy", "/sla-policies/sla_1", "", own(access.WorkspaceManage)).by(http.MethodDelete),
		read("listSlaClocks", "/tickets/$ticket/sla-clocks", "", follows(access.TicketSee)),
		post("foreseeSla", "/tickets/$ticket/sla-forecast", `{"terms": {"promises": [{"target": "resolution", "withinSeconds": 60}]}}`, settles(access.WorkspaceManage)),
		read("listLocales", "/locales", "", everybody("seen")),
		read("listWorkspaceLocales", "/workspace/locales", "", looks(access.WorkspaceSee)),
		read("listWorkspaces", "/workspaces?first=100", "workspace", offers(access.WorkspaceSee)),
		read("listChannelLinks", "/channel-links", "place", offers(access.WorkspaceManage)),
		post("createChannelLinkCode", "/channel-link-codes", `{"channel": "discord"}`, own(access.WorkspaceManage)),
		post("removeChannelLink", "/channel-links/discord/$place", "", settles(access.WorkspaceManage)).by(http.MethodDelete),
		read("getDigestPlan", "/queues/$queue/digest-plan", "plan", names(access.MemberSee)),
		post("changeDigestPlan", "/queues/$queue/digest-plan", `{"pings": true}`, settles(access.WorkspaceManage)).by(http.MethodPatch),
		post("removeDigestPlan", "/queues/$otherQueue/digest-plan", "", settles(access.WorkspaceManage)).by(http.MethodDelete),
		read("listDigests", "/queues/$queue/digests", "digest", gathered("forbidden", "nothing")),
		read("getDigest", "/digests/$digest", "digest", gathered("not_found", "not_found")),
		read("getSlaReport", "/sla-report?from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z", "queue", reported),
		read("listChannelReports", "/channel-reports", "", looks(access.MemberSee)),
		post("createUpload", "/attachments", `{"name": "bread.txt"}`, own(access.TicketOpen)),
		read("getAttachment", "/attachments/$attachment", "attachment", follows(access.TicketSee)),
		post("changeTickets", "/tickets/bulk", `{"tickets": [{"id": "$ticket"}], "changes": {"priority": "high"}}`, needs(access.TicketManage)),
		post("changeTickets that resolves", "/tickets/bulk", `{"tickets": [{"id": "$ticket"}], "changes": {"status": "resolved"}}`, needs(access.TicketResolve)),
		post("removeGrant", "/grants/$passing", "", settles(access.WorkspaceManage)).by(http.MethodDelete),
	}
}
