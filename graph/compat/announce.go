package compat

import (
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// LastDay gives the day, a midnight in UTC, to whose end a text such as "Use
// `subject`; removed after 2027-03-31." promises that something stays.
func LastDay(text string) (day time.Time, ok bool) {
	_, rest, found := strings.Cut(strings.ToLower(text), "removed after ")
	if !found || len(rest) < len(time.DateOnly) {
		return time.Time{}, false
	}
	day, err := time.Parse(time.DateOnly, rest[:len(time.DateOnly)])
	return day, err == nil
}

// reason gives what @deprecated says, "" where there is none.
func reason(directives ast.DirectiveList) string {
	d := directives.ForName("deprecated")
	if d == nil {
		return ""
	}
	if said := d.Arguments.ForName("reason"); said != nil {
		return said.Value.Raw
	}
	return ""
}

func (c *comparison) past(text string) bool {
	day, announced := LastDay(text)
	return announced && !c.now.Before(day.AddDate(0, 0, 1))
}

// over tells whether something was released as deprecated, and its last day is past.
func (c *comparison) over(directives ast.DirectiveList) bool { return c.past(reason(directives)) }

// mayGo tells whether a type was released with the announcement that it goes,
// and its last day is past.
func (c *comparison) mayGo(name string) bool {
	d := c.released.Types[name]
	return d == nil || c.past(d.Description)
}
