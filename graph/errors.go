package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/locales"
)

// mapping is what becomes of a fault of the domain here.
type mapping struct {
	code   string // extensions.code of a top-level error
	status int    // of the HTTP response when nothing was executed
	user   bool   // in a mutation: a userError
}

// mapped is the one table of all codes.
var mapped = map[fault.Code]mapping{
	fault.Invalid:         {"INVALID", http.StatusBadRequest, true},
	fault.Unauthenticated: {"UNAUTHENTICATED", http.StatusUnauthorized, false},
	fault.Forbidden:       {"FORBIDDEN", http.StatusForbidden, true},
	fault.NotFound:        {"NOT_FOUND", http.StatusNotFound, true},
	fault.Conflict:        {"CONFLICT", http.StatusConflict, true},
	fault.Reused:          {"IDEMPOTENCY_KEY_REUSED", http.StatusUnprocessableEntity, true},
	fault.Transition:      {"INVALID_TRANSITION", http.StatusConflict, true},
	fault.Unavailable:     {"UNAVAILABLE", http.StatusServiceUnavailable, false},
	fault.Internal:        {"INTERNAL", http.StatusInternalServerError, false},
}

// refusal is a fault of a request as such, with a code and a status of its own.
type refusal struct {
	fault  *fault.Error
	code   string
	status int

	standings []budget.Standing // what may be spent, of one that can't be paid
}

// Error describes the refusal for a log.
func (r *refusal) Error() string { return r.code + ": " + r.fault.Error() }

// with gives a copy whose sentence names a limit.
func (r *refusal) with(most int) *refusal {
	return &refusal{fault: r.fault.With("Most", most), code: r.code, status: r.status}
}

func refuse(code string, status int, key string) *refusal {
	return &refusal{fault: fault.New(fault.Invalid, key), code: code, status: status}
}

// The refusals of requests as such.
var (
	errMalformed = refuse("BAD_REQUEST", http.StatusBadRequest, "fault.request.malformed")
	errMedia     = refuse("BAD_REQUEST", http.StatusUnsupportedMediaType, "fault.request.media_type")
	errMethod    = refuse("BAD_REQUEST", http.StatusMethodNotAllowed, "fault.request.method")
	errOrigin    = refuse("FORBIDDEN", http.StatusForbidden, "fault.request.origin")
	errStream    = refuse("BAD_REQUEST", http.StatusBadRequest, "fault.request.stream")
	errTooLarge  = refuse("BODY_LIMIT_EXCEEDED", http.StatusRequestEntityTooLarge, "fault.request.too_large")
	errValues    = refuse("VALUE_LIMIT_EXCEEDED", http.StatusBadRequest, "fault.request.values")
	errTokens    = refuse("TOKEN_LIMIT_EXCEEDED", http.StatusBadRequest, "fault.request.tokens")
	errDepth     = refuse("DEPTH_LIMIT_EXCEEDED", http.StatusBadRequest, "fault.request.depth")
	errAliases   = refuse("ALIAS_LIMIT_EXCEEDED", http.StatusBadRequest, "fault.request.aliases")
	errMutations = refuse("MUTATION_LIMIT_EXCEEDED", http.StatusBadRequest, "fault.request.mutations")
	errCost      = refuse("COMPLEXITY_LIMIT_EXCEEDED", http.StatusBadRequest, "fault.request.cost")
	errBusy      = refuse("OPERATION_LIMIT_EXCEEDED", http.StatusTooManyRequests, "fault.request.operations")
	errBatch     = refuse("BAD_REQUEST", http.StatusBadRequest, "fault.request.batch")
	errSlow      = refuse("TIMEOUT", http.StatusRequestTimeout, "fault.request.slow")
	errDirective = refuse("DIRECTIVE_LIMIT_EXCEEDED", http.StatusBadRequest, "fault.request.directives")
	errSecretive = refuse("INTROSPECTION_DISABLED", http.StatusBadRequest, "fault.request.introspection")
	errRepeats   = refuse("REPETITION_LIMIT_EXCEEDED", http.StatusBadRequest, "fault.request.repeats")
	errRate      = refuse("RATE_LIMITED", http.StatusTooManyRequests, "fault.request.rate")
	errStreams   = refuse("STREAM_LIMIT_EXCEEDED", http.StatusTooManyRequests, "fault.request.streams")
	errDocument  = refuse("PERSISTED_QUERY_NOT_FOUND", http.StatusNotFound, "fault.request.document_unknown")
	errHash      = refuse("BAD_REQUEST", http.StatusBadRequest, "fault.request.document_hash")
	errUntrusted = refuse("DOCUMENT_NOT_TRUSTED", http.StatusForbidden, "fault.request.document_untrusted")
	errPanic     = refuse("INTERNAL", http.StatusInternalServerError, locales.Unexpected) // logged already
	errTimeout   = refuse("TIMEOUT", http.StatusServiceUnavailable, "fault.request.timeout")
)

