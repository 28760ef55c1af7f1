package rest

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/api/problem"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/page"
)

// maxBody is the largest body, in bytes.
const maxBody = 1 << 20

// Prices of requests, in the unit of GraphQL's fields.
const (
	readPrice   = 10
	changePrice = 20
	rowPrice    = 10
)

// operation is what one may ask for.
type operation struct {
	id, method, path string
	summary, about   string
	tag              string
	home             string       // the last part of the path under which is found what was made, if that is not the operation's own
	codes            []fault.Code // of its refusals, besides those of any request
	status           int          // of success; 0: 200
}

// huma gives the operation as huma registers it, with what it answers: body is
// the type of the answer's body, nil if there is none.
func (o operation) huma(api huma.API, body reflect.Type) huma.Operation {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	success := &huma.Response{Description: http.StatusText(o.status)}
	if body != nil {
		success.Content = map[string]*huma.MediaType{"application/json": {Schema: api.OpenAPI().Components.Schemas.Schema(body, true, o.id+"Body")}}
	}
	return huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Summary: o.summary, Description: o.about, Tags: []string{o.tag},
		DefaultStatus: o.status, MaxBodyBytes: maxBody, RejectUnknownQueryParameters: true,
		Responses: o.refusals(api, map[string]*huma.Response{strconv.Itoa(o.status): success}),
	}
}

// refusals adds what an operation is refused with.
func (o operation) refusals(api huma.API, all map[string]*huma.Response) map[string]*huma.Response {
	statuses := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
	for _, c := range o.codes {
		statuses = append(statuses, problem.StatusOf(c))
		if c == fault.Conflict {
			statuses = append(statuses, http.StatusPreconditionFailed)
		}
	}
	if o.method != http.MethodGet {
		statuses = append(statuses, problem.StatusOf(fault.Reused))
	}
	if o.method != http.MethodGet && o.method != http.MethodDelete {
		statuses = append(statuses, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	slices.Sort(statuses)
	for _, status := range slices.Compact(statuses) {
		name := strconv.Itoa(status)
		all[name] = &huma.Response{Ref: "#/components/responses/" + name}
		api.OpenAPI().Components.Responses[name] = &huma.Response{
			Description: http.StatusText(status),
			Content: map[string]*huma.MediaType{
				problem.MediaType: {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem.Problem](), true, "Problem")},
			},
		}
	}
	return all
}

// price is what a request costs.
func price(op *huma.Operation, r *http.Request) int {
	if op.Method != http.MethodGet {
		return changePrice
	}
	if !slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == "first" }) {
		return readPrice
	}
	query, rows := r.URL.Query(), page.DefaultSize
	for _, size := range []string{"first", "last"} {
		if n, err := strconv.Atoi(query.Get(size)); err == nil {
			rows = min(max(n, 1), page.MaxSize)
		}
	}
	return 1 + rowPrice*rows
}

// answer is what an operation answers, written already.
type answer struct {
	Status       int
	ContentType  string   `header:"Content-Type" hidden:"true"`
	ETag         string   `header:"ETag" hidden:"true"`
	Location     string   `header:"Location" hidden:"true"`
	CacheControl string   `header:"Cache-Control" hidden:"true"`
	Link         []string `header:"Link" hidden:"true"`
	Body         []byte
}

// header describes a field of the header of an operation's success.
func header(o *huma.Operation, status int, name, about string) {
	r := o.Responses[strconv.Itoa(status)]
	if r.Headers == nil {
		r.Headers = map[string]*huma.Header{}
	}
	r.Headers[name] = &huma.Header{Description: about, Schema: &huma.Schema{Type: huma.TypeString}}
}
