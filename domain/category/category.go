// Package category knows what a member can choose when they ask for help: the
// form to fill in, where the ticket goes, and the greeting that awaits them.
package category

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
)

// Limits, in characters or items. A form fits one Discord modal, so that every
// channel can show it whole.
const (
	MaxName        = 80
	MaxDescription = 100
	MaxFields      = 5
	MaxLabel       = 45
	MaxPlaceholder = 100
	MaxAnswer      = 4000
	MaxSubject     = 200 // an answer that becomes the ticket's subject
	MaxGreeting    = 2000
	MaxEmoji       = 64 // a channel's own emoji is written as a name and an ID
)

// The refusals of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "fault.category.not_found")
	ErrArchived = fault.New(fault.Invalid, "fault.category.archived")
)

// Intent says what a category is for.
type Intent string

// The intents.
const (
	Support    Intent = "support"
	Suggestion Intent = "suggestion"
	NonUrgent  Intent = "non_urgent"
)

// Intents lists the intents.
func Intents() []Intent { return []Intent{Support, Suggestion, NonUrgent} }

// Style is how a form field is filled in.
type Style string

// The styles.
const (
	Short Style = "short" // one line
	Long  Style = "long"  // a paragraph
)

// Purpose is what an answer becomes beyond being an answer.
type Purpose string

// The purposes.
const (
	Detail  Purpose = "detail"  // an answer only
	Subject Purpose = "subject" // the ticket's subject
	Body    Purpose = "body"    // the ticket's first message
)

// Field is one question of a form.
type Field struct {
	Key         string      `json:"key"` // stable name of the field, unique in its form
	Label       locale.Text `json:"label"`
	Placeholder locale.Text `json:"placeholder,omitempty"`
	Style       Style       `json:"style"`
	Purpose     Purpose     `json:"purpose"`
	Required    bool        `json:"required"`
	Least       int         `json:"least,omitempty"` // length of an answer, in characters
	Most        int         `json:"most,omitempty"`  // 0: as long as its purpose allows, see Longest
}

// Longest gives the most characters that an answer may have.
func (f *Field) Longest() int {
	if f.Most == 0 {
		return f.bound()
	}
	return min(f.Most, f.bound())
}

func (f *Field) bound() int {
	if f.Purpose == Subject {
		return MaxSubject
	}
	return MaxAnswer
}

// Category is what a member chooses.
type Category struct {
	ID          id.Category
	Workspace   id.Workspace
	Version     int64 // rises each time that it is saved
	Name        locale.Text
	Description locale.Text
	Emoji       string // one emoji, or ""
	Intent      Intent
	Queue       id.Queue
	Priority    priority.Level // of new tickets
	Surface     Surface        // what a channel makes for its tickets; "" until Check: as the intent has it
	Form        []Field
	Greeting    locale.Text // template: see Greet
	Position    int         // order in which categories are offered
	Archived    bool        // offered no more; its tickets stay
}

var fieldKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Check refuses a category that could not be offered or greeted with. Codes: invalid.
func (c *Category) Check() error {
	if err := c.Name.Check("name", MaxName); err != nil {
		return err
	}
	if len(c.Description) > 0 {
		if err := c.Description.Check("description", MaxDescription); err != nil {
			return err
		}
	}
	if _, err := locale.Clean(c.Emoji, "emoji", 0, MaxEmoji); err != nil {
		return err
	}
	switch c.Intent {
	case Support, Suggestion, NonUrgent:
	default:
		return fault.New(fault.Invalid, "fault.category.intent").On("intent")
	}
	if err := c.checkSurface(); err != nil {
		return err
	}
	if err := c.Priority.Check(); err != nil {
		return err
	}
	if err := c.checkForm(); err != nil {
		return err
	}
	if len(c.Greeting) == 0 {
		return nil
	}
	return checkGreeting(c.Greeting)
}

func (c *Category) checkForm() error {
	if len(c.Form) > MaxFields {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxFields).On("form")
	}
	keys, purposes := map[string]bool{}, map[Purpose]bool{}
	for i := range c.Form {
		f := &c.Form[i]
		if err := f.check(); err != nil {
			return err
		}
		if keys[f.Key] {
			return fault.New(fault.Invalid, "fault.category.field_twice").With("Field", f.Key).On("form")
		}
		if f.Purpose != Detail && purposes[f.Purpose] {
			return fault.New(fault.Invalid, "fault.category.purpose_twice").With("Field", f.Key).On("form")
		}
		keys[f.Key], purposes[f.Purpose] = true, true
	}
	return nil
}

func (f *Field) check() error {
	if !fieldKey.MatchString(f.Key) {
		return fault.New(fault.Invalid, "fault.category.field_key").With("Field", f.Key).On("form")
	}
	if f.Style != Short && f.Style != Long {
		return fault.New(fault.Invalid, "fault.category.field_style").With("Field", f.Key).On("form")
	}
	switch f.Purpose {
	case "":
		f.Purpose = Detail
	case Detail, Subject, Body:
	default:
		return fault.New(fault.Invalid, "fault.category.field_purpose").With("Field", f.Key).On("form")
	}
	if f.Most == 0 {
		f.Most = f.bound()
	}
	if f.Least < 0 || f.Most > f.bound() || f.Least > f.Most {
		return fault.New(fault.Invalid, "fault.category.field_length").With("Field", f.Key).With("Most", f.bound()).On("form")
	}
	if len(f.Placeholder) > 0 {
		if err := f.Placeholder.Check("form", MaxPlaceholder); err != nil {
			return err
		}
	}
	return f.Label.Check("form", MaxLabel)
}

// Answer is what was written into a field, with the question as it was asked.
type Answer struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// Filled is a form that was filled in and checked.
type Filled struct {
	Subject string // "" unless a field has that purpose
	Body    string
	Answers []Answer // details in the order of the form
}

// Fill checks what was written into the form, by field key, for a reader of
// the given language. A field whose purpose is served, since the subject or
// body was given otherwise, may be left empty. Codes: invalid, with the field
// "answers.KEY".
func (c *Category) Fill(reader locale.Tag, values map[string]string, served ...Purpose) (Filled, error) {
	var out Filled
	known := map[string]bool{}
	for _, f := range c.Form {
		known[f.Key] = true
		if values[f.Key] == "" && slices.Contains(served, f.Purpose) {
			continue
		}
		v, err := f.answer(values[f.Key])
		if err != nil {
			return Filled{}, err
		}
		label, _ := f.Label.Pick(reader)
		switch {
		case f.Purpose == Subject:
			out.Subject = v
		case f.Purpose == Body:
			out.Body = v
		case v != "":
			out.Answers = append(out.Answers, Answer{Key: f.Key, Label: label, Value: v})
		}
	}
	for k := range values {
		if !known[k] {
			return Filled{}, fault.New(fault.Invalid, "fault.category.field_unknown").With("Field", k).On("answers")
		}
	}
	return out, nil
}

// answer checks what was written into the field. What need not be answered
// may be left empty, but not be answered too shortly.
func (f *Field) answer(v string) (string, error) {
	least := f.Least
	if f.Required {
		least = max(1, least)
	} else if strings.TrimSpace(v) == "" {
		least = 0
	}
	return locale.Clean(v, "answers."+f.Key, least, f.Longest())
}
