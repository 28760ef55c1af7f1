package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// The media types of responses: by the first, the status tells whether the
// request was executed; by the second, it tells so only for refused requests.
const (
	responseJSON = "application/graphql-response+json"
	plainJSON    = "application/json"
	eventStream  = "text/event-stream"
)

// httpTransport is GraphQL over HTTP. It stands in for gqlgen's own, which read
// a body of any length, repeat it in errors, and answer 406 to a GET mutation.
type httpTransport struct{ *Resolver }

// Supports tells that everything which is no WebSocket comes here.
func (httpTransport) Supports(r *http.Request) bool { return r.Header.Get("Upgrade") == "" }

// Do answers a request.
func (t httpTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	params, err := t.read(w, r)
	if err != nil {
		t.refuseHTTP(w, r, err)
		return
	}
	ctx := r.Context()
	op, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		response := exec.DispatchError(graphql.WithOperationContext(ctx, op), errs)
		write(w, mediaType(r), t.statusOf(r, errs), response)
		return
	}
	switch kind := op.Operation.Operation; {
	case kind == ast.Mutation && r.Method == http.MethodGet:
		w.Header().Set("Allow", http.MethodPost)
		t.refuseHTTP(w, r, errMethod)
	case wants(r, eventStream):
		t.stream(ctx, w, exec, op)
	case kind == ast.Subscription:
		t.refuseHTTP(w, r, errStream)
	default:
		respond, ctx := exec.DispatchOperation(ctx, op)
		write(w, mediaType(r), http.StatusOK, respond(ctx))
	}
}

// params is a request as the specification has it.
type params struct {
	Query         *string        `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

func (t httpTransport) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, error) {
	var p params
	var err error
	if r.Method == http.MethodPost {
		err = t.readBody(w, r, &p)
	} else {
		err = readQuery(r.URL.RawQuery, &p)
	}
	switch {
	case err != nil:
		return nil, err
	case p.Query == nil || *p.Query == "":
		return nil, errMalformed
	}
	return &graphql.RawParams{
		Query: *p.Query, OperationName: p.OperationName, Variables: p.Variables, Extensions: p.Extensions, Headers: r.Header,
	}, nil
}

func (t httpTransport) readBody(w http.ResponseWriter, r *http.Request, p *params) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != plainJSON {
		return errMedia
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, t.config.Limits.Body))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return errTooLarge.with(int(t.config.Limits.Body))
	}
	if err != nil || !decode(body, p) {
		return errMalformed
	}
	return nil
}

func readQuery(raw string, p *params) error {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return errMalformed
	}
	if values.Has("query") {
		query := values.Get("query")
		p.Query = &query
	}
	p.OperationName = values.Get("operationName")
	for name, to := range map[string]*map[string]any{"variables": &p.Variables, "extensions": &p.Extensions} {
		if s := values.Get(name); s != "" && !decode([]byte(s), to) {
			return errMalformed
		}
	}
	return nil
}

// decode reads exactly one JSON value, with numbers as they were written.
func decode(data []byte, to any) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(to) == nil && !d.More()
}

func wants(r *http.Request, media string) bool {
	return strings.Contains(r.Header.Get("Accept"), media)
}

// mediaType chooses how to answer: the old type only for who names it and not the new one.
func mediaType(r *http.Request) string {
	if wants(r, plainJSON) && !wants(r, responseJSON) {
		return plainJSON
	}
	return responseJSON
}

// statusOf gives the status of a response to an operation that was not begun.
// By the old media type, errors in the document are an answer like any other.
func (t httpTransport) statusOf(r *http.Request, errs gqlerror.List) int {
	var err error = errs
	if limit := limitOf(errs[0], t.config.Limits); limit != nil {
		err = limit
	}
	if own, ok := errors.AsType[*refusal](err); ok {
		return own.status
	}
	if mediaType(r) == plainJSON {
		return http.StatusOK
	}
	return http.StatusBadRequest
}

// refuseHTTP answers a request that was not understood or is from nobody.
func (r *Resolver) refuseHTTP(w http.ResponseWriter, req *http.Request, err error) {
	ctx := req.Context()
	_, m := r.translate(ctx, err)
	if m.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", challenge(err))
	}
	write(w, mediaType(req), m.status, r.errorResponse(ctx, err))
}

// challenge tells a client whether it sent no token or a bad one.
func challenge(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Key != "fault.access.nobody" {
		return `Bearer error="invalid_token"`
	}
	return "Bearer"
}

// encode writes a response as JSON. Without data, nothing was executed, and
// there is no entry of that name.
func encode(r *graphql.Response) []byte {
	body, _ := json.Marshal(struct { // of strings, maps and what is JSON already
		Errors     gqlerror.List   `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data,omitempty"`
		Extensions map[string]any  `json:"extensions,omitempty"`
	}{r.Errors, r.Data, r.Extensions})
	return body
}

// write sends a response. What has only data is not encoded once more.
func write(w http.ResponseWriter, media string, status int, response *graphql.Response) {
	var body []byte
	if len(response.Errors) == 0 && len(response.Extensions) == 0 && response.Data != nil {
		body = append(append(append(make([]byte, 0, len(response.Data)+16), `{"data":`...), response.Data...), '}')
	} else {
		body = encode(response)
	}
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = http.NewResponseController(w).SetWriteDeadline(writeDeadline())
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
