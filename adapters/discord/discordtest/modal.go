package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Modal is a form that the bot opened.
type Modal struct {
	CustomID string
	Title    string
	Fields   []ModalField
	texts    int // among the fields, which a submission names as well
}

// ModalField is one input of a modal, whether it stands in an action row or in a label.
type ModalField struct {
	Type        int
	CustomID    string
	Label       string
	Description string
	Placeholder string
	Value       string
	Required    bool
	MinLength   int
	MaxLength   int
	Options     []Option
	Style       int // of a text: 1 one line, 2 a paragraph
	MinValues   int
	MaxValues   int
	labelled    bool
	component   Component
}

// Field is the field with that custom ID or label.
func (m *Modal) Field(key string) (ModalField, bool) {
	i := slices.IndexFunc(m.Fields, func(f ModalField) bool { return f.CustomID == key || f.Label == key })
	if i < 0 {
		return ModalField{}, false
	}
	return m.Fields[i], true
}

type modalBody struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []Component `json:"components"`
}

func (c *call) openModal(in *interaction) error {
	var body modalBody
	if err := json.Unmarshal(c.body, &body); err != nil {
		return badForm("data", "BASE_TYPE_BAD_TYPE", err.Error())
	}
	f := &form{}
	f.length("data.custom_id", body.CustomID, 1, 100)
	f.length("data.title", body.Title, 1, 45)
	f.count("data.components", len(body.Components), 5)
	modal := &Modal{CustomID: body.CustomID, Title: body.Title}
	for i, top := range body.Components {
		modal.take(f, top, fmt.Sprintf("data.components.%d", i))
	}
	checkModalIDs(f, modal)
	if err := f.err(); err != nil {
		return err
	}
	in.modal = modal
	return nil
}

func checkModalIDs(f *form, modal *Modal) {
	seen := map[string]bool{}
	for _, field := range modal.Fields {
		if seen[field.CustomID] {
			f.add("data.components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
		}
		seen[field.CustomID] = true
	}
}

// take adds the input of one top-level component; a text display has none.
func (m *Modal) take(f *form, top Component, at string) {
	switch top.Type {
	case ComponentText:
		f.length(at+".content", top.Content, 1, 4000)
		m.texts++
	case ComponentLabel:
		f.length(at+".label", top.Label, 1, 45)
		f.length(at+".description", top.Description, 0, 100)
		if top.Component == nil {
			f.add(at+".component", "BASE_TYPE_REQUIRED", "This field is required")
			return
		}
		m.add(f, *top.Component, top.Label, top.Description, at+".component", true)
	case ComponentRow:
		f.count(at+".components", len(top.Components), 1)
		for _, inner := range top.Components {
			f.length(at+".components.0.label", inner.Label, 1, 45)
			m.add(f, inner, inner.Label, "", at+".components.0", false)
		}
	default:
		f.add(at+".type", "BASE_TYPE_CHOICES", "Value must be one of {1, 10, 18}.")
	}
}

func (m *Modal) add(f *form, c Component, label, description, at string, labelled bool) {
	f.length(at+".custom_id", c.CustomID, 1, 100)
	switch {
	case c.Type == ComponentTextInput:
		checkTextInput(f, c, at)
	case c.isSelect() && labelled:
		checkSelect(f, c, at)
	case c.Type == ComponentFileUpload && labelled:
		checkUpload(f, c, at)
	case c.Type == ComponentRadioGroup && labelled, c.Type == ComponentCheckboxGroup && labelled:
		checkGroup(f, c, at)
	case c.Type == ComponentCheckbox && labelled:
	default:
		f.add(at+".type", "BASE_TYPE_CHOICES", "Value must be one of {4}.")
	}
	least, most := valuesOf(c)
	m.Fields = append(m.Fields, ModalField{
		Type: c.Type, CustomID: c.CustomID, Label: label, Description: description, Placeholder: c.Placeholder,
		Value: c.Value, Required: c.isRequired(), MinLength: c.MinLength, MaxLength: c.MaxLength, Options: c.Options,
		Style: c.Style, MinValues: least, MaxValues: most, labelled: labelled, component: c,
	})
}

// valuesOf are how many values an input takes.
func valuesOf(c Component) (least, most int) {
	least, most = bounds(c)
	if c.Type == ComponentCheckboxGroup && c.MaxValues == nil {
		most = len(c.Options)
	}
	if !c.isRequired() {
		least = 0
	}
	return least, most
}

const maxUploads = 10

func checkUpload(f *form, c Component, at string) {
	if least, most := bounds(c); least < 0 || most > maxUploads || most < 1 || least > most {
		f.add(at+".max_values", "NUMBER_TYPE_MAX", "int value should be between 1 and 10.")
	}
}

func checkGroup(f *form, c Component, at string) {
	most := 10
	if len(c.Options) < 1 || len(c.Options) > most {
		f.count(at+".options", len(c.Options), most)
	}
	for i, o := range c.Options {
		f.length(fmt.Sprintf("%s.options.%d.label", at, i), o.Label, 1, 100)
		f.length(fmt.Sprintf("%s.options.%d.value", at, i), o.Value, 1, 100)
	}
}

const maxTextInput = 4000

func checkTextInput(f *form, c Component, at string) {
	if c.Style != 1 && c.Style != 2 {
		f.add(at+".style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
	}
	if c.MinLength < 0 || c.MinLength > maxTextInput {
		f.add(at+".min_length", "NUMBER_TYPE_MAX", "int value should be between 0 and 4000.")
	}
	if c.MaxLength < 0 || c.MaxLength > maxTextInput {
		f.add(at+".max_length", "NUMBER_TYPE_MAX", "int value should be between 1 and 4000.")
	}
	f.length(at+".placeholder", c.Placeholder, 0, 100)
	f.length(at+".value", c.Value, 0, maxTextInput)
}
