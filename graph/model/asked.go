package model

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Asked tells whether the operation may ask for any of the named fields of what
// the running resolver gives, or of the field of it at the end of a path. Types
// and conditions are not looked at: yes may be wrong, no never is.
func Asked(ctx context.Context, path []string, names ...string) bool {
	of := []ast.SelectionSet{graphql.GetFieldContext(ctx).Field.Selections}
	doc := graphql.GetOperationContext(ctx).Doc
	for _, step := range path {
		of = below(doc, of, func(name string) bool { return name == step })
	}
	return len(below(doc, of, func(name string) bool { return slices.Contains(names, name) })) > 0
}

// below gives what is selected in the wanted fields, a fragment at most once.
func below(doc *ast.QueryDocument, of []ast.SelectionSet, wanted func(name string) bool) []ast.SelectionSet {
	var found []ast.SelectionSet
	spread := map[string]bool{}
	for len(of) > 0 {
		set := of[0]
		of = of[1:]
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if wanted(s.Name) {
					found = append(found, s.SelectionSet)
				}
			case *ast.InlineFragment:
				of = append(of, s.SelectionSet)
			case *ast.FragmentSpread:
				if f := doc.Fragments.ForName(s.Name); f != nil && !spread[s.Name] {
					spread[s.Name] = true
					of = append(of, f.SelectionSet)
				}
			}
		}
	}
	return found
}
