package model

import "github.com/ticketsys/ticketsys/domain/query"

// Tree is how conditions of one kind are put together.
type Tree[W any] struct {
	And []*W
	Or  []*W
	Not *W
}

func (t *Tree[W]) tree() *Tree[W] { return t }

// conditional is conditions on a kind of rows.
type conditional[W any] interface {
	*W
	conditions() conditions
	tree() *Tree[W]
}

// where gives conditions for a service, without parts that hold always: those
// only cost time.
func where[W any, P conditional[W]](w P) query.Where {
	if w == nil {
		return query.Where{}
	}
	tree := w.tree()
	out := query.Where{Conditions: w.conditions(), Or: alternatives[W, P](tree.Or)}
	for _, and := range tree.And {
		if part := where(P(and)); !part.Always() {
			out.And = append(out.And, part)
		}
	}
	if tree.Not != nil {
		not := where(P(tree.Not))
		out.Not = &not
	}
	return out
}

// alternatives gives parts of which one must hold; none if one of them always does.
func alternatives[W any, P conditional[W]](all []*W) []query.Where {
	var out []query.Where
	for _, or := range all {
		part := where(P(or))
		if part.Always() {
			return nil
		}
		out = append(out, part)
	}
	return out
}

// Order is one sort key of any list.
type Order struct {
	Field     query.Field
	Direction OrderDirection
}

// OrderDirection is which way.
type OrderDirection string

// The directions.
const (
	Ascending  OrderDirection = "ASC"
	Descending OrderDirection = "DESC"
)

// orders gives sort keys for a service.
func orders(all []*Order) []query.Order {
	var keys []query.Order
	for _, o := range all {
		keys = append(keys, query.Order{Field: o.Field, Descending: o.Direction == Descending})
	}
	return keys
}
