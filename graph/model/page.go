package model

import (
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/page"
)

// PageInfo tells how to go on in a list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     page.Cursor
	EndCursor       page.Cursor
}

func pageInfo[T any](p page.Page[T], cursor func(T) page.Cursor) *PageInfo {
	info := &PageInfo{HasNextPage: p.HasNext, HasPreviousPage: p.HasPrevious}
	if n := len(p.Items); n > 0 {
		info.StartCursor, info.EndCursor = cursor(p.Items[0]), cursor(p.Items[n-1])
	}
	return info
}

// PageRequest makes the wish for a page of a connection's arguments. A size of
// zero rows is refused here, since a request without a size means the usual one.
// Codes: invalid.
func PageRequest(first *int, after page.Cursor, last *int, before page.Cursor) (page.Request, error) {
	r := page.Request{After: after, Before: before}
	for _, size := range []struct {
		given *int
		field string
		to    *int
	}{{first, "first", &r.First}, {last, "last", &r.Last}} {
		if size.given == nil {
			continue
		}
		if *size.given < 1 {
			return page.Request{}, fault.New(fault.Invalid, "fault.page.size").With("Most", page.MaxSize).On(size.field)
		}
		*size.to = *size.given
	}
	return r, nil
}
