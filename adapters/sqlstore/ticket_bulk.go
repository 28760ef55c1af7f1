package sqlstore

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// errNoneChanged ends a bulk change of all tickets or none.
var errNoneChanged = errors.New("a ticket's change was refused")

// UpdateAll implements ticket.Repository.
func (r *TicketRepository) UpdateAll(ctx context.Context, w id.Workspace, ids []id.Ticket, all bool, change func(*ticket.Ticket) error) ([]error, error) {
	var refused []error
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		locked, err := lockAll(ctx, tx, w, ids)
		if err != nil {
			return err
		}
		refused = make([]error, len(ids))
		done := make([]changedTicket, 0, len(ids))
		for i, n := range ids {
			one, err := changeOne(locked[n], change)
			switch {
			case err == nil:
				done = append(done, one)
			case !ofOneTicket(err):
				return err
			case all:
				refused[i], done = err, nil
			default:
				refused[i] = err
			}
		}
		if all && errors.Join(refused...) != nil {
			return errNoneChanged
		}
		return saveAll(tx, w, done)
	})
	if errors.Is(err, errNoneChanged) {
		err = nil
	}
	return refused, failed("update tickets", err)
}

// lockAll reads the tickets, which are then the transaction's own. Their order
// keeps two such transactions from waiting for each other.
func lockAll(ctx context.Context, tx *Tx, w id.Workspace, ids []id.Ticket) (map[id.Ticket]*ticket.Ticket, error) {
	these, list := among(tx.Conn, "t.id", ids)
	locked := make(map[id.Ticket]*ticket.Ticket, len(ids))
	return locked, tx.each(ctx, func(row scanner) error {
		t, r := &ticket.Ticket{}, &ticketRow{}
		if err := row.Scan(r.fields(t)...); err != nil {
			return err
		}
		locked[t.ID] = t
		return r.finish(t)
	}, `SELECT `+ticketColumns+` FROM tickets t WHERE t.workspace_id = ? AND `+these+` ORDER BY t.id`+tx.ForUpdate(), int64(w), list)
}

// ofOneTicket tells whether an error says something of the ticket that was to be
// changed, and nothing of the others.
func ofOneTicket(err error) bool {
	switch fault.CodeOf(err) {
	case fault.Forbidden, fault.NotFound, fault.Invalid, fault.Conflict, fault.Transition:
		return true
	default:
		return false
	}
}

// changedTicket is a ticket before and after a change, and what that left.
type changedTicket struct {
	before, after *ticket.Ticket
	changes       ticket.Changes
}

func changeOne(t *ticket.Ticket, change func(*ticket.Ticket) error) (changedTicket, error) {
	if t == nil {
		return changedTicket{}, ticket.ErrNotFound
	}
	before := *t
	if err := change(t); err != nil {
		return changedTicket{}, err
	}
	c := t.TakeChanges()
	if c.Members || c.Fields || len(c.Messages)+len(c.Edited)+len(c.Copied)+len(c.Enclosed) > 0 {
		return changedTicket{}, errNotInBulk
	}
	return changedTicket{before: &before, after: t, changes: c}, nil
}

// errNotInBulk is a mistake in the program.
var errNotInBulk = errors.New("a bulk change writes no messages, moves no participants and fills in no fields")

// saveAll writes what changes of several tickets left. Where statements go out
// together, few of many rows are better than many of one.
func saveAll(tx *Tx, w id.Workspace, all []changedTicket) error {
	if !tx.dialect.together {
		for _, c := range all {
			if untouched(c.changes) {
				continue
			}
			if err := save(tx, c.before, c.after, c.changes); err != nil {
				return err
			}
		}
		return nil
	}
	var rows, events, gone, come [][]any
	for _, c := range all {
		if untouched(c.changes) {
			continue
		}
		if c.changes.Aspects {
			c.after.Version = c.before.Version + 1
		}
		rows = append(rows, append(aspects(c.after), news(c.after)...))
		gone = append(gone, tagRows(c.after, lacking(c.before.Tags, c.after.Tags))...)
		come = append(come, tagRows(c.after, lacking(c.after.Tags, c.before.Tags))...)
		more, err := heard(tx, c.after, c.changes.Events)
		if err != nil {
			return err
		}
		events = append(events, more...)
	}
	tx.Last(ofRows(updateTicketsSQL, ticketArgs, `) v WHERE tickets.id = v.column16 AND tickets.workspace_id = v.column17`, rows)...)
	tx.Last(ofRows(`DELETE FROM ticket_tags WHERE (workspace_id, tag, ticket_id) IN (VALUES `, tagArgs, `)`, gone)...)
	tx.Last(ofRows(`INSERT INTO ticket_tags (workspace_id, tag, ticket_id) VALUES `, tagArgs, ``, come)...)
	if len(events) > 0 {
		tx.Last(tx.dialect.history(w, events)...)
	}
	return nil
}

func tagRows(t *ticket.Ticket, tags []string) [][]any {
	rows := make([][]any, len(tags))
	for i, tag := range tags {
		rows[i] = []any{int64(t.Workspace), tag, int64(t.ID)}
	}
	return rows
}

const (
	// updateTicketsSQL is updateTicketSQL for many tickets.
	updateTicketsSQL = `UPDATE tickets SET version = v.column1, status = v.column2, priority = v.column3, category_id = v.column4,
		queue_id = v.column5, assignee_id = v.column6, resolved_at = v.column7, closed_at = v.column8, tags = v.column9,
		participants = v.column10, answers = v.column11, activity_at = v.column12, first_reply_at = v.column13,
		last_message_id = v.column14, message_count = v.column15 FROM (VALUES `
	ticketArgs = `(CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT),
		CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT),
		CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))`
	tagArgs = `(CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT))`
)

// ofRows makes one statement of many rows of arguments, none of no rows.
func ofRows(head, row, tail string, rows [][]any) []statement {
	if len(rows) == 0 {
		return nil
	}
	var args []any
	for _, r := range rows {
		args = append(args, r...)
	}
	return []statement{{sql: repeated(head+row, row, len(rows)) + tail, args: args}}
}
