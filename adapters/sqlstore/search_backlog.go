package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/id"
)

// indexBacklog takes apart some of what there was before, and tells whether there may be
// more. What can't be taken apart together is noted as changed, which is done one by one.
func (s *Store) indexBacklog(ctx context.Context) (more bool, err error) {
	for _, take := range []func(*Tx, context.Context, []found) (int, error){(*Tx).index, (*Tx).noteChanged} {
		err = s.inTurn(ctx, func(ctx context.Context, tx *Tx) (err error) {
			more, err = tx.indexBacklog(ctx, take)
			return err
		})
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	return more, err
}

// noteChanged notes messages and tickets as changed, and tells how many.
func (tx *Tx) noteChanged(ctx context.Context, all []found) (int, error) {
	notes := bulk{sql: `INSERT INTO search_changes (ticket_id, message_id) VALUES `}
	for _, f := range all {
		notes.add(int64(f.ticket), int64(f.message))
	}
	return len(all), notes.write(ctx, tx.Conn)
}

// indexBacklog lets take have some of what there was before, and tells whether there may be
// more.
func (tx *Tx) indexBacklog(ctx context.Context, take func(*Tx, context.Context, []found) (int, error)) (bool, error) {
	for _, kind := range []string{"members", "tickets", "messages"} {
		due, err := tx.backlog(ctx, kind)
		if err != nil {
			return false, err
		}
		if due.below == 0 {
			continue
		}
		below := int64(0)
		if kind == "members" {
			below, err = tx.nameOld(ctx, due)
		} else {
			below, err = tx.indexOld(ctx, kind, due, take)
		}
		if err == nil {
			err = tx.setBacklog(ctx, kind, span{due.from, below})
		}
		return true, err
	}
	return false, nil
}

// span is a range of IDs. There are none in it if below is 0.
type span struct{ from, below int64 }

// with is the span with an ID more.
func (s span) with(id int64) span { return s.and(span{id, id + 1}) }

// and is the least span that has both.
func (s span) and(other span) span {
	if s.below == 0 {
		return other
	}
	return span{min(s.from, other.from), max(s.below, other.below)}
}

// backlog gives which IDs of a kind are due.
func (tx *Tx) backlog(ctx context.Context, kind string) (span, error) {
	return one(ctx, tx.Conn, nil, func(row scanner) (s span, err error) {
		err = row.Scan(&s.from, &s.below)
		return s, err
	},
		`SELECT from_id, below FROM search_backlog WHERE kind = ?`, kind)
}

func (tx *Tx) setBacklog(ctx context.Context, kind string, due span) error {
	_, err := tx.Exec(ctx, `UPDATE search_backlog SET from_id = ?, below = ? WHERE kind = ?`, due.from, due.below, kind)
	return err
}

// ofBacklog chooses the next rows of those that are due.
const ofBacklog = ` WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?`

// indexOld lets take have rows that are due, and gives the lowest that it took; 0: there are
// no more.
func (tx *Tx) indexOld(ctx context.Context, kind string, due span, take func(*Tx, context.Context, []found) (int, error)) (int64, error) {
	text := `SELECT id, 0 FROM tickets`
	if kind == "messages" {
		text = `SELECT ticket_id, id FROM messages`
	}
	all, err := collect(ctx, tx.Conn, func(row scanner) (found, error) {
		var f found
		err := row.Scan((*int64)(&f.ticket), (*int64)(&f.message))
		return f, err
	}, text+ofBacklog, due.from, due.below, indexBatch)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	n, err := take(tx, ctx, all)
	if err != nil {
		return 0, err
	}
	if kind == "messages" {
		return int64(all[n-1].message), nil
	}
	return int64(all[n-1].ticket), nil
}

func (tx *Tx) nameOld(ctx context.Context, due span) (int64, error) {
	type named struct {
		id.Workspace
		id.Member
		name string
	}
	all, err := collect(ctx, tx.Conn, func(row scanner) (named, error) {
		var n named
		err := row.Scan((*int64)(&n.Workspace), (*int64)(&n.Member), &n.name)
		return n, err
	}, `SELECT workspace_id, id, name FROM members`+ofBacklog+tx.dialect.forChange, due.from, due.below, indexBatch)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	for _, n := range all {
		if err := tx.nameFound(ctx, n.Workspace, n.Member, n.name); err != nil {
			return 0, err
		}
	}
	return int64(all[len(all)-1].Member), nil
}
