package query_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// people can be put in order by name and by age.
func people() query.Terms {
	return query.Terms{Numbers: []query.Field{"age"}, Texts: []query.Field{"name"}, Usual: []query.Order{{Field: "name"}}}
}

func TestOrdersAreTotal(t *testing.T) {
	for name, try := range map[string]struct {
		order []query.Order
		want  string
	}{
		"none asked for": {nil, "[{name false} {id false}]"},
		"descending":     {[]query.Order{{Field: "age", Descending: true}}, "[{age true} {id true}]"},
		"several":        {[]query.Order{{Field: "age", Descending: true}, {Field: "name"}}, "[{age true} {name false} {id false}]"},
		"by the ID":      {[]query.Order{{Field: query.FieldID, Descending: true}}, "[{id true}]"},
	} {
		if got := fmt.Sprint(people().Keys(query.Query{Order: try.order})); got != try.want {
			t.Errorf("%s: %s, want %s", name, got, try.want)
		}
	}
}

func TestCursorsBelongToTheirOrder(t *testing.T) {
	byName := query.Query{}
	here := people().CursorOf(byName, func(f query.Field) any {
		if f == "name" {
			return "Léa"
		}
		return int64(7)
	})
	if want := (page.Cursor{"Léa", int64(7)}); !slices.Equal(here, want) {
		t.Fatalf("the place is %v, want %v", here, want)
	}
	if _, err := people().Window(byName, page.Request{After: here}); err != nil {
		t.Errorf("a place in the list: %v", err)
	}
	byAge := query.Query{Order: []query.Order{{Field: "age"}}}
	for name, cursor := range map[string]page.Cursor{
		"of another order": here, "too short": {int64(1)}, "of another kind": {int64(1), "x"}, "of no kind": {1.5, int64(1)},
	} {
		_, err := people().Window(byAge, page.Request{Before: cursor})
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Key != "fault.page.cursor" || f.Field != "before" {
			t.Errorf("a cursor %s: %v", name, err)
		}
	}
}

func TestAQueryIsBounded(t *testing.T) {
	one := query.Where{Conditions: []query.Condition{{Field: "age", Op: query.Eq, Values: []any{int64(1)}}}}
	deep := one
	for range query.MaxNesting {
		deep = query.Where{And: []query.Where{deep}}
	}
	for name, try := range map[string]struct {
		q     query.Query
		field string
	}{
		"many conditions":    {query.Query{Where: query.Where{Or: slices.Repeat([]query.Where{one}, query.MaxConditions)}}, "where"},
		"deep conditions":    {query.Query{Where: deep}, "where"},
		"many values":        {query.Query{Where: query.Where{Conditions: []query.Condition{{Field: "age", Op: query.In, Values: make([]any, query.MaxValues+1)}}}}, "where.age"},
		"an order by no key": {query.Query{Order: []query.Order{{Field: "mood"}}}, "orderBy"},
		"a key twice":        {query.Query{Order: []query.Order{{Field: "age"}, {Field: "age"}}}, "orderBy"},
		"many keys":          {query.Query{Order: make([]query.Order, query.MaxOrder+1)}, "orderBy"},
	} {
		err := people().Check(try.q)
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Code != fault.Invalid || f.Field != try.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := people().Check(query.Query{Where: query.Where{Not: &one}}); err != nil {
		t.Error(err)
	}
	if !(query.Where{}).Always() || one.Always() {
		t.Error("only what says nothing holds always")
	}
}
