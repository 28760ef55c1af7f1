package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// The inputs of categories.
type (
	// CategoryPath names a category.
	CategoryPath struct {
		CategoryID string `path:"categoryId" doc:"The category's ID."`
	}
	// CategoryInput is a new category.
	CategoryInput struct {
		Keyed

		Body CategoryParts
	}
	// CategoryChange is what is to be different about a category.
	CategoryChange struct {
		CategoryPath
		Expecting

		Body CategoryParts
	}
	// CategoryParts is what a category is to be. What is left out stays as it is; a
	// new one needs names and a queue. Null empties.
	CategoryParts struct {
		Names             Field[map[string]string]     `json:"names,omitzero" doc:"Its name, 1 to 80 characters in each language."`
		Descriptions      Field[map[string]string]     `json:"descriptions,omitzero" doc:"What it is for, at most 100 characters in each language."`
		Greetings         Field[map[string]string]     `json:"greetings,omitzero" doc:"The greeting's template, at most 2000 characters in each language, with {{requester}}, {{number}}, {{subject}} and {{category}}."`
		Emoji             Field[string]                `json:"emoji,omitzero" doc:"One emoji."`
		Intent            *string                      `json:"intent,omitempty" enum:"support,suggestion,non_urgent" doc:"What it is for, for programs; support of a new one."`
		QueueID           *string                      `json:"queueId,omitempty" doc:"Where its tickets go."`
		Priority          *string                      `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"How much new tickets of it matter; normal of a new one."`
		Surface           *string                      `json:"surface,omitempty" enum:"channel,thread,forum,direct_message" doc:"What a channel makes for its tickets; channel of a new one."`
		KeptSeconds       Field[int64]                 `json:"surfaceRemovedAfterSeconds,omitzero" doc:"How long the place of a closed ticket stays, in seconds; null: for good."`
		ClosedResolved    Field[int64]                 `json:"closeAfterResolutionSeconds,omitzero" doc:"How long after it was resolved a ticket is closed by itself, in seconds: a minute to 366 days; null: never."`
		ClosedSilent      Field[int64]                 `json:"closeAfterSilenceSeconds,omitzero" doc:"How long after its requester was to answer a ticket is closed by itself, if they say nothing, in seconds: a minute to 366 days; null: never."`
		Warning           Field[int64]                 `json:"silenceWarningSeconds,omitzero" doc:"How long before that the requester is warned, in seconds: whole hours, less than closeAfterSilenceSeconds, which needs it, and goes with it; refused without."`
		StaffReminder     Field[ReminderParts]         `json:"staffReminder,omitzero" doc:"When staff is reminded that it is its turn in a ticket; null: never."`
		RequesterReminder Field[ReminderParts]         `json:"requesterReminder,omitzero" doc:"When the requester is reminded that it is their turn in a ticket; null: never."`
		AutomaticReplies  Field[[]AutomaticReplyParts] `json:"automaticReplies,omitzero" doc:"What the helpdesk says by itself in its tickets besides the greeting, on each occasion at most once."`
		Form              Field[[]FieldParts]          `json:"form,omitzero" doc:"What is asked of who opens a ticket, at most 5 fields."`
		InternalFields    Field[[]FieldParts]          `json:"internalFields,omitzero" doc:"What staff keeps on its tickets besides, at most 20 fields."`
		Position          *int                         `json:"position,omitempty" doc:"Its place in the order in which categories are offered."`
		IsArchived        *bool                        `json:"isArchived,omitempty" doc:"Whether it is offered no more. Its tickets stay."`
	}
	// FieldParts is a question of a form.
	FieldParts struct {
		Key          string            `json:"key" doc:"Its name for programs, unique in the form: up to 40 lower-case letters, digits and underscores, a letter first."`
		Labels       map[string]string `json:"labels" doc:"The question, 1 to 45 characters in each language."`
		Placeholders map[string]string `json:"placeholders,omitempty" doc:"An example of an answer, at most 100 characters in each language."`
		Type         string            `json:"type,omitempty" enum:"text,number,choice,multi_choice,date,member" doc:"What kind of value it holds; else text."`
		Options      []OptionParts     `json:"options,omitempty" nullable:"false" doc:"What can be chosen, 1 to 25 options; of choices only."`
		Style        string            `json:"style,omitempty" enum:"short,long" doc:"How a text is filled in; else short."`
		Purpose      string            `json:"purpose,omitempty" enum:"detail,subject,body" doc:"What the answer becomes; else detail. Only one field of a form can be the subject, only one the body."`
		Required     bool              `json:"required,omitempty" doc:"Whether an answer is needed."`
		IsEditable   bool              `json:"isEditable,omitempty" doc:"Whether who opened a ticket may change the answer later."`
		MinLength    int               `json:"minLength,omitempty" doc:"The least length of a text, in characters; the least number of options of several."`
		MaxLength    int               `json:"maxLength,omitempty" doc:"The greatest; 0: as much as fits."`
		MinValue     *float64          `json:"minValue,omitempty" nullable:"true" doc:"The least number."`
		MaxValue     *float64          `json:"maxValue,omitempty" nullable:"true" doc:"The greatest number."`
	}
	// OptionParts is a value that can be chosen in a field.
	OptionParts struct {
		Value  string            `json:"value" doc:"Its name for programs, unique in the field: up to 40 lower-case letters, digits and underscores, a letter first."`
		Labels map[string]string `json:"labels" doc:"What it is called, 1 to 100 characters in each language."`
	}
)

