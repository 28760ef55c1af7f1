package compat

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// directives compares those that a document may hold.
func (c *comparison) directives() {
	for name, was := range c.released.Directives {
		is := c.present.Directives[name]
		for _, l := range was.Locations {
			if ofDocuments(l) && (is == nil || !slices.Contains(is.Locations, l)) {
				c.breaks("@"+name, "may not be on %s any more", l)
			}
		}
		if is != nil {
			c.inputs("@"+name+"(%s)", arguments(was.Arguments), arguments(is.Arguments))
		}
	}
}

// ofDocuments tells whether it is a place in a document, not one in a schema.
func ofDocuments(l ast.DirectiveLocation) bool {
	switch l {
	case ast.LocationQuery, ast.LocationMutation, ast.LocationSubscription, ast.LocationField,
		ast.LocationFragmentDefinition, ast.LocationFragmentSpread, ast.LocationInlineFragment, ast.LocationVariableDefinition:
		return true
	default:
		return false
	}
}
