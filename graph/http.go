package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/ticketsys/ticketsys/domain/access"
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
	ctx := r.Context()
	if _, err := t.spend(ctx, 1); err != nil { // what can't be paid is not even read
		t.refuseHTTP(w, r, err)
		return
	}
	params, err := t.read(w, r)
	if err = t.strangers(r, params, err); err != nil {
		t.refuseHTTP(w, r, err)
		return
	}
	op, errs := exec.CreateOperationContext(ctx, params)
	if stranger := access.FromContext(ctx).Check(t.config.Now()); stranger != nil && (errs != nil || !comesIn(op)) {
		t.refuseHTTP(w, r, stranger)
		return
	}
	if errs != nil {
		errs = errs[:min(len(errs), maxErrors)]
		response := exec.DispatchError(graphql.WithOperationContext(ctx, op), errs)
		write(w, mediaType(r), t.statusOf(r, errs), response)
		return
	}
	kind := op.Operation.Operation
	switch {
	case kind == ast.Mutation && r.Method == http.MethodGet:
		w.Header().Set("Allow", http.MethodPost)
		t.refuseHTTP(w, r, errMethod)
	case kind == ast.Subscription && !wants(r, eventStream):
		t.refuseHTTP(w, r, errStream)
	default:
		t.execute(w, r, exec, op)
	}
}

// maxErrors is how many errors in a document are told at once: a short document
// can have a great many.
const maxErrors = 10

// execute runs what can be paid.
func (t httpTransport) execute(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, op *graphql.OperationContext) {
	ctx := r.Context()
	standings, err := t.spend(ctx, price(op)-1)
	if err != nil {
		t.refuseHTTP(w, r, err)
		return
	}
	t.tellStandings(w.Header(), standings)
	if wants(r, eventStream) {
		t.stream(w, r, exec, op)
		return
	}
	respond, ctx := exec.DispatchOperation(ctx, op)
	if response := respond(ctx); response != nil { // there is none for a client who went away meanwhile
		write(w, mediaType(r), http.StatusOK, response)
	}
}

// params is a request as the specification has it.
type params struct {
	Query         *string   `json:"query"`
	DocumentID    string    `json:"documentId"`
	OperationName string    `json:"operationName"`
	Variables     asWritten `json:"variables"`
	Extensions    asWritten `json:"extensions"`
}

// asWritten is a JSON object whose numbers are as they were written. It is read where
// it stands: a decoder of the whole body would copy that first.
type asWritten map[string]any

// UnmarshalJSON implements json.Unmarshaler.
func (o *asWritten) UnmarshalJSON(raw []byte) error {
	if !decode(raw, (*map[string]any)(o)) {
		return errMalformed
	}
	return nil
}

func (t httpTransport) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, error) {
	var p params
	var err error
	if r.Method == http.MethodPost {
		err = t.readBody(w, r, &p)
	} else {
		err = readQuery(r.URL.RawQuery, &p)
	}
	if err != nil {
		return nil, err
	}
	raw := &graphql.RawParams{OperationName: p.OperationName, Variables: p.Variables, Extensions: p.Extensions, Headers: r.Header}
	if p.Query != nil {
		raw.Query = *p.Query
	}
	if p.DocumentID != "" {
		raw.Extensions = withDocumentID(raw.Extensions, p.DocumentID)
	}
	return raw, nil
}

func (t httpTransport) readBody(w http.ResponseWriter, r *http.Request, p *params) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != plainJSON {
		return errMedia
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, t.config.Limits.Body))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return errTooLarge.with(int(t.config.Limits.Body))
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSlow
	case err == nil && bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")):
		return errBatch
	case err == nil && tooMany(body, t.config.Limits.Values):
		return errValues.with(t.config.Limits.Values)
	case err != nil || json.Unmarshal(body, p) != nil:
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
	p.OperationName, p.DocumentID = values.Get("operationName"), values.Get(documentID)
	for name, to := range map[string]*asWritten{"variables": &p.Variables, "extensions": &p.Extensions} {
		if s := values.Get(name); s != "" && json.Unmarshal([]byte(s), to) != nil {
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

// mediaType chooses how to answer: by the new type whoever names it, by the old
// one everybody else, as the specification has it for those who name none.
func mediaType(r *http.Request) string {
	if wants(r, responseJSON) {
		return responseJSON
	}
	return plainJSON
}

// statusOf gives the status of a response to an operation that was not begun.
// By the old media type, errors in the document are an answer like any other.
func (t httpTransport) statusOf(r *http.Request, errs gqlerror.List) int {
	var err error = errs
	if limit := limitOf(errs[0], t.config.Limits); limit != nil {
		err = limit
	}
	own, ok := errors.AsType[*refusal](err)
	if ok && (own.code != errDocument.code || mediaType(r) != plainJSON) { // by the old type, clients ask on when it is 200
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
	if own, ok := errors.AsType[*refusal](err); ok {
		r.tellStandings(w.Header(), own.standings)
	}
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
