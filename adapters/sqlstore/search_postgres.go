package sqlstore

import (
	"context"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/domain/search"
)

// A GIN index gives all that has a word, in no order, and a common word is in millions of
// documents. So each document also has the eras in which it was made, short and long ones:
// the index is asked for the word in the newest short era, then in longer ones, until
// enough is found. What is not found in a long time is rare, and then all of it is few.

// eras are how long eras are: places differ in no higher bit. A place's milliseconds begin
// at the bit 23, so the shortest is half a second and the longest a hundred days.
var eras = [...]uint{23 + 9, 23 + 13, 23 + 17, 23 + 21, 23 + 25, 23 + 29, 23 + 33}

// era is the token of the era in which a place lies.
func era(level int, place int64) string {
	return "\ue000" + string(rune('A'+level)) + strconv.FormatInt(place>>eras[level], 36)
}

// searchPostgres asks for one stretch of time after the other, in one statement that ends
// when it has enough.
func searchPostgres(ctx context.Context, f *finding, stale map[found]bool) ([]found, error) {
	below := f.below
	if below == 0 {
		last, err := one(ctx, f.conn, nil, number[int64], `SELECT COALESCE(MAX(place), 0) FROM search_documents`)
		if err != nil || last == 0 {
			return nil, err
		}
		below = last + 1
	}
	index, named := f.apart()
	limit := " LIMIT " + strconv.Itoa(f.limit)
	q := newSelection(f.conn, `SELECT h.ticket_id, h.message_id, h.internal FROM (VALUES `)
	for i, s := range stretches(matchPostgres(index), below) {
		q.add([]string{"", ", "}[min(i, 1)]+"(CAST(? AS TSQUERY), CAST(? AS BIGINT))", s.words, s.below)
	}
	// Adding nothing to the place keeps the planner from walking the documents instead.
	q.add(`) s (words, below) CROSS JOIN LATERAL (SELECT d.ticket_id, d.message_id, d.internal FROM search_documents d
		JOIN tickets t ON t.id = d.ticket_id WHERE d.words @@ s.words AND d.place + 0 < s.below AND `)
	if err := f.readableDocument(q, stale); err != nil {
		return nil, err
	}
	for _, n := range named {
		n.add(q, f.see.See.Workspace, `d.words @@ CAST(? AS TSQUERY)`, func(a search.Alternatives) string {
			return matchPostgres(search.Match{Every: []search.Alternatives{a}})
		})
	}
	q.add(` ORDER BY d.place + 0 DESC` + limit + `) h` + limit)
	return collect(ctx, f.conn, scanFound, q.text(), q.args...)
}

// stretch is a part of what is looked for: documents below a place that have these words.
type stretch struct {
	words string
	below int64
}

// stretches are two eras of each length, each from where the last one ended, and the rest.
func stretches(words string, below int64) []stretch {
	var all []stretch
	for level, bits := range eras {
		last := (below - 1) >> bits
		if last < 1 {
			break
		}
		these := `('` + era(level, last<<bits) + `' | '` + era(level, (last-1)<<bits) + `')`
		all = append(all, stretch{words + " & " + these, below})
		below = (last - 1) << bits
	}
	return append(all, stretch{words, below})
}

// matchPostgres writes what is looked for as PostgreSQL's tsquery. Tokens hold neither
// quotation marks nor backslashes.
func matchPostgres(m search.Match) string {
	var out strings.Builder
	for i, a := range m.Every {
		out.WriteString([]string{"", " & "}[min(i, 1)])
		anyPostgres(&out, a)
	}
	for _, a := range m.None {
		out.WriteString(" & !")
		anyPostgres(&out, a)
	}
	return out.String()
}

// anyPostgres writes alternatives as a tree that is nowhere deep, as PostgreSQL goes down it
// call by call.
func anyPostgres(out *strings.Builder, a search.Alternatives) {
	out.WriteString("(")
	if half := len(a) / 2; half > 0 {
		anyPostgres(out, a[:half])
		out.WriteString(" | ")
		anyPostgres(out, a[half:])
	} else {
		for j, t := range a[0].Tokens {
			out.WriteString([]string{"'", " <-> '"}[min(j, 1)] + t + "'")
		}
		if a[0].Prefix {
			out.WriteString(":*")
		}
	}
	out.WriteString(")")
}
