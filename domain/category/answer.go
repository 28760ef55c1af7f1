package category

import (
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Given is what was filled into a field: some texts, or a member.
type Given struct {
	Texts  []string // one, or the options of a choice; none: left empty
	Member id.Member
}

// Texts makes what was filled in of one text for each field.
func Texts(values map[string]string) map[string]Given {
	all := make(map[string]Given, len(values))
	for key, text := range values {
		all[key] = Given{Texts: []string{text}}
	}
	return all
}

func (g Given) text() string { return strings.Join(g.Texts, "") }

func (g Given) empty() bool { return g.Member == 0 && strings.TrimSpace(g.text()) == "" }

// Answer is what was filled into a field, with the question as it was asked.
type Answer struct {
	Key      string    `json:"key"`
	Label    string    `json:"label"`
	Type     Type      `json:"type,omitempty"`
	Internal bool      `json:"internal,omitempty"`
	Value    string    `json:"value"`             // for people: the text, the options' labels, the member's name
	Options  []string  `json:"options,omitempty"` // that were chosen
	Number   float64   `json:"number,omitempty"`
	Member   id.Member `json:"member,omitempty"`
}

// Filled is a form that was filled in and checked.
type Filled struct {
	Subject string // "" unless a field has that purpose
	Body    string
	Answers []Answer // details in the order of the form
}

// People are the names of members whom answers may name.
type People map[id.Member]string

// Fill checks what was filled into the form, by field key, for a reader of
// the given language. A field whose purpose is served, since the subject or
// body was given otherwise, may be left empty. Codes: invalid, with the field
// "answers.KEY".
func (c *Category) Fill(reader locale.Tag, values map[string]Given, people People, served ...Purpose) (Filled, error) {
	var out Filled
	known := map[string]bool{}
	for _, f := range c.Asked() {
		known[f.Key] = true
		if values[f.Key].empty() && slices.Contains(served, f.Purpose) {
			continue
		}
		a, err := f.Answer(reader, values[f.Key], people)
		if err != nil {
			return Filled{}, err
		}
		switch {
		case f.Purpose == Subject:
			out.Subject = a.Value
		case f.Purpose == Body:
			out.Body = a.Value
		case a.Value != "":
			out.Answers = append(out.Answers, a)
		}
	}
	for key := range values {
		if !known[key] {
			return Filled{}, UnknownField(key)
		}
	}
	return out, nil
}

// UnknownField refuses a field that the category has not.
func UnknownField(key string) error {
	return fault.New(fault.Invalid, "fault.category.field_unknown").With("Field", key).On("answers")
}
