package rest

import (
	"cmp"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// Texts of one meaning by language.
type byLanguage = map[string]string

// Category is what a member chooses when they ask for help.
type Category struct {
	ID                string            `json:"id" doc:"Identifies the category."`
	Version           int64             `json:"version" doc:"Rises each time that it is saved; for If-Match."`
	Name              string            `json:"name" doc:"Its name in the caller's language, or the closest there is."`
	Names             map[string]string `json:"names" doc:"Its name, by language."`
	Description       *string           `json:"description" doc:"What it is for, in the caller's language or the closest there is; null without one."`
	Descriptions      map[string]string `json:"descriptions" doc:"What it is for, by language."`
	Emoji             *string           `json:"emoji" doc:"One emoji; null without one."`
	Intent            string            `json:"intent" enum:"support,suggestion,non_urgent" doc:"What it is for, for programs."`
	QueueID           string            `json:"queueId" doc:"Where its tickets go."`
	Surface           string            `json:"surface" enum:"channel,thread,forum,direct_message" doc:"What a channel makes for its tickets."`
	KeptSeconds       *int64            `json:"surfaceRemovedAfterSeconds" doc:"How long the place of a closed ticket stays, in seconds; null: for good."`
	ClosedResolved    *int64            `json:"closeAfterResolutionSeconds" doc:"How long after it was resolved a ticket is closed by itself, in seconds, if nobody says anything; null: never."`
	ClosedSilent      *int64            `json:"closeAfterSilenceSeconds" doc:"How long after its requester was to answer a ticket is closed by itself, in seconds, if they say nothing; null: never."`
	Warning           *int64            `json:"silenceWarningSeconds" doc:"How long before that the requester is warned, in seconds; null: silence closes nothing."`
	StaffReminder     *Reminder         `json:"staffReminder" doc:"When staff is reminded that it is its turn in a ticket; null: never, or the caller is not staff."`
	RequesterReminder *Reminder         `json:"requesterReminder" doc:"When the requester is reminded that it is their turn in a ticket; null: never."`
	Priority          string            `json:"priority" enum:"low,normal,high,urgent" doc:"How much new tickets of it matter."`
	Form              []FormField       `json:"form" nullable:"false" doc:"What is asked of who opens a ticket, at most 5 fields."`
	InternalFields    []FormField       `json:"internalFields" nullable:"false" doc:"What staff keeps on its tickets besides, at most 20 fields; empty for who is not staff."`
	Greetings         map[string]string `json:"greetings,omitempty" doc:"The greeting's template, by language; there only for administrators."`
	AutomaticReplies  []AutomaticReply  `json:"automaticReplies,omitzero" nullable:"false" doc:"What the helpdesk says by itself in its tickets besides; there only for administrators."`
	Position          int               `json:"position" doc:"Its place in the order in which categories are offered."`
	IsArchived        bool              `json:"isArchived" doc:"Whether it is offered no more. Its tickets stay."`
}

// TransformSchema lets reminders be null.
func (Category) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "staffReminder", "requesterReminder")
}

// FormField is one question of a form.
type FormField struct {
	Key          string            `json:"key" doc:"Its name for programs, unique in the form and stable."`
	Label        string            `json:"label" doc:"The question in the caller's language, or the closest there is."`
	Labels       map[string]string `json:"labels" doc:"The question, by language."`
	Placeholder  *string           `json:"placeholder" doc:"An example of an answer in the caller's language, or the closest there is; null without one."`
	Placeholders map[string]string `json:"placeholders" doc:"The example, by language."`
	Type         string            `json:"type" enum:"text,number,choice,multi_choice,date,member" doc:"What kind of value it holds."`
	Options      []FieldOption     `json:"options" nullable:"false" doc:"What can be chosen; empty unless it is a choice."`
	Style        string            `json:"style" enum:"short,long" doc:"How a text is filled in: one line, or a paragraph."`
	Purpose      string            `json:"purpose" enum:"detail,subject,body" doc:"What the answer becomes: nothing else, the ticket's subject, its first message."`
	Required     bool              `json:"required" doc:"Whether an answer is needed."`
	IsEditable   bool              `json:"isEditable" doc:"Whether who opened a ticket may change the answer later."`
	MinLength    int               `json:"minLength" doc:"The least length of a text, in characters; the least number of options of several."`
	MaxLength    int               `json:"maxLength" doc:"The greatest length of a text, in characters; the greatest number of options of several."`
	MinValue     *float64          `json:"minValue" doc:"The least number; null: no bound."`
	MaxValue     *float64          `json:"maxValue" doc:"The greatest number; null: no bound."`
}

// FieldOption is a value that can be chosen in a field.
type FieldOption struct {
	Value  string            `json:"value" doc:"Its name for programs, unique in the field and stable."`
	Label  string            `json:"label" doc:"What it is called, in the caller's language or the closest there is."`
	Labels map[string]string `json:"labels" doc:"What it is called, by language."`
}

// pick gives a text for a reader; nil without one.
func pick(reader locale.Tag, x locale.Text) *string {
	s, _ := x.Pick(reader)
	return filled(s)
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func spoken(x locale.Text) byLanguage {
	out := byLanguage{}
	for tag, text := range x {
		out[string(tag)] = text
	}
	return out
}

func showCategory(a access.Actor, c *category.Category) Category {
	here, reader := access.InWorkspace(a.Workspace), a.Locale
	out := Category{
		ID: external(opaque.Category, c.ID), Version: c.Version, Name: orEmpty(pick(reader, c.Name)), Names: spoken(c.Name),
		Description: pick(reader, c.Description), Descriptions: spoken(c.Description), Emoji: filled(c.Emoji), Intent: string(c.Intent),
		QueueID: external(opaque.Queue, c.Queue), Surface: outside(string(cmp.Or(c.Surface, category.InChannel))), Priority: string(c.Priority),
		Form: []FormField{}, InternalFields: []FormField{}, Position: c.Position, IsArchived: c.Archived,
	}
	if c.Kept != category.Forever {
		out.KeptSeconds = secondsOrNone(c.Kept)
	}
	out.automatic(a, c)
	if access.Allowed(a, access.WorkspaceManage, here) {
		out.Greetings = spoken(c.Greeting)
	}
	for i := range c.Form {
		switch f := &c.Form[i]; {
		case !f.Internal:
			out.Form = append(out.Form, showField(reader, f))
		case access.Allowed(a, access.MemberSee, here):
			out.InternalFields = append(out.InternalFields, showField(reader, f))
		}
	}
	return out
}

func showField(reader locale.Tag, f *category.Field) FormField {
	return FormField{
		Key: f.Key, Label: orEmpty(pick(reader, f.Label)), Labels: spoken(f.Label), Placeholder: pick(reader, f.Placeholder),
		Placeholders: spoken(f.Placeholder), Type: string(f.Kind()), Style: string(f.Style), Purpose: string(f.Purpose), Required: f.Required, IsEditable: f.Editable,
		MinLength: f.Least, MaxLength: f.Longest(), MinValue: f.Lowest, MaxValue: f.Highest,
		Options: each(f.Options, func(o category.Option) FieldOption {
			return FieldOption{Value: o.Value, Label: orEmpty(pick(reader, o.Label)), Labels: spoken(o.Label)}
		}),
	}
}
