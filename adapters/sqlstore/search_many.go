package sqlstore

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/search"
)

// The kinds of what search_backlog tells of.
const (
	backlogTickets  = "tickets"
	backlogMessages = "messages"
)

const (
	// manyBatch is how many messages or tickets are taken apart together where nobody waits.
	manyBatch = 25_000
	// servedBatch is that where somebody does.
	servedBatch = 500
)

// waitTurn keeps others from taking anything apart until the transaction ends.
func (tx *Tx) waitTurn(ctx context.Context) error {
	_, err := one(ctx, tx.Conn, nil, number[int64], `SELECT below FROM search_backlog WHERE kind = 'turn'`+tx.dialect.forUpdate)
	return err
}

// owe notes that rows with these IDs may have to be taken apart, besides what is due.
func (tx *Tx) owe(ctx context.Context, kind string, ids span) error {
	if err := tx.waitTurn(ctx); err != nil {
		return err
	}
	due, err := tx.backlog(ctx, kind)
	if err == nil {
		err = tx.setBacklog(ctx, kind, due.and(ids))
	}
	return err
}

// IndexAll takes apart what is due as fast as others can bear it who work on the database, for
// one who stored a great many tickets. It tells how many tickets and messages it
// has looked at. Where it is killed, Index goes on.
func (s *Store) IndexAll(ctx context.Context, told func(done int)) error {
	done := 0
	for more := true; more; {
		served, err := s.Served(ctx)
		if err != nil {
			return failed("index", err)
		}
		now := 0
		err = s.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
			now = 0
			if err = tx.waitTurn(ctx); err != nil {
				return err
			}
			more, err = tx.indexNext(ctx, served, func(n int) {
				now += n
				told(done + now)
			})
			return err
		})
		if err == nil {
			err = s.GiveWay(ctx)
		}
		if err != nil {
			return failed("index", err)
		}
		done += now
	}
	return nil
}

func (tx *Tx) indexNext(ctx context.Context, served bool, told func(int)) (more bool, err error) {
	if served {
		return tx.indexMany(ctx, servedBatch, told)
	}
	return tx.dialect.indexMany(ctx, tx, told)
}

// hashSize is how much FTS5 gathers before it writes a part of its index, in bytes: less is
// put together again more often. It is put back to what it was at first.
const hashSize = `INSERT INTO search_words (search_words, rank) VALUES ('hashsize', ?)`

func indexManySQLite(ctx context.Context, tx *Tx, told func(int)) (more bool, err error) {
	if _, err := tx.Exec(ctx, hashSize, 64<<20); err != nil {
		return false, err
	}
	if more, err = tx.indexMany(ctx, manyBatch, told); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, hashSize, 1<<20)
	return more, err
}

// indexManyPostgres makes the index anew where it holds nothing yet: all at once that takes a fraction
// of the time.
func indexManyPostgres(ctx context.Context, tx *Tx, told func(int)) (more bool, err error) {
	known, err := one(ctx, tx.Conn, nil, number[int64], `SELECT CASE WHEN EXISTS (SELECT 1 FROM search_documents) THEN 1 ELSE 0 END`)
	if err != nil {
		return false, err
	}
	if known != 0 {
		return tx.indexMany(ctx, manyBatch, told)
	}
	index, err := one(ctx, tx.Conn, nil, func(row scanner) (text string, err error) { return text, row.Scan(&text) },
		`SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'search_documents_words'`)
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `DROP INDEX search_documents_words`); err != nil {
		return false, err
	}
	for more = true; more; {
		if more, err = tx.indexMany(ctx, manyBatch, told); err != nil {
			return false, err
		}
	}
	for _, text := range []string{`SET LOCAL maintenance_work_mem = '512MB'`, index} {
		if _, err := tx.Exec(ctx, text); err != nil {
			return false, err
		}
	}
	return false, nil
}

// indexMany takes apart the next of what there was before, and tells whether there may be
// more.
func (tx *Tx) indexMany(ctx context.Context, batch int, told func(int)) (more bool, err error) {
	for _, kind := range []string{backlogTickets, backlogMessages} {
		due, err := tx.backlog(ctx, kind)
		if err != nil {
			return false, err
		}
		if due.below == 0 {
			continue
		}
		from, n, err := tx.indexRange(ctx, kind, due, batch)
		if err != nil {
			return false, err
		}
		if n > 0 {
			told(n)
		}
		return true, tx.setBacklog(ctx, kind, span{due.from, from})
	}
	return false, nil
}

// indexRange takes apart rows of a kind that are due and the index does not have yet, and
// gives the lowest that it looked at, 0 if there was none, and their number.
func (tx *Tx) indexRange(ctx context.Context, kind string, due span, batch int) (from int64, n int, err error) {
	below := due.below
	ids, err := collect(ctx, tx.Conn, number[int64], `SELECT id FROM `+kind+ofBacklog, due.from, below, batch)
	if err != nil || len(ids) == 0 {
		return 0, 0, err
	}
	from = ids[len(ids)-1]
	known, err := collect(ctx, tx.Conn, number[int64], `SELECT place FROM search_documents WHERE place >= ? AND place < ?`,
		search.PlaceOf(id.Message(from), false), search.PlaceOf(id.Message(below), false))
	if err != nil {
		return 0, 0, err
	}
	read, these := tx.messageDocuments, `m.id >= ? AND m.id < ?`
	if kind == backlogTickets {
		read, these = tx.ticketDocuments, `t.id >= ? AND t.id < ?`
	}
	documents, err := read(ctx, these, from, below)
	if err != nil {
		return 0, 0, err
	}
	if len(known) > 0 {
		has := make(map[int64]bool, len(known))
		for _, place := range known {
			has[place] = true
		}
		documents = slices.DeleteFunc(documents, func(d *search.Document) bool { return has[d.Place] })
	}
	return from, len(ids), tx.learn(ctx, documents)
}
