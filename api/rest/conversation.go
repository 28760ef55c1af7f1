package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// messageList is what a ticket's messages can be chosen and ordered by.
func messageList() list {
	return list{
		name: "MessageWhere",
		columns: columns{
			"kind":       words(ticket.FieldKind, "On for whom it is.", "reply", "note", "system"),
			"side":       words(ticket.FieldSide, "On for whom its author spoke.", "requester", "staff", "system"),
			"author":     ids(ticket.FieldAuthor, opaque.Member, "On who wrote it; there is none where the helpdesk itself spoke.", query.IsNull),
			"occurredAt": moments(ticket.FieldOccurredAt, "On when it was written."),
		},
		orders: sorted(ticket.FieldOccurredAt),
	}
}

// ContentInput chooses what a ticket has.
type ContentInput struct {
	TicketPath
	Paging
}

// said gives a ticket's messages page by page, as far as they meet the condition.
func (s *server) said(must ...query.Condition) source[ContentInput, *ticket.Message, Message] {
	return source[ContentInput, *ticket.Message, Message]{
		list: messageList(),
		narrow: func(_ access.Call, _ *ContentInput, q *query.Query) error {
			if len(must) > 0 {
				q.Where = query.Where{Conditions: must, And: []query.Where{q.Where}}
			}
			return nil
		},
		fetch: func(ctx context.Context, c access.Call, in *ContentInput, q query.Query, r page.Request) (page.Page[*ticket.Message], error) {
			if _, err := s.Tickets.Get(ctx, c, in.id()); err != nil {
				return page.Page[*ticket.Message]{}, err
			}
			found, err := s.Tickets.Messages(ctx, c, q, r, in.id())
			return found[in.id()], err
		},
		count: func(ctx context.Context, c access.Call, in *ContentInput, q query.Query) (int, error) {
			found, err := s.Tickets.MessageCounts(ctx, c, q.Where, in.id())
			return found[in.id()], err
		},
		cursor: func(q query.Query, m *ticket.Message) page.Cursor {
			return ticket.MessageTerms().CursorOf(q, m.SortKey)
		},
		show: s.messages,
	}
}

// conversation registers what is said and what happened in tickets.
func (s *server) conversation() {
	hidden := []fault.Code{fault.NotFound}
	pages(s, operation{
		id: "listMessages", path: "/tickets/{ticketId}/messages", tag: tagMessages, summary: "List what was said in a ticket", codes: hidden,
		about: "Oldest first unless ordered otherwise; notes only for staff, in conditions and counts too.",
	}, s.said())
	pages(s, operation{
		id: "listNotes", path: "/tickets/{ticketId}/notes", tag: tagMessages, summary: "List the notes of a ticket", codes: hidden,
		about: "What staff said among themselves, oldest first unless ordered otherwise; none for anybody else.",
	}, s.said(query.Condition{Field: ticket.FieldKind, Op: query.Eq, Values: []any{string(ticket.Note)}}))
	say(s, operation{
		id: "replyToTicket", path: "/tickets/{ticketId}/messages", summary: "Reply in a ticket",
		about: "For all in the ticket. A requester's reply reopens one that waits or is resolved. The version is the ticket's.",
	}, s.Tickets.Reply)
	say(s, operation{id: "addNote", path: "/tickets/{ticketId}/notes", home: "messages", summary: "Write a note in a ticket", about: "For staff alone. The version is the ticket's."}, s.Tickets.AddNote)
	fetch(s, operation{id: "getMessage", path: "/tickets/{ticketId}/messages/{messageId}", tag: tagMessages, summary: "Show a message or a note", codes: hidden},
		func(ctx context.Context, c access.Call, in *struct {
			MessagePath
			Conditional
		},
		) (shown[Message], error) {
			return s.message(ctx, c, in.id(), in.message())
		})
	fetch(s, operation{
		id: "listTexts", path: "/tickets/{ticketId}/messages/{messageId}/versions", tag: tagMessages, summary: "List all that a message said", codes: hidden,
	}, func(ctx context.Context, c access.Call, in *struct {
		MessagePath
		Conditional
	},
	) (shown[Texts], error) {
		found, err := s.message(ctx, c, in.id(), in.message())
		if err != nil {
			return shown[Texts]{}, err
		}
		texts, err := s.texts(ctx, c, in.message())
		return shown[Texts]{texts, found.version}, err
	})
	s.rewriting()
	s.timeline()
}

