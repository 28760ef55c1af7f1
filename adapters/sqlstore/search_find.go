package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// SearchRepository finds what was said. What the index does not know yet it reads.
type SearchRepository struct{ store *Store }

var _ search.Repository = (*SearchRepository)(nil)

// Search gives what can be found in the store.
func (s *Store) Search() *SearchRepository { return &SearchRepository{store: s} }

// Find implements search.Repository. Changes are read before the index: what is taken
// apart in between is found twice rather than never.
func (r *SearchRepository) Find(ctx context.Context, v ticket.Visibility, a search.Ask, below int64, limit int) ([]*search.Document, error) {
	f := &finding{conn: r.store.Read(ctx), see: v, ask: a, below: below, limit: limit}
	all, err := f.find(ctx)
	return all, failed("search", err)
}

// finding is one search.
type finding struct {
	conn  Conn
	see   ticket.Visibility
	ask   search.Ask
	below int64
	limit int
}

func (f *finding) find(ctx context.Context) ([]*search.Document, error) {
	if len(f.ask.Words.Every) == 0 {
		return f.tickets(ctx)
	}
	changed, stale, err := f.changed(ctx)
	if err != nil {
		return nil, err
	}
	few, known, err := f.few(ctx)
	if err != nil {
		return nil, err
	}
	if known {
		f.within(few)
	}
	if err := f.narrow(ctx); err != nil {
		return nil, err
	}
	var hits []found
	if !known || len(few) > 0 {
		if hits, err = f.conn.dialect.search(ctx, f, stale); err != nil {
			return nil, err
		}
	}
	hits = slices.DeleteFunc(hits, func(h found) bool { return stale[h] })
	all, err := f.read(ctx, hits)
	if err != nil {
		return nil, err
	}
	all = append(all, changed...)
	slices.SortFunc(all, func(a, b *search.Document) int { return cmp.Compare(b.Place, a.Place) })
	all = slices.CompactFunc(all, func(a, b *search.Document) bool { return a.Place == b.Place })
	return all[:min(len(all), f.limit)], nil
}

// read reads what was found in the index. Of a ticket it may be either part.
func (f *finding) read(ctx context.Context, hits []found) ([]*search.Document, error) {
	wanted := map[int64]bool{}
	var refs []found
	for _, h := range hits {
		if h.message == 0 {
			wanted[search.PlaceOf(h.ticket, h.internal)] = true
		}
		h.internal = false
		refs = append(refs, h)
	}
	all, err := f.conn.documents(ctx, refs)
	return slices.DeleteFunc(all, func(d *search.Document) bool { return d.Message == 0 && !wanted[d.Place] }), err
}

// tickets finds tickets by all but words.
func (f *finding) tickets(ctx context.Context) ([]*search.Document, error) {
	few, known, err := f.few(ctx)
	if err != nil {
		return nil, err
	}
	q := newSelection(f.conn, `SELECT t.id, 0, FALSE FROM tickets t WHERE `)
	q.allowed(f.see.See)
	if err := f.conditions(q, "t.opened_at", "0"); err != nil {
		return nil, err
	}
	if known {
		q.and(among(q.conn, "t.id", few))
	}
	if f.below != 0 {
		q.and("t.id < ?", (f.below+1)/2)
	}
	q.add(" ORDER BY t.id DESC LIMIT " + strconv.Itoa(f.limit))
	hits, err := collect(ctx, f.conn, scanFound, q.text(), q.args...)
	if err != nil {
		return nil, err
	}
	all, err := f.read(ctx, hits)
	slices.SortFunc(all, func(a, b *search.Document) int { return cmp.Compare(b.Place, a.Place) })
	return all, err
}

func scanFound(row scanner) (found, error) {
	var f found
	err := row.Scan((*int64)(&f.ticket), (*int64)(&f.message), &f.internal)
	return f, err
}

// conditions adds all that is asked for but the words, of a ticket t and of something in
// it with the given time and message; 0: the ticket itself.
func (f *finding) conditions(q *selection, at, message string) error {
	if err := q.matching(f.ask.Where, searchTerms(f.see.Notes)); err != nil {
		return err
	}
	if !f.ask.Since.IsZero() {
		q.and(at+" >= ?", Micros(f.ask.Since))
	}
	if !f.ask.Until.IsZero() {
		q.and(at+" < ?", Micros(f.ask.Until))
	}
	if f.ask.Attached == search.Anyhow {
		return nil
	}
	q.add([]string{" AND ", " AND NOT "}[min(int(f.ask.Attached-search.WithFiles), 1)])
	q.add(`(CASE WHEN ` + message + ` <> 0 THEN EXISTS (SELECT 1 FROM attachments x WHERE x.message_id = ` + message + ` AND x.message_id <> 0 AND x.until_version = 0)
		ELSE EXISTS (SELECT 1 FROM messages y JOIN attachments x ON x.message_id = y.id AND x.message_id <> 0 AND x.until_version = 0
			WHERE y.ticket_id = t.id AND y.kind <> 'note' AND y.deleted_at = 0) END)`)
	return nil
}

// readableDocument adds who may find the document d of the ticket t.
func (f *finding) readableDocument(q *selection, stale map[found]bool) error {
	q.readable(f.see, "NOT d.internal")
	if err := f.conditions(q, "d.at", "d.message_id"); err != nil {
		return err
	}
	if len(stale) > 0 {
		places := make([]int64, 0, len(stale))
		for h := range stale {
			places = append(places, h.place())
		}
		these, list := among(q.conn, "d.place", places)
		q.and("NOT ("+these+")", list)
	}
	return nil
}

// place is where the document stands among all.
func (f found) place() int64 {
	if f.message != 0 {
		return search.PlaceOf(f.message, false)
	}
	return search.PlaceOf(f.ticket, f.internal)
}
