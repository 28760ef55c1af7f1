package rest

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/api/problem"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/page"
)

// translate makes the helpdesk's problem of what huma finds wrong with a request
// before an operation sees it.
func (s *server) translate(ctx huma.Context, _ string, v any) (any, error) {
	found, ok := v.(*huma.ErrorModel)
	e, mine := ctx.(*exchange)
	if !ok || !mine {
		return v, nil
	}
	p := s.unread(e, found)
	e.status = p.Status
	e.w.Header().Set("Cache-Control", "no-store")
	return p, nil
}

func (s *server) unread(e *exchange, found *huma.ErrorModel) problem.Problem {
	id := e.w.Header().Get("X-Request-ID")
	switch found.Status {
	case http.StatusUnsupportedMediaType:
		return s.problem(e.r, id, e.op, errMedia)
	case http.StatusRequestEntityTooLarge:
		return s.problem(e.r, id, e.op, errTooLarge)
	case http.StatusRequestTimeout:
		return s.problem(e.r, id, e.op, errSlow)
	case http.StatusInternalServerError: // the client was gone before it had sent everything
		return s.problem(e.r, id, e.op, errMalformed)
	case http.StatusBadRequest:
		if len(found.Errors) == 1 && found.Errors[0].Location == "body" {
			return s.problem(e.r, id, e.op, errMalformed)
		}
	}
	var all []problem.Error
	var first *fault.Error
	for _, d := range found.Errors {
		f := s.wrong(d)
		if first == nil {
			first = f
		}
		all = append(all, placed(d, f, s.text(e.r, f)))
	}
	if first == nil {
		first = errMissing // the body
	}
	p := s.problem(e.r, id, e.op, first)
	p.Errors = all
	return p
}

// wrong gives the fault for what huma says of a part of the input.
func (s *server) wrong(d *huma.ErrorDetail) *fault.Error {
	in, name, _ := strings.Cut(d.Location, ".")
	switch {
	case in == "query" && (name == "first" || name == "last"):
		return fault.New(fault.Invalid, "fault.page.size").With("Most", page.MaxSize).On(name)
	case in == "header" && name == keyHeader:
		return errValue.On(keyField)
	case strings.HasPrefix(d.Message, "expected required property"), strings.HasPrefix(d.Message, "required"):
		return errMissing.On(dotted(name, missing(d.Message)))
	case strings.HasPrefix(d.Message, "unexpected property"), strings.HasPrefix(d.Message, "unknown query"):
		return errUnknown.On(dotted(name, ""))
	}
	return errValue.On(dotted(name, ""))
}

var (
	requiredName = regexp.MustCompile(`^expected required property (\S+) to be present`)
	index        = regexp.MustCompile(`\[(\d+)\]`)
)

// missing gives the name of a property that is not there, "" of anything else.
func missing(message string) string {
	if m := requiredName.FindStringSubmatch(message); m != nil {
		return m[1]
	}
	return ""
}

// dotted writes a path as faults have it, with numbers of items as steps.
func dotted(path, last string) string {
	steps := strings.TrimPrefix(index.ReplaceAllString(path, ".$1"), ".")
	switch {
	case last == "":
		return steps
	case steps == "":
		return last
	}
	return steps + "." + last
}

func placed(d *huma.ErrorDetail, f *fault.Error, detail string) problem.Error {
	e := problem.Error{Detail: detail}
	in, name, _ := strings.Cut(d.Location, ".")
	switch in {
	case "body":
		e.Pointer = pointer(strings.FieldsFunc(f.Field, func(r rune) bool { return r == '.' }))
	case "header":
		e.Header = name
	default:
		e.Parameter, _, _ = strings.Cut(name, "[")
	}
	return e
}
