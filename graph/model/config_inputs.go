package model

import (
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
	Name string
}

// Queue gives the queue for the service.
func (in SaveQueueInput) Queue() queue.Queue {
	return queue.Queue{ID: in.ID, Version: in.Expected(), Name: in.Name}
}

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
	Name      string
	MemberIDs []id.Member
	QueueIDs  []id.Queue
	Roles     []TeamRoleInput
}

// Team gives the team for the service.
func (in SaveTeamInput) Team() team.Team {
	t := team.Team{ID: in.ID, Version: in.Expected(), Name: in.Name, Members: in.MemberIDs, Queues: in.QueueIDs}
	for _, r := range in.Roles {
		t.Roles = append(t.Roles, r.Role())
	}
	return t
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
	Required             bool
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
		Required: f.Required, Least: f.MinLength, Most: f.MaxLength, Lowest: f.MinValue, Highest: f.MaxValue,
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

	ID                  id.Category
	Names, Descriptions []LocalizedTextInput
	Emoji               string
	Intent              category.Intent
	QueueID             id.Queue
	Priority            priority.Level
	Surface             category.Surface
	Form                []FormFieldInput
	InternalFields      []FormFieldInput
	Greetings           []LocalizedTextInput
	Position            int
	IsArchived          bool
}

// Category gives the category for the service.
func (in SaveCategoryInput) Category() category.Category {
	c := category.Category{
		ID: in.ID, Version: in.Expected(), Name: textOf(in.Names), Description: textOf(in.Descriptions), Emoji: in.Emoji, Intent: in.Intent,
		Queue: in.QueueID, Priority: in.Priority, Surface: in.Surface, Greeting: textOf(in.Greetings), Position: in.Position, Archived: in.IsArchived,
	}
	for _, f := range in.Form {
		c.Form = append(c.Form, f.Field())
	}
	for _, f := range in.InternalFields {
		field := f.Field()
		field.Internal = true
		c.Form = append(c.Form, field)
	}
	return c
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

// SaveAgentInput is how a member works tickets.
type SaveAgentInput struct {
	Keyed
	Expecting

	MemberID     id.Member
	Skills       []string
	Languages    []locale.Tag
	Availability member.Availability
	Capacity     int
}

// Agent gives the profile for the service.
func (in SaveAgentInput) Agent() *member.Agent {
	return &member.Agent{
		Member: in.MemberID, Skills: in.Skills, Languages: in.Languages, Availability: in.Availability, Capacity: in.Capacity,
	}
}
