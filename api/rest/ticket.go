package rest

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Ticket is a request for help.
type Ticket struct {
	ID           string    `json:"id" doc:"Identifies the ticket."`
	Number       int64     `json:"number" doc:"Its number in the workspace, from 1 and without gaps."`
	Version      int64     `json:"version" doc:"Rises with each change of the ticket itself, for If-Match; messages and notes do not raise it."`
	Subject      string    `json:"subject" doc:"What it is about, at most 200 characters."`
	Status       string    `json:"status" enum:"new,open,pending,on_hold,resolved,closed" doc:"Where it stands."`
	Priority     string    `json:"priority" enum:"low,normal,high,urgent" doc:"How much it matters."`
	Requester    *Person   `json:"requester" doc:"Who asked for help."`
	Assignee     *Person   `json:"assignee" doc:"The agent who has it; null while nobody does."`
	Queue        *InQueue  `json:"queue" doc:"Where it waits."`
	CategoryID   string    `json:"categoryId" doc:"What was chosen when it was opened, or later by staff."`
	Tags         []string  `json:"tags" nullable:"false" doc:"Staff's marks, in alphabetical order. Empty for who may not see notes."`
	Answers      []Answer  `json:"answers" nullable:"false" doc:"What the category's fields hold, in their order: those of its form, and for staff those that staff keeps."`
	Locale       string    `json:"locale" doc:"The language that it was opened in."`
	Channel      string    `json:"channel" doc:"Where it shows besides this API; api: nowhere."`
	OpenedAt     string    `json:"openedAt" format:"date-time" doc:"When it was opened."`
	ActivityAt   string    `json:"activityAt" format:"date-time" doc:"When something last happened in it."`
	FirstReplyAt *string   `json:"firstReplyAt" format:"date-time" doc:"When staff first replied; null before."`
	ResolvedAt   *string   `json:"resolvedAt" format:"date-time" doc:"When it was resolved; null while it is not."`
	ClosedAt     *string   `json:"closedAt" format:"date-time" doc:"When it was closed; null while it is not."`
	Turn         string    `json:"turn" enum:"staff,requester,nobody" doc:"Who is to do something next."`
	IsSnoozed    bool      `json:"isSnoozed" doc:"Whether staff put it off; false for who may not see notes."`
	SnoozedUntil *string   `json:"snoozedUntil" format:"date-time" doc:"When its snooze ends, if the requester says nothing before; null when it is not snoozed, or only until then, and for who may not see notes."`
	Deadline     *string   `json:"deadline" format:"date-time" doc:"When the first promise is broken whose clock runs, or was; null while none runs, and for who may not see notes."`
	LastMessage  *LastSaid `json:"lastMessage" doc:"The newest public message; null while there is none."`
	MessageCount int64     `json:"messageCount" doc:"How many public messages there are, deleted ones included."`
}

// TransformSchema lets what may be missing be null.
func (Ticket) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "assignee", "lastMessage")
}

// InQueue is the queue of a ticket.
type InQueue struct {
	ID   string `json:"id" doc:"Identifies the queue."`
	Name string `json:"name" doc:"Its name."`
}

// LastSaid is the newest message of a ticket, as a list shows it.
type LastSaid struct {
	ID         string  `json:"id" doc:"Identifies the message."`
	Side       string  `json:"side" enum:"requester,staff,system" doc:"For whom its author spoke."`
	AuthorID   *string `json:"authorId" doc:"Who wrote it; null for the helpdesk itself."`
	Body       string  `json:"body" doc:"What it says now; empty once it is deleted."`
	OccurredAt string  `json:"occurredAt" format:"date-time" doc:"When it was written."`
}

// Answer is what a field of a ticket holds, with the question as it was asked.
type Answer struct {
	Key        string   `json:"key" doc:"The field's name for programs."`
	Label      string   `json:"label" doc:"The question."`
	Type       string   `json:"type" enum:"text,number,choice,multi_choice,date,member" doc:"What kind of value it is."`
	Value      string   `json:"value" doc:"The value for people: the text, the number, the day, the options' names, the member's name."`
	Options    []string `json:"options" nullable:"false" doc:"The options that were chosen, by their names for programs; empty unless it is a choice."`
	Number     *float64 `json:"number" doc:"The number; null unless it is one."`
	MemberID   *string  `json:"memberId" doc:"The member; null unless it is one."`
	IsInternal bool     `json:"isInternal" doc:"Whether staff keeps it and nobody else sees it."`
}

// showTicket shows a ticket as the actor may see it.
func showTicket(a access.Actor, v *ticket.View) Ticket {
	staff := access.Allowed(a, access.NoteSee, v.Scope(a))
	t := Ticket{
		ID: external(opaque.Ticket, v.ID), Number: v.Number, Version: v.Version, Subject: v.Subject,
		Status: string(v.Status), Priority: string(v.Priority), Requester: person(v.RequesterMember), Assignee: person(v.AssigneeMember),
		Queue: inQueue(v.InQueue), CategoryID: external(opaque.Category, v.Category), Tags: []string{}, Answers: answers(v.Answers, staff),
		Locale: string(v.Locale), Channel: outside(string(v.Channel)), OpenedAt: when(v.OpenedAt), ActivityAt: when(v.ActivityAt),
		FirstReplyAt: perhaps(v.FirstReplyAt), ResolvedAt: perhaps(v.ResolvedAt), ClosedAt: perhaps(v.ClosedAt),
		LastMessage: lastSaid(a, v.Last), MessageCount: v.MessageCount, Turn: string(v.TurnFor(staff)), IsSnoozed: staff && v.Snoozed,
	}
	if staff {
		t.SnoozedUntil, t.Deadline = perhaps(v.SnoozedUntil), perhaps(v.Deadline)
	}
	if staff && v.Tags != nil {
		t.Tags = v.Tags
	}
	return t
}

func inQueue(q *queue.Queue) *InQueue {
	return &InQueue{ID: external(opaque.Queue, q.ID), Name: q.Name}
}

func lastSaid(a access.Actor, m *ticket.Message) *LastSaid {
	if m == nil {
		return nil
	}
	return &LastSaid{
		ID: external(opaque.Message, m.ID), Side: string(m.Side), AuthorID: externalOrNone(opaque.Member, m.Author), Body: m.ToldBy(a.Zone),
		OccurredAt: when(m.OccurredAt),
	}
}

// answers shows what fields hold; what staff keeps, to staff.
func answers(all []category.Answer, staff bool) []Answer {
	out := make([]Answer, 0, len(all))
	for _, a := range all {
		if a.Internal && !staff {
			continue
		}
		one := Answer{
			Key: a.Key, Label: a.Label, Type: string(a.Type), Value: a.Value, Options: a.Options,
			MemberID: externalOrNone(opaque.Member, a.Member), IsInternal: a.Internal,
		}
		if one.Options == nil {
			one.Options = []string{}
		}
		switch a.Type {
		case "": // from before there were types
			one.Type = string(category.Text)
		case category.Number:
			number := a.Number
			one.Number = &number
		case category.Text, category.Choice, category.MultiChoice, category.Date, category.Member:
		}
		out = append(out, one)
	}
	return out
}
