package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// tickets registers what is asked of tickets as a whole.
func (s *server) tickets() {
	spec := ticketList()
	pages(s, operation{
		id: "listTickets", path: "/tickets", tag: tagTickets, summary: "List tickets",
		about: "The tickets that the caller may see, newest activity first unless ordered otherwise. Parameters such as status narrow what where finds.",
		codes: []fault.Code{fault.Forbidden},
	}, source[TicketsInput, *ticket.View, Ticket]{
		list: spec, narrow: spec.narrowTickets,
		fetch: func(ctx context.Context, c access.Call, _ *TicketsInput, q query.Query, r page.Request) (page.Page[*ticket.View], error) {
			return s.Tickets.List(ctx, c, ticket.Query(q), r)
		},
		count: func(ctx context.Context, c access.Call, _ *TicketsInput, q query.Query) (int, error) {
			return s.Tickets.Count(ctx, c, ticket.Query(q))
		},
		cursor: func(q query.Query, v *ticket.View) page.Cursor { return ticket.Query(q).CursorOf(v.Ticket) },
		show: func(_ context.Context, c access.Call, rows []*ticket.View) ([]Ticket, error) {
			return each(rows, func(v *ticket.View) Ticket { return showTicket(c.Actor, v) }), nil
		},
	})
	fetch(s, operation{
		id: "getTicket", path: "/tickets/{ticketId}", tag: tagTickets, summary: "Show a ticket", codes: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, c access.Call, in *struct {
		TicketPath
		Conditional
	},
	) (shown[Ticket], error) {
		return s.ticket(ctx, c, in.id())
	})
	change(s, operation{
		id: "openTicket", path: "/tickets", tag: tagTickets, summary: "Open a ticket", status: http.StatusCreated,
		about: "For the caller, or as staff for another member. The category's greeting is posted in the requester's language.",
		codes: []fault.Code{fault.Forbidden, fault.NotFound},
	}, s.open, func(ctx context.Context, c access.Call, _ *OpenInput, t string) (shown[Ticket], error) {
		return s.ticket(ctx, c, opaque.TicketOf(t))
	})
	change(s, operation{
		id: "changeTicket", method: http.MethodPatch, path: "/tickets/{ticketId}", tag: tagTickets, summary: "Change a ticket",
		about: "All of what the body names, in one step, or nothing. What is left out stays; null takes away. Each part needs what its own operation needs.",
		codes: changed,
	}, s.amend, func(ctx context.Context, c access.Call, in *AmendInput, _ string) (shown[Ticket], error) {
		return s.ticket(ctx, c, in.id())
	})
}

// changed are the codes by which changes of a ticket are refused.
var changed = []fault.Code{fault.Forbidden, fault.NotFound, fault.Conflict, fault.Transition}

// ticket finds a ticket to show.
func (s *server) ticket(ctx context.Context, c access.Call, t id.Ticket) (shown[Ticket], error) {
	v, err := s.Tickets.Get(ctx, c, t)
	if err != nil {
		return shown[Ticket]{}, err
	}
	body := showTicket(c.Actor, v)
	return shown[Ticket]{&body, v.Version}, nil
}

// TicketPath names a ticket.
type TicketPath struct {
	TicketID string `path:"ticketId" doc:"The ticket's ID."`
}

func (p TicketPath) id() id.Ticket { return opaque.TicketOf(p.TicketID) }

func (p TicketPath) ref(version int64) ticket.Ref { return ticket.Ref{ID: p.id(), Version: version} }

// AnswerInput is what is filled into a field.
type AnswerInput struct {
	Key      string   `json:"key" doc:"The field's key. Each field at most once; the last one counts."`
	Value    *string  `json:"value,omitempty" nullable:"true" doc:"A text, a number such as 12.5, a day such as 2026-03-01, or an option by its name for programs."`
	Values   []string `json:"values,omitempty" nullable:"true" doc:"Options by their names for programs, of a field that takes several."`
	MemberID *string  `json:"memberId,omitempty" nullable:"true" doc:"A member, of a field that takes one."`
}

// given gives what is filled in, by field key.
func given(all []AnswerInput) map[string]category.Given {
	values := make(map[string]category.Given, len(all))
	for _, a := range all {
		g := category.Given{Texts: a.Values}
		if a.Value != nil {
			g.Texts = append(g.Texts, *a.Value)
		}
		if a.MemberID != nil {
			g.Member = opaque.Of[id.Member](opaque.Member, *a.MemberID)
		}
		values[a.Key] = g
	}
	return values
}

