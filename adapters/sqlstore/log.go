package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Log implements ticket.Repository.
func (r *TicketRepository) Log(ctx context.Context, w id.Workspace, after int64, limit int, tickets ...id.Ticket) ([]event.Envelope, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT `+envelopeColumns+` FROM events e WHERE e.workspace_id = ? AND e.sequence > ?`, int64(w), after)
	if len(tickets) > 0 {
		q.and(among(c, "e.ticket_id", tickets))
	}
	q.add(` ORDER BY e.sequence LIMIT ?`, limit)
	found, err := collect(ctx, c, scanEnvelope, q.text(), q.args...)
	return found, failed("read the log", err)
}

// Moves implements ticket.Repository.
func (r *TicketRepository) Moves(ctx context.Context, w id.Workspace, after int64, types []event.Type, tickets ...id.Ticket) ([]event.Envelope, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT `+envelopeColumns+` FROM events e WHERE e.workspace_id = ? AND e.sequence > ?`, int64(w), after)
	q.and(among(c, "e.ticket_id", tickets))
	q.and(amongTexts(c, "e.type", types))
	q.add(` ORDER BY e.sequence`)
	found, err := collect(ctx, c, scanEnvelope, q.text(), q.args...)
	return found, failed("read what moved tickets", err)
}

// Head implements ticket.Repository.
func (r *TicketRepository) Head(ctx context.Context, w id.Workspace) (int64, error) {
	head, err := one(ctx, r.store.Read(ctx), nil, number[int64],
		`SELECT COALESCE(MAX(e.sequence), 0) FROM events e WHERE e.workspace_id = ?`, int64(w))
	return head, failed("find the end of the log", err)
}
