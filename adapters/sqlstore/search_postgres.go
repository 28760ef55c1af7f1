package sqlstore

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/domain/search"
)

// A GIN index gives all that has a word, in no order, and a common word is in millions of
// documents. So each document also has the eras in which it was made, short and long ones.
// The newest thousand documents, or so, are walked; then the index is asked for the words in
// eras that hold the next thousands, then in those of the next ten thousands, until enough
// is found. What is not among half a million is rare, and then all of it is few.

// eras are how long eras are: places differ in no higher bit. A place's milliseconds begin
// at the bit 23, so the shortest is half a second and the longest a hundred days.
var eras = [...]uint{23 + 9, 23 + 13, 23 + 17, 23 + 21, 23 + 25, 23 + 29, 23 + 33}

// era is the token of the era in which a place lies.
func era(level int, place int64) string { return eraOf(level, place>>eras[level]) }

func eraOf(level int, n int64) string {
	return "\ue000" + string(rune('A'+level)) + strconv.FormatInt(n, 36)
}

// marksSQL gives the places below which there are about one thousand fewer documents, eight
// thousand, and so on: one in 1021 is in an index of its own.
const marksSQL = `SELECT x.place FROM (SELECT d.place, ROW_NUMBER() OVER (ORDER BY d.place DESC) AS n FROM
	(SELECT place FROM search_documents WHERE place % 1021 = 0 AND place < ? ORDER BY place DESC LIMIT 512) d) x
	WHERE x.n IN (1, 8, 64, 512) ORDER BY x.place DESC`

// searchPostgres asks for one stretch of places after the other, in one statement that ends
// when it has enough.
func searchPostgres(ctx context.Context, f *finding, stale map[found]bool) ([]found, error) {
	below := f.below
	if below == 0 {
		below = math.MaxInt64
	}
	marks, err := collect(ctx, f.conn, number[int64], marksSQL, below)
	if err != nil {
		return nil, err
	}
	marks = append(marks, 0)
	index, named := f.apart()
	words, limit := matchPostgres(index), " LIMIT "+strconv.Itoa(f.limit)
	of := func(q *selection) error {
		if err := f.readableDocument(q, stale); err != nil {
			return err
		}
		for _, n := range named {
			n.add(q, f.see.See.Workspace, `d.words @@ CAST(? AS TSQUERY)`, func(a search.Alternatives) string {
				return matchPostgres(search.Match{Every: []search.Alternatives{a}})
			})
		}
		return nil
	}
	q := newSelection(f.conn, `SELECT h.ticket_id, h.message_id, h.internal FROM ((SELECT d.ticket_id, d.message_id, d.internal FROM
		(SELECT * FROM search_documents WHERE place >= ? AND place < ? ORDER BY place DESC OFFSET 0) d
		JOIN tickets t ON t.id = d.ticket_id WHERE d.words @@ CAST(? AS TSQUERY) AND `, marks[0], below, words)
	if err := of(q); err != nil {
		return nil, err
	}
	q.add(` ORDER BY d.place DESC` + limit + `)`)
	if len(marks) > 1 {
		q.add(` UNION ALL (SELECT s.ticket_id, s.message_id, s.internal FROM (VALUES `)
		for i, since := range marks[1:] {
			q.add([]string{"", ", "}[min(i, 1)]+"(CAST(? AS TSQUERY), CAST(? AS BIGINT), CAST(? AS BIGINT))", during(words, since, marks[i]), since, marks[i])
		}
		// Adding nothing to the place keeps the planner from walking the documents instead.
		q.add(`) e (words, since, below) CROSS JOIN LATERAL (SELECT d.ticket_id, d.message_id, d.internal FROM search_documents d
			JOIN tickets t ON t.id = d.ticket_id WHERE d.words @@ e.words AND d.place + 0 >= e.since AND d.place + 0 < e.below AND `)
		if err := of(q); err != nil {
			return nil, err
		}
		q.add(` ORDER BY d.place + 0 DESC` + limit + `) s` + limit + `)`)
	}
	q.add(`) h` + limit)
	return collect(ctx, f.conn, scanFound, q.text(), q.args...)
}

// during asks for words in the eras of a stretch; in whatever time, if it begins with all.
func during(words string, since, below int64) string {
	if since == 0 {
		return words
	}
	return words + " & ('" + strings.Join(covering(since, below), "' | '") + "')"
}

// covering gives the fewest eras that hold the places from one up to below another. They hold
// no more than half a second before and after.
func covering(since, below int64) []string {
	var all []string
	from, to := since>>eras[0], (below-1)>>eras[0]
	for level := range eras {
		width := int64(1)
		if level+1 < len(eras) {
			width = 1 << (eras[level+1] - eras[level])
		}
		last := level+1 == len(eras)
		for ; from <= to && (last || from%width != 0); from++ {
			all = append(all, eraOf(level, from))
		}
		for ; from <= to && (to+1)%width != 0; to-- {
			all = append(all, eraOf(level, to))
		}
		if from > to {
			break
		}
		from, to = from/width, to/width
	}
	return all
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
