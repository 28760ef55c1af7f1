package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Exchange is a request and its answer. Path is without /api/vN; Body is the JSON of the request, of its payload_json
// where it is multipart.
type Exchange struct {
	Method, Path, Query string
	Body                []byte
	Status              int
	Answer              []byte
}

// Request lists what of the request is not as described; nothing when it conforms.
func (d *Description) Request(x Exchange) []string {
	p, op := d.operation(x)
	if op == nil {
		return []string{"no such operation is described"}
	}
	faults := d.query(slices.Concat(p.Parameters, op.Parameters), x.Query)
	if op.RequestBody == nil {
		if len(x.Body) > 0 && string(x.Body) != "{}" {
			faults = append(faults, "a body where none is described")
		}
		return faults
	}
	body := op.RequestBody.Content["application/json"].Schema
	if body == nil {
		body = op.RequestBody.Content["multipart/form-data"].Schema
	}
	if len(x.Body) == 0 {
		if op.RequestBody.Required && len(d.resolve(body).Required) > 0 {
			faults = append(faults, "the body lacks")
		}
		return faults
	}
	return append(faults, d.json(body, x.Body, true)...)
}

// Answer lists what of the answer is not as described. Failures of the server itself are not described, and pass.
func (d *Description) Answer(x Exchange) []string {
	_, op := d.operation(x)
	if op == nil || x.Status >= 500 || x.Status == 0 {
		return nil
	}
	described, ok := d.answer(op, x.Status)
	switch {
	case !ok:
		return []string{fmt.Sprintf("no answer %d is described", x.Status)}
	case described.Content["application/json"].Schema == nil:
		if len(x.Answer) > 0 {
			return []string{"a body where none is described"}
		}
		return nil
	}
	return d.json(described.Content["application/json"].Schema, x.Answer, false)
}

func (d *Description) operation(x Exchange) (path, *operation) {
	p := d.paths[d.routes.find(strings.Split(x.Path, "/"))]
	return p, p.operation(x.Method)
}

func (d *Description) answer(op *operation, status int) (answer, bool) {
	exact := strconv.Itoa(status)
	found, ok := op.Responses[exact]
	if !ok {
		found, ok = op.Responses[exact[:1]+"XX"]
	}
	if name, is := strings.CutPrefix(found.Ref, "#/components/responses/"); is {
		found, ok = d.answers[name]
	}
	return found, ok
}

func (d *Description) json(s *schema, raw []byte, request bool) []string {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return []string{"no JSON: " + err.Error()}
	}
	return judge{d, request}.closed(s, v, "")
}

// query wants every parameter described, and those that are needed.
func (d *Description) query(described []parameter, raw string) []string {
	given, err := url.ParseQuery(raw)
	if err != nil {
		return []string{"the query: " + err.Error()}
	}
	var faults []string
	for _, p := range described {
		if p.In != "query" {
			continue
		}
		if p.Required && !given.Has(p.Name) {
			faults = append(faults, "?"+p.Name+" lacks")
		}
		for _, value := range given[p.Name] {
			faults = append(faults, d.queryValue(p, value)...)
		}
		given.Del(p.Name)
	}
	for name := range given {
		faults = append(faults, "?"+name+" is not described")
	}
	return faults
}

func (d *Description) queryValue(p parameter, text string) []string {
	var v any = text
	s := d.resolve(p.Schema)
	switch {
	case slices.Contains(s.Type, "integer"), slices.Contains(s.Type, "number"):
		v = json.Number(text)
	case slices.Contains(s.Type, "boolean"):
		v = text == "true"
	case slices.Contains(s.Type, "array"), len(s.OneOf) > 0:
		return nil
	}
	return judge{d, true}.closed(p.Schema, v, "?"+p.Name)
}
