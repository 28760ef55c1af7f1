// Package page cuts lists by keyset: a page begins after the sort keys of the
// last row of the page before, so that rows which are added or move meanwhile
// neither repeat nor hide others.
package page

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// Limits of a page's length, in rows.
const (
	DefaultSize = 25
	MaxSize     = 100
)

// Cursor is the place of a row in a list: its sort keys, the last being its ID.
// Each is an int64 or a string.
type Cursor []any

// Kind is the type of a sort key.
type Kind int

// The kinds.
const (
	Number Kind = iota // int64
	Text               // string
)

// fits reports whether the cursor is one of a list with the given sort keys.
func (c Cursor) fits(kinds []Kind) bool {
	if len(c) != len(kinds) {
		return false
	}
	for i, key := range c {
		_, text := key.(string)
		_, number := key.(int64)
		if text != (kinds[i] == Text) || number != (kinds[i] == Number) {
			return false
		}
	}
	return true
}

// Request asks for one page. First and Last exclude each other.
type Request struct {
	First, Last   int // 0: not given
	After, Before Cursor
}

// Page is a part of a list, in the list's order whichever way it was asked for.
type Page[T any] struct {
	Items       []T
	HasNext     bool
	HasPrevious bool
}

// Window is a checked request: read Limit+1 rows from the edge, in list order or backward.
type Window struct {
	Limit         int
	Backward      bool
	After, Before Cursor
}

// Window checks the request for a list whose rows have sort keys of the given
// kinds. Codes: invalid.
func (r Request) Window(kinds ...Kind) (Window, error) {
	if r.First != 0 && r.Last != 0 {
		return Window{}, fault.New(fault.Invalid, "fault.page.both_ends").On("first")
	}
	w := Window{Limit: r.First, After: r.After, Before: r.Before}
	field := "first"
	if r.Last != 0 {
		w.Limit, w.Backward, field = r.Last, true, "last"
	}
	if w.Limit == 0 {
		w.Limit = DefaultSize
	}
	if w.Limit < 1 || w.Limit > MaxSize {
		return Window{}, fault.New(fault.Invalid, "fault.page.size").With("Most", MaxSize).On(field)
	}
	if r.After != nil && !r.After.fits(kinds) {
		return Window{}, fault.New(fault.Invalid, "fault.page.cursor").On("after")
	}
	if r.Before != nil && !r.Before.fits(kinds) {
		return Window{}, fault.New(fault.Invalid, "fault.page.cursor").On("before")
	}
	return w, nil
}

// Cut makes a page of up to Limit+1 rows that were read in the window's direction.
func Cut[T any](w Window, rows []T) Page[T] {
	more := len(rows) > w.Limit
	if more {
		rows = rows[:w.Limit]
	}
	if w.Backward {
		slices.Reverse(rows)
		return Page[T]{Items: rows, HasPrevious: more, HasNext: w.Before != nil}
	}
	return Page[T]{Items: rows, HasNext: more, HasPrevious: w.After != nil}
}
