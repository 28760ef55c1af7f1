package graph_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/generated"
)

// ours gives the types of the schema that GraphQL itself does not bring.
func ours() map[string]*ast.Definition {
	types := map[string]*ast.Definition{}
	for name, d := range generated.NewExecutableSchema(generated.Config{}).Schema().Types {
		if !d.BuiltIn {
			types[name] = d
		}
	}
	return types
}

func TestEverythingIsDescribed(t *testing.T) {
	said := func(name, description string) {
		if d := strings.TrimSpace(description); d == "" || !strings.ContainsAny(d[len(d)-1:], ".`)") {
			t.Errorf("%s is described by %q", name, description)
		}
	}
	for name, d := range ours() {
		said(name, d.Description)
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			said(name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				said(name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range d.EnumValues {
			said(name+"."+v.Name, v.Description)
		}
	}
}

func TestMutationsHaveOneInputAndTellWhy(t *testing.T) {
	types := ours()
	for _, f := range types["Mutation"].Fields {
		upper := strings.ToUpper(f.Name[:1]) + f.Name[1:]
		if len(f.Arguments) != 1 || f.Arguments[0].Name != "input" || f.Arguments[0].Type.String() != upper+"Input!" {
			t.Errorf("%s takes %v", f.Name, f.Arguments)
		}
		if f.Type.String() != upper+"Payload!" {
			t.Errorf("%s gives %s", f.Name, f.Type)
			continue
		}
		if e := types[f.Type.Name()].Fields.ForName("userErrors"); e == nil || e.Type.String() != "[UserError!]!" {
			t.Errorf("%s does not tell why it was refused", f.Type)
		}
	}
}

func TestConnectionsAreRelays(t *testing.T) {
	for name, d := range ours() {
		if !strings.HasSuffix(name, "Connection") {
			continue
		}
		base := strings.TrimSuffix(name, "Connection")
		edges, nodes, info := d.Fields.ForName("edges"), d.Fields.ForName("nodes"), d.Fields.ForName("pageInfo")
		arguments := []string{"where", "orderBy", "first", "after", "last", "before"}
		if name == "SearchHitConnection" { // to count, or to begin at the oldest, would read all that there is
			arguments = []string{"query", "order", "first", "after"}
		} else if count := d.Fields.ForName("totalCount"); count == nil || count.Type.String() != "Int!" {
			t.Errorf("%s has no count: %v", name, count)
		}
		if edges == nil || edges.Type.String() != "["+base+"Edge!]!" || info == nil || info.Type.String() != "PageInfo!" ||
			nodes == nil || !nodes.Type.NonNull || !nodes.Type.Elem.NonNull {
			t.Errorf("%s: %v %v %v", name, edges, nodes, info)
		}
		for _, other := range ours() {
			for _, f := range other.Fields {
				if f.Type.Name() != name {
					continue
				}
				for _, argument := range arguments {
					if f.Arguments.ForName(argument) == nil {
						t.Errorf("%s.%s has no %s", other.Name, f.Name, argument)
					}
				}
			}
		}
	}
}

// Whatever the log holds has a type of its own in the timeline, "ticket.tag_added" TagAddedEvent.
func TestEveryKindOfEventHasAType(t *testing.T) {
	types := ours()
	if got, want := len(types["TimelineItem"].Types), len(event.Types()); got != want {
		t.Errorf("the timeline has %d types, the log %d", got, want)
	}
	for _, name := range types["TimelineItem"].Types {
		if !strings.HasSuffix(name, "Event") || len(types[name].Interfaces) != 1 || types[name].Interfaces[0] != "Event" {
			t.Errorf("%s is no Event", name)
		}
	}
}

func TestSDLIsTheSchema(t *testing.T) {
	sdl := string(graph.SDL())
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range ours() {
		read := schema.Types[name]
		if read == nil || len(read.Fields) < len(d.Fields)-2 || read.Description != d.Description {
			t.Errorf("%s is lost", name)
		}
	}
}