// OpenInput is a wish to open a ticket.
type OpenInput struct {
	Keyed

	Body Opening
}

// Opening is a ticket to open.
type Opening struct {
	CategoryID  string        `json:"categoryId" doc:"What it is about."`
	Subject     string        `json:"subject,omitempty" doc:"What it is called, at most 200 characters; else it comes from the form or from the first message."`
	Body        string        `json:"body,omitempty" doc:"The first message, at most 10000 characters; else it comes from the form."`
	Answers     []AnswerInput `json:"answers,omitempty" nullable:"false" doc:"What is filled into the category's form."`
	RequesterID *string       `json:"requesterId,omitempty" nullable:"true" doc:"For whom staff opens it; else for the caller."`
}

func (s *server) open(ctx context.Context, c access.Call, in *OpenInput, _ int64) (string, error) {
	wish := ticket.OpenInput{
		Category: opaque.Of[id.Category](opaque.Category, in.Body.CategoryID), Subject: in.Body.Subject, Body: in.Body.Body,
		Answers: given(in.Body.Answers),
	}
	if in.Body.RequesterID != nil {
		wish.Requester = opaque.Of[id.Member](opaque.Member, *in.Body.RequesterID)
	}
	t, err := s.Tickets.Open(ctx, c, wish)
	if err != nil {
		return "", err
	}
	return external(opaque.Ticket, t.ID), nil
}

// AmendInput is what is to be different about a ticket.
type AmendInput struct {
	TicketPath
	Expecting

	Body Amendment
}

// Amendment is what is to be different about a ticket.
type Amendment struct {
	Status     *string         `json:"status,omitempty" enum:"new,open,pending,on_hold,resolved,closed" doc:"Where it is to stand, if it does not yet; open reopens it before all else, and nothing becomes new again."`
	Priority   *string         `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"How much it matters."`
	AssigneeID Field[string]   `json:"assigneeId,omitzero" doc:"The agent who is to have it; null leaves it to its queue."`
	QueueID    *string         `json:"queueId,omitempty" doc:"Where it is to wait."`
	CategoryID *string         `json:"categoryId,omitempty" doc:"Its category, and that one's queue. Not together with answers."`
	Tags       Field[[]string] `json:"tags,omitzero" doc:"All of staff's marks that it is to have, 1 to 40 characters each; null: none."`
	Answers    []AnswerInput   `json:"answers,omitempty" nullable:"false" doc:"New values of fields; one that is named without a value loses it."`
}

// amend makes one step of all that is to be different.
func (s *server) amend(ctx context.Context, c access.Call, in *AmendInput, version int64) (string, error) {
	verbs, err := s.amendments(ctx, c, in.id(), in.Body)
	if err != nil {
		return "", err
	}
	_, err = s.Tickets.Change(ctx, c, in.ref(version), together(in.Body.Status, verbs))
	return in.TicketID, err
}

// together makes one verb of all, and of the status that the ticket is to have; nil:
// whichever comes of them.
func together(status *string, verbs []ticket.Verb) ticket.Verb {
	if status == nil {
		return ticket.Together(verbs...)
	}
	return ticket.Reaching(ticket.Status(*status), verbs...)
}

func (s *server) amendments(ctx context.Context, c access.Call, t id.Ticket, a Amendment) ([]ticket.Verb, error) {
	var verbs []ticket.Verb
	add := func(v ticket.Verb) { verbs = append(verbs, v) }
	if a.CategoryID != nil && len(a.Answers) > 0 {
		return nil, fault.New(fault.Invalid, "fault.ticket.category_and_answers").On("answers")
	}
	if len(a.Answers) > 0 {
		add(ticket.Filling(ticket.Ref{ID: t}, given(a.Answers)))
	}
	if a.CategoryID != nil {
		add(ticket.Recategorising(opaque.Of[id.Category](opaque.Category, *a.CategoryID)))
	}
	if a.QueueID != nil {
		add(ticket.Transferring(opaque.Of[id.Queue](opaque.Queue, *a.QueueID)))
	}
	if a.Priority != nil {
		add(ticket.Prioritising(priority.Level(*a.Priority)))
	}
	if a.Tags.Set {
		add(ticket.Marking(a.Tags.Value))
	}
	switch {
	case a.AssigneeID.Null:
		add(ticket.Unassigning())
	case a.AssigneeID.Set:
		add(ticket.Assigning(opaque.Of[id.Member](opaque.Member, a.AssigneeID.Value)))
	}
	_, err := s.Tickets.Get(ctx, c, t) // whoever changes nothing must see it as well
	return verbs, err
}
