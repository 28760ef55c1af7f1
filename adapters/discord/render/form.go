package render

import (
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	maxModalTitle  = 45
	maxOption      = 100
	maxButton      = 80
	maxSelect      = 25
	rowButtons     = 5
	modalTextLimit = 4000
	maxValueText   = 40 // of a number or a day
)

// The inputs of the form that a category without one gets.
const (
	InputSubject = "subject"
	InputBody    = "body"
)

// Form is the category's form in the reader's language.
func (s Speaker) Form(c *category.Category) wire.Modal {
	name, _ := c.Name.Pick(s.Locale)
	m := wire.Modal{CustomID: CustomID(VerbForm, int64(c.ID)), Title: Clip(name, maxModalTitle)}
	for _, f := range c.Asked() {
		m.Components = append(m.Components, s.input(f))
	}
	if len(m.Components) == 0 {
		m.Components = s.plainForm()
	}
	return m
}

// input asks for a field in the way that suits its values.
func (s Speaker) input(f category.Field) wire.Component {
	label, _ := f.Label.Pick(s.Locale)
	switch f.Kind() {
	case category.Choice, category.MultiChoice:
		return labelled(label, s.options(f))
	case category.Member:
		return labelled(label, wire.Component{Type: wire.TypeUserPick, CustomID: f.Key, Required: &f.Required})
	case category.Number, category.Date:
		f.Style, f.Least, f.Most = category.Short, 0, maxValueText
	case category.Text:
	}
	return labelled(label, s.textInput(f))
}

// options offers the options of a choice.
func (s Speaker) options(f category.Field) wire.Component {
	pick := wire.Component{Type: wire.TypeSelect, CustomID: f.Key, Required: &f.Required, Placeholder: s.example(f)}
	for _, o := range f.Options {
		name, _ := o.Label.Pick(s.Locale)
		pick.Options = append(pick.Options, wire.Option{Label: Clip(name, maxOption), Value: o.Value})
	}
	if f.Type == category.MultiChoice {
		least, most := f.Least, min(f.Most, len(f.Options))
		if f.Required {
			least = max(least, 1)
		}
		pick.MinValues, pick.MaxValues = &least, &most
	}
	return pick
}

// example is what stands in a field that nothing is in.
func (s Speaker) example(f category.Field) string {
	text, _ := f.Placeholder.Pick(s.Locale)
	if text == "" && f.Type == category.Date {
		text = s.Say("discord.form.date", nil)
	}
	return Clip(text, category.MaxPlaceholder)
}

func (s Speaker) textInput(f category.Field) wire.Component {
	style := wire.OneLine
	if f.Style == category.Long {
		style = wire.Paragraph
	}
	most := min(f.Most, modalTextLimit)
	if f.Most == 0 {
		most = modalTextLimit
	}
	if f.Purpose == category.Subject {
		most = min(most, ticket.MaxSubject)
	}
	return wire.Component{
		Type: wire.TypeTextInput, CustomID: f.Key, Style: style, Placeholder: s.example(f),
		MinLength: &f.Least, MaxLength: &most, Required: &f.Required,
	}
}

func labelled(label string, input wire.Component) wire.Component {
	return wire.Component{Type: wire.TypeLabel, Label: Clip(label, category.MaxLabel), Component: &input}
}

func (s Speaker) plainForm() []wire.Component {
	yes, subject, body := true, ticket.MaxSubject, modalTextLimit
	return []wire.Component{
		labelled(s.Say("discord.form.subject", nil), wire.Component{
			Type: wire.TypeTextInput, CustomID: InputSubject, Style: wire.OneLine, MaxLength: &subject, Required: &yes,
		}),
		labelled(s.Say("discord.form.body", nil), wire.Component{
			Type: wire.TypeTextInput, CustomID: InputBody, Style: wire.Paragraph, MaxLength: &body, Required: &yes,
		}),
	}
}

// Choice asks which category it is about.
func (s Speaker) Choice(all []*category.Category) wire.Post {
	pick := wire.Component{
		Type: wire.TypeSelect, CustomID: CustomID(VerbChoose, 0), Placeholder: s.Say("discord.open.choose", nil),
	}
	for _, c := range all[:min(len(all), maxSelect)] {
		name, _ := c.Name.Pick(s.Locale)
		about, _ := c.Description.Pick(s.Locale)
		pick.Options = append(pick.Options, wire.Option{
			Label: Clip(name, maxOption), Value: CustomID(VerbOpen, int64(c.ID)), Description: Clip(about, maxOption),
			Emoji: emoji(c.Emoji),
		})
	}
	return wire.Post{
		Content:    s.Say("discord.open.which", nil),
		Components: []wire.Component{wire.Row(pick)}, AllowedMentions: wire.Nobody(), Flags: wire.Ephemeral,
	}
}

func emoji(e string) *wire.Emoji {
	if e == "" {
		return nil
	}
	return &wire.Emoji{Name: e}
}

// Panel is the message by which members of a guild open tickets: a button for
// each category.
func (s Speaker) Panel(guild string, all []*category.Category) wire.Post {
	p := wire.Post{
		Embeds: []wire.Embed{{
			Title: s.Say("discord.panel.title", Args{"Guild": guild}), Description: s.Say("discord.panel.text", nil),
			Color: staffColour,
		}},
		AllowedMentions: wire.Nobody(),
	}
	for i, c := range all[:min(len(all), maxSelect)] {
		if i%rowButtons == 0 {
			p.Components = append(p.Components, wire.Row())
		}
		name, _ := c.Name.Pick(s.Locale)
		b := wire.Button(wire.Primary, CustomID(VerbOpen, int64(c.ID)), Clip(name, maxButton))
		b.Emoji = emoji(c.Emoji)
		row := &p.Components[len(p.Components)-1]
		row.Components = append(row.Components, b)
	}
	return p
}