func (p CategoryPath) id() id.Category { return opaque.Of[id.Category](opaque.Category, p.CategoryID) }

func textOf(in byLanguage) locale.Text {
	x := make(locale.Text, len(in))
	for tag, text := range in {
		x[locale.Tag(tag)] = text
	}
	return x
}

func wordTo[T ~string](in *string, to *T) {
	if in != nil {
		*to = T(inside(*in))
	}
}

// apply changes what is given.
func (p CategoryParts) apply(c *category.Category) {
	for _, x := range []struct {
		in Field[map[string]string]
		to *locale.Text
	}{{p.Names, &c.Name}, {p.Descriptions, &c.Description}, {p.Greetings, &c.Greeting}} {
		if x.in.Set {
			*x.to = textOf(x.in.Value)
		}
	}
	p.Emoji.to(&c.Emoji)
	wordTo(p.Intent, &c.Intent)
	wordTo(p.Priority, &c.Priority)
	wordTo(p.Surface, &c.Surface)
	if p.QueueID != nil {
		c.Queue = opaque.Of[id.Queue](opaque.Queue, *p.QueueID)
	}
	switch {
	case p.KeptSeconds.Null:
		c.Kept = category.Forever
	case p.KeptSeconds.Set:
		c.Kept = span(p.KeptSeconds.Value, category.MostKept)
	}
	p.automatic(c)
	if p.Position != nil {
		c.Position = *p.Position
	}
	if p.IsArchived != nil {
		c.Archived = *p.IsArchived
	}
	c.Form = append(fieldsOf(p.Form, c.Form, false), fieldsOf(p.InternalFields, c.Form, true)...)
}

// fieldsOf gives the fields that are given, or else those that are there, of who is
// asked or of staff alone.
func fieldsOf(in Field[[]FieldParts], there []category.Field, internal bool) []category.Field {
	var all []category.Field
	for _, f := range in.Value {
		one := category.Field{
			Key: f.Key, Label: textOf(f.Labels), Placeholder: textOf(f.Placeholders), Type: category.Type(f.Type), Style: category.Short,
			Purpose: category.Purpose(f.Purpose), Required: f.Required, Editable: f.IsEditable, Internal: internal, Least: f.MinLength, Most: f.MaxLength,
			Lowest: f.MinValue, Highest: f.MaxValue,
		}
		if f.Style != "" {
			one.Style = category.Style(f.Style)
		}
		for _, o := range f.Options {
			one.Options = append(one.Options, category.Option{Value: o.Value, Label: textOf(o.Labels)})
		}
		all = append(all, one)
	}
	for _, f := range there {
		if !in.Set && f.Internal == internal {
			all = append(all, f)
		}
	}
	return all
}

