// Package compat tells what a change of the GraphQL schema takes from clients
// that were written before it.
package compat

import (
	"fmt"
	"slices"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// Breaks lists, sorted, what worked with the schema that was released and does
// not with the present one. To add a type, an output field, an optional
// argument or a value is no break. What was released with the announcement
// "removed after YYYY-MM-DD" may go, or become anything else, when that day is
// over in UTC: in the reason of `@deprecated`, or, for a type, which cannot be
// deprecated, in its description. A type of which nothing else speaks goes
// along.
func Breaks(released, present *ast.Schema, now time.Time) []string {
	c := comparison{released: released, present: present, now: now}
	for _, name := range c.reachable() {
		was, is := released.Types[name], present.Types[name]
		switch {
		case is == nil:
			c.breaks(name, "is gone")
		case is.Kind != was.Kind:
			c.breaks(name, "is of kind %s, was %s", is.Kind, was.Kind)
		default:
			c.definition(was, is)
		}
	}
	c.directives()
	slices.Sort(c.found)
	return slices.Compact(c.found)
}

type comparison struct {
	released, present *ast.Schema
	now               time.Time
	found             []string
}

func (c *comparison) breaks(place, format string, args ...any) {
	c.found = append(c.found, place+" "+fmt.Sprintf(format, args...))
}

func (c *comparison) definition(was, is *ast.Definition) {
	for _, name := range was.Interfaces {
		if !slices.Contains(is.Interfaces, name) && !c.mayGo(name) {
			c.breaks(was.Name, "is no %s any more", name)
		}
	}
	for _, name := range was.Types {
		if !slices.Contains(is.Types, name) && !c.mayGo(name) {
			c.breaks(was.Name, "is never a %s any more", name)
		}
	}
	for _, v := range was.EnumValues {
		if is.EnumValues.ForName(v.Name) == nil && !c.over(v.Directives) {
			c.breaks(was.Name+"."+v.Name, "is gone")
		}
	}
	if was.Directives.ForName("oneOf") == nil && is.Directives.ForName("oneOf") != nil {
		c.breaks(was.Name, "takes exactly one of its fields, took any")
	}
	if was.Kind == ast.InputObject {
		c.inputs(was.Name+".%s", inputFields(was), inputFields(is))
		return
	}
	c.fields(was, is)
}
