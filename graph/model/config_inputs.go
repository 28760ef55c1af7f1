package model

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
)

// SaveQueueInput is a queue to save.
type SaveQueueInput struct {
	Keyed
	Expecting

	ID   id.Queue
	Name graphql.Omittable[*string]
}

// Apply changes what is given.
func (in SaveQueueInput) Apply(q *queue.Queue) { presentedTo(in.Name, &q.Name) }

// TeamRoleInput is a channel's role.
type TeamRoleInput struct {
	Channel    event.Channel
	ExternalID string
}

// Role gives the role for the service.
func (in TeamRoleInput) Role() team.Role {
	return team.Role{Channel: in.Channel, ExternalID: in.ExternalID}
}

// BindTeamRoleInput is a role for a team.
type BindTeamRoleInput struct {
	Keyed
	Expecting

	TeamID id.Team
	Role   TeamRoleInput
}

// SaveTeamInput is a team to save.
type SaveTeamInput struct {
	Keyed
	Expecting

	ID        id.Team
	Name      graphql.Omittable[*string]
	MemberIDs graphql.Omittable[[]id.Member]
	QueueIDs  graphql.Omittable[[]id.Queue]
	Roles     graphql.Omittable[[]TeamRoleInput]
}

// Apply changes what is given. Lists that are named by a person say nothing of
// who is in a team by a channel's role.
func (in SaveTeamInput) Apply(t *team.Team) {
	presentedTo(in.Name, &t.Name)
	if members, set := in.MemberIDs.ValueOK(); set {
		t.Members, t.KeepMembers = members, false
	}
	if queues, set := in.QueueIDs.ValueOK(); set {
		t.Queues = queues
	}
	if roles, set := in.Roles.ValueOK(); set {
		t.Roles = nil
		for _, r := range roles {
			t.Roles = append(t.Roles, r.Role())
		}
	}
}

// presentedTo changes what is given; null makes it empty.
func presentedTo[T any](o graphql.Omittable[*T], to *T) {
	if value := presented(o); value != nil {
		*to = *value
	}
}

func givenTexts(o graphql.Omittable[[]LocalizedTextInput], to *locale.Text) {
	if texts, set := o.ValueOK(); set {
		*to = textOf(texts)
	}
}

// LocalizedTextInput is a text in one language.
type LocalizedTextInput struct {
	Locale locale.Tag
	Text   string
}

func textOf(in []LocalizedTextInput) locale.Text {
	x := make(locale.Text, len(in))
	for _, t := range in {
		x[t.Locale] = t.Text
	}
	return x
}

// FormFieldInput is a question of a form.
type FormFieldInput struct {
	Key                  string
	Labels, Placeholders []LocalizedTextInput
	Type                 category.Type
	Options              []FieldOptionInput
	Style                category.Style
	Purpose              category.Purpose
	Required, IsEditable bool
	MinLength, MaxLength int
	MinValue, MaxValue   *float64
}

// FieldOptionInput is a value that can be chosen.
type FieldOptionInput struct {
	Value  string
	Labels []LocalizedTextInput
}

// Field gives the field for the service.
func (f FormFieldInput) Field() category.Field {
	field := category.Field{
		Key: f.Key, Label: textOf(f.Labels), Placeholder: textOf(f.Placeholders), Type: f.Type, Style: f.Style, Purpose: f.Purpose,
		Required: f.Required, Editable: f.IsEditable, Least: f.MinLength, Most: f.MaxLength, Lowest: f.MinValue, Highest: f.MaxValue,
	}
	for _, o := range f.Options {
		field.Options = append(field.Options, category.Option{Value: o.Value, Label: textOf(o.Labels)})
	}
	return field
}

// SaveCategoryInput is a category to save.
type SaveCategoryInput struct {
	Keyed
	Expecting

	ID                             id.Category
	Names, Descriptions, Greetings graphql.Omittable[[]LocalizedTextInput]
	Emoji                          graphql.Omittable[*string]
	Intent                         graphql.Omittable[*category.Intent]
	QueueID                        graphql.Omittable[*id.Queue]
	Priority                       graphql.Omittable[*priority.Level]
	Surface                        graphql.Omittable[*category.Surface]
	SurfaceRemovedAfter            graphql.Omittable[*time.Duration]
	CloseAfterResolution           graphql.Omittable[*time.Duration]
	CloseAfterSilence              graphql.Omittable[*time.Duration]
	SilenceWarning                 graphql.Omittable[*time.Duration]
	StaffReminder                  graphql.Omittable[*ReminderInput]
	RequesterReminder              graphql.Omittable[*ReminderInput]
	AutomaticReplies               graphql.Omittable[[]AutomaticReplyInput]
	Form, InternalFields           graphql.Omittable[[]FormFieldInput]
	Position                       graphql.Omittable[*int]
	IsArchived                     graphql.Omittable[*bool]
}

