package sqlstore

import (
	"context"
	"strconv"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Messages implements ticket.Repository.
func (r *TicketRepository) Messages(ctx context.Context, v ticket.Visibility, w page.Window, tickets ...id.Ticket) (map[id.Ticket]page.Page[*ticket.Message], error) {
	c := r.store.Read(ctx)
	keys := []sortKey{{column: "m.occurred_at"}, {column: "m.id"}}
	q := newSelection(c, `SELECT `+messageColumns+` FROM (SELECT m.*, `+place("m.ticket_id", w, keys)+`
		FROM messages m JOIN tickets t ON t.id = m.ticket_id WHERE `)
	q.readable(v, "m.kind <> 'note'")
	q.and(among(c, "m.ticket_id", tickets))
	q.edges(w, keys...)
	q.add(`) m` + versionJoin + places("m", w))
	found, err := collect(ctx, c, scanMessage, q.text(), q.args...)
	if err != nil {
		return nil, failed("list messages", err)
	}
	return pages(w, found, tickets, func(m *ticket.Message) id.Ticket { return m.Ticket }), nil
}

// Timeline implements ticket.Repository.
func (r *TicketRepository) Timeline(ctx context.Context, v ticket.Visibility, w page.Window, tickets ...id.Ticket) (map[id.Ticket]page.Page[event.Envelope], error) {
	c := r.store.Read(ctx)
	keys := []sortKey{{column: "e.sequence"}}
	q := newSelection(c, `SELECT `+envelopeColumns+` FROM (SELECT e.*, `+place("e.ticket_id", w, keys)+`
		FROM events e JOIN tickets t ON t.id = e.ticket_id AND t.workspace_id = e.workspace_id WHERE `)
	q.readable(v, "NOT e.internal")
	q.and(among(c, "e.ticket_id", tickets))
	q.edges(w, keys...)
	q.add(`) e` + places("e", w))
	found, err := collect(ctx, c, scanEnvelope, q.text(), q.args...)
	if err != nil {
		return nil, failed("read history", err)
	}
	return pages(w, found, tickets, func(e event.Envelope) id.Ticket { return e.Ticket }), nil
}

// readable adds that the ticket t may be seen, and that what it holds is public
// or that notes may be seen.
func (q *selection) readable(v ticket.Visibility, public string) {
	q.allowed(v.See)
	q.add(" AND (" + public + " OR (")
	q.allowed(v.Notes)
	q.add("))")
}

// place numbers the rows of each ticket in the direction in which the window is read.
func place(ticketColumn string, w page.Window, keys []sortKey) string {
	return `ROW_NUMBER() OVER (PARTITION BY ` + ticketColumn + ` ORDER BY ` + orderBy(w.Backward, keys) + `) AS place`
}

// places keeps, of each ticket, one row more than the window holds.
func places(alias string, w page.Window) string {
	return ` WHERE ` + alias + `.place <= ` + strconv.Itoa(w.Limit+1) + ` ORDER BY ` + alias + `.ticket_id, ` + alias + `.place`
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

// MessagesByID implements ticket.Repository.
func (r *TicketRepository) MessagesByID(ctx context.Context, v ticket.Visibility, ids ...id.Message) (map[id.Message]*ticket.Message, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT `+messageColumns+` FROM messages m JOIN tickets t ON t.id = m.ticket_id`+versionJoin+` WHERE `)
	q.readable(v, "m.kind <> 'note'")
	q.and(among(c, "m.id", ids))
	found := make(map[id.Message]*ticket.Message, len(ids))
	err := c.each(ctx, func(row scanner) error {
		m, err := scanMessage(row)
		if err == nil {
			found[m.ID] = m
		}
		return err
	}, q.text(), q.args...)
	return found, failed("find messages", err)
}

// Versions implements ticket.Repository.
func (r *TicketRepository) Versions(ctx context.Context, v ticket.Visibility, f access.TicketFilter, ids ...id.Message) (map[id.Message][]ticket.Version, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT v.message_id, v.number, v.body, v.author_id, v.at FROM message_versions v
		JOIN messages m ON m.id = v.message_id JOIN tickets t ON t.id = m.ticket_id WHERE `)
	q.readable(v, "m.kind <> 'note'")
	q.add(" AND (")
	q.allowed(f)
	q.add(")")
	q.and(among(c, "v.message_id", ids))
	q.add(" ORDER BY v.message_id, v.number")
	found := make(map[id.Message][]ticket.Version, len(ids))
	err := c.each(ctx, func(row scanner) error {
		var v ticket.Version
		var at int64
		err := row.Scan((*int64)(&v.Message), &v.Number, &v.Body, (*int64)(&v.By), &at)
		v.At = Moment(at)
		found[v.Message] = append(found[v.Message], v)
		return err
	}, q.text(), q.args...)
	return found, failed("read versions", err)
}

// Participants implements ticket.Repository.
func (r *TicketRepository) Participants(ctx context.Context, f access.TicketFilter, tickets ...id.Ticket) (map[id.Ticket][]*member.Member, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT `+memberColumns+`, tp.ticket_id FROM ticket_participants tp
		JOIN tickets t ON t.id = tp.ticket_id JOIN members m ON m.id = tp.member_id WHERE `)
	q.allowed(f)
	q.and(among(c, "tp.ticket_id", tickets))
	q.add(" ORDER BY m.name, m.id")
	found := make(map[id.Ticket][]*member.Member, len(tickets))
	err := c.each(ctx, func(row scanner) error {
		m := &member.Member{}
		var t id.Ticket
		into, finish := memberFields(m)
		err := row.Scan(append(into, (*int64)(&t))...)
		finish()
		found[t] = append(found[t], m)
		return err
	}, q.text(), q.args...)
	return found, failed("find participants", err)
}
