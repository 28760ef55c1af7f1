package sqlstore

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/search"
)

// changed reads what the index does not know yet, or not as it is, and gives what of it
// is looked for, and all of it, which is not to be found in the index.
func (f *finding) changed(ctx context.Context) ([]*search.Document, map[found]bool, error) {
	told, err := f.conn.told(ctx, f.see.See.Workspace)
	if err != nil || len(told) == 0 {
		return nil, nil, err
	}
	stale := make(map[found]bool, 2*len(told))
	for _, h := range told {
		for _, h.internal = range []bool{true, false} {
			stale[h] = true
		}
	}
	notes, err := f.readable(ctx, told)
	if err != nil || len(notes) == 0 {
		return nil, stale, err
	}
	refs := make([]found, 0, len(notes))
	for h := range notes {
		refs = append(refs, h)
	}
	all, err := f.conn.documents(ctx, refs)
	return slices.DeleteFunc(all, func(d *search.Document) bool {
		return d.Internal && !notes[found{ticket: d.Ticket, message: d.Message}] || f.below != 0 && d.Place >= f.below || !f.ask.Words.Holds(d)
	}), stale, err
}

// readable gives those that the caller may see and that are asked for by all but their
// words, and of each whether notes may be read beside it.
func (f *finding) readable(ctx context.Context, all []found) (map[found]bool, error) {
	var messages []id.Message
	var tickets []id.Ticket
	for _, h := range all {
		if h.message != 0 {
			messages = append(messages, h.message)
		} else {
			tickets = append(tickets, h.ticket)
		}
	}
	notes := map[found]bool{}
	if len(messages) > 0 {
		these, list := among(f.conn, "m.id", messages)
		if err := f.readableAmong(ctx, notes, `messages m JOIN tickets t ON t.id = m.ticket_id`, "m.id", "m.occurred_at", these, list); err != nil {
			return nil, err
		}
	}
	if len(tickets) > 0 {
		these, list := among(f.conn, "t.id", tickets)
		if err := f.readableAmong(ctx, notes, `tickets t`, "0", "t.opened_at", these, list); err != nil {
			return nil, err
		}
	}
	return notes, nil
}

// readableAmong adds those that stand in a table as a message at some time, or as a ticket.
func (f *finding) readableAmong(ctx context.Context, notes map[found]bool, from, message, at, these string, list any) error {
	q := newLookup(f.conn, `SELECT t.id, `+message+`, (`)
	q.allowed(f.see.Notes)
	q.add(`) FROM `+from+` WHERE `+these+` AND `, list)
	q.allowed(f.see.See)
	if err := f.conditions(q, at, message); err != nil {
		return err
	}
	return f.conn.each(ctx, func(row scanner) error {
		h, err := scanFound(row)
		readable := h.internal
		h.internal = false
		notes[h] = readable
		return err
	}, q.text(), q.args...)
}