// Apply changes what is given.
func (in SaveCategoryInput) Apply(c *category.Category) {
	givenTexts(in.Names, &c.Name)
	givenTexts(in.Descriptions, &c.Description)
	givenTexts(in.Greetings, &c.Greeting)
	presentedTo(in.Emoji, &c.Emoji)
	presentedTo(in.Intent, &c.Intent)
	presentedTo(in.QueueID, &c.Queue)
	presentedTo(in.Priority, &c.Priority)
	presentedTo(in.Surface, &c.Surface)
	if after, set := in.SurfaceRemovedAfter.ValueOK(); set {
		c.Kept = kept(after)
	}
	presentedTo(in.CloseAfterResolution, &c.Closing.Resolved)
	silence := c.Closing.Silence
	presentedTo(in.CloseAfterSilence, &silence)
	c.Closing.CloseAfterSilence(silence)
	presentedTo(in.SilenceWarning, &c.Closing.Warning)
	if r, set := in.StaffReminder.ValueOK(); set {
		c.Reminders.Staff = r.reminder()
	}
	if r, set := in.RequesterReminder.ValueOK(); set {
		c.Reminders.Requester = r.reminder()
	}
	givenReplies(in.AutomaticReplies, &c.Replies)
	presentedTo(in.Position, &c.Position)
	presentedTo(in.IsArchived, &c.Archived)
	c.Form = append(fields(in.Form, c.Form, false), fields(in.InternalFields, c.Form, true)...)
}

// fields gives the fields that are given, or else those that are there, of who is
// asked or of staff alone.
// kept gives how long places stay: for good, if nothing is said. 0 is as short as
// any time that is refused.
func kept(after *time.Duration) time.Duration {
	switch {
	case after == nil:
		return category.Forever
	case *after <= 0:
		return 1
	default:
		return *after
	}
}

func fields(o graphql.Omittable[[]FormFieldInput], there []category.Field, internal bool) []category.Field {
	inputs, set := o.ValueOK()
	var all []category.Field
	for _, f := range inputs {
		field := f.Field()
		field.Internal = internal
		all = append(all, field)
	}
	for _, f := range there {
		if !set && f.Internal == internal {
			all = append(all, f)
		}
	}
	return all
}

// GrantInput is a grant to set or to take back.
type GrantInput struct {
	Keyed
	Expecting

	QueueID    id.Queue
	CategoryID id.Category
	Role       access.Role
	Permission access.Class
	Effect     access.Effect
}

// Grant gives the grant for the service.
func (in GrantInput) Grant() access.Grant {
	return access.Grant{
		Version: in.Expected(), Queue: in.QueueID, Category: in.CategoryID, Role: in.Role, Class: in.Permission, Effect: in.Effect,
	}
}

// SetMemberRoleInput is a role for a member.
type SetMemberRoleInput struct {
	Keyed
	Expecting

	MemberID id.Member
	Role     access.Role
}

// SetMyLocaleInput is a language.
type SetMyLocaleInput struct {
	Keyed
	Expecting

	Locale locale.Tag
}

// SetMyTimeZoneInput is a time zone.
type SetMyTimeZoneInput struct {
	Keyed
	Expecting

	TimeZone graphql.Omittable[*string]
}

// Choice gives the choice for the service.
func (in SetMyTimeZoneInput) Choice() member.Choice {
	return member.Choice{Zone: presented(in.TimeZone)}
}

// SaveAgentInput is how a member works tickets.
type SaveAgentInput struct {
	Keyed
	Expecting

	MemberID     id.Member
	Skills       graphql.Omittable[[]string]
	Languages    graphql.Omittable[[]locale.Tag]
	Availability graphql.Omittable[*member.Availability]
	Capacity     graphql.Omittable[*int]
}

// Apply changes what is given.
func (in SaveAgentInput) Apply(a *member.Agent) {
	if skills, set := in.Skills.ValueOK(); set {
		a.Skills = skills
	}
	if languages, set := in.Languages.ValueOK(); set {
		a.Languages = languages
	}
	presentedTo(in.Availability, &a.Availability)
	presentedTo(in.Capacity, &a.Capacity)
}
