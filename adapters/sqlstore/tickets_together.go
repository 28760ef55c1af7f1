package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// ticketChange is what Update is asked for.
type ticketChange struct {
	ctx    context.Context //nolint:containedctx // of the one who waits for it
	ref    ticket.Ref
	origin event.Origin
	change func(*ticket.Ticket) error
}

// Update implements ticket.Repository. Changes of other tickets that wait at
// the same time share a transaction with this one; ADR 0017 says why nobody
// notices.
func (r *TicketRepository) Update(ctx context.Context, ref ticket.Ref, o event.Origin, change func(*ticket.Ticket) error) error {
	p := &passenger{ticketChange: ticketChange{ctx, ref, o, change}, alone: true}
	if r.store.running(ctx) == nil {
		r.store.convoy.travel(ctx, p, r.drive)
	}
	if p.alone {
		p.err = r.update(p.ticketChange)
	}
	return failed("update ticket", p.err)
}

// update makes a change in a transaction of its own, or in the running one.
func (r *TicketRepository) update(c ticketChange) error {
	return r.store.InTx(c.ctx, func(ctx context.Context, tx *Tx) error {
		t, err := r.lock(ctx, tx, c.ref, c.origin)
		if err != nil {
			return err
		}
		return r.apply(ctx, tx, t, c.origin, func() error { return c.change(t) })
	})
}

// drive brings a group into the database in one transaction. Whatever goes
// wrong with it, but for a commit whose outcome nobody knows, is undone and
// sends each member alone.
func (r *TicketRepository) drive(group []*passenger) {
	if len(group) == 1 {
		p := group[0]
		p.err, p.alone = r.update(p.ticketChange), false
		return
	}
	var carried []*load
	ready := false
	err := r.store.transact(context.WithoutCancel(group[0].ctx), func(ctx context.Context, tx *Tx) (err error) {
		carried, err = r.load(ctx, tx, group)
		ready = err == nil
		return err
	})
	if err != nil && (!ready || refusedByDatabase(err)) {
		return
	}
	for _, l := range carried {
		l.alone, l.passenger.err = false, l.err
		if l.err == nil {
			l.passenger.err = err
		}
	}
}

// load is a member of a group with what it changes.
type load struct {
	*passenger
	ticket  *ticket.Ticket
	before  ticket.Ticket
	changes ticket.Changes
	words   int64  // the version of its workspace's words
	tags    string // their IDs
	err     error  // why nothing of it is saved
}

// load makes the changes of those members who can be carried, and writes them.
func (r *TicketRepository) load(ctx context.Context, tx *Tx, group []*passenger) ([]*load, error) {
	all, err := tx.dialect.lockAll(ctx, r, tx, group)
	if err != nil {
		return nil, err
	}
	carried := make([]*load, 0, len(all))
	for _, l := range all {
		if l.err != nil || r.changes(ctx, tx, l) {
			carried = append(carried, l)
		}
	}
	if err := r.onceEach(ctx, tx, carried); err != nil {
		return nil, err
	}
	ids, err := tx.tagIDs(ctx, markings(carried)...)
	if err != nil {
		return nil, err
	}
	for _, l := range carried {
		if l.err != nil || untouched(l.changes) {
			continue
		}
		if err := save(tx, l.marking(), ids); err != nil {
			return nil, err
		}
	}
	return carried, nil
}

func (l *load) marking() marking { return marking{&l.before, l.ticket, l.changes} }

// markings are the changes of those who are carried.
func markings(carried []*load) []marking {
	all := make([]marking, 0, len(carried))
	for _, l := range carried {
		if l.err == nil {
			all = append(all, l.marking())
		}
	}
	return all
}

// changes lets a member change its ticket. One whose change panics is left to
// do so by itself.
func (r *TicketRepository) changes(ctx context.Context, tx *Tx, l *load) (done bool) {
	defer func() {
		if !done {
			_ = recover()
		}
	}()
	l.before = *l.ticket
	if l.err = l.ctx.Err(); l.err == nil {
		if l.err = l.change(l.ticket); l.err != nil {
			l.err = r.refusal(ctx, tx, l.ticket, l.origin, l.err)
		}
	}
	l.changes = l.ticket.TakeChanges()
	return true
}

