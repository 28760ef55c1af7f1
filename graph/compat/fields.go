package compat

import (
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// fields compares what an object or an interface gives.
func (c *comparison) fields(was, is *ast.Definition) {
	for _, f := range was.Fields {
		if c.over(f.Directives) {
			continue
		}
		place, now := was.Name+"."+f.Name, is.Fields.ForName(f.Name)
		if now == nil {
			c.breaks(place, "is gone")
			continue
		}
		if !within(now.Type, f.Type) {
			c.breaks(place, "gives %s, gave %s", now.Type, f.Type)
		}
		c.postponed(place, f.Directives, now.Directives)
		c.inputs(place+"(%s)", arguments(f.Arguments), arguments(now.Arguments))
	}
}

// postponed holds a present deprecation to the day that was promised.
func (c *comparison) postponed(place string, was, is ast.DirectiveList) {
	promised, ok := LastDay(reason(was))
	if !ok {
		return
	}
	if day, ok := LastDay(reason(is)); ok && day.Before(promised) {
		c.breaks(place, "stays to %s, was promised to %s", day.Format(time.DateOnly), promised.Format(time.DateOnly))
	}
}

// within tells whether each value of a type is one of the wider type, too.
func within(narrow, wide *ast.Type) bool {
	if wide.NonNull && !narrow.NonNull {
		return false
	}
	if narrow.Elem == nil || wide.Elem == nil {
		return narrow.Elem == wide.Elem && narrow.NamedType == wide.NamedType
	}
	return within(narrow.Elem, wide.Elem)
}
