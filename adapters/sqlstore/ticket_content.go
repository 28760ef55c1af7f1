package sqlstore

import (
	"context"
	"strconv"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// content is a kind of rows that tickets have many of, listed ticket by ticket.
type content[T any] struct {
	terms

	alias   string // of its table
	columns string
	from    string // its table, the ticket t joined
	join    string // what else the columns need
	public  string // condition of what is not for staff only
	scan    func(scanner) (T, error)
	of      func(T) id.Ticket
	order   query.Terms
}

var messageAspects = map[query.Field]aspect{
	query.FieldID:          {column: "m.id", ordered: true},
	ticket.FieldKind:       {column: "m.kind", text: true},
	ticket.FieldSide:       {column: "m.side", text: true},
	ticket.FieldAuthor:     {column: "NULLIF(m.author_id, 0)", nullable: true},
	ticket.FieldOccurredAt: {column: "m.occurred_at", ordered: true},
}

func messageContent() content[*ticket.Message] {
	return content[*ticket.Message]{
		terms: terms{aspects: messageAspects}, alias: "m", columns: messageColumns,
		from: `messages m JOIN tickets t ON t.id = m.ticket_id`, join: versionJoin, public: "m.kind <> 'note'",
		scan: scanMessage, of: func(m *ticket.Message) id.Ticket { return m.Ticket }, order: ticket.MessageTerms(),
	}
}

var eventAspects = map[query.Field]aspect{
	ticket.FieldType:       {column: "e.type", text: true},
	ticket.FieldActor:      {column: "NULLIF(e.actor_id, 0)", nullable: true},
	ticket.FieldSequence:   {column: "e.sequence", ordered: true},
	ticket.FieldOccurredAt: {column: "e.occurred_at", ordered: true},
}

func eventContent() content[event.Envelope] {
	return content[event.Envelope]{
		terms: terms{aspects: eventAspects}, alias: "e", columns: envelopeColumns,
		from: `events e JOIN tickets t ON t.id = e.ticket_id AND t.workspace_id = e.workspace_id`, public: "NOT e.internal",
		scan: scanEnvelope, of: func(e event.Envelope) id.Ticket { return e.Ticket }, order: ticket.TimelineTerms(),
	}
}

// Messages implements ticket.Repository.
func (r *TicketRepository) Messages(ctx context.Context, v ticket.Visibility, q query.Query, w page.Window, tickets ...id.Ticket) (map[id.Ticket]page.Page[*ticket.Message], error) {
	found, err := messageContent().pages(ctx, r.store.Read(ctx), v, q, w, tickets)
	return found, failed("list messages", err)
}

// MessageCounts implements ticket.Repository.
func (r *TicketRepository) MessageCounts(ctx context.Context, v ticket.Visibility, where query.Where, tickets ...id.Ticket) (map[id.Ticket]int, error) {
	found, err := messageContent().counts(ctx, r.store.Read(ctx), v, where, tickets)
	return found, failed("count messages", err)
}

// Timeline implements ticket.Repository.
func (r *TicketRepository) Timeline(ctx context.Context, v ticket.Visibility, q query.Query, w page.Window, tickets ...id.Ticket) (map[id.Ticket]page.Page[event.Envelope], error) {
	found, err := eventContent().pages(ctx, r.store.Read(ctx), v, q, w, tickets)
	return found, failed("read history", err)
}

// TimelineCounts implements ticket.Repository.
func (r *TicketRepository) TimelineCounts(ctx context.Context, v ticket.Visibility, where query.Where, tickets ...id.Ticket) (map[id.Ticket]int, error) {
	found, err := eventContent().counts(ctx, r.store.Read(ctx), v, where, tickets)
	return found, failed("count history", err)
}

// pages gives a page of each ticket's rows, in one statement: the rows of each
// ticket are numbered in the direction in which the window is read, and one more
// than it holds is kept.
func (l content[T]) pages(ctx context.Context, c Conn, v ticket.Visibility, asked query.Query, w page.Window, tickets []id.Ticket) (map[id.Ticket]page.Page[T], error) {
	keys := l.sorted(l.order.Keys(asked))
	q := newSelection(c, `SELECT `+l.columns+` FROM (SELECT `+l.alias+`.*, ROW_NUMBER() OVER (PARTITION BY `+l.alias+`.ticket_id ORDER BY `+
		orderBy(w.Backward, keys)+`) AS place FROM `+l.from+` WHERE `)
	if err := l.chosen(q, v, asked.Where, tickets); err != nil {
		return nil, err
	}
	q.edges(w, keys...)
	q.add(`) ` + l.alias + l.join + ` WHERE ` + l.alias + `.place <= ` + strconv.Itoa(w.Limit+1) +
		` ORDER BY ` + l.alias + `.ticket_id, ` + l.alias + `.place`)
	found, err := collect(ctx, c, l.scan, q.text(), q.args...)
	if err != nil {
		return nil, err
	}
	return pages(w, found, tickets, l.of), nil
}

// counts counts what a query finds of each ticket's rows, in one statement.
func (l content[T]) counts(ctx context.Context, c Conn, v ticket.Visibility, where query.Where, tickets []id.Ticket) (map[id.Ticket]int, error) {
	q := newSelection(c, `SELECT `+l.alias+`.ticket_id, COUNT(*) FROM `+l.from+` WHERE `)
	if err := l.chosen(q, v, where, tickets); err != nil {
		return nil, err
	}
	q.add(` GROUP BY ` + l.alias + `.ticket_id`)
	found := make(map[id.Ticket]int, len(tickets))
	err := c.each(ctx, func(row scanner) error {
		var t id.Ticket
		var n int
		err := row.Scan((*int64)(&t), &n)
		found[t] = n
		return err
	}, q.text(), q.args...)
	return found, err
}

// chosen adds which rows are wanted: of these tickets, that may be read, that
// meet the conditions. Codes: invalid.
func (l content[T]) chosen(q *selection, v ticket.Visibility, where query.Where, tickets []id.Ticket) error {
	q.readable(v, l.public)
	q.and(among(q.conn, l.alias+".ticket_id", tickets))
	return q.matching(where, l.terms)
}

// pages cuts a page of each ticket's rows.
func pages[T any](w page.Window, found []T, tickets []id.Ticket, of func(T) id.Ticket) map[id.Ticket]page.Page[T] {
	rows := make(map[id.Ticket][]T, len(tickets))
	for _, row := range found {
		rows[of(row)] = append(rows[of(row)], row)
	}
	all := make(map[id.Ticket]page.Page[T], len(tickets))
	for _, t := range tickets {
		if _, done := all[t]; !done {
			all[t] = page.Cut(w, rows[t])
		}
	}
	return all
}
