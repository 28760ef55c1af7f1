package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/graph/generated"
)

// wholeOf writes selections of everything that there is, by the schema: what is
// new in it is asked for as well.
type wholeOf struct {
	*ast.Schema

	page int // of lists inside
}

func everythingBy(page int) wholeOf {
	return wholeOf{generated.NewExecutableSchema(generated.Config{}).Schema(), page}
}

// of selects all of a type but what would lead back to a type on the way to it.
func (s wholeOf) of(t *testing.T, kind *ast.Type, way ...string) string {
	t.Helper()
	d := s.Types[kind.Name()]
	if d.IsLeafType() {
		return " "
	}
	if slices.Contains(way, d.Name) {
		return ""
	}
	way = append(slices.Clone(way), d.Name)
	if !d.IsAbstractType() {
		return s.fields(t, d, "", way)
	}
	all := "{ __typename "
	for _, possible := range s.GetPossibleTypes(d) {
		if !slices.Contains(way, possible.Name) {
			all += "... on " + possible.Name + " " + s.fields(t, possible, possible.Name+"_", append(slices.Clone(way), possible.Name))
		}
	}
	return all + "} "
}

// fields selects those of an object. An alias keeps apart those of the same name
// in other members of a union.
func (s wholeOf) fields(t *testing.T, d *ast.Definition, alias string, way []string) string {
	t.Helper()
	all := "{ __typename "
	for _, f := range d.Fields {
		if strings.HasPrefix(f.Name, "__") || f.Name == "edges" { // nodes are the same rows
			continue
		}
		within := s.of(t, f.Type, way...)
		if within == "" {
			continue
		}
		if alias != "" {
			all += alias + f.Name + ": "
		}
		all += f.Name + s.sized(t, d.Name, f, s.page) + within
	}
	return all + "} "
}

// sized gives a field the arguments that it needs: a list the number of its rows.
func (s wholeOf) sized(t *testing.T, of string, f *ast.FieldDefinition, page int) string {
	t.Helper()
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			t.Errorf("%s.%s needs %s: say which in sized, in flat_selection_test.go", of, f.Name, a.Name)
		}
	}
	if f.Arguments.ForName("first") != nil {
		return fmt.Sprintf("(first: %d)", page)
	}
	return ""
}
