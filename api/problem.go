package api

import (
	"net/http"

	"github.com/ticketsys/ticketsys/api/problem"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/locales"
)

var errNoRoute = fault.New(fault.NotFound, "fault.request.no_route")

// problem answers with an error. One that is no fault is logged, and shown as
// nothing but internal.
func (s *server) problem(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := problem.Shown(err)
	if !ok {
		s.Logger.ErrorContext(r.Context(), "request failed", "request_id", requestID(r.Context()), "error", err)
		f = fault.New(fault.Internal, locales.Unexpected)
	}
	reader := string(access.FromContext(r.Context()).Actor.Locale)
	if reader == "" {
		reader = string(preferred(r))
	}
	p := problem.New(problem.StatusOf(f.Code), string(f.Code), s.Catalogue.Text(reader, f.Key, f.Args), requestID(r.Context()))
	p.Field = f.Field
	p.Write(w)
}
