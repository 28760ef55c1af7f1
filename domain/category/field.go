package category

import (
	"regexp"
	"slices"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
)

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

// Type is what kind of value a field holds.
type Type string

// The types.
const (
	Text        Type = "text"
	Number      Type = "number"
	Choice      Type = "choice"       // one of the options
	MultiChoice Type = "multi_choice" // some of the options
	Date        Type = "date"         // a day of the calendar, YYYY-MM-DD
	Member      Type = "member"       // a member of the workspace
)

// Types lists the types.
func Types() []Type { return []Type{Text, Number, Choice, MultiChoice, Date, Member} }

// Option is a value that can be chosen.
type Option struct {
	Value string      `json:"value"` // stable name of the option, unique in its field
	Label locale.Text `json:"label"`
}

// Field is one question of a form, or a value that staff keeps on a category's
// tickets.
type Field struct {
	Key         string      `json:"key"` // stable name of the field, unique in its form
	Label       locale.Text `json:"label"`
	Placeholder locale.Text `json:"placeholder,omitempty"`
	Type        Type        `json:"type,omitempty"` // "": Text
	Style       Style       `json:"style"`
	Purpose     Purpose     `json:"purpose"`
	Required    bool        `json:"required"`
	Internal    bool        `json:"internal,omitempty"` // never asked: staff fills it in, nobody else sees it
	Editable    bool        `json:"editable,omitempty"` // who opened the ticket may give it another value later
	Options     []Option    `json:"options,omitempty"`  // of a choice
	Least       int         `json:"least,omitempty"`    // length of a text in characters; how many options
	Most        int         `json:"most,omitempty"`     // 0: as long as its purpose allows, see Longest; all options
	Lowest      *float64    `json:"lowest,omitempty"`   // of a number; nil: no bound
	Highest     *float64    `json:"highest,omitempty"`  // of a number; nil: no bound
}

// Kind gives the field's type; that of fields from before there were types is Text.
func (f *Field) Kind() Type {
	if f.Type == "" {
		return Text
	}
	return f.Type
}

// Chooses reports whether the field has options.
func (f *Field) Chooses() bool { return f.Type == Choice || f.Type == MultiChoice }

// Asked gives the fields that a form asks, in its order.
func (c *Category) Asked() []Field {
	return slices.DeleteFunc(slices.Clone(c.Form), func(f Field) bool { return f.Internal })
}

// Field finds a field by its key, nil if there is none.
func (c *Category) Field(key string) *Field {
	for i := range c.Form {
		if c.Form[i].Key == key {
			return &c.Form[i]
		}
	}
	return nil
}

// Editable reports whether all of the fields that are named may be given other
// values by who opened the ticket.
func (c *Category) Editable(values map[string]Given) bool {
	for key := range values {
		if f := c.Field(key); f == nil || !f.Editable {
			return false
		}
	}
	return true
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

var fieldKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (c *Category) checkForm() error {
	asked := len(c.Asked())
	if asked > MaxFields {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxFields).On("form")
	}
	if len(c.Form)-asked > MaxInternal {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxInternal).On("form")
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
	if f.Type = f.Kind(); !slices.Contains(Types(), f.Type) {
		return fault.New(fault.Invalid, "fault.category.field_type").With("Field", f.Key).On("form")
	}
	if f.Style != Short && f.Style != Long {
		return fault.New(fault.Invalid, "fault.category.field_style").With("Field", f.Key).On("form")
	}
	if err := f.checkPurpose(); err != nil {
		return err
	}
	if f.Editable && (f.Internal || f.Purpose != Detail) {
		return fault.New(fault.Invalid, "fault.category.field_editable").With("Field", f.Key).On("form")
	}
	if err := f.checkBounds(); err != nil {
		return err
	}
	if err := f.checkOptions(); err != nil {
		return err
	}
	if len(f.Placeholder) > 0 {
		if err := f.Placeholder.Check("form", MaxPlaceholder); err != nil {
			return err
		}
	}
	return f.Label.Check("form", MaxLabel)
}

// checkPurpose refuses a subject or body that is no text, or that nobody is asked for.
func (f *Field) checkPurpose() error {
	switch f.Purpose {
	case "":
		f.Purpose = Detail
	case Detail:
	case Subject, Body:
		if f.Type != Text || f.Internal {
			return fault.New(fault.Invalid, "fault.category.field_purpose_type").With("Field", f.Key).On("form")
		}
	default:
		return fault.New(fault.Invalid, "fault.category.field_purpose").With("Field", f.Key).On("form")
	}
	return nil
}

// checkBounds refuses bounds that nothing meets.
func (f *Field) checkBounds() error {
	if f.Lowest != nil && f.Highest != nil && *f.Lowest > *f.Highest {
		return fault.New(fault.Invalid, "fault.category.field_range").With("Field", f.Key).On("form")
	}
	most := f.bound()
	if f.Chooses() {
		most = len(f.Options)
	}
	if f.Most == 0 {
		f.Most = most
	}
	if f.Least < 0 || f.Most > most || f.Least > f.Most {
		return fault.New(fault.Invalid, "fault.category.field_length").With("Field", f.Key).With("Most", most).On("form")
	}
	return nil
}

// checkOptions refuses a choice among nothing or too much, or without names.
func (f *Field) checkOptions() error {
	if n := len(f.Options); f.Chooses() != (n > 0) || n > MaxOptions {
		return fault.New(fault.Invalid, "fault.category.field_options").With("Field", f.Key).With("Most", MaxOptions).On("form")
	}
	seen := map[string]bool{}
	for _, o := range f.Options {
		if !fieldKey.MatchString(o.Value) || seen[o.Value] {
			return fault.New(fault.Invalid, "fault.category.option_value").With("Field", f.Key).With("Option", o.Value).On("form")
		}
		seen[o.Value] = true
		if err := o.Label.Check("form", MaxOption); err != nil {
			return err
		}
	}
	return nil
}