// errValue refuses a value that its place does not take.
var errValue = fault.New(fault.Invalid, "fault.request.value")

// translate finds what to show of an error: the fault and what becomes of it.
// One that is no fault is logged here, and shown as nothing but internal.
func (r *Resolver) translate(ctx context.Context, err error) (*fault.Error, mapping) {
	if errors.Is(err, context.DeadlineExceeded) {
		err = errTimeout
	}
	if own, ok := errors.AsType[*refusal](err); ok {
		return own.fault, mapping{code: own.code, status: own.status}
	}
	f, ok := errors.AsType[*fault.Error](err)
	if ok && f.Code != fault.Internal {
		return f, mapped[f.Code]
	}
	if errors.Is(err, context.Canceled) { // the client is gone: nobody sees this
		return fault.New(fault.Unavailable, locales.Unexpected), mapped[fault.Unavailable]
	}
	r.config.Logger.LogAttrs(ctx, slog.LevelError, "graphql request failed",
		slog.String("path", graphql.GetPath(ctx).String()), slog.Any("error", err))
	return fault.New(fault.Internal, locales.Unexpected), mapped[fault.Internal]
}

// text gives the fault's sentence in the caller's language.
func (r *Resolver) text(ctx context.Context, f *fault.Error) string {
	return r.config.Catalogue.Text(string(access.FromContext(ctx).Actor.Locale), f.Key, f.Args)
}

// present makes a top-level error of any error. What gqlgen itself finds wrong
// in a document is told as it is.
func (r *Resolver) present(ctx context.Context, err error) *gqlerror.Error {
	out := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	if known, ok := errors.AsType[*gqlerror.Error](err); ok {
		out.Locations = known.Locations
		if known.Path != nil {
			out.Path = known.Path
		}
		if known.Err == nil && known.Extensions["code"] != nil {
			if err = limitOf(known, r.config.Limits); err == nil {
				out.Message, out.Extensions = known.Message, known.Extensions
				return out
			}
		}
	}
	err = unread(ctx, err)
	f, m := r.translate(ctx, err)
	out.Message = r.text(ctx, f)
	out.Extensions = map[string]any{"code": m.code}
	if f.Field != "" {
		out.Extensions["field"] = strings.Split(f.Field, ".")
	}
	if from, length, ok := search.Offset(f); ok {
		out.Extensions["offset"], out.Extensions["length"] = from, length
	}
	return out
}

// unread makes a refusal of whatever gqlgen says of a field's arguments: what
// goes wrong before they are understood is wrong with them.
func unread(ctx context.Context, err error) error {
	_, said := errors.AsType[*fault.Error](err)
	_, own := errors.AsType[*refusal](err)
	field := graphql.GetFieldContext(ctx)
	if said || own || field == nil || field.Args != nil || field.Field.Field == nil || field.Field.Definition == nil {
		return err
	}
	if len(field.Field.Definition.Arguments) == 0 {
		return err
	}
	return errValue.Because(err)
}

// recovered logs a panic and makes an error of it.
func (r *Resolver) recovered(ctx context.Context, v any) error {
	r.config.Logger.LogAttrs(ctx, slog.LevelError, "graphql resolver panicked",
		slog.String("path", graphql.GetPath(ctx).String()),
		slog.String("panic", fmt.Sprint(v)), slog.String("stack", string(debug.Stack())))
	return errPanic
}

func (r *Resolver) errorResponse(ctx context.Context, err error) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{r.present(ctx, err)}}
}
