package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// readable adds that the ticket t may be seen, and that what it holds is public
// or that notes may be seen.
func (q *selection) readable(v ticket.Visibility, public string) {
	q.allowed(v.See)
	q.add(" AND (" + public + " OR (")
	q.allowed(v.Notes)
	q.add("))")
}

// MessagesByID implements ticket.Repository.
func (r *TicketRepository) MessagesByID(ctx context.Context, v ticket.Visibility, ids ...id.Message) (map[id.Message]*ticket.Message, error) {
	c := r.store.Read(ctx)
	q := newLookup(c, `SELECT `+messageColumns+` FROM messages m JOIN tickets t ON t.id = m.ticket_id`+versionJoin+` WHERE `)
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
	q := newLookup(c, `SELECT v.message_id, v.number, v.body, v.author_id, v.at FROM message_versions v
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
	q := newLookup(c, `SELECT `+memberColumns+`, tp.ticket_id FROM ticket_participants tp
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
