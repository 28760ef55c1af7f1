package category

import (
	"maps"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Kind is what kind of value a variable of a template has, and so how it is written.
type Kind string

// The kinds.
const (
	TextKind     Kind = "text"
	NumberKind   Kind = "number"
	DurationKind Kind = "duration" // as people say it: "2 hours"
	MomentKind   Kind = "moment"   // by the queue's clocks, or as a channel shows it by the reader's
)

// Variable is a place in a template where a value is filled in.
type Variable struct {
	Name     string
	Kind     Kind
	Optional bool // it can be unknown, and stands in a section only
}

// The refusals of templates.
var (
	ErrVariable = fault.New(fault.Invalid, "fault.category.variable")
	ErrOptional = fault.New(fault.Invalid, "fault.category.variable_optional")
	ErrBraces   = fault.New(fault.Invalid, "fault.category.braces")
	ErrSection  = fault.New(fault.Invalid, "fault.category.section")
)

// template is a text with variables such as {{requester}}, and with sections such as
// {{#waiting_time}}…{{/waiting_time}}, which are there only if the variable has a value.
type template []part

// part is a text, a variable or a section of a template.
type part struct {
	text     string
	fills    bool // with a variable, or with a section if it has a value
	variable string
	section  template
}

// parse reads a template. What cannot be read is refused with the place, in
// characters. Codes: invalid.
func parse(s string) (template, *fault.Error) {
	p := &parser{left: s, whole: s}
	t, err := p.until("")
	if err != nil {
		return nil, err
	}
	return t, nil
}

// parser goes through a template.
type parser struct{ left, whole string }

// place counts the characters until what is left begins.
func (p *parser) place() int {
	return len([]rune(p.whole[:len(p.whole)-len(p.left)])) + 1
}

// until reads as far as the end of a section, or of the text.
func (p *parser) until(section string) (template, *fault.Error) {
	var t template
	for {
		text, _, found := strings.Cut(p.left, "{{")
		if i := strings.Index(text, "}}"); i >= 0 {
			p.left = p.left[i:]
			return nil, ErrBraces.With("Place", p.place())
		}
		if text != "" {
			t = append(t, part{text: text})
		}
		p.left = p.left[len(text):]
		if !found {
			if section != "" {
				return nil, ErrSection.With("Section", section)
			}
			return t, nil
		}
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		if ends, ok := strings.CutPrefix(name, "/"); ok {
			if ends = strings.TrimSpace(ends); ends != section || section == "" {
				return nil, ErrSection.With("Section", ends)
			}
			return t, nil
		}
		next, err := p.filled(name)
		if err != nil {
			return nil, err
		}
		t = append(t, next)
	}
}

// name reads what is between braces.
func (p *parser) name() (string, *fault.Error) {
	name, after, closed := strings.Cut(p.left[len("{{"):], "}}")
	if !closed || strings.ContainsAny(name, "{}\n") {
		return "", ErrBraces.With("Place", p.place())
	}
	p.left = after
	return strings.TrimSpace(name), nil
}

// filled makes a variable, or reads the section of which this is the beginning.
func (p *parser) filled(name string) (part, *fault.Error) {
	begins, ok := strings.CutPrefix(name, "#")
	if !ok {
		return part{fills: true, variable: name}, nil
	}
	begins = strings.TrimSpace(begins)
	inside, err := p.until(begins)
	return part{fills: true, variable: begins, section: inside}, err
}

// check refuses variables that are not known, and those that can be unknown where
// they are not in a section of their own. Codes: invalid.
func (t template) check(known []Variable, within ...string) *fault.Error {
	for _, p := range t {
		if !p.fills {
			continue
		}
		i := slices.IndexFunc(known, func(v Variable) bool { return v.Name == p.variable })
		switch {
		case i < 0:
			return ErrVariable.With("Variable", p.variable).With("Known", strings.Join(names(known), ", "))
		case p.section != nil:
			if err := p.section.check(known, append(within, p.variable)...); err != nil {
				return err
			}
		case known[i].Optional && !slices.Contains(within, p.variable):
			return ErrOptional.With("Variable", p.variable).With("Form", "{{#"+p.variable+"}}…{{/"+p.variable+"}}")
		}
	}
	return nil
}

func names(known []Variable) []string {
	all := make([]string, len(known))
	for i, v := range known {
		all[i] = v.Name + " (" + string(v.Kind) + ")"
	}
	return all
}

// fill writes the template with values; those that are missing are unknown.
func (t template) fill(b *strings.Builder, values map[string]string) {
	for _, p := range t {
		switch {
		case p.section != nil:
			if values[p.variable] != "" {
				p.section.fill(b, values)
			}
		case p.fills:
			b.WriteString(values[p.variable])
		default:
			b.WriteString(p.text)
		}
	}
}

// uses reports whether the variable is anywhere in the template.
func (t template) uses(name string) bool {
	return slices.ContainsFunc(t, func(p part) bool { return p.fills && p.variable == name || p.section.uses(name) })
}

// checkTemplates refuses texts that cannot be filled. Codes: invalid.
func checkTemplates(field string, texts locale.Text, known []Variable) error {
	if err := texts.Check(field, MaxGreeting); err != nil {
		return err
	}
	for _, tag := range slices.Sorted(maps.Keys(texts)) {
		t, err := parse(texts[tag])
		if err == nil {
			err = t.check(known)
		}
		if err != nil {
			return err.On(field)
		}
	}
	return nil
}

// Values gives what is filled into a template in a language.
type Values func(tag locale.Tag) map[string]string

// filled writes the template that a reader reads best, and tells its language; "" if
// there is none. Of one that cannot be read, from before they were checked, the values
// alone are filled in.
func (c *Category) filled(texts locale.Text, reader locale.Tag, values Values) (string, locale.Tag) {
	text, tag := texts.Pick(reader)
	all := values(tag)
	all[VarCategory], _ = c.Name.Pick(tag)
	t, err := parse(text)
	if err != nil {
		return replaced(text, all), tag
	}
	var b strings.Builder
	t.fill(&b, all)
	return strings.TrimSpace(b.String()), tag
}

func replaced(text string, all map[string]string) string {
	var pairs []string
	for name, value := range all {
		pairs = append(pairs, "{{"+name+"}}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
