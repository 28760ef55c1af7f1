package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/search"
)

// indexBatch is how many changed messages and tickets a transaction takes apart: others
// wait for it.
const indexBatch = 250

// Index takes apart what changed since it was last called, then some of what was there
// before there was an index. It is safe in several processes at once, and when it is
// killed: what is not done is still due.
func (s *Store) Index(ctx context.Context, _ time.Time) error {
	for more := true; more; {
		err := s.inTurn(ctx, func(ctx context.Context, tx *Tx) (err error) {
			more, err = tx.indexChanges(ctx)
			return err
		}, &more)
		if err != nil {
			return fmt.Errorf("index changes: %w", err)
		}
	}
	for more := true; more; {
		err := s.inTurn(ctx, func(ctx context.Context, tx *Tx) (err error) {
			more, err = tx.indexBacklog(ctx)
			return err
		}, &more)
		if err != nil {
			return fmt.Errorf("index what was there before: %w", err)
		}
	}
	return nil
}

// inTurn does a piece of the work unless another process is at it, or there is none.
func (s *Store) inTurn(ctx context.Context, work func(context.Context, *Tx) error, more *bool) error {
	due, err := one(ctx, s.Read(ctx), nil, number[int64], `SELECT CASE WHEN EXISTS (SELECT 1 FROM search_changes)
		OR EXISTS (SELECT 1 FROM search_backlog WHERE below > 0) THEN 1 ELSE 0 END`)
	if err != nil || due == 0 {
		*more = false
		return err
	}
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		turn, err := collect(ctx, tx.Conn, number[int64], `SELECT below FROM search_backlog WHERE kind = 'turn'`+tx.dialect.skipLocked)
		if err != nil || len(turn) == 0 {
			*more = false
			return err
		}
		return work(ctx, tx)
	})
}

// indexChanges takes apart the oldest changes, and tells whether there may be more.
func (tx *Tx) indexChanges(ctx context.Context) (bool, error) {
	var done []int64
	changed := map[found]bool{}
	err := tx.each(ctx, func(row scanner) error {
		var n int64
		var f found
		err := row.Scan(&n, (*int64)(&f.ticket), (*int64)(&f.message))
		done, changed[f] = append(done, n), true
		return err
	}, `SELECT sequence, ticket_id, message_id FROM search_changes ORDER BY sequence LIMIT `+strconv.Itoa(indexBatch))
	if err != nil || len(done) == 0 {
		return false, err
	}
	all := make([]found, 0, len(changed))
	for f := range changed {
		all = append(all, f)
	}
	if err := tx.index(ctx, all, false); err != nil {
		return false, err
	}
	these, list := among(tx.Conn, "sequence", done)
	_, err = tx.Exec(ctx, `DELETE FROM search_changes WHERE `+these, list)
	return len(done) == indexBatch, err
}

// index writes documents as they stand now. Those that are new were never written.
func (tx *Tx) index(ctx context.Context, all []found, fresh bool) error {
	documents, err := tx.documents(ctx, all)
	if err != nil {
		return err
	}
	slices.SortFunc(documents, func(a, b *search.Document) int { return cmp.Compare(a.Place, b.Place) })
	if !fresh {
		places := make([]int64, 0, 2*len(all))
		for _, f := range all {
			if f.message != 0 {
				places = append(places, search.PlaceOf(f.message, false))
			} else {
				places = append(places, search.PlaceOf(f.ticket, false), search.PlaceOf(f.ticket, true))
			}
		}
		if err := tx.dialect.forget(ctx, tx.Conn, places); err != nil {
			return err
		}
	}
	return tx.dialect.learn(ctx, tx.Conn, documents)
}

// indexBacklog takes apart some of what there was before, and tells whether there may be more.
func (tx *Tx) indexBacklog(ctx context.Context) (bool, error) {
	for _, kind := range []string{"members", "tickets", "messages"} {
		below, err := one(ctx, tx.Conn, nil, number[int64], `SELECT below FROM search_backlog WHERE kind = ?`, kind)
		if err != nil || below == 0 {
			if err != nil {
				return false, err
			}
			continue
		}
		next, err := tx.indexOld(ctx, kind, below)
		if err == nil {
			_, err = tx.Exec(ctx, `UPDATE search_backlog SET below = ? WHERE kind = ?`, next, kind)
		}
		return true, err
	}
	return false, nil
}

