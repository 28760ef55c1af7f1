package rest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
)

// column is what rows of a list can be chosen by.
type column struct {
	field query.Field
	ops   []query.Op
	value func(any) (any, bool) // an operand as the domain has it
	enum  []string              // of all operands, if they are few
	form  string                // of an operand: string, integer, number, boolean, date-time, date
	about string
	// parts are the columns of a condition that names a key besides; then there
	// is no more than the key, the parts and ops here.
	parts columns
}

// columns are what rows of a kind of list can be chosen by, by name.
type columns map[string]column

// The comparisons of a kind of values.
func equal(more ...query.Op) []query.Op { return append([]query.Op{query.Eq, query.In}, more...) }

func texts(f query.Field, about string) column {
	return column{field: f, ops: equal(query.Contains), form: "string", about: about, value: text}
}

func words(f query.Field, about string, enum ...string) column {
	return column{field: f, ops: equal(), enum: enum, form: "string", about: about, value: func(v any) (any, bool) {
		s, ok := v.(string)
		return inside(s), ok && slices.Contains(enum, s)
	}}
}

func ids(f query.Field, k opaque.Kind, about string, more ...query.Op) column {
	return column{field: f, ops: equal(more...), form: "string", about: about, value: func(v any) (any, bool) {
		s, ok := v.(string)
		return opaque.Of[int64](k, s), ok
	}}
}

func numbers(f query.Field, about string) column {
	return column{field: f, ops: equal(query.Gte, query.Lt), form: "integer", about: about, value: whole}
}

func moments(f query.Field, about string, more ...query.Op) column {
	return column{field: f, ops: append([]query.Op{query.Gte, query.Lt}, more...), form: "date-time", about: about, value: moment}
}

func flags(f query.Field, about string) column {
	return column{field: f, ops: []query.Op{query.Eq}, form: "boolean", about: about, value: func(v any) (any, bool) {
		so, ok := v.(bool)
		if so {
			return int64(1), ok
		}
		return int64(0), ok
	}}
}

func ranks(f query.Field, about string) column {
	return column{
		field: f, ops: equal(query.Gte, query.Lt), enum: enum(priority.Levels()), form: "string", about: about,
		value: func(v any) (any, bool) {
			s, _ := v.(string)
			level := priority.Level(s)
			return int64(level.Rank()), level.Check() == nil
		},
	}
}

// Operands as the domain has them.

func text(v any) (any, bool) { s, ok := v.(string); return s, ok }

func whole(v any) (any, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return nil, false
	}
	i, err := n.Int64()
	return i, err == nil
}

func decimal(v any) (any, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return nil, false
	}
	f, err := n.Float64()
	return f, err == nil
}

func moment(v any) (any, bool) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339Nano, s)
	return t.UnixMicro(), err == nil
}

func day(v any) (any, bool) {
	s, _ := v.(string)
	_, err := time.Parse(time.DateOnly, s)
	return s, err == nil
}

// where reads conditions that are written as JSON. Codes: invalid.
func (c columns) where(raw string) (query.Where, error) {
	if raw == "" {
		return query.Where{}, nil
	}
	var tree map[string]any
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil || d.More() {
		return query.Where{}, errValue.On("where")
	}
	return c.tree(tree, "where", query.MaxNesting)
}

func (c columns) tree(tree map[string]any, path string, depth int) (query.Where, error) {
	var w query.Where
	if depth < 0 { // the domain refuses it in its own words
		return query.Where{Not: &query.Where{}}, nil
	}
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		v, at := tree[name], path+"."+name
		if err := c.part(&w, name, v, at, depth); err != nil {
			return query.Where{}, err
		}
	}
	return w, nil
}

// part adds one entry of a tree: parts in it, or conditions on a column.
func (c columns) part(w *query.Where, name string, v any, at string, depth int) error {
	switch name {
	case "and", "or":
		list, ok := v.([]any)
		if !ok {
			return errValue.On(at)
		}
		parts, always, err := c.list(list, at, depth)
		switch {
		case err != nil:
			return err
		case name == "and":
			w.And = append(w.And, parts...)
		case !always:
			w.Or = append(w.Or, parts...)
		}
		return nil
	case "not":
		tree, ok := v.(map[string]any)
		if !ok {
			return errValue.On(at)
		}
		not, err := c.tree(tree, at, depth-1)
		w.Not = &not
		return err
	}
	col, known := c[name]
	filter, ok := v.(map[string]any)
	switch {
	case !known:
		return errUnknown.On(at)
	case !ok:
		return errValue.On(at)
	case col.parts != nil:
		return col.keyed(w, filter, at)
	}
	return col.add(w, filter, at, "")
}

// list reads parts, and tells whether one of them holds always.
func (c columns) list(all []any, at string, depth int) (parts []query.Where, always bool, err error) {
	for _, one := range all {
		tree, ok := one.(map[string]any)
		if !ok {
			return nil, false, errValue.On(at)
		}
		part, err := c.tree(tree, at, depth-1)
		if err != nil {
			return nil, false, err
		}
		if part.Always() {
			always = true
			continue
		}
		parts = append(parts, part)
	}
	return parts, always, nil
}

// add appends the conditions of a filter.
func (c column) add(w *query.Where, filter map[string]any, at, key string) error {
	for _, name := range slices.Sorted(maps.Keys(filter)) {
		operand, op := filter[name], query.Op(name)
		if !slices.Contains(c.ops, op) {
			return errUnknown.On(at + "." + name)
		}
		values, ok := c.operands(op, operand)
		if !ok {
			return errValue.On(at + "." + name)
		}
		w.Conditions = append(w.Conditions, query.Condition{Field: c.field, Key: key, Op: op, Values: values})
	}
	return nil
}

func (c column) operands(op query.Op, v any) ([]any, bool) {
	if op == query.IsNull {
		so, ok := v.(bool)
		return []any{so}, ok
	}
	list := []any{v}
	if op == query.In {
		var ok bool
		if list, ok = v.([]any); !ok {
			return nil, false
		}
	}
	values := make([]any, len(list))
	for i, one := range list {
		value, ok := c.value(one)
		if !ok {
			return nil, false
		}
		values[i] = value
	}
	return values, true
}

// keyed adds the conditions on one of the things that a column has under keys.
func (c column) keyed(w *query.Where, filter map[string]any, at string) error {
	key, ok := filter["key"].(string)
	if !ok {
		return errMissing.On(at + ".key")
	}
	for _, name := range slices.Sorted(maps.Keys(filter)) {
		v := filter[name]
		part, known := c.parts[name]
		inner, isTree := v.(map[string]any)
		switch {
		case name == "key":
			continue
		case name == string(query.IsNull):
			part, inner, known, isTree = c, map[string]any{name: v}, true, true
		case !known:
			return errUnknown.On(at + "." + name)
		}
		if !known || !isTree {
			return errValue.On(at + "." + name)
		}
		if err := part.add(w, inner, at+"."+name, key); err != nil {
			return err
		}
	}
	return nil
}

// enum gives the words of a set.
func enum[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = outside(string(v))
	}
	return out
}
