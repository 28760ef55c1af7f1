// Package query says which rows of a list are wanted, and in which order: a tree
// of conditions and sort keys, within bounds, for any kind of list.
package query

import (
	"slices"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// ErrCondition refuses a comparison that its field does not know, or that has
// values of another type.
var ErrCondition = fault.New(fault.Invalid, "fault.query.condition")

// Bounds of a query.
const (
	MaxConditions = 50 // and parts in which they are
	MaxNesting    = 5
	MaxValues     = 100
	MaxOrder      = 3
)

// Field is an aspect by which rows are chosen or put in order. Each kind of list
// has its own.
type Field string

// FieldID is what all rows have. It decides between rows that are equal otherwise.
const FieldID Field = "id"

// Op compares a field with values.
type Op string

// The operators.
const (
	Eq       Op = "eq"
	In       Op = "in"
	Gte      Op = "gte"
	Gt       Op = "gt"
	Lte      Op = "lte"
	Lt       Op = "lt"
	Contains Op = "contains" // part of a text, whatever its case
	IsNull   Op = "isNull"   // one value: a bool
)

// Condition is one comparison. In with no values holds for no row. Values are
// strings for texts, float64 for decimal numbers, int64 for all else: IDs, numbers, ranks, 0 and 1 for no and
// yes, and microseconds since 1970 for times.
type Condition struct {
	Field  Field
	Key    string // of which kind of the field, where there are several
	Op     Op
	Values []any
}

// Where is a tree of conditions: all of its parts must hold. The zero Where holds always.
type Where struct {
	Conditions []Condition
	And        []Where
	Or         []Where // one of them must hold, if there are any
	Not        *Where
}

// Always reports whether the tree says nothing.
func (w Where) Always() bool {
	return len(w.Conditions)+len(w.And)+len(w.Or) == 0 && w.Not == nil
}

// Order is one sort key.
type Order struct {
	Field      Field
	Descending bool
}

// Query chooses and orders rows.
type Query struct {
	Where Where
	Order []Order
}

// Check refuses a tree that is too large. Codes: invalid.
func (w Where) Check() error {
	left := MaxConditions
	return w.check(&left, MaxNesting)
}

func (w Where) check(left *int, depth int) error {
	if depth == 0 {
		return fault.New(fault.Invalid, "fault.query.nesting").With("Most", MaxNesting).On("where")
	}
	for _, c := range w.Conditions {
		if err := spend(left); err != nil {
			return err
		}
		if len(c.Values) > MaxValues {
			return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxValues).On("where." + string(c.Field))
		}
	}
	parts := append(slices.Clip(w.And), w.Or...)
	if w.Not != nil {
		parts = append(parts, *w.Not)
	}
	for _, p := range parts {
		if err := spend(left); err != nil { // even if nothing is in it
			return err
		}
		if err := p.check(left, depth-1); err != nil {
			return err
		}
	}
	return nil
}

// spend takes one of the conditions and parts that a query may have.
func spend(left *int) error {
	if *left--; *left < 0 {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxConditions).On("where")
	}
	return nil
}
