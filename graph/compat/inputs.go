package compat

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// input is an argument or a field of an input.
type input struct {
	name       string
	kind       *ast.Type
	absent     *ast.Value // what it is when it is absent; nil if nothing is said
	directives ast.DirectiveList
}

func (i input) required() bool { return i.kind.NonNull && i.absent == nil }

func arguments(list ast.ArgumentDefinitionList) []input {
	all := make([]input, len(list))
	for i, a := range list {
		all[i] = input{a.Name, a.Type, a.DefaultValue, a.Directives}
	}
	return all
}

func inputFields(d *ast.Definition) []input {
	all := make([]input, len(d.Fields))
	for i, f := range d.Fields {
		all[i] = input{f.Name, f.Type, f.DefaultValue, f.Directives}
	}
	return all
}

func named(list []input, name string) (input, bool) {
	for _, i := range list {
		if i.name == name {
			return i, true
		}
	}
	return input{}, false
}

// inputs compares what something takes; place is a format with room for a name.
func (c *comparison) inputs(place string, was, is []input) {
	for _, before := range was {
		if now, ok := named(is, before.name); !c.over(before.directives) {
			c.input(fmt.Sprintf(place, before.name), before, now, ok)
		}
	}
	for _, now := range is {
		if _, ok := named(was, now.name); !ok && now.required() {
			c.breaks(fmt.Sprintf(place, now.name), "is new and required")
		}
	}
}

func (c *comparison) input(place string, was, is input, ok bool) {
	if !ok {
		c.breaks(place, "is gone")
		return
	}
	if !within(was.kind, is.kind) {
		c.breaks(place, "takes %s, took %s", is.kind, was.kind)
	}
	if !was.required() && absent(was) != absent(is) {
		c.breaks(place, "is %s when absent, was %s", absent(is), absent(was))
	}
	c.postponed(place, was.directives, is.directives)
}

// absent says what an input is when it is absent.
func absent(i input) string {
	if i.absent == nil {
		return "nothing"
	}
	return i.absent.String()
}
