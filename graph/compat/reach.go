package compat

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// reachable names the released types that a client may still count on: those to
// which something leads from the operations whose last day is not past.
func (c *comparison) reachable() []string {
	r := reach{comparison: c, types: map[string]bool{}}
	for _, root := range []*ast.Definition{c.released.Query, c.released.Mutation, c.released.Subscription} {
		if root != nil {
			r.visit(root.Name)
		}
	}
	return slices.Sorted(maps.Keys(r.types))
}

type reach struct {
	*comparison

	types map[string]bool
}

func (r reach) visit(name string) {
	d := r.released.Types[name]
	if d == nil || r.types[name] || r.mayGo(name) {
		return
	}
	r.types[name] = true
	for _, f := range d.Fields {
		if r.over(f.Directives) {
			continue
		}
		r.visit(f.Type.Name())
		for _, a := range f.Arguments {
			if !r.over(a.Directives) {
				r.visit(a.Type.Name())
			}
		}
	}
	for _, i := range d.Interfaces {
		r.visit(i)
	}
	for _, possible := range r.released.GetPossibleTypes(d) {
		r.visit(possible.Name)
	}
}
