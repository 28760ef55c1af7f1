package category

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// variable is a place in a greeting template, e.g. {{requester}}.
var variable = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// The variables of a greeting.
const (
	VarRequester = "requester" // the requester's name
	VarNumber    = "number"    // the ticket's number
	VarSubject   = "subject"
	VarCategory  = "category" // the category's name in the greeting's language
)

func checkGreeting(g locale.Text) error {
	if err := g.Check("greetings", MaxGreeting); err != nil {
		return err
	}
	known := []string{VarRequester, VarNumber, VarSubject, VarCategory}
	for _, tag := range slices.Sorted(maps.Keys(g)) {
		for _, m := range variable.FindAllStringSubmatch(g[tag], -1) {
			if !slices.Contains(known, m[1]) {
				return fault.New(fault.Invalid, "fault.category.variable").
					With("Variable", m[1]).With("Known", strings.Join(known, ", ")).On("greetings")
			}
		}
	}
	return nil
}

// Greet fills the greeting for a reader; "" if the category has none. It tells
// the language that the greeting is in.
func (c *Category) Greet(reader locale.Tag, values map[string]string) (string, locale.Tag) {
	template, tag := c.Greeting.Pick(reader)
	name, _ := c.Name.Pick(tag)
	text := variable.ReplaceAllStringFunc(template, func(m string) string {
		key := variable.FindStringSubmatch(m)[1]
		if key == VarCategory {
			return name
		}
		return values[key]
	})
	return text, tag
}
