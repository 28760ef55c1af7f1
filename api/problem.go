package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/locales"
)

var errNoRoute = fault.New(fault.NotFound, "fault.request.no_route")

// statuses is what becomes of a fault's code in HTTP: the one table.
var statuses = map[fault.Code]int{
	fault.Invalid:         http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Reused:          http.StatusUnprocessableEntity,
	fault.Transition:      http.StatusConflict,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// document is a problem in the form of RFC 9457.
type document struct {
	Type     string `json:"type"` // about:blank: the status says it
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"` // in the caller's language
	Code     string `json:"code"`   // the fault's code
	Field    string `json:"field,omitempty"`
	Instance string `json:"instance,omitempty"` // the request's ID, to find it in the log
}

// problem answers with an error. One that is no fault is logged, and shown as
// nothing but internal.
func (s *server) problem(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code == fault.Internal {
		s.Logger.ErrorContext(r.Context(), "request failed", "request_id", requestID(r.Context()), "error", err)
		f = fault.New(fault.Internal, locales.Unexpected)
	}
	status := statuses[f.Code]
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	reader := string(access.FromContext(r.Context()).Actor.Locale)
	if reader == "" {
		reader = string(preferred(r))
	}
	body, _ := json.Marshal(document{ // of strings and a number
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: s.Catalogue.Text(reader, f.Key, f.Args),
		Code: string(f.Code), Field: f.Field, Instance: instance(r),
	})
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func instance(r *http.Request) string {
	if id := requestID(r.Context()); id != "" {
		return "urn:request:" + id
	}
	return ""
}
