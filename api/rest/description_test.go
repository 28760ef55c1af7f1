package rest_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
)

func TestTheDescriptionIsOpenAPI(t *testing.T) {
	h := sqlite(t)
	a := h.send(t, nil, "GET", "/api/v1/openapi.json", nil).is(200)
	a.want("openapi", "3.1.0").want("servers.0.url", "/api/v1")
	if got := a.header.Get("Content-Type"); got != "application/openapi+json" {
		t.Errorf("it comes as %s", got)
	}
	if ids := h.judge.operations(); len(ids) != len(slices.Compact(slices.Sorted(slices.Values(ids)))) {
		t.Errorf("operations have the same ID: %v", slices.Sorted(slices.Values(ids)))
	}
}

// No event tells an ID as the store has it, nor has a part that the description lacks.
func TestTheDescriptionKnowsAllThatEventsTell(t *testing.T) {
	h := sqlite(t)
	told, ok := h.send(t, nil, "GET", "/api/v1/openapi.json", nil).at("components.schemas.Event.properties.data.properties").(map[string]any)
	if !ok {
		t.Fatal("the data of events is not described")
	}
	for _, d := range event.All() {
		for f := range reflect.TypeOf(d).Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if strings.HasSuffix(f.Type.PkgPath(), "/domain/id") {
				name += "Id"
			}
			if told[name] == nil && name != "place" && name != "channel" {
				t.Errorf("%s: the description has no %s; an ID's type needs its kind in kinds", d.Type(), name)
			}
		}
	}
}

// A person reads the description in a browser that may ask nobody else for anything.
func TestThePageNeedsNothingFromElsewhere(t *testing.T) {
	h := sqlite(t)
	a := h.send(t, nil, "GET", "/api/v1/docs", nil).is(200)
	for _, from := range regexp.MustCompile(`(?:src|href|url)\s*[=(]\s*"?([^"\s)>]+)`).FindAllStringSubmatch(a.body, -1) {
		if !strings.HasPrefix(from[1], "#") && from[1] != "openapi.json" {
			t.Errorf("the page takes something from %q", from[1])
		}
	}
	if strings.Contains(a.body, "<script") || !strings.HasPrefix(a.header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-") {
		t.Errorf("the page may do more than it should: %s", a.header.Get("Content-Security-Policy"))
	}
	for _, id := range h.judge.operations() {
		if !strings.Contains(a.body, `<details id="`+id+`">`) {
			t.Errorf("the page does not tell of %s", id)
		}
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(a.body, -1) {
		if !strings.Contains(a.body, `id="`+link[1]+`"`) {
			t.Errorf("a link goes to %s, which is not there", link[1])
		}
	}
	h.send(t, nil, "GET", "/api/v1/", nil).is(302)
}
