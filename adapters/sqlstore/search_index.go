package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/search"
)

// How much a transaction takes apart, as others wait for it, and how long they have before
// the next one for what was there before.
const (
	indexBatch = 250     // messages and tickets
	indexText  = 200_000 // bytes of text; the last one may go beyond
	indexRest  = 20 * time.Millisecond
)

// Index takes apart what changed since it was last called, and what was there before there
// was an index, piece by piece between the changes. It is safe in several processes at
// once, and when it is killed: what is not done is still due.
func (s *Store) Index(ctx context.Context, _ time.Time) error {
	for {
		for more := true; more; {
			var err error
			if more, err = s.indexChanges(ctx, indexBatch); err != nil {
				return fmt.Errorf("index changes: %w", err)
			}
		}
		more, err := s.indexBacklog(ctx)
		if err != nil {
			return fmt.Errorf("index what was there before: %w", err)
		}
		if !more {
			return nil
		}
		if err := pause(ctx, indexRest); err != nil {
			return err
		}
	}
}

// inTurn does a piece of the work unless another process is at it, or there is none.
func (s *Store) inTurn(ctx context.Context, work func(context.Context, *Tx) error) error {
	due, err := one(ctx, s.Read(ctx), nil, number[int64], `SELECT CASE WHEN EXISTS (SELECT 1 FROM search_changes)
		OR EXISTS (SELECT 1 FROM search_backlog WHERE below > 0) OR EXISTS (SELECT 1`+behindSQL+`) THEN 1 ELSE 0 END`, string(searching))
	if err != nil || due == 0 {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		turn, err := collect(ctx, tx.Conn, number[int64], `SELECT below FROM search_backlog WHERE kind = 'turn'`+tx.dialect.skipLocked)
		if err != nil || len(turn) == 0 {
			return err
		}
		return work(ctx, tx)
	})
}

// indexChanges takes apart up to limit of the oldest changes, and tells whether there may
// be more. Where that fails it takes the same ones apart one by one, and gives up what
// fails alone for what is in it, so that no text holds the others back. Any other failure
// passes, and leaves everything due.
func (s *Store) indexChanges(ctx context.Context, limit int) (more bool, err error) {
	var changes []change
	err = s.inTurn(ctx, func(ctx context.Context, tx *Tx) (err error) {
		if changes, err = tx.oldestChanges(ctx, limit); err != nil || len(changes) == 0 {
			return err
		}
		more = true
		return tx.indexChanges(ctx, changes)
	})
	if err == nil || len(changes) == 0 || ctx.Err() != nil {
		return more, err
	}
	for _, c := range changes {
		turn := false
		err := s.inTurn(ctx, func(ctx context.Context, tx *Tx) error {
			turn = true
			return tx.indexChanges(ctx, []change{c})
		})
		if refusedContent(err) && ctx.Err() == nil {
			err = s.giveUp(ctx, c, err)
		}
		if err != nil || !turn {
			return false, err
		}
	}
	return true, nil
}

// giveUp leaves a change as the index has it.
func (s *Store) giveUp(ctx context.Context, c change, reason error) error {
	s.options.Logger.ErrorContext(ctx, "a text can't be indexed, and won't be found until it changes",
		"ticket", int64(c.ticket), "message", int64(c.message), "error", oneLine(reason))
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error { return tx.followed(ctx, []change{c}) })
}

// indexChanges takes apart the first of the changes, as many as are not too much.
func (tx *Tx) indexChanges(ctx context.Context, changes []change) error {
	var all []found
	for _, c := range changes {
		if c.ticket != 0 && !slices.Contains(all, c.found) {
			all = append(all, c.found)
		}
	}
	n, err := tx.index(ctx, all)
	if err != nil {
		return err
	}
	end := slices.IndexFunc(changes, func(c change) bool { return slices.Contains(all[n:], c.found) })
	if end < 0 {
		end = len(changes)
	}
	return tx.followed(ctx, changes[:end])
}

// index writes the first of the documents as they stand now, and tells of how many messages
// and tickets.
func (tx *Tx) index(ctx context.Context, all []found) (int, error) {
	if len(all) == 0 {
		return 0, nil
	}
	documents, err := tx.documents(ctx, all)
	if err != nil {
		return 0, err
	}
	size := map[found]int{}
	for _, d := range documents {
		for _, p := range d.Parts {
			size[found{ticket: d.Ticket, message: d.Message}] += len(p.Text)
		}
	}
	n := 0
	for text := 0; n < len(all) && text < indexText; n++ {
		text += size[all[n]]
	}
	var places []int64
	for _, f := range all[:n] {
		if f.message != 0 {
			places = append(places, search.PlaceOf(f.message, false))
		} else {
			places = append(places, search.PlaceOf(f.ticket, false), search.PlaceOf(f.ticket, true))
		}
	}
	documents = slices.DeleteFunc(documents, func(d *search.Document) bool { return !slices.Contains(places, d.Place) })
	if err := tx.dialect.forget(ctx, tx.Conn, places); err != nil {
		return 0, err
	}
	return n, tx.learn(ctx, documents)
}

// learn writes documents that are not there.
func (tx *Tx) learn(ctx context.Context, documents []*search.Document) error {
	slices.SortFunc(documents, func(a, b *search.Document) int { return cmp.Compare(a.Place, b.Place) })
	return tx.dialect.learn(ctx, tx.Conn, documents)
}

const insertDocumentsSQL = `INSERT INTO search_documents (place, ticket_id, message_id, internal, at`

func documentValues(d *search.Document) []any {
	return []any{d.Place, int64(d.Ticket), int64(d.Message), d.Internal, Micros(d.At)}
}

// learnSQLite writes documents that are not there. The tokens stand as the table's own
// tokenizer finds them again.
func learnSQLite(ctx context.Context, c Conn, documents []*search.Document) error {
	rows, words := bulk{sql: insertDocumentsSQL + `) VALUES `}, bulk{sql: `INSERT INTO search_words (rowid, words) VALUES `, single: true}
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
	type placed struct {
		token string
		at    int
	}
	tokens := d.Tokens()
	all := make([]placed, len(tokens))
	for i, t := range tokens {
		all[i] = placed{t, min(i+1, lastPosition)}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.token, b.token) })
	const around = 12 // of a token and its position
	out := make([]byte, 0, around*len(tokens)+200)
	n := 0
	for i, p := range all {
		if i == 0 || p.token != all[i-1].token {
			out = append(append(append(out, " '"...), p.token...), "':"...)
			n = 0
		} else if n < mostPositions {
			out = append(out, ',')
		}
		if n < mostPositions {
			out = strconv.AppendInt(out, int64(p.at), 10)
		}
		n++
	}
	for level := range eras {
		out = append(append(append(out, " '"...), era(level, d.Place)...), '\'')
	}
	return string(out)
}
