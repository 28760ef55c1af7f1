package model

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Category is a category in a list, for its reader.
type Category struct {
	*category.Category

	rows *load.Rows
}

// NewCategory makes a category of a list by itself, nil of nil.
func NewCategory(rows *load.Rows, c *category.Category) *Category {
	if c == nil {
		return nil
	}
	return &Category{Category: c, rows: rows}
}

// Name gives the name for the reader.
func (c *Category) Name() string { return deref(pick(c.rows, c.Category.Name)) }

// Names gives the name in all languages.
func (c *Category) Names() []*LocalizedText { return texts(c.Category.Name) }

// Description gives the description for the reader, nil without one.
func (c *Category) Description() *string { return pick(c.rows, c.Category.Description) }

// Descriptions gives the description in all languages.
func (c *Category) Descriptions() []*LocalizedText { return texts(c.Category.Description) }

// Emoji gives the emoji, nil without one.
func (c *Category) Emoji() *string { return optional(c.Category.Emoji) }

// Queue gives where its tickets go. Queues of a workspace are few and fetched together.
func (c *Category) Queue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, c.rows, c.Category.Queue)
}

// SurfaceRemovedAfter gives how long a closed ticket's place stays, nil for good.
func (c *Category) SurfaceRemovedAfter() *time.Duration {
	if c.Kept == category.Forever {
		return nil
	}
	return &c.Kept
}

// CloseAfterResolution gives when a resolved ticket is closed by itself.
func (c *Category) CloseAfterResolution() *time.Duration { return positive(c.Closing.Resolved) }

// CloseAfterSilence gives when the requester's silence closes a ticket.
func (c *Category) CloseAfterSilence() *time.Duration { return positive(c.Closing.Silence) }

// SilenceWarning gives how long before that the requester is warned.
func (c *Category) SilenceWarning() *time.Duration { return positive(c.Closing.Warning) }

// positive gives nil for none.
func positive(d time.Duration) *time.Duration {
	if d <= 0 {
		return nil
	}
	return &d
}

// Form gives what is asked.
func (c *Category) Form() []*FormField { return c.fields(false) }

// InternalFields gives what staff keeps on tickets besides, to staff.
func (c *Category) InternalFields() []*FormField {
	a := c.rows.Call.Actor
	if !access.Allowed(a, access.MemberSee, access.InWorkspace(a.Workspace)) {
		return nil
	}
	return c.fields(true)
}

func (c *Category) fields(internal bool) []*FormField {
	var fields []*FormField
	for i := range c.Category.Form {
		if f := &c.Category.Form[i]; f.Internal == internal {
			fields = append(fields, &FormField{Field: f, rows: c.rows})
		}
	}
	return fields
}

// Greetings gives the greeting's template in all languages, nil to who does not
// configure the workspace.
func (c *Category) Greetings() []*LocalizedText {
	a := c.rows.Call.Actor
	if !access.Allowed(a, access.WorkspaceManage, access.InWorkspace(a.Workspace)) {
		return nil
	}
	return texts(c.Greeting)
}

// IsArchived reports whether the category is offered no more.
func (c *Category) IsArchived() bool { return c.Archived }

// FormField is a form's field, for its reader.
type FormField struct {
	*category.Field

	rows *load.Rows
}

// IsEditable reports whether who opened a ticket may change the answer.
func (f *FormField) IsEditable() bool { return f.Editable }

// Label gives the question for the reader.
func (f *FormField) Label() string { return deref(pick(f.rows, f.Field.Label)) }

// Labels gives the question in all languages.
func (f *FormField) Labels() []*LocalizedText { return texts(f.Field.Label) }

// Placeholder gives the example for the reader, nil without one.
func (f *FormField) Placeholder() *string { return pick(f.rows, f.Field.Placeholder) }

// Placeholders gives the example in all languages.
func (f *FormField) Placeholders() []*LocalizedText { return texts(f.Field.Placeholder) }

// Type gives what kind of value it holds.
func (f *FormField) Type() category.Type { return f.Kind() }

// Options gives what can be chosen.
func (f *FormField) Options() []*FieldOption {
	made := make([]*FieldOption, len(f.Field.Options))
	for i := range f.Field.Options {
		made[i] = &FieldOption{Option: &f.Field.Options[i], rows: f.rows}
	}
	return made
}

// MinValue gives the least number, nil without a bound.
func (f *FormField) MinValue() *float64 { return f.Lowest }

// MaxValue gives the greatest number, nil without a bound.
func (f *FormField) MaxValue() *float64 { return f.Highest }

// FieldOption is a value that can be chosen, for its reader.
type FieldOption struct {
	*category.Option

	rows *load.Rows
}

// Label gives what it is called for the reader.
func (o *FieldOption) Label() string { return deref(pick(o.rows, o.Option.Label)) }

// Labels gives what it is called in all languages.
func (o *FieldOption) Labels() []*LocalizedText { return texts(o.Option.Label) }

// MinLength gives the least length of an answer.
func (f *FormField) MinLength() int { return f.Least }

// MaxLength gives the greatest length of an answer.
func (f *FormField) MaxLength() int { return f.Most }

// LocalizedText is a text in one language.
type LocalizedText struct {
	Locale locale.Tag
	Text   string
}

func texts(x locale.Text) []*LocalizedText {
	made := make([]*LocalizedText, 0, len(x))
	for _, tag := range slices.Sorted(maps.Keys(x)) {
		made = append(made, &LocalizedText{Locale: tag, Text: x[tag]})
	}
	return made
}

// pick gives the text for the reader of the rows, nil if there is none.
func pick(rows *load.Rows, x locale.Text) *string {
	text, _ := x.Pick(rows.Call.Actor.Locale)
	return optional(text)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
