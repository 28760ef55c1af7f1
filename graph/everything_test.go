package graph_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// selector writes selections of everything that the schema has.
type selector struct {
	types map[string]*ast.Definition
	path  []string // the types that are being selected from: none is entered twice
}

// everythingOf selects all that can be reached from a type, in one way each.
func everythingOf(typeName string) string {
	return (&selector{types: ours()}).of(typeName)
}

func (s *selector) of(name string) string {
	d := s.types[name]
	if d == nil || d.IsLeafType() {
		return ""
	}
	s.path = append(s.path, name)
	defer func() { s.path = s.path[:len(s.path)-1] }()
	var b strings.Builder
	b.WriteString(" { __typename")
	if d.IsAbstractType() {
		for _, kind := range s.kinds(name) {
			fmt.Fprintf(&b, " ... on %s%s", kind, s.of(kind))
		}
		return b.String() + " }"
	}
	for _, f := range d.Fields {
		if strings.HasPrefix(f.Name, "__") || f.Arguments.ForName("input") != nil {
			continue
		}
		inside := s.of(f.Type.Name())
		if known := s.types[f.Type.Name()]; known != nil && !known.IsLeafType() && (inside == "" || slices.Contains(s.path, f.Type.Name())) {
			continue
		}
		// An alias of the type's own keeps the kinds of a union apart.
		fmt.Fprintf(&b, " %s_%s: %s%s%s", strings.ToLower(name), f.Name, f.Name, page100(f), inside)
	}
	return b.String() + " }"
}

// kinds gives the types that a union or interface has.
func (s *selector) kinds(name string) (all []string) {
	for kind, d := range s.types {
		if slices.Contains(s.types[name].Types, kind) || slices.Contains(d.Interfaces, name) && d.Kind == ast.Object {
			if !slices.Contains(s.path, kind) {
				all = append(all, kind)
			}
		}
	}
	slices.Sort(all)
	return all
}

// page100 asks for as much of a list as there may be.
func page100(f *ast.FieldDefinition) string {
	if f.Arguments.ForName("first") == nil {
		return ""
	}
	return "(first: 100)"
}
