package rest

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Paging chooses a part of a list.
type Paging struct {
	Conditional

	Where   string   `query:"where" doc:"Conditions that the rows meet, as JSON."`
	OrderBy []string `query:"orderBy" nullable:"false" doc:"Sort keys, the most important first, with a hyphen before those in descending order; at most 3. The ID decides between equals."`
	First   int      `query:"first" minimum:"1" maximum:"100" doc:"How many from the beginning: 25 if neither first nor last is given."`
	After   string   `query:"after" doc:"Only what comes after this place: a cursor that a page gave."`
	Last    int      `query:"last" minimum:"1" maximum:"100" doc:"How many from the end."`
	Before  string   `query:"before" doc:"Only what comes before this place."`
	Count   bool     `query:"count" doc:"Whether to count how many rows there are in all, which takes its time."`
}

// paged is the input of a list.
type paged interface{ paging() Paging }

func (p Paging) paging() Paging { return p }

// request gives the wish for the page.
func (p Paging) request() page.Request {
	r := page.Request{First: p.First, Last: p.Last}
	if p.After != "" {
		r.After = opaque.DecodeCursor(p.After)
	}
	if p.Before != "" {
		r.Before = opaque.DecodeCursor(p.Before)
	}
	return r
}

// list is what a kind of list can be chosen and ordered by.
type list struct {
	name    string // of its conditions in the description
	columns columns
	orders  map[string]query.Field
}

// query reads conditions and sort keys. Codes: invalid.
func (l list) query(p Paging) (query.Query, error) {
	where, err := l.columns.where(p.Where)
	if err != nil {
		return query.Query{}, err
	}
	q := query.Query{Where: where}
	for _, key := range p.OrderBy {
		name, descending := strings.CutPrefix(key, "-")
		f, ok := l.orders[name]
		if !ok {
			return query.Query{}, errValue.On("orderBy")
		}
		q.Order = append(q.Order, query.Order{Field: f, Descending: descending})
	}
	return q, nil
}

// sorted names the columns by which a list can be ordered as its columns are called.
func sorted(fields ...query.Field) map[string]query.Field {
	all := make(map[string]query.Field, len(fields))
	for _, f := range fields {
		all[string(f)] = f
	}
	return all
}

// Page is a part of a list.
type Page[T any] struct {
	Items      []T      `json:"items" nullable:"false" doc:"The rows."`
	Page       PageInfo `json:"page" doc:"How to go on. The header field Link has the same as addresses."`
	TotalCount *int     `json:"totalCount,omitempty" doc:"How many rows meet the conditions in all; there only when asked for."`
}

// PageInfo tells how to go on in a list.
type PageInfo struct {
	HasNext     bool    `json:"hasNext" doc:"Whether there are rows after the last one here."`
	HasPrevious bool    `json:"hasPrevious" doc:"Whether there are rows before the first one here."`
	StartCursor *string `json:"startCursor" doc:"The first row's place, for before; null in an empty page."`
	EndCursor   *string `json:"endCursor" doc:"The last row's place, for after; null in an empty page."`
}

// source is where the rows of a list come from.
type source[I, N, T any] struct {
	list   list
	fetch  func(ctx context.Context, c access.Call, in *I, q query.Query, r page.Request) (page.Page[N], error)
	count  func(ctx context.Context, c access.Call, in *I, q query.Query) (int, error)
	cursor func(q query.Query, row N) page.Cursor
	show   func(ctx context.Context, c access.Call, rows []N) ([]T, error)
	// narrow adds conditions that parameters of their own make, if there are any.
	narrow func(c access.Call, in *I, q *query.Query) error
}

// pages registers an operation that gives a list page by page.
func pages[I, N, T any](s *server, o operation, from source[I, N, T]) {
	o.method = http.MethodGet
	s.register(o, func(api huma.API) {
		h := o.huma(api, reflect.TypeFor[Page[T]]())
		header(&h, http.StatusOK, "ETag", "What is shown, for If-None-Match.")
		header(&h, http.StatusOK, "Link", "The next and the previous page, as far as there are any, and the first (RFC 8288).")
		h.Responses["304"] = &huma.Response{Description: http.StatusText(http.StatusNotModified)}
		huma.Register(api, h, func(ctx context.Context, in *I) (*answer, error) {
			e := exchangeOf(ctx)
			p := any(in).(paged).paging() //nolint:errcheck,forcetypeassert // each input embeds Paging: any other is found by the first test that asks for it
			body, err := from.page(ctx, e.call, in, p)
			if err != nil {
				return s.refused(e, err), nil
			}
			a := s.show(e, http.StatusOK, body, 0, p.IfNoneMatch)
			a.Link = links(e.r.URL, body.Page)
			return a, nil
		})
		from.list.describe(api, api.OpenAPI().Paths[o.path].Get)
	})
}

func (from source[I, N, T]) page(ctx context.Context, c access.Call, in *I, p Paging) (*Page[T], error) {
	q, err := from.list.query(p)
	if err == nil && from.narrow != nil {
		err = from.narrow(c, in, &q)
	}
	if err != nil {
		return nil, err
	}
	found, err := from.fetch(ctx, c, in, q, p.request())
	if err != nil {
		return nil, err
	}
	body := &Page[T]{Page: PageInfo{HasNext: found.HasNext, HasPrevious: found.HasPrevious}}
	if n := len(found.Items); n > 0 {
		start, end := opaque.EncodeCursor(from.cursor(q, found.Items[0])), opaque.EncodeCursor(from.cursor(q, found.Items[n-1]))
		body.Page.StartCursor, body.Page.EndCursor = &start, &end
	}
	if p.Count {
		n, err := from.count(ctx, c, in, q)
		if err != nil {
			return nil, err
		}
		body.TotalCount = &n
	}
	body.Items, err = from.show(ctx, c, found.Items)
	return body, err
}

// links are the addresses of the pages beside this one.
func links(at *url.URL, p PageInfo) []string {
	given := at.Query()
	size := cmp.Or(given.Get("first"), given.Get("last"), strconv.Itoa(page.DefaultSize))
	address := func(rel, way, place string, cursor *string) string {
		query := at.Query()
		for _, name := range []string{"first", "after", "last", "before"} {
			query.Del(name)
		}
		query.Set(way, size)
		if cursor != nil {
			query.Set(place, *cursor)
		}
		there := url.URL{Path: at.Path, RawQuery: query.Encode()}
		return "<" + there.String() + `>; rel="` + rel + `"`
	}
	var all []string
	if p.HasNext && p.EndCursor != nil {
		all = append(all, address("next", "first", "after", p.EndCursor))
	}
	if p.HasPrevious && p.StartCursor != nil {
		all = append(all, address("prev", "last", "before", p.StartCursor), address("first", "first", "", nil))
	}
	return all
}
