package query

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/page"
)

// Terms are what a kind of list can be put in order by, besides the ID, which is
// the order in which rows were made. Only what every row has serves for that.
type Terms struct {
	Numbers []Field // sort keys that are int64
	Texts   []Field // sort keys that are texts
	Usual   []Order // the order when none is asked for
	Tie     []Field // decide between rows that are equal otherwise; none: the ID does
}

// Keys gives a query's sort keys, completed by what decides between equals, in
// the direction of the last one, so that the order is total.
func (t Terms) Keys(q Query) []Order {
	keys := q.Order
	if len(keys) == 0 {
		keys = t.Usual
	}
	tie := t.Tie
	if len(tie) == 0 {
		tie = []Field{FieldID}
	}
	keys = slices.Clip(keys)
	descending := keys[len(keys)-1].Descending
	for _, f := range tie {
		if !slices.ContainsFunc(keys, func(o Order) bool { return o.Field == f }) {
			keys = append(keys, Order{Field: f, Descending: descending})
		}
	}
	return keys
}

// Check refuses a query that is too large or orders by what the list does not
// know. Codes: invalid.
func (t Terms) Check(q Query) error {
	if len(q.Order) > MaxOrder {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxOrder).On("orderBy")
	}
	seen := map[Field]bool{}
	for _, o := range q.Order {
		if !t.orders(o.Field) {
			return fault.New(fault.Invalid, "fault.query.order").With("Field", string(o.Field)).On("orderBy")
		}
		if seen[o.Field] {
			return fault.New(fault.Invalid, "fault.query.order_twice").With("Field", string(o.Field)).On("orderBy")
		}
		seen[o.Field] = true
	}
	return q.Where.Check()
}

func (t Terms) orders(f Field) bool {
	return slices.Contains(t.Numbers, f) || slices.Contains(t.Texts, f) || f == FieldID && len(t.Tie) == 0
}

// Window checks a query and the request for a page of what it finds. Codes: invalid.
func (t Terms) Window(q Query, r page.Request) (page.Window, error) {
	if err := t.Check(q); err != nil {
		return page.Window{}, err
	}
	keys := t.Keys(q)
	kinds := make([]page.Kind, len(keys))
	for i, k := range keys {
		if slices.Contains(t.Texts, k.Field) {
			kinds[i] = page.Text
		}
	}
	return r.Window(kinds...)
}

// CursorOf gives the place of a row in a query's order; key gives the row's
// sort key for a field.
func (t Terms) CursorOf(q Query, key func(Field) any) page.Cursor {
	keys := t.Keys(q)
	c := make(page.Cursor, len(keys))
	for i, k := range keys {
		c[i] = key(k.Field)
	}
	return c
}
