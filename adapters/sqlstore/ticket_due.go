package sqlstore

import (
	"context"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// promisedSQL is the version of what a locked ticket's workspace promises.
const promisedSQL = `(SELECT p.promises FROM workspaces p WHERE p.id = t.workspace_id)`

// Due implements ticket.Repository.
func (r *TicketRepository) Due(ctx context.Context, now time.Time, after ticket.Due, limit int) ([]ticket.Due, error) {
	due, err := collect(ctx, r.store.Read(ctx), func(row scanner) (ticket.Due, error) {
		var d ticket.Due
		var at int64
		err := row.Scan((*int64)(&d.Workspace), (*int64)(&d.Ticket), &at)
		d.At = Moment(at)
		return d, err
	}, `SELECT t.workspace_id, t.id, t.due_at FROM tickets t
		WHERE t.due_at <= ? AND (t.due_at, t.id) > (?, ?) ORDER BY t.due_at, t.id LIMIT ?`,
		Micros(now), Micros(after.At), int64(after.Ticket), limit)
	return due, failed("find due tickets", err)
}

// FirstReplies implements ticket.Repository.
func (r *TicketRepository) FirstReplies(ctx context.Context, w id.Workspace, q id.Queue, opened []ticket.Stretch) ([]time.Duration, error) {
	if len(opened) == 0 {
		return nil, nil
	}
	selects, args := make([]string, len(opened)), make([]any, 0, 2*len(opened)+2)
	for i, s := range opened {
		selects[i], args = `SELECT CAST(? AS BIGINT) AS since, CAST(? AS BIGINT) AS until`, append(args, Micros(s.From), Micros(s.To))
	}
	// The stretches lead, so that each is looked up in the index.
	waits, err := collect(ctx, r.store.Read(ctx), func(row scanner) (time.Duration, error) {
		var us int64
		err := row.Scan(&us)
		return time.Duration(us) * time.Microsecond, err
	}, `SELECT t.first_reply_at - t.opened_at FROM (`+strings.Join(selects, " UNION ALL ")+`) s CROSS JOIN tickets t
		WHERE t.workspace_id = ? AND t.queue_id = ? AND t.opened_at >= s.since AND t.opened_at < s.until AND t.first_reply_at IS NOT NULL`,
		append(args, int64(w), int64(q))...)
	return waits, failed("find first replies", err)
}

// KeptByOld implements ticket.Repository.
func (r *TicketRepository) KeptByOld(ctx context.Context, w id.Workspace, after id.Ticket, limit int) ([]id.Ticket, error) {
	ids, err := collect(ctx, r.store.Read(ctx), number[id.Ticket], `SELECT t.id FROM tickets t
		WHERE t.workspace_id = ? AND t.id > ? AND t.status <> 'closed' AND t.kept_by < `+promisedSQL+` ORDER BY t.id LIMIT ?`,
		int64(w), int64(after), limit)
	return ids, failed("find tickets of old promises", err)
}
