package sqlstore

import (
	"context"
	"errors"
	"slices"

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
		done := make([]marking, 0, len(ids))
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
		return saveAll(ctx, tx, done)
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
	err := tx.each(ctx, func(row scanner) error {
		t, r := &ticket.Ticket{}, &ticketRow{}
		into := r.fields(t)
		if tx.dialect.processes {
			into = append([]any{&t.Promised, new(int64)}, into...)
		}
		if err := tx.dialect.wide(row).Scan(into...); err != nil {
			return err
		}
		locked[t.ID] = t
		return r.finish(t)
	}, tx.dialect.tickets.lockAll(these), int64(w), list)
	if err != nil || tx.dialect.processes || len(locked) == 0 {
		return locked, err
	}
	promised, err := tx.promises(ctx, w)
	for _, t := range locked {
		t.Promised = promised
	}
	return locked, err
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

func changeOne(t *ticket.Ticket, change func(*ticket.Ticket) error) (marking, error) {
	if t == nil {
		return marking{}, ticket.ErrNotFound
	}
	before := *t
	if err := change(t); err != nil {
		return marking{}, err
	}
	c := t.TakeChanges()
	if c.Members || c.Fields || len(c.Edited)+len(c.Copied)+len(c.Enclosed) > 0 {
		return marking{}, errNotInBulk
	}
	return marking{before: &before, after: t, changes: c}, nil
}

// errNotInBulk is a mistake in the program.
var errNotInBulk = errors.New("a bulk change sends no files, changes no messages, moves no participants and fills in no fields")

// saveAll writes what changes of several tickets left.
func saveAll(ctx context.Context, tx *Tx, all []marking) error {
	ids, err := tx.tagIDs(ctx, all...)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(m marking) bool { return untouched(m.changes) })
	for _, m := range all {
		m.raise()
	}
	tx.Last(rewrittenAlike(tx.Conn, all, ids)...)
	for _, m := range all {
		if err := saveParts(tx, m, ids); err != nil {
			return err
		}
	}
	return nil
}
