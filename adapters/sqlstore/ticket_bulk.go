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

// lockAll gives the tickets, which are then the transaction's own; those that nobody has
// are left out.
func lockAll(ctx context.Context, tx *Tx, w id.Workspace, ids []id.Ticket) (map[id.Ticket]*ticket.Ticket, error) {
	locked := make(map[id.Ticket]*lockedTicket, len(ids))
	var unknown []id.Ticket
	for _, n := range ids {
		if t, tags := tx.known.ticket(ticket.Ref{Workspace: w, ID: n}); t != nil {
			locked[n] = &lockedTicket{Ticket: t, tags: tags}
		} else {
			unknown = append(unknown, n)
		}
	}
	if err := tx.readLocked(ctx, w, unknown, locked); err != nil {
		return nil, err
	}
	all := make(map[id.Ticket]*ticket.Ticket, len(locked))
	for n, t := range locked {
		if err := tx.remembered(ctx, t.Ticket, t.words, t.tags); err != nil {
			return nil, err
		}
		all[n] = t.Ticket
	}
	return all, nil
}

// lockedTicket is a ticket to be changed, without what its tags are called: their IDs, and
// the version of what those of its workspace are called.
type lockedTicket struct {
	*ticket.Ticket
	tags  string
	words int64
}

// readLocked adds tickets that it reads. Their order keeps two such transactions from
// waiting for each other.
func (tx *Tx) readLocked(ctx context.Context, w id.Workspace, ids []id.Ticket, locked map[id.Ticket]*lockedTicket) error {
	if len(ids) == 0 {
		return nil
	}
	these, list := among(tx.Conn, "t.id", ids)
	return tx.each(ctx, func(row scanner) error {
		t, r := &lockedTicket{Ticket: &ticket.Ticket{}}, &ticketRow{}
		into := r.fields(t.Ticket)
		if tx.dialect.processes {
			into = append([]any{&t.Promised, &t.words}, into...)
		}
		if err := tx.dialect.wide(row).Scan(into...); err != nil {
			return err
		}
		t.tags, r.tags = r.tags, ""
		locked[t.ID] = t
		if err := r.finish(t.Ticket); err != nil {
			return err
		}
		tx.known.read(t.Ticket, t.tags)
		return nil
	}, tx.dialect.tickets.lockAll(these), int64(w), list)
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
