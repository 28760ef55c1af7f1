package page_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/page"
)

func TestARequestBecomesAWindow(t *testing.T) {
	here := place(7, 8)
	for name, try := range map[string]struct {
		asked page.Request
		limit int
		back  bool
	}{
		"nothing":            {page.Request{}, page.DefaultSize, false},
		"the first":          {page.Request{First: 3, After: here}, 3, false},
		"as many as can be":  {page.Request{First: page.MaxSize}, page.MaxSize, false},
		"the last":           {page.Request{Last: 4, Before: here}, 4, true},
		"between two places": {page.Request{First: 1, After: here, Before: place(9, 9)}, 1, false},
	} {
		w, err := try.asked.Window(page.Number, page.Number)
		if err != nil || w.Limit != try.limit || w.Backward != try.back {
			t.Errorf("%s: %+v, %v", name, w, err)
		}
		if !slices.Equal(w.After, try.asked.After) || !slices.Equal(w.Before, try.asked.Before) {
			t.Errorf("%s: the cursors became %v and %v", name, w.After, w.Before)
		}
	}
}

func TestARequestThatMakesNoSenseIsRefused(t *testing.T) {
	for name, try := range map[string]struct {
		asked page.Request
		field string
	}{
		"both ends":               {page.Request{First: 1, Last: 1}, "first"},
		"fewer than none":         {page.Request{First: -1}, "first"},
		"fewer than none at last": {page.Request{Last: -1}, "last"},
		"too many":                {page.Request{First: page.MaxSize + 1}, "first"},
		"too many at last":        {page.Request{Last: page.MaxSize + 1}, "last"},
		"another list's cursor":   {page.Request{After: place(1)}, "after"},
		"a cursor too long":       {page.Request{Before: place(1, 2, 3)}, "before"},
		"an empty cursor":         {page.Request{Before: page.Cursor{}}, "before"},
	} {
		_, err := try.asked.Window(page.Number, page.Number)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || f.Code != fault.Invalid || f.Field != try.field {
			t.Errorf("%s: %v, want invalid at %s", name, err, try.field)
		}
	}
}

func TestAPageKnowsItsNeighbours(t *testing.T) {
	for name, try := range map[string]struct {
		w          page.Window
		read       []int
		want       []int
		prev, next bool
	}{
		"all there is":       {page.Window{Limit: 3}, []int{1, 2, 3}, []int{1, 2, 3}, false, false},
		"one row more":       {page.Window{Limit: 3}, []int{1, 2, 3, 4}, []int{1, 2, 3}, false, true},
		"after a row":        {page.Window{Limit: 3, After: place(0)}, []int{1}, []int{1}, true, false},
		"nothing after it":   {page.Window{Limit: 3, After: place(9)}, nil, nil, true, false},
		"backward":           {page.Window{Limit: 2, Backward: true}, []int{9, 8, 7}, []int{8, 9}, true, false},
		"backward to begin":  {page.Window{Limit: 2, Backward: true}, []int{2, 1}, []int{1, 2}, false, false},
		"backward, before 9": {page.Window{Limit: 2, Backward: true, Before: place(9)}, []int{8, 7, 6}, []int{7, 8}, true, true},
	} {
		p := page.Cut(try.w, try.read)
		if !slices.Equal(p.Items, try.want) || p.HasPrevious != try.prev || p.HasNext != try.next {
			t.Errorf("%s: %+v, want %v, previous %v, next %v", name, p, try.want, try.prev, try.next)
		}
	}
}

// place is the cursor of a list whose sort keys are numbers.
func place(keys ...int64) page.Cursor {
	c := page.Cursor{}
	for _, key := range keys {
		c = append(c, key)
	}
	return c
}
