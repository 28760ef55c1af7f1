package rest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"path"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/idempotency"
)

// Keyed lets a caller send a wish again without its being carried out again.
type Keyed struct {
	Key string `header:"Idempotency-Key" doc:"1 to 255 visible ASCII characters, unique to this wish: sent again with the same key within 24 hours, it is not carried out again."`
}

func (k Keyed) key() string { return k.Key }

func (Keyed) match() string { return "" }

// Expecting lets a caller say besides which version of the object they saw.
type Expecting struct {
	Keyed

	IfMatch string `header:"If-Match" doc:"The ETag that the caller saw, or its version in quotes; if the object has another version by now, 412. Without it, whatever it is."`
}

func (e Expecting) match() string { return e.IfMatch }

// wish is the input of a change: its key, and the version that it expects.
type wish interface {
	key() string
	match() string
}

// change registers an operation that changes something and shows what came of it.
// do gives the ID of what was changed, by which show finds it, now or when the
// same wish comes again. What cannot be shown any more, or has no show, is
// answered without a body.
func change[I, B any](s *server, o operation,
	do func(ctx context.Context, c access.Call, in *I, version int64) (id string, err error),
	show func(ctx context.Context, c access.Call, in *I, id string) (shown[B], error),
) {
	o = o.changing(show != nil)
	s.register(o, func(api huma.API) {
		h := o.change(api, reflect.TypeFor[B](), show != nil)
		huma.Register(api, h, func(ctx context.Context, in *I) (*answer, error) {
			e := exchangeOf(ctx)
			kept, err := s.once(ctx, e, any(in).(wish), func(ctx context.Context, version int64) (idempotency.Result, error) { //nolint:errcheck,forcetypeassert // each input embeds Keyed or Expecting: any other is found by the first test that registers it
				id, err := do(ctx, e.call, in, version)
				return idempotency.Result{Objects: []string{id}}, err
			})
			if err != nil {
				return s.refused(e, err), nil
			}
			id := kept.Objects[0]
			if show == nil {
				return &answer{Status: http.StatusNoContent}, nil
			}
			found, err := show(ctx, e.call, in, id)
			if code := fault.CodeOf(err); code == fault.NotFound || code == fault.Forbidden {
				return &answer{Status: http.StatusNoContent}, nil
			}
			if err != nil {
				return s.refused(e, err), nil
			}
			a := s.show(e, o.status, found.body, found.version, "")
			if o.status == http.StatusCreated {
				a.Location = o.location(e.r.URL.Path, id)
			}
			return a, nil
		})
		if show == nil {
			h.Responses[strconv.Itoa(http.StatusNoContent)].Content = nil
		}
	})
}

// location is where what was made is found.
func (o operation) location(made, id string) string {
	if o.home != "" {
		made = path.Join(path.Dir(made), o.home)
	}
	return made + "/" + id
}

// changing gives the operation with what a change has unless it says otherwise.
func (o operation) changing(shows bool) operation {
	o.method = cmp.Or(o.method, http.MethodPost)
	if !shows {
		o.status = http.StatusNoContent
	}
	o.status = cmp.Or(o.status, http.StatusOK)
	return o
}

// change gives a change as huma registers it.
func (o operation) change(api huma.API, body reflect.Type, shows bool) huma.Operation {
	if !shows {
		body = nil
	}
	h := o.huma(api, body)
	if shows {
		header(&h, o.status, "ETag", "What there is now, for If-Match.")
		h.Responses[strconv.Itoa(http.StatusNoContent)] = &huma.Response{Description: "Done, and not to be seen by the caller any more."}
	}
	if o.status == http.StatusCreated {
		header(&h, o.status, "Location", "Where it is from now on.")
	}
	return h
}

// once carries out a wish, unless its key says that this was done before; then it
// gives what came of it.
func (s *server) once(ctx context.Context, e *exchange, in wish, do func(context.Context, int64) (idempotency.Result, error)) (idempotency.Result, error) {
	version, err := expected(in.match())
	if err != nil {
		return idempotency.Result{}, err
	}
	if wrong := e.nulls(in); len(wrong) > 0 {
		return idempotency.Result{}, wrong
	}
	key := in.key()
	if key == "" {
		return do(ctx, version)
	}
	input, err := e.input(version)
	if err != nil {
		return idempotency.Result{}, err
	}
	w := idempotency.Wish{Operation: "rest." + e.op.OperationID, Key: key, Input: input}
	kept, _, err := s.Idempotency.Do(ctx, e.call, w, func(ctx context.Context) (idempotency.Result, error) {
		done, err := do(ctx, version)
		if refused := refusalsOf(err); refused != nil {
			return idempotency.Result{Refusals: each(refused, idempotency.RefusalOf)}, err
		}
		return done, err
	})
	if err != nil {
		return idempotency.Result{}, err
	}
	if len(kept.Refusals) > 0 {
		return idempotency.Result{}, refusals(each(kept.Refusals, idempotency.Refusal.Fault))
	}
	return kept, nil
}

// input is what is wished for, the same bytes for the same wish: the address, the
// version that is expected and the body, however its JSON is written.
func (e *exchange) input(version int64) ([]byte, error) {
	var body any
	switch {
	case e.body == nil || len(bytes.TrimSpace(e.body.Bytes())) == 0:
	case e.takes(calendarMedia):
		body = e.body.String()
	default:
		d := json.NewDecoder(e.body)
		d.UseNumber()
		if err := d.Decode(&body); err != nil {
			return nil, errMalformed
		}
	}
	return json.Marshal([]any{e.r.URL.Path, version, body})
}
