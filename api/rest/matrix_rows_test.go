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

func rows() []row { return slices.Concat(ticketRows(), verbRows(), messageRows(), peopleRows()) }

func resolved(tk *ticket.Ticket, c ticket.Cause) error { return tk.Resolve(c) }

func ticketRows() []row {
	return []row{
		read("listTickets", "/tickets?number=$number", "ticket", shows(access.TicketSee)),
		read("listTickets of a queue", "/tickets?first=100&queue=$queue", "ticket", shows(access.TicketSee)),
		read("listTickets by tag", "/tickets?number=$number&tag=staffs", "ticket", shows(access.NoteSee)),
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
	}
}
