package rest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/opaque"
)

// described is the API's description, or a part of it.
type described map[string]any

// part finds a part of a part; nil if there is none.
func (d described) part(names ...string) described {
	for _, name := range names {
		d, _ = d[name].(map[string]any)
	}
	return d
}

// schema follows a reference to what it stands for, and takes the first of several.
func (d described) schema(of described) described {
	if all, ok := of["anyOf"].([]any); ok {
		return d.schema(all[0].(map[string]any))
	}
	if ref, ok := of["$ref"].(string); ok {
		return d.part("components", "schemas", strings.TrimPrefix(ref, "#/components/schemas/"))
	}
	return of
}

// sample gives the least that a schema asks for.
func (d described) sample(of described) any {
	of = d.schema(of)
	if words, ok := of["enum"].([]any); ok {
		return words[0]
	}
	switch kind := fmt.Sprint(of["type"]); {
	case strings.Contains(kind, "object"):
		out := vars{}
		needed, _ := of["required"].([]any)
		for _, name := range needed {
			out[name.(string)] = d.sample(of.part("properties", name.(string)))
		}
		return out
	case strings.Contains(kind, "array"):
		return []any{d.sample(of.part("items"))}
	case strings.Contains(kind, "boolean"):
		return true
	case strings.Contains(kind, "string"):
		return "x"
	case of["minimum"] != nil:
		return of["minimum"]
	}
	return 1
}

// Null is no word for what is left out: what the description does not let be null is
// refused where it is, in whatever has a body, and what it lets be null is not.
func TestNullIsNotLeftOut(t *testing.T) {
	h := sqlite(t)
	doc := described(h.send(t, nil, "GET", "/api/v1/openapi.json", nil).is(200).data.(map[string]any))
	wrong := h.text(t, "en", "fault.request.value")
	refused, taken := 0, 0
	try := func(method, path string, body described, property string, schema any) {
		in := doc.sample(body).(vars)
		in[property] = nil
		a := h.send(t, h.Ada, method, "/api/v1"+strings.NewReplacer("{", "x", "}", "x").Replace(path), in)
		isRefused := false
		problem, _ := a.data.(map[string]any)
		errs, _ := problem["errors"].([]any)
		for _, e := range errs {
			e := e.(map[string]any)
			isRefused = isRefused || e["pointer"] == "#/"+property && e["detail"] == wrong
		}
		if strings.Contains(fmt.Sprint(schema), "null") { // may be null
			if taken++; isRefused {
				t.Errorf("%s %s: null as %s is refused: %s", method, path, property, a.body)
			}
			return
		}
		if refused++; !isRefused || a.status != 400 {
			t.Errorf("%s %s: null as %s is not refused there: %d %s", method, path, property, a.status, a.body)
		}
	}
	const last = "/sign-out" // signs out who asks
	paths := slices.DeleteFunc(slices.Sorted(maps.Keys(doc.part("paths"))), func(path string) bool { return path == last })
	for _, path := range append(paths, last) {
		methods := doc.part("paths", path)
		for _, method := range []string{"patch", "post", "put"} {
			body := doc.schema(methods.part(method, "requestBody", "content", "application/json", "schema"))
			for property, schema := range body.part("properties") {
				if !strings.HasPrefix(property, "$") {
					try(strings.ToUpper(method), path, body, property, schema)
				}
			}
		}
	}
	if refused < 60 || taken < 40 {
		t.Errorf("only %d parts must not be null, and %d may", refused, taken)
	}
}

// So it is deeper in a body, in a body that makes something, and beside another refusal.
func TestNullIsRefusedWhereItIs(t *testing.T) {
	h := sqlite(t)
	pointers := func(a *answer) (all []string) {
		for _, e := range a.refuses(400, "invalid").at("errors").([]any) {
			all = append(all, e.(map[string]any)["pointer"].(string))
		}
		return all
	}
	at := pointers(h.patch(t, h.Ada, "/categories/"+gid(opaque.Category, h.Help.ID), vars{
		"position": nil, "emoji": nil, "form": []vars{{"key": "x", "labels": vars{"en": "X"}}, {"key": "y", "labels": vars{"en": "Y"}, "required": nil}},
	}))
	if want := []string{"#/form/1/required", "#/position"}; !slices.Equal(at, want) {
		t.Errorf("it points to %v, want %v", at, want)
	}
	opened := h.post(t, h.Lea, "/tickets", vars{"categoryId": gid(opaque.Category, h.Help.ID), "subject": "null", "requesterId": nil}).is(201).want("subject", "null")
	if at := pointers(h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": []vars{{"id": opened.text("id"), "version": nil}}, "changes": vars{"priority": nil}})); !slices.Contains(at, "#/changes/priority") {
		t.Errorf("it points to %v", at)
	}
}
