package graph_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/compat"
)

// released is the schema that clients were promised.
const released = "schema/released.graphql"

var renew = flag.Bool("sdl.renew", false, "make the present schema the released one")

// What was promised to clients stays, or was announced to go. A test that fails
// here found something that will not work for them any more: keep it beside what
// is new, with `@deprecated(reason: "...; removed after YYYY-MM-DD")`.
func TestSDLKeepsWhatWasReleased(t *testing.T) {
	if *renew {
		if err := os.WriteFile(released, graph.SDL(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	promised, err := os.ReadFile(released)
	if err != nil {
		t.Fatal(err)
	}
	found := compat.Breaks(parsed(t, released, string(promised)), parsed(t, "schema.graphql", string(graph.SDL())), time.Now())
	for _, f := range found {
		t.Error(f)
	}
	if len(found) > 0 {
		t.Log("Clients of the released schema break. Keep it, deprecated; or, while there is no release yet: go test ./graph -run TestSDL -sdl.renew")
	}
}

// Who reads that something is deprecated learns to when it stays.
func TestSDLDatesItsDeprecations(t *testing.T) {
	dated := func(place string, directives ast.DirectiveList) {
		d := directives.ForName("deprecated")
		if d == nil {
			return
		}
		if said := d.Arguments.ForName("reason"); said == nil || !lasts(said.Value.Raw) {
			t.Errorf(`%s: its deprecation does not say "removed after YYYY-MM-DD"`, place)
		}
	}
	for name, d := range ours() {
		for _, v := range d.EnumValues {
			dated(name+"."+v.Name, v.Directives)
		}
		for _, f := range d.Fields {
			dated(name+"."+f.Name, f.Directives)
			for _, a := range f.Arguments {
				dated(name+"."+f.Name+"("+a.Name+")", a.Directives)
			}
		}
	}
}

func lasts(text string) bool {
	_, ok := compat.LastDay(text)
	return ok
}

func parsed(t *testing.T, name, sdl string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: name, Input: sdl})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}