// onceEach notes the origins, in an order that all transactions keep, and
// refuses those that were heard of before.
func (r *TicketRepository) onceEach(ctx context.Context, tx *Tx, carried []*load) error {
	var noted []*load
	for _, l := range carried {
		if _, ok := originOf(l.changes); ok && l.err == nil {
			noted = append(noted, l)
		}
	}
	slices.SortFunc(noted, func(a, b *load) int {
		x, y := a.changes.Events[0].Origin, b.changes.Events[0].Origin
		return cmp.Or(cmp.Compare(a.ref.Workspace, b.ref.Workspace), cmp.Compare(x.Channel, y.Channel), cmp.Compare(x.ExternalID, y.ExternalID))
	})
	notes := make([]statement, len(noted))
	for i, l := range noted {
		notes[i] = noteSQL(l.ticket, l.changes, false)
	}
	rows, err := tx.run(ctx, notes)
	if err != nil {
		return err
	}
	for i, l := range noted {
		l.err = changed(rows[i], nil, ticket.ErrDuplicate)
	}
	return nil
}

// lockEach locks one ticket after the other, where nothing can lie between.
func lockEach(ctx context.Context, r *TicketRepository, tx *Tx, group []*passenger) ([]*load, error) {
	all := make([]*load, len(group))
	for i, p := range group {
		t, err := r.lock(ctx, tx, p.ref, p.origin)
		if _, refused := errors.AsType[*fault.Error](err); err != nil && !refused {
			return nil, err
		}
		all[i] = &load{passenger: p, ticket: t, err: err}
	}
	return all, nil
}

// lockFreeSQL locks those of several tickets that nobody else has, since who
// waits for one while it holds another may wait for ever.
func lockFreeSQL(columns string) string {
	return `SELECT ` + columns + `, CAST(EXISTS (SELECT 1 FROM inbound i WHERE i.workspace_id = w.workspace AND i.channel = w.channel
		AND i.external_id = w.external) AND w.external <> '' AS BOOLEAN), w.place, ` + remembering + `
	FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]))
		AS w (ticket, workspace, channel, external, place)
	JOIN tickets t ON t.id = w.ticket AND t.workspace_id = w.workspace` + ofWorkspace + `
	FOR UPDATE OF t SKIP LOCKED`
}

// lockFree locks tickets in one round trip. Others, and those that do not
// exist, are for the members who want them to find out about.
func lockFree(ctx context.Context, r *TicketRepository, tx *Tx, group []*passenger) ([]*load, error) {
	rows, err := tx.Query(ctx, tx.dialect.tickets.lockFree,
		column(group, func(_ int, p *passenger) int64 { return int64(p.ref.ID) }),
		column(group, func(_ int, p *passenger) int64 { return int64(p.ref.Workspace) }),
		column(group, func(_ int, p *passenger) string { return string(p.origin.Channel) }),
		column(group, func(_ int, p *passenger) string { return p.origin.ExternalID }),
		column(group, func(i int, _ *passenger) int64 { return int64(i) }))
	if err != nil {
		return nil, err
	}
	all, err := readLocked(rows, group)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		if err := tx.remembered(ctx, l.ticket, l.words, l.tags); err != nil {
			return nil, err
		}
		if l.err == nil && l.ref.Version != 0 && l.ref.Version != l.ticket.Version {
			l.err = r.refusal(ctx, tx, l.ticket, l.origin, ticket.ErrVersion.With("Current", l.ticket.Version))
		}
	}
	return all, nil
}

func readLocked(rows *sql.Rows, group []*passenger) ([]*load, error) {
	defer rows.Close()
	var all []*load
	for rows.Next() {
		l, row := &load{ticket: &ticket.Ticket{}}, &ticketRow{}
		var heard bool
		var place int
		if err := rows.Scan(append(row.fields(l.ticket), &heard, &place, &l.ticket.Promised, &l.words)...); err != nil {
			return nil, err
		}
		l.tags, row.tags = row.tags, ""
		if err := row.finish(l.ticket); err != nil {
			return nil, err
		}
		l.passenger = group[place]
		if heard {
			l.err = ticket.ErrDuplicate
		}
		all = append(all, l)
	}
	return all, rows.Err()
}
