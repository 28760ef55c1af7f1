package main

import (
	"strings"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/locales"
)

// The queues of a new workspace, by their place in workspace.Setup.
const (
	helpQueue id.Queue = 1 + iota
	ideasQueue
	appealsQueue
)

// setup is what a new workspace begins with, in every language that there is a
// catalogue for. Names that only staff sees are in English: staff renames them.
func setup(c *locales.Catalogue) workspace.Setup {
	subject := field(c, "subject", category.Short, category.Subject, true, "setup.field.subject", "setup.field.subject_hint")
	body := field(c, "body", category.Long, category.Body, true, "setup.field.body", "setup.field.body_hint")
	idea := field(c, "body", category.Long, category.Body, true, "setup.field.idea", "setup.field.idea_hint")
	reason := field(c, "reason", category.Short, category.Detail, false, "setup.field.ban_reason", "setup.field.ban_reason_hint")
	appeal := field(c, "body", category.Long, category.Body, true, "setup.field.appeal", "setup.field.appeal_hint")
	return workspace.Setup{
		Team:   "Support",
		Queues: []string{"Support", "Suggestions", "Ban appeals"},
		Categories: []category.Category{
			{
				Name: all(c, "setup.support.name"), Description: all(c, "setup.support.description"), Emoji: "🎫",
				Intent: category.Support, Queue: helpQueue, Priority: priority.Normal,
				Form: []category.Field{subject, body}, Greeting: all(c, "setup.support.greeting"), Position: 1,
			},
			{
				Name: all(c, "setup.suggestions.name"), Description: all(c, "setup.suggestions.description"), Emoji: "💡",
				Intent: category.Suggestion, Queue: ideasQueue, Priority: priority.Low, Surface: category.InForum,
				Form: []category.Field{subject, idea}, Greeting: all(c, "setup.suggestions.greeting"), Position: 2,
			},
			{
				Name: all(c, "setup.appeals.name"), Description: all(c, "setup.appeals.description"), Emoji: "⚖️",
				Intent: category.NonUrgent, Queue: appealsQueue, Priority: priority.Normal,
				Form: []category.Field{reason, appeal}, Greeting: all(c, "setup.appeals.greeting"), Position: 3,
			},
		},
	}
}

// greetingVariables turns the catalogues' [name] into a greeting's {{name}}.
func greetingVariables(s string) string {
	return strings.NewReplacer("[", "{{", "]", "}}").Replace(s)
}

// all gives a text in every language of the catalogues. The catalogue writes a
// greeting's variables as [name], since it keeps braces for its own values.
func all(c *locales.Catalogue, key string) locale.Text {
	t := locale.Text{}
	for language, s := range c.All(key) {
		t[locale.Tag(language)] = greetingVariables(s)
	}
	return t
}

func field(c *locales.Catalogue, key string, s category.Style, p category.Purpose, required bool, label, hint string) category.Field {
	f := category.Field{Key: key, Label: all(c, label), Placeholder: all(c, hint), Style: s, Purpose: p, Required: required, Most: 1000}
	if s == category.Short {
		f.Most = 100
	}
	return f
}