func (s *server) category(ctx context.Context, c access.Call, cat id.Category) (shown[Category], error) {
	found, err := s.Categories.Get(ctx, c, cat)
	if err != nil {
		return shown[Category]{}, err
	}
	body := showCategory(c.Actor, found)
	return shown[Category]{&body, found.Version}, nil
}

func (s *server) categories() {
	pages(s, operation{
		id: "listCategories", path: "/categories", tag: tagHouse, summary: "List categories", codes: []fault.Code{fault.Forbidden},
		about: "In the order in which they are offered unless ordered otherwise; what is offered no more comes last.",
	}, source[ListInput, *category.Category, Category]{
		list: list{
			name: "CategoryWhere",
			columns: columns{
				"intent": words(category.FieldIntent, "On what it is for.", enum(category.Intents())...), "queue": ids(category.FieldQueue, opaque.Queue, "On where its tickets go."),
				"priority": ranks(category.FieldPriority, "On how much new tickets of it matter."), "position": numbers(category.FieldPosition, "On its place."),
				"isArchived": flags(category.FieldArchived, "On whether it is offered no more."),
			},
			orders: created(category.FieldPosition, category.FieldPriority),
		},
		fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*category.Category], error) {
			return s.Categories.Page(ctx, c, q, r)
		},
		count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
			return s.Categories.Count(ctx, c, q.Where)
		},
		cursor: func(q query.Query, one *category.Category) page.Cursor {
			return category.Terms().CursorOf(q, one.SortKey)
		},
		show: func(_ context.Context, c access.Call, all []*category.Category) ([]Category, error) {
			return each(all, func(one *category.Category) Category { return showCategory(c.Actor, one) }), nil
		},
	})
	fetch(s, operation{id: "getCategory", path: "/categories/{categoryId}", tag: tagHouse, summary: "Show a category", codes: []fault.Code{fault.Forbidden, fault.NotFound}},
		func(ctx context.Context, c access.Call, in *struct {
			CategoryPath
			Conditional
		},
		) (shown[Category], error) {
			return s.category(ctx, c, in.id())
		})
	change(s, operation{id: "createCategory", path: "/categories", tag: tagHouse, summary: "Make a category", about: "Administrators only.", status: http.StatusCreated, codes: configured},
		func(ctx context.Context, c access.Call, in *CategoryInput, _ int64) (string, error) {
			made, err := saved(opaque.Category, func() (*category.Category, error) {
				return s.Categories.Change(ctx, c, category.Category{}, in.Body.apply)
			},
				func(one *category.Category) id.Category { return one.ID })
			return made, inSeconds(err)
		},
		func(ctx context.Context, c access.Call, _ *CategoryInput, cat string) (shown[Category], error) {
			return s.category(ctx, c, opaque.Of[id.Category](opaque.Category, cat))
		})
	change(s, operation{id: "changeCategory", method: http.MethodPatch, path: "/categories/{categoryId}", tag: tagHouse, summary: "Change a category", about: "Administrators only.", codes: configured},
		func(ctx context.Context, c access.Call, in *CategoryChange, version int64) (string, error) {
			_, err := s.Categories.Change(ctx, c, category.Category{ID: in.id(), Version: version}, in.Body.apply)
			return in.CategoryID, inSeconds(err)
		},
		func(ctx context.Context, c access.Call, in *CategoryChange, _ string) (shown[Category], error) {
			return s.category(ctx, c, in.id())
		})
}
