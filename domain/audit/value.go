package audit

import (
	"maps"
	"slices"
	"strconv"

	"github.com/ticketsys/ticketsys/domain/locale"
)

// Value is what a field holds: some texts, or some objects.
type Value struct {
	Of    Kind     `json:"of,omitempty"`    // of which kind the objects are that Items names by their IDs
	Items []string `json:"items,omitempty"` // numbers are decimal, what is so or not is "true" or "false"
}

// Text is texts; those that are empty are left out.
func Text[T ~string](texts ...T) Value {
	var v Value
	for _, t := range texts {
		if t != "" {
			v.Items = append(v.Items, string(t))
		}
	}
	return v
}

// Number is a number.
func Number[T ~int | ~int64](n T) Value { return Text(strconv.FormatInt(int64(n), 10)) }

// Yes is what is so or not.
func Yes(so bool) Value { return Text(strconv.FormatBool(so)) }

// Named is objects of a kind; an ID of 0 names none.
func Named[T ~int64](k Kind, ids ...T) Value {
	v := Value{Of: k}
	for _, n := range ids {
		if n != 0 {
			v.Items = append(v.Items, strconv.FormatInt(int64(n), 10))
		}
	}
	return v
}

// Facts are an object's fields that the record tells of.
type Facts map[string]Value

// Localized adds a text, each language as a field of its own.
func (f Facts) Localized(field string, t locale.Text) {
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		f[field+"."+string(tag)] = Text(t[tag])
	}
}

// State is what objects are at a time; those that are not there are left out.
type State map[Object]Facts
