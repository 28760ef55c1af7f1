package rest

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
)

// open marks operations that need nobody to be known.
const open = "open"

// welcome registers an operation by which somebody comes in. What it tells is told once,
// and kept by nobody on the way.
func welcome[I, B any](s *server, o operation, do func(ctx context.Context, c access.Call, in *I) (*B, error)) {
	o.method = http.MethodPost
	s.register(o, func(api huma.API) {
		h := o.huma(api, reflect.TypeFor[B]())
		h.Security, h.Metadata = []map[string][]string{}, map[string]any{open: true}
		huma.Register(api, h, func(ctx context.Context, in *I) (*answer, error) {
			e := exchangeOf(ctx)
			if wrong := e.nulls(in); len(wrong) > 0 {
				return s.refused(e, wrong), nil
			}
			body, err := do(ctx, e.call, in)
			if err != nil {
				return s.refused(e, err), nil
			}
			raw, err := encode(body)
			if err != nil {
				return s.refused(e, err), nil
			}
			return &answer{Status: http.StatusOK, ContentType: "application/json", CacheControl: "no-store", Body: raw}, nil
		})
	})
}
