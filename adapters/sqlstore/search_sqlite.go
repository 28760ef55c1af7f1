package sqlstore

import (
	"context"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/domain/search"
)

// searchSQLite walks the index from the highest place down and stops when it has enough.
func searchSQLite(ctx context.Context, f *finding, stale map[found]bool) ([]found, error) {
	index, named := f.apart()
	q := newSelection(f.conn, `SELECT d.ticket_id, d.message_id, d.internal FROM search_words
		CROSS JOIN search_documents d ON d.place = search_words.rowid CROSS JOIN tickets t ON t.id = d.ticket_id
		WHERE search_words MATCH ?`, matchSQLite(index))
	if f.below != 0 {
		q.and("search_words.rowid < ?", f.below)
	}
	q.add(" AND ")
	if err := f.readableDocument(q, stale); err != nil {
		return nil, err
	}
	for _, n := range named {
		n.add(q, f.see.See.Workspace, `EXISTS (SELECT 1 FROM search_words w WHERE w.search_words MATCH ? AND w.rowid = d.place)`, func(a search.Alternatives) string {
			return matchSQLite(search.Match{Every: []search.Alternatives{a}})
		})
	}
	q.add(" ORDER BY search_words.rowid DESC LIMIT " + strconv.Itoa(f.limit))
	return collect(ctx, f.conn, scanFound, q.text(), q.args...)
}

// matchSQLite writes what is looked for in the language of FTS5. Tokens hold neither
// quotation marks nor spaces.
func matchSQLite(m search.Match) string {
	var out strings.Builder
	for i, a := range m.Every {
		out.WriteString([]string{"", " AND "}[min(i, 1)])
		anySQLite(&out, a)
	}
	if len(m.None) == 0 {
		return out.String()
	}
	out.WriteString(") NOT (")
	for i, a := range m.None {
		out.WriteString([]string{"", " OR "}[min(i, 1)])
		anySQLite(&out, a)
	}
	return "(" + out.String() + ")"
}

func anySQLite(out *strings.Builder, a search.Alternatives) {
	for i, p := range a {
		out.WriteString([]string{"(", " OR "}[min(i, 1)])
		out.WriteString(`"` + strings.Join(p.Tokens, " ") + `"`)
		if p.Prefix {
			out.WriteString(" *")
		}
	}
	out.WriteString(")")
}
