package rest

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/api/problem"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/locales"
)

// refusal is a fault of a request as such, with a code and a status of its own.
type refusal struct {
	fault  *fault.Error
	code   string
	status int
}

// Error describes the refusal for a log.
func (r *refusal) Error() string { return r.code + ": " + r.fault.Error() }

// refusals are why a wish was refused, each with its place in it. There is at
// least one, which decides what kind of refusal it is.
type refusals []*fault.Error

// Error describes the refusals for a log.
func (r refusals) Error() string { return r[0].Error() }

// As lets the first one be found.
func (r refusals) As(to any) bool {
	f, ok := to.(**fault.Error)
	if ok {
		*f = r[0]
	}
	return ok
}

// refusalsOf gives why a wish was refused; nil if it was not, or failed otherwise.
func refusalsOf(err error) refusals {
	if all, ok := errors.AsType[refusals](err); ok {
		return all
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return refusals{f}
	}
	return nil
}

func (r *refusal) with(name string, value any) *refusal {
	return &refusal{r.fault.With(name, value), r.code, r.status}
}

func refuse(status int, code, key string) *refusal {
	return &refusal{fault.New(fault.Invalid, key), code, status}
}

// The refusals of requests as such.
var (
	errNoRoute   = refuse(http.StatusNotFound, "not_found", "fault.request.no_route")
	errMethod    = refuse(http.StatusMethodNotAllowed, "method_not_allowed", "fault.request.http_method")
	errMedia     = refuse(http.StatusUnsupportedMediaType, "unsupported_media_type", "fault.request.media_type")
	errTooLarge  = refuse(http.StatusRequestEntityTooLarge, "body_too_large", "fault.request.too_large").with("Most", maxBody)
	errSlow      = refuse(http.StatusRequestTimeout, "timeout", "fault.request.slow")
	errTimeout   = refuse(http.StatusServiceUnavailable, "timeout", "fault.request.timeout")
	errRate      = refuse(http.StatusTooManyRequests, "rate_limited", "fault.request.rate")
	errMalformed = refuse(http.StatusBadRequest, "invalid", "fault.request.json")
)

// The refusals of what a request holds.
var (
	errValue   = fault.New(fault.Invalid, "fault.request.value")
	errMissing = fault.New(fault.Invalid, "fault.request.missing")
	errUnknown = fault.New(fault.Invalid, "fault.request.unknown")
	errMatch   = fault.New(fault.Invalid, "fault.request.if_match").On(versionField)
)

// What services call the parts of a request that are fields of its header here.
const (
	versionField = "expectedVersion"
	keyField     = "idempotencyKey"
	keyHeader    = "Idempotency-Key"
	matchHeader  = "If-Match"
)

// refuse answers a request that no operation does, or that none could read.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	s.problem(r, w.Header().Get("X-Request-ID"), nil, err).Write(w)
}

// problem makes what is answered of an error. One that is no fault is logged,
// and shown as nothing but internal.
func (s *server) problem(r *http.Request, requestID string, op *huma.Operation, err error) problem.Problem {
	if errors.Is(err, context.DeadlineExceeded) {
		err = errTimeout
	}
	if own, ok := errors.AsType[*refusal](err); ok {
		return problem.New(own.status, own.code, s.text(r, own.fault), requestID)
	}
	f, ok := problem.Shown(err)
	switch {
	case ok:
	case errors.Is(err, context.Canceled): // the client is gone: nobody sees this
		f = fault.New(fault.Unavailable, locales.Unexpected)
	default:
		s.Logger.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("request_id", requestID), slog.Any("error", err))
		f = fault.New(fault.Internal, locales.Unexpected)
	}
	p := problem.New(problem.StatusOf(f.Code), string(f.Code), s.text(r, f), requestID)
	if v, ok := f.Args[fault.CurrentVersion].(int64); ok && f.Code == fault.Conflict {
		p.Current = v
		if r.Header.Get(matchHeader) != "" {
			p.Status, p.Title = http.StatusPreconditionFailed, http.StatusText(http.StatusPreconditionFailed)
		}
	}
	p.Field = f.Field
	for _, one := range refusalsOf(err) {
		if ok && one.Field != "" {
			e := place(op, one.Field, s.text(r, one))
			if from, length, ok := search.Offset(one); ok {
				e.Offset, e.Length = &from, &length
			}
			p.Errors = append(p.Errors, e)
		}
	}
	return p
}

func (s *server) text(r *http.Request, f *fault.Error) string {
	reader := cmp.Or(string(access.FromContext(r.Context()).Actor.Locale), "en")
	return s.Catalogue.Text(reader, f.Key, f.Args)
}

// place points to a field of the input, wherever an operation takes it from.
func place(op *huma.Operation, field, detail string) problem.Error {
	e := problem.Error{Detail: detail}
	first, _, _ := strings.Cut(field, ".")
	switch {
	case first == versionField:
		e.Header = matchHeader
	case first == keyField:
		e.Header = keyHeader
	case op != nil && slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == first && p.In != "header" }):
		e.Parameter = first
	case op != nil && op.RequestBody != nil:
		e.Pointer = pointer(strings.Split(field, "."))
	}
	return e
}

// pointer is a JSON pointer in the form of a fragment.
func pointer(path []string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	var p strings.Builder
	p.WriteString("#")
	for _, step := range path {
		p.WriteString("/" + escape.Replace(step))
	}
	return p.String()
}
