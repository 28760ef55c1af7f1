package discordtest

import "fmt"

const maxV2Text = 4000

// layout are the components that stand by themselves in a message of Components V2.
func layout(kind int) bool {
	switch kind {
	case ComponentRow, ComponentSection, ComponentText, ComponentGallery, ComponentFile, ComponentSeparator, ComponentContainer:
		return true
	}
	return false
}

// checkV2 applies the rules of Components V2.
func checkV2(f *form, list []Component) {
	total := 0
	for _, c := range leaves(list) {
		total += len([]rune(c.Content))
	}
	if total > maxV2Text {
		f.add("components", "COMPONENT_MAX_TOTAL_TEXT_LENGTH_EXCEEDED", "The maximum length of all text displays is 4000")
	}
	for i, c := range list {
		c.checkLayout(f, fmt.Sprintf("components.%d", i), false)
	}
}

func (c Component) checkLayout(f *form, at string, inside bool) {
	if !layout(c.Type) || inside && c.Type == ComponentContainer {
		f.add(at+".type", "BASE_TYPE_CHOICES", "Value must be one of {1, 9, 10, 12, 13, 14, 17}.")
		return
	}
	switch c.Type {
	case ComponentText:
		f.length(at+".content", c.Content, 1, maxV2Text)
	case ComponentSection:
		c.checkSection(f, at)
	case ComponentGallery:
		f.count(at+".items", len(c.Items), 10)
	case ComponentFile:
		if c.File == nil {
			f.add(at+".file", "BASE_TYPE_REQUIRED", "This field is required")
		}
	case ComponentContainer:
		f.count(at+".components", len(c.Components), maxV2Components)
		for i, inner := range c.Components {
			inner.checkLayout(f, fmt.Sprintf("%s.components.%d", at, i), true)
		}
	}
}

func (c Component) checkSection(f *form, at string) {
	f.count(at+".components", len(c.Components), 3)
	for i, inner := range c.Components {
		if inner.Type != ComponentText {
			f.add(fmt.Sprintf("%s.components.%d.type", at, i), "BASE_TYPE_CHOICES", "Value must be one of {10}.")
		}
	}
	switch {
	case c.Accessory == nil:
		f.add(at+".accessory", "BASE_TYPE_REQUIRED", "This field is required")
	case c.Accessory.Type == ComponentButton:
		checkButton(f, *c.Accessory, at+".accessory")
	case c.Accessory.Type != ComponentThumbnail:
		f.add(at+".accessory.type", "BASE_TYPE_CHOICES", "Value must be one of {2, 11}.")
	}
}
