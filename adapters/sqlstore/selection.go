package sqlstore

import (
	"math"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/domain/page"
)

// selection is a SELECT that grows by conditions. Values are always arguments.
type selection struct {
	conn   Conn
	sql    strings.Builder
	args   []any
	byID   bool // an index of IDs finds them, and not one of the workspace
	nearly bool // many rows come by a coarse order, and the dialect can't tell that they come nearly in order
}

// newLookup begins a selection of few rows by IDs.
func newLookup(c Conn, text string) *selection {
	q := newSelection(c, text)
	q.byID = true
	return q
}

// newSelection begins with a text that ends in its first condition.
func newSelection(c Conn, text string, args ...any) *selection {
	q := &selection{conn: c, args: args}
	q.sql.WriteString(text)
	return q
}

// add writes text and its arguments as they are.
func (q *selection) add(text string, args ...any) {
	q.sql.WriteString(text)
	q.args = append(q.args, args...)
}

// and adds a condition.
func (q *selection) and(text string, args ...any) {
	q.add(" AND ")
	q.add(text, args...)
}

func (q *selection) text() string { return q.sql.String() }

// sortKey is a column of an order.
type sortKey struct {
	column     string
	descending bool
	coarse     string // see aspect
	grain      int64
}

// walked are the columns of the keys and the cursor's values in them, with the coarse
// ones, which an index has, before their own.
func walked(keys []sortKey, c page.Cursor) (columns []sortKey, at page.Cursor) {
	for i, k := range keys {
		if k.coarse != "" {
			columns = append(columns, sortKey{column: k.coarse, descending: k.descending})
		}
		columns = append(columns, k)
		if c == nil {
			continue
		}
		if k.coarse != "" {
			n, _ := c[i].(int64)
			at = append(at, n/k.grain)
		}
		at = append(at, c[i])
	}
	return columns, at
}

// keyset adds the conditions, the order and the limit of a window: one row more
// than it holds, in the direction in which it is read. The limit is part of the
// text, so that the planner knows how few rows are wanted.
func (q *selection) keyset(w page.Window, keys ...sortKey) {
	q.edges(w, keys...)
	if q.nearly && w.After == nil && w.Before == nil {
		q.and(keys[0].coarse + " <= " + strconv.Itoa(math.MaxInt64))
	}
	q.order(w.Backward, keys...)
	q.add(" LIMIT " + strconv.Itoa(w.Limit+1))
}

// edges keeps what lies after and before the window's cursors.
func (q *selection) edges(w page.Window, keys ...sortKey) {
	if w.After != nil {
		q.add(" AND ")
		q.beyond(w.After, false, keys)
	}
	if w.Before != nil {
		q.add(" AND ")
		q.beyond(w.Before, true, keys)
	}
}

func (q *selection) order(backward bool, keys ...sortKey) {
	q.add(" ORDER BY ")
	q.add(orderBy(backward, keys))
}

func orderBy(backward bool, keys []sortKey) string {
	keys, _ = walked(keys, nil)
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = k.column
		if k.descending != backward {
			parts[i] += " DESC"
		}
	}
	return strings.Join(parts, ", ")
}

// beyond keeps what comes after the cursor in the order, or before it. Keys of
// one direction are compared as a row, which an index answers at once.
func (q *selection) beyond(c page.Cursor, before bool, keys []sortKey) {
	keys, c = walked(keys, c)
	if same(keys) {
		columns := make([]string, len(keys))
		for i, k := range keys {
			columns[i] = k.column
		}
		marks := strings.Repeat(", ?", len(keys))[2:]
		q.add("(" + strings.Join(columns, ", ") + ")" + comparison(keys[0], before) + "(" + marks + ")")
		for _, v := range c {
			q.args = append(q.args, v)
		}
		return
	}
	q.add("(")
	for i, k := range keys {
		if i > 0 {
			q.add(" OR ")
		}
		q.add("(")
		for j := range i {
			q.add(keys[j].column+" = ? AND ", c[j])
		}
		q.add(k.column+comparison(k, before)+"?)", c[i])
	}
	q.add(")")
}

func same(keys []sortKey) bool {
	for _, k := range keys {
		if k.descending != keys[0].descending {
			return false
		}
	}
	return true
}

func comparison(k sortKey, before bool) string {
	if k.descending != before {
		return " < "
	}
	return " > "
}