// indexOld takes apart rows below an ID, and gives the lowest of them; 0: there are no more.
func (tx *Tx) indexOld(ctx context.Context, kind string, below int64) (int64, error) {
	limit := ` WHERE id < ? ORDER BY id DESC LIMIT ` + strconv.Itoa(indexBatch)
	if kind == "members" {
		return tx.nameOld(ctx, below, limit)
	}
	text := `SELECT id, 0, id FROM tickets`
	if kind == "messages" {
		text = `SELECT ticket_id, id, id FROM messages`
	}
	var lowest int64
	var all []found
	err := tx.each(ctx, func(row scanner) error {
		var f found
		err := row.Scan((*int64)(&f.ticket), (*int64)(&f.message), &lowest)
		all = append(all, f)
		return err
	}, text+limit, below)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return lowest, tx.index(ctx, all, false)
}

func (tx *Tx) nameOld(ctx context.Context, below int64, limit string) (int64, error) {
	type named struct {
		id.Workspace
		id.Member
		name string
	}
	all, err := collect(ctx, tx.Conn, func(row scanner) (named, error) {
		var n named
		err := row.Scan((*int64)(&n.Workspace), (*int64)(&n.Member), &n.name)
		return n, err
	}, `SELECT workspace_id, id, name FROM members`+limit, below)
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

const insertDocumentsSQL = `INSERT INTO search_documents (place, ticket_id, message_id, internal, at`

func documentValues(d *search.Document) []any {
	return []any{d.Place, int64(d.Ticket), int64(d.Message), d.Internal, Micros(d.At)}
}

// learnSQLite writes documents that are not there. The tokens stand as the table's own
// tokenizer finds them again.
func learnSQLite(ctx context.Context, c Conn, documents []*search.Document) error {
	rows, words := bulk{sql: insertDocumentsSQL + `) VALUES `}, bulk{sql: `INSERT INTO search_words (rowid, words) VALUES `}
	for _, d := range documents {
		rows.add(documentValues(d)...)
		words.add(d.Place, strings.Join(d.Tokens(), " "))
	}
	if err := rows.write(ctx, c); err != nil {
		return err
	}
	return words.write(ctx, c)
}

func forgetSQLite(ctx context.Context, c Conn, places []int64) error {
	these, list := among(c, "place", places)
	known, err := collect(ctx, c, number[int64], `SELECT place FROM search_documents WHERE `+these, list)
	if err != nil || len(known) == 0 {
		return err
	}
	these, list = among(c, "rowid", known)
	if _, err := c.Exec(ctx, `DELETE FROM search_words WHERE `+these, list); err != nil {
		return err
	}
	these, list = among(c, "place", known)
	_, err = c.Exec(ctx, `DELETE FROM search_documents WHERE `+these, list)
	return err
}

func learnPostgres(ctx context.Context, c Conn, documents []*search.Document) error {
	rows := bulk{sql: insertDocumentsSQL + `, words) VALUES `}
	for _, d := range documents {
		rows.add(append(documentValues(d), vectorOf(d))...)
	}
	return rows.write(ctx, c)
}

func forgetPostgres(ctx context.Context, c Conn, places []int64) error {
	these, list := among(c, "place", places)
	_, err := c.Exec(ctx, `DELETE FROM search_documents WHERE `+these, list)
	return err
}

// Bounds of PostgreSQL's tsvector: positions beyond can't be told apart.
const (
	mostPositions = 255
	lastPosition  = 16383
)

// vectorOf writes a document's tokens as PostgreSQL reads them.
func vectorOf(d *search.Document) string {
	positions := map[string][]int{}
	var order []string
	for i, t := range d.Tokens() {
		at, known := positions[t]
		if !known {
			order = append(order, t)
		}
		if len(at) < mostPositions {
			positions[t] = append(at, min(i+1, lastPosition))
		}
	}
	var out strings.Builder
	for _, t := range order {
		out.WriteString(`'` + t + `':`)
		for i, at := range positions[t] {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(strconv.Itoa(at))
		}
		out.WriteByte(' ')
	}
	for level := range eras {
		out.WriteString(`'` + era(level, d.Place) + `' `)
	}
	return out.String()
}
