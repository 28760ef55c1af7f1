package sqlstore

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/search"
)

// documents reads what can be found of messages and tickets as it stands now, in no
// order. A message that is deleted can't be found.
func (c Conn) documents(ctx context.Context, all []found) ([]*search.Document, error) {
	var messages []id.Message
	var tickets []id.Ticket
	for _, f := range all {
		if f.message != 0 {
			messages = append(messages, f.message)
		} else {
			tickets = append(tickets, f.ticket)
		}
	}
	var said, opened []*search.Document
	var err error
	if len(messages) > 0 {
		these, list := among(c, "m.id", messages)
		if said, err = c.messageDocuments(ctx, these, list); err != nil {
			return nil, err
		}
	}
	if len(tickets) > 0 {
		these, list := among(c, "t.id", tickets)
		opened, err = c.ticketDocuments(ctx, these, list)
	}
	return append(said, opened...), err
}

// messageDocuments reads those of the messages m.
func (c Conn) messageDocuments(ctx context.Context, these string, args ...any) ([]*search.Document, error) {
	return collect(ctx, c, scanMessageDocument, `SELECT m.id, m.workspace_id, m.ticket_id, m.kind = 'note', m.occurred_at, COALESCE(v.body, ''),
		m.author_id, COALESCE(a.name, ''), t.requester_id, r.name
		FROM messages m CROSS JOIN tickets t JOIN members r ON r.id = t.requester_id
		LEFT JOIN members a ON a.id = m.author_id`+versionJoin+` WHERE t.id = m.ticket_id AND m.deleted_at = 0 AND `+these, args...)
}

func scanMessageDocument(row scanner) (*search.Document, error) {
	d := &search.Document{}
	var at, author, requester int64
	var body, authorName, requesterName string
	err := row.Scan((*int64)(&d.Message), (*int64)(&d.Workspace), (*int64)(&d.Ticket), &d.Internal, &at, &body,
		&author, &authorName, &requester, &requesterName)
	d.Place, d.At = search.PlaceOf(d.Message, false), Moment(at)
	kind := search.Said
	if d.Internal {
		kind = search.Noted
	}
	d.Parts = append(d.Parts, search.Part{Kind: kind, Text: body})
	if author != 0 {
		d.Parts = append(d.Parts, search.Part{Kind: search.Author, Text: authorName, ID: author})
	}
	if requester != author {
		d.Parts = append(d.Parts, search.Part{Kind: search.Requester, Text: requesterName, ID: requester})
	}
	return d, err
}

// searchedTicket is a ticket with all by which it is found.
type searchedTicket struct {
	public, staff *search.Document
	participants  []id.Member
	tags          []id.Tag
}

// ticketDocuments gives two documents of each of the tickets t: one for those who may see
// it, and one for those who may read its notes, if it holds anything.
func (c Conn) ticketDocuments(ctx context.Context, these string, args ...any) ([]*search.Document, error) {
	all, err := collect(ctx, c, scanSearchedTicket, `SELECT t.id, t.workspace_id, t.opened_at, t.subject, t.answers, t.participants, t.tags,
		t.requester_id, r.name, COALESCE(t.assignee_id, 0), COALESCE(a.name, '')
		FROM tickets t JOIN members r ON r.id = t.requester_id LEFT JOIN members a ON a.id = t.assignee_id WHERE `+these, args...)
	if err != nil {
		return nil, err
	}
	var members []id.Member
	var tags []id.Tag
	for _, t := range all {
		members, tags = append(members, t.participants...), append(tags, t.tags...)
	}
	people, err := names(ctx, c, `SELECT m.id, m.name FROM members m WHERE `, "m.id", members)
	if err != nil {
		return nil, err
	}
	words, err := names(ctx, c, `SELECT g.id, n.name FROM tags g JOIN tags n ON n.id = g.target_id WHERE `, "g.id", tags)
	if err != nil {
		return nil, err
	}
	var documents []*search.Document
	for _, t := range all {
		documents = append(documents, t.finish(people, words)...)
	}
	return documents, nil
}

// names reads what those of the IDs are called; none, if there are no IDs.
func names[T ~int64](ctx context.Context, c Conn, text, column string, ids []T) (map[T]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	these, list := among(c, column, slices.Compact(ids))
	all := make(map[T]string, len(ids))
	return all, c.each(ctx, func(row scanner) error {
		var n int64
		var name string
		err := row.Scan(&n, &name)
		all[T(n)] = name
		return err
	}, text+these, list)
}

func scanSearchedTicket(row scanner) (*searchedTicket, error) {
	d := &search.Document{}
	t := &searchedTicket{public: d}
	var at, requester, assignee int64
	var subject, answers, participants, tags, requesterName, assigneeName string
	if err := row.Scan((*int64)(&d.Ticket), (*int64)(&d.Workspace), &at, &subject, &answers, &participants, &tags,
		&requester, &requesterName, &assignee, &assigneeName); err != nil {
		return nil, err
	}
	d.Place, d.At = search.PlaceOf(d.Ticket, false), Moment(at)
	staff := *d
	staff.Place, staff.Internal = search.PlaceOf(d.Ticket, true), true
	t.staff = &staff
	if subject != "" {
		d.Parts = append(d.Parts, search.Part{Kind: search.Subject, Text: subject})
	}
	var filled []category.Answer
	if err := fromJSON(answers, &filled); err != nil {
		return nil, err
	}
	for _, a := range filled {
		to := d
		if a.Internal {
			to = t.staff
		}
		to.Parts = append(to.Parts, search.Part{Kind: search.Answer, Label: a.Label, Text: a.Value})
	}
	d.Parts = append(d.Parts, search.Part{Kind: search.Requester, Text: requesterName, ID: requester})
	if assignee != 0 {
		d.Parts = append(d.Parts, search.Part{Kind: search.Assignee, Text: assigneeName, ID: assignee})
	}
	if err := fromJSON(participants, &t.participants); err != nil {
		return nil, err
	}
	return t, fromJSON(tags, &t.tags)
}

// finish adds who takes part, and what the ticket is marked with.
func (t *searchedTicket) finish(people map[id.Member]string, words map[id.Tag]string) []*search.Document {
	for _, m := range t.participants {
		if name, ok := people[m]; ok {
			t.public.Parts = append(t.public.Parts, search.Part{Kind: search.Participant, Text: name, ID: int64(m)})
		}
	}
	for _, n := range t.tags {
		if name, ok := words[n]; ok {
			t.staff.Parts = append(t.staff.Parts, search.Part{Kind: search.TagName, Text: name, ID: int64(n)})
		}
	}
	if len(t.staff.Parts) == 0 {
		return []*search.Document{t.public}
	}
	return []*search.Document{t.public, t.staff}
}
