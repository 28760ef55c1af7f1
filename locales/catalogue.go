package locales

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// Count names the value on which a text's plural form depends: an integer.
const Count = "Count"

// Unexpected is the key of what a person reads of an error that is no fault.
const Unexpected = "fault.internal.unexpected"

// ErrUnknownKey means that no catalogue has a text of the key.
var ErrUnknownKey = errors.New("no text has this key")

// ErrMissingValue means that a text names a value that it was not given.
var ErrMissingValue = errors.New("a value of the text is missing")

// Text gives the text of key for a reader of the locale, with its values filled
// in. A locale without a catalogue is answered in its closest language, then in
// English. It always gives something to show: an unknown key gives the key, a
// missing value three dots. Lookup tells when that happens.
func (c *Catalogue) Text(locale, key string, args map[string]any) string {
	text, _ := c.Lookup(locale, key, args)
	return text
}

// Lookup is Text, and reports what was missing: ErrUnknownKey, ErrMissingValue,
// or a Count that is no integer.
func (c *Catalogue) Lookup(locale, key string, args map[string]any) (string, error) {
	lang, message := c.find(locale, key)
	if message == nil {
		return key, fmt.Errorf("%w: %q", ErrUnknownKey, key)
	}
	values, missing := complete(message, args)
	text, err := c.render(lang, message, values, count(message, values))
	if text == "" {
		text, _ = c.render(lang, message, values, nil)
	}
	return text, errors.Join(missing, err)
}

// render fills in the form of the message for the number, the general one for nil.
func (c *Catalogue) render(lang string, m *i18n.Message, values map[string]any, number any) (string, error) {
	return c.in(lang).localizer.Localize(&i18n.LocalizeConfig{
		MessageID:      m.ID,
		TemplateData:   values,
		PluralCount:    number,
		TemplateParser: &template.TextParser{},
	})
}

// find gives the message of the locale's language, or else of English.
func (c *Catalogue) find(locale, key string) (lang string, m *i18n.Message) {
	lang = c.Match(locale)
	if m = c.in(lang).messages[key]; m != nil {
		return lang, m
	}
	return English, c.in(English).messages[key]
}

// complete gives the message's values, with a stand-in for each missing one.
func complete(m *i18n.Message, args map[string]any) (map[string]any, error) {
	values := make(map[string]any, len(args))
	maps.Copy(values, args)
	var errs []error
	for _, name := range placeholders(m) {
		if values[name] == nil {
			values[name] = "…"
			errs = append(errs, fmt.Errorf("%w: %q needs %s", ErrMissingValue, m.ID, name))
		}
	}
	return values, errors.Join(errs...)
}

// count gives the number that the plural form depends on, as its decimal digits
// so that any integer type will do; nil when the message has but one form.
func count(m *i18n.Message, values map[string]any) any {
	if len(forms(m)) == 1 {
		return nil
	}
	return fmt.Sprint(values[Count])
}

// placeholders names the values of the message, sorted. A message with plural
// forms needs its Count, even when no form shows it.
func placeholders(m *i18n.Message) []string {
	var names []string
	for _, form := range forms(m) {
		for _, match := range placeholder.FindAllStringSubmatch(form, -1) {
			names = append(names, match[1])
		}
	}
	if len(forms(m)) > 1 {
		names = append(names, Count)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
