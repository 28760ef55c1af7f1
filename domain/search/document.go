package search

import (
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
)

// PartKind is what a part of a document is.
type PartKind string

// The kinds of parts.
const (
	Subject     PartKind = "subject"
	Answer      PartKind = "answer" // of the form
	Said        PartKind = "message"
	Noted       PartKind = "note"
	TagName     PartKind = "tag"
	Author      PartKind = "author"
	Requester   PartKind = "requester"
	Assignee    PartKind = "assignee"
	Participant PartKind = "participant"
)

// PartKinds lists the kinds of parts.
func PartKinds() []PartKind {
	return []PartKind{Subject, Answer, Said, Noted, TagName, Author, Requester, Assignee, Participant}
}

// weight is how much it means that something is found in such a part.
func (k PartKind) weight() int64 {
	switch k {
	case Subject:
		return 4
	case TagName, Author, Requester, Assignee, Participant:
		return 3
	case Answer:
		return 2
	case Said, Noted:
	}
	return 1
}

// Part is a text by which a document is found.
type Part struct {
	Kind  PartKind
	Label string // of an answer: the question
	Text  string // what stands there; of a person or a tag: the name
	ID    int64  // of a person or a tag, by which the index knows it; 0: by its text
}

// Document is what is found as one: a message; or a ticket, by its subject, its form and
// its people; or a ticket by what only staff knows of it, its tags and internal fields.
type Document struct {
	Place     int64 // newest is highest; see PlaceOf
	Workspace id.Workspace
	Ticket    id.Ticket
	Message   id.Message // 0: the ticket
	Internal  bool       // for those who may read the ticket's notes
	At        time.Time  // when it was written, or the ticket opened
	Parts     []Part
}

// PlaceOf gives the place of a message or a ticket among all documents: that of what was
// made later is higher. What only staff knows of a ticket has the place after the ticket's.
// The highest bit of IDs stays free until 2059.
func PlaceOf[T ~int64](made T, internal bool) int64 {
	if internal {
		return 2*int64(made) + 1
	}
	return 2 * int64(made)
}

// mark begins tokens that no text has.
const mark = '\ue000'

// breach stands between the parts of a document, so that no phrase begins in one of
// them and ends in the next.
const breach = string(mark)

func special(kind byte, of int64) string {
	return string(mark) + string(kind) + strconv.FormatInt(of, 36)
}

// OfWorkspace is the token of all that belongs to a workspace.
func OfWorkspace(w id.Workspace) string { return special('w', int64(w)) }

// OfTicket is the token of all that stands in a ticket.
func OfTicket(t id.Ticket) string { return special('k', int64(t)) }

// OfPerson is the token of what somebody wrote, and of tickets that they have to do with.
func OfPerson(m id.Member) string { return special('m', int64(m)) }

// OfTag is the token of tickets that are marked with it.
func OfTag(t id.Tag) string { return special('t', int64(t)) }

// Tokens gives what the document is found by, in its order.
func (d *Document) Tokens() []string {
	all := append(make([]string, 0, 32), OfWorkspace(d.Workspace), OfTicket(d.Ticket))
	for _, p := range d.Parts {
		switch {
		case p.ID == 0:
			all = append(all, breach)
			for _, t := range Tokens(p.Text) {
				all = append(all, t.Text)
			}
		case p.Kind == TagName:
			all = append(all, OfTag(id.Tag(p.ID)))
		default:
			all = append(all, OfPerson(id.Member(p.ID)))
		}
	}
	return all
}
