package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/opaque"
)

// Null is no word for what is left out: what the description does not let be null is
// refused where it is, in every partial change.
func TestNullIsNotLeftOut(t *testing.T) {
	h := sqlite(t)
	doc := h.send(t, nil, "GET", "/api/v1/openapi.json", nil).is(200).data.(map[string]any)
	part := func(in any, names ...string) map[string]any {
		for _, name := range names {
			in, _ = in.(map[string]any)[name]
			if in == nil {
				return nil
			}
		}
		found, _ := in.(map[string]any)
		return found
	}
	refused := 0
	for path, methods := range part(doc, "paths") {
		body := part(methods, "patch", "requestBody", "content", "application/json", "schema")
		if body == nil {
			continue
		}
		name, _ := strings.CutPrefix(body["$ref"].(string), "#/components/schemas/")
		for property, schema := range part(doc, "components", "schemas", name, "properties") {
			if strings.Contains(fmt.Sprint(schema), "null") || strings.HasPrefix(property, "$") {
				continue // may be null
			}
			refused++
			a := h.patch(t, h.Ada, strings.NewReplacer("{", "x", "}", "x").Replace(path), vars{property: nil}).refuses(400, "invalid")
			if !strings.Contains(a.body, `"pointer":"#/`+property+`"`) {
				t.Errorf("%s: null as %s is refused elsewhere: %s", path, property, a.body)
			}
		}
	}
	if refused < 15 {
		t.Errorf("only %d parts must not be null", refused)
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