// rewriting registers what is done to messages.
func (s *server) rewriting() {
	change(s, operation{
		id: "editMessage", method: http.MethodPatch, path: "/tickets/{ticketId}/messages/{messageId}", tag: tagMessages, codes: changed,
		summary: "Give a message another text", about: "One of the caller's own. Staff finds the old text in its history.",
	}, func(ctx context.Context, c access.Call, in *EditInput, version int64) (string, error) {
		_, err := s.Tickets.EditMessage(ctx, c, ticket.Ref{ID: in.id(), MessageVersion: version}, in.message(), in.Body.Body)
		return in.MessageID, err
	}, func(ctx context.Context, c access.Call, in *EditInput, _ string) (shown[Message], error) {
		return s.message(ctx, c, in.id(), in.message())
	})
	change(s, operation{
		id: "deleteMessage", method: http.MethodDelete, path: "/tickets/{ticketId}/messages/{messageId}", tag: tagMessages, codes: changed,
		summary: "Take a message out of sight", about: "One of the caller's own, or as staff anybody's. It stays in the history for staff.",
	}, func(ctx context.Context, c access.Call, in *MessageInput, version int64) (string, error) {
		_, err := s.Tickets.DeleteMessage(ctx, c, ticket.Ref{ID: in.id(), MessageVersion: version}, in.message())
		return in.MessageID, err
	}, func(ctx context.Context, c access.Call, in *MessageInput, _ string) (shown[Message], error) {
		return s.message(ctx, c, in.id(), in.message())
	})
}

// MessagePath names a message of a ticket.
type MessagePath struct {
	TicketPath

	MessageID string `path:"messageId" doc:"The message's ID."`
}

func (p MessagePath) message() id.Message { return opaque.Of[id.Message](opaque.Message, p.MessageID) }

// The inputs of what is said.
type (
	// SayInput is a text for a ticket.
	SayInput struct {
		TicketPath
		Expecting

		Body Saying
	}
	// Saying is a text for a ticket.
	Saying struct {
		Body          string   `json:"body,omitempty" doc:"What to say, at most 10000 characters; may be left out where files speak."`
		AttachmentIDs []string `json:"attachmentIds,omitempty" nullable:"false" doc:"Files that the caller uploaded before, at most 10."`
	}
	// MessageInput names a message.
	MessageInput struct {
		MessagePath
		Expecting
	}
	// EditInput is a new text of a message.
	EditInput struct {
		MessageInput

		Body struct {
			Body string `json:"body" doc:"The text, at most 10000 characters."`
		} `nameHint:"Edit"`
	}
)

// say registers a way to say something in a ticket.
func say(s *server, o operation, do func(context.Context, access.Call, ticket.Ref, string, ...file.Enclosure) (*ticket.Message, error)) {
	o.tag, o.status, o.codes = tagMessages, http.StatusCreated, changed
	change(s, o, func(ctx context.Context, c access.Call, in *SayInput, version int64) (string, error) {
		with := make([]file.Enclosure, len(in.Body.AttachmentIDs))
		for i, a := range in.Body.AttachmentIDs {
			with[i].Upload = opaque.Of[id.Attachment](opaque.Attachment, a)
		}
		m, err := do(ctx, c, in.ref(version), in.Body.Body, with...)
		if err != nil {
			return "", err
		}
		return external(opaque.Message, m.ID), nil
	}, func(ctx context.Context, c access.Call, in *SayInput, m string) (shown[Message], error) {
		return s.message(ctx, c, in.id(), opaque.Of[id.Message](opaque.Message, m))
	})
}

// message finds a message of the ticket to show.
func (s *server) message(ctx context.Context, c access.Call, t id.Ticket, m id.Message) (shown[Message], error) {
	found, err := s.Tickets.MessagesByID(ctx, c, m)
	if err != nil {
		return shown[Message]{}, err
	}
	if found[m] == nil || found[m].Ticket != t {
		if _, err := s.Tickets.Get(ctx, c, t); err != nil {
			return shown[Message]{}, err
		}
		return shown[Message]{}, ticket.ErrMessageNotFound
	}
	all, err := s.messages(ctx, c, []*ticket.Message{found[m]})
	if err != nil {
		return shown[Message]{}, err
	}
	return shown[Message]{&all[0], found[m].Version}, nil
}
