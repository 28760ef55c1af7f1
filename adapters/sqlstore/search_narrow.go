package sqlstore

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// within tells the index in which tickets to look, or where one of the phrases stands.
func (f *finding) within(tickets []id.Ticket, or ...search.Phrase) {
	where := search.Alternatives(or)
	for _, t := range tickets {
		where = append(where, search.Phrase{Tokens: []string{search.OfTicket(t)}})
	}
	f.ask.Words.Every = append(slices.Clip(f.ask.Words.Every), where)
}

// mostOwn is how many tickets of one person are looked through one by one.
const mostOwn = 200

// narrow tells the index where somebody's tickets are who may see no others, so that it
// does not look for them among everybody's.
func (f *finding) narrow(ctx context.Context) error {
	s := f.see.See
	if s.All || s.AnyQueue || len(s.Queues)+len(s.Categories) > 0 {
		return nil
	}
	q := newSelection(f.conn, "")
	var own alternatives
	if s.AsAssignee {
		own.add(`SELECT x.id FROM tickets x WHERE x.workspace_id = ? AND x.assignee_id = ?`, int64(s.Workspace), int64(s.Member))
	}
	if s.AsParticipant {
		own.add(`SELECT p.ticket_id FROM ticket_participants p WHERE p.member_id = ?`, int64(s.Member))
	}
	for i, c := range own {
		q.add([]string{"SELECT * FROM (", " UNION "}[min(i, 1)]+c.text, c.args...)
	}
	tickets := []id.Ticket(nil)
	if len(own) > 0 {
		q.add(`) AS own LIMIT ` + strconv.Itoa(mostOwn+1))
		var err error
		if tickets, err = collect(ctx, f.conn, number[id.Ticket], q.text(), q.args...); err != nil {
			return err
		}
	}
	if len(tickets) > mostOwn {
		return nil
	}
	f.within(tickets, search.Phrase{Tokens: []string{search.OfPerson(s.Member)}})
	return nil
}

// mostFew is how many tickets a filter may leave for them to be looked through one by one.
const mostFew = 500

// few gives the tickets outside of which nothing can be found, if a filter leaves so few and an
// index tells them: a word that is everywhere is then looked for in these, rather than these
// among all that has the word.
func (f *finding) few(ctx context.Context) (tickets []id.Ticket, known bool, err error) {
	var all []*selection
	for _, w := range f.ask.Where.And {
		if len(w.Conditions) == 1 && w.Conditions[0].Op == query.In {
			all = append(all, f.having(w.Conditions[0])...)
		}
	}
	if f.ask.Attached == search.WithFiles {
		all = append(all, newSelection(f.conn, `SELECT x.ticket_id FROM attachments x WHERE x.message_id <> 0 AND x.until_version = 0
			AND x.workspace_id = ?`, int64(f.see.See.Workspace)))
	}
	for _, q := range all {
		q.add(" LIMIT " + strconv.Itoa(mostFew+1))
		these, err := collect(ctx, f.conn, number[id.Ticket], q.text(), q.args...)
		if err != nil {
			return nil, false, err
		}
		if len(these) <= mostFew && (!known || len(these) < len(tickets)) {
			tickets, known = these, true
		}
	}
	return tickets, known, nil
}

// having asks an index for the tickets of which a condition may be true, if there is one.
func (f *finding) having(c query.Condition) []*selection {
	rows := `SELECT t.id FROM tickets t WHERE t.workspace_id = ? AND `
	switch c.Field {
	case query.FieldID, ticket.FieldRequester:
	case ticket.FieldAssignee:
		rows += `t.assignee_id IS NOT NULL AND `
	case ticket.FieldTag:
		rows = `SELECT g.ticket_id FROM tag_names n JOIN tags s ON s.target_id = n.tag_id
			JOIN ticket_tags g ON g.workspace_id = n.workspace_id AND g.tag_id = s.id WHERE n.workspace_id = ? AND `
	default:
		return nil
	}
	a, q := ticketAspects[c.Field], newSelection(f.conn, rows, int64(f.see.See.Workspace))
	text, list := amongValues(f.conn, a, a.folded(c).Values)
	q.add(text, list)
	return []*selection{q}
}

// searchTerms are what tickets are compared by: as in lists, but that the tags are those of one
// ticket after the other, as they are met.
func searchTerms(notes access.TicketFilter) terms {
	all := ticketTerms(notes)
	all.aspects = maps.Clone(all.aspects)
	tag := all.aspects[ticket.FieldTag]
	tag.list = `EXISTS (SELECT 1 FROM ticket_tags g JOIN tags s ON s.id = g.tag_id
		JOIN tag_names n ON n.workspace_id = g.workspace_id AND n.tag_id = s.target_id WHERE g.ticket_id = t.id AND `
	all.aspects[ticket.FieldTag] = tag
	return all
}
