package discordtest

import (
	"encoding/json"
	"fmt"
)

// Component types, as Discord numbers them.
const (
	ComponentRow           = 1
	ComponentButton        = 2
	ComponentSelect        = 3
	ComponentTextInput     = 4
	ComponentUserSelect    = 5
	ComponentRoleSelect    = 6
	ComponentMentionable   = 7
	ComponentChannelSelect = 8
	ComponentSection       = 9
	ComponentText          = 10
	ComponentThumbnail     = 11
	ComponentGallery       = 12
	ComponentFile          = 13
	ComponentSeparator     = 14
	ComponentContainer     = 17
	ComponentLabel         = 18
	ComponentFileUpload    = 19
	ComponentRadioGroup    = 21
	ComponentCheckboxGroup = 22
	ComponentCheckbox      = 23
)

// Component is any component of a message or modal, of the old or the new kind.
type Component struct {
	ID          int           `json:"id"`
	Type        int           `json:"type"`
	CustomID    string        `json:"custom_id"`
	Label       string        `json:"label"`
	Description string        `json:"description"`
	Placeholder string        `json:"placeholder"`
	Content     string        `json:"content"`
	Value       string        `json:"value"`
	URL         string        `json:"url"`
	Style       int           `json:"style"`
	Disabled    bool          `json:"disabled"`
	Required    *bool         `json:"required"`
	MinLength   int           `json:"min_length"`
	MaxLength   int           `json:"max_length"`
	MinValues   *int          `json:"min_values"`
	MaxValues   *int          `json:"max_values"`
	Options     []Option      `json:"options"`
	Components  []Component   `json:"components"`
	Component   *Component    `json:"component"`
	Accessory   *Component    `json:"accessory"`
	Media       *Media        `json:"media"`
	File        *Media        `json:"file"`
	Items       []GalleryItem `json:"items"`
	Kinds       []int         `json:"channel_types"`
}

// Media is a picture or file by its link, or attachment://name.
type Media struct {
	URL string `json:"url"`
}

// GalleryItem is one picture of a gallery.
type GalleryItem struct {
	Media       Media  `json:"media"`
	Description string `json:"description"`
}

// Option is one choice of a string select.
type Option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description"`
	Default     bool   `json:"default"`
}

func (c Component) isSelect() bool { return c.Type == ComponentSelect || c.Type >= 5 && c.Type <= 8 }

func (c Component) isRequired() bool { return c.Required == nil || *c.Required }

// leaves are all components in order, those inside others included.
func leaves(list []Component) []Component {
	var out []Component
	for _, c := range list {
		out = append(out, c)
		out = append(out, leaves(c.Components)...)
		for _, inner := range []*Component{c.Accessory, c.Component} {
			if inner != nil {
				out = append(out, leaves([]Component{*inner})...)
			}
		}
	}
	return out
}

func parseComponents(raw json.RawMessage) ([]Component, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []Component
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, badForm("components", "BASE_TYPE_BAD_TYPE", err.Error())
	}
	return list, nil
}

const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagV2             = 1 << 15
	maxV2Components    = 40
)

// checkComponents applies the limits of a message's components; v2 says that its flag is set.
func checkComponents(f *form, list []Component, v2 bool) {
	all := leaves(list)
	if v2 {
		checkV2(f, list)
	}
	if v2 && len(all) > maxV2Components {
		f.add("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum number of components is 40")
	}
	if !v2 && len(list) > 5 {
		f.count("components", len(list), 5)
	}
	for i, c := range list {
		at := fmt.Sprintf("components.%d", i)
		if !v2 && c.Type != ComponentRow {
			f.add(at+".type", "BASE_TYPE_CHOICES", "Value must be one of {1}.")
		}
		checkRow(f, c, at)
	}
	checkUnique(f, all)
}

func checkRow(f *form, row Component, at string) {
	if row.Type == ComponentRow {
		f.count(at+".components", len(row.Components), 5)
	}
	for i, c := range row.Components {
		inner := fmt.Sprintf("%s.components.%d", at, i)
		switch {
		case c.Type == ComponentButton:
			checkButton(f, c, inner)
		case c.isSelect():
			checkSelect(f, c, inner)
		case c.Type == ComponentRow || c.Type == ComponentSection:
			checkRow(f, c, inner)
		case c.Type == ComponentTextInput:
			f.add(inner+".type", "BASE_TYPE_CHOICES", "Value must be one of {2, 3, 5, 6, 7, 8}.")
		}
	}
}

func checkButton(f *form, c Component, at string) {
	if c.Style < 1 || c.Style > 6 {
		f.add(at+".style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
	}
	f.length(at+".label", c.Label, 0, 80)
	if c.Style == 5 {
		f.length(at+".url", c.URL, 1, 512)
		return
	}
	f.length(at+".custom_id", c.CustomID, 1, 100)
}

func checkSelect(f *form, c Component, at string) {
	f.length(at+".custom_id", c.CustomID, 1, 100)
	f.length(at+".placeholder", c.Placeholder, 0, 150)
	if c.Type != ComponentSelect {
		return
	}
	f.count(at+".options", len(c.Options), 25)
	if least, most := bounds(c); least > most || most > len(c.Options) {
		f.add(at+".max_values", "COMPONENT_SELECT_VALUES_OUT_OF_BOUNDS", "Must have at least as many options as values")
	}
	seen := map[string]bool{}
	for i, o := range c.Options {
		path := fmt.Sprintf("%s.options.%d", at, i)
		f.length(path+".label", o.Label, 1, 100)
		f.length(path+".value", o.Value, 1, 100)
		f.length(path+".description", o.Description, 0, 100)
		if seen[o.Value] {
			f.add(path+".value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		seen[o.Value] = true
	}
}

func checkUnique(f *form, all []Component) {
	seen := map[string]bool{}
	for _, c := range all {
		if c.CustomID != "" && seen[c.CustomID] {
			f.add("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
		}
		seen[c.CustomID] = true
	}
}
