package discordtest

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxCommands = 100

// locales are those that Discord offers its users.
var locales = strings.Fields(`id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko`)

func (c *command) check(f *form, at string) {
	if c.Type == 0 {
		c.Type = commandSlash
	}
	if c.Type != commandSlash {
		f.length(at+"name", c.Name, 1, 32)
		if c.Description != "" {
			f.add(at+"description", "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Context menu commands cannot have description")
		}
		return
	}
	checkNames(f, at, c.Name, c.NameLocalizations)
	checkDescriptions(f, at, c.Description, c.DescriptionLocalizations)
	checkOptions(f, at, c.Options, 0)
	if c.size() > 8000 {
		f.add(at+"name", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
	}
}

func checkNames(f *form, at, name string, localized map[string]string) {
	f.length(at+"name", name, 1, 32)
	if name != "" && !validName(name) {
		f.add(at+"name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
	for locale, text := range localized {
		path := at + "name_localizations"
		if !slices.Contains(locales, locale) {
			f.add(path, "BASE_TYPE_CHOICES", "Value must be one of the locales: "+locale)
		}
		if !validName(text) {
			f.add(path+"."+locale, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
		}
	}
}

// validName wants letters, digits, - _ and ', and lower case wherever the script has it.
func validName(name string) bool {
	length := utf8.RuneCountInString(name)
	return length >= 1 && length <= 32 && !strings.ContainsFunc(name, notInNames) && name == strings.ToLower(name)
}

// notInNames tells characters outside Discord's ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$, which
// as a compiled expression takes more memory than all else that a program at rest holds of this package.
func notInNames(r rune) bool {
	return !strings.ContainsRune("-_'", r) && !unicode.In(r, unicode.L, unicode.N, unicode.Devanagari, unicode.Thai)
}

func checkDescriptions(f *form, at, text string, localized map[string]string) {
	f.length(at+"description", text, 1, 100)
	for locale, text := range localized {
		path := at + "description_localizations"
		if !slices.Contains(locales, locale) {
			f.add(path, "BASE_TYPE_CHOICES", "Value must be one of the locales: "+locale)
		}
		f.length(path+"."+locale, text, 1, 100)
	}
}

func checkOptions(f *form, at string, options []commandOption, depth int) {
	if len(options) > 25 {
		f.add(at+"options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	names, optional := map[string]bool{}, false
	for i, o := range options {
		path := fmt.Sprintf("%soptions.%d.", at, i)
		o.check(f, path, depth)
		if names[o.Name] {
			f.add(path+"name", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Option names must be unique")
		}
		names[o.Name] = true
		if o.Required && optional {
			f.add(path+"required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
				"Required options must be placed before non-required options")
		}
		optional = optional || !o.Required && o.Type > optionGroup
	}
}

func (o commandOption) check(f *form, at string, depth int) {
	if o.Type < optionSubcommand || o.Type > optionAttachment || o.Type == optionGroup && depth > 0 || o.Type == optionSubcommand && depth > 1 {
		f.add(at+"type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option is invalid")
	}
	checkNames(f, at, o.Name, o.NameLocalizations)
	checkDescriptions(f, at, o.Description, o.DescriptionLocalizations)
	if len(o.Choices) > 25 {
		f.add(at+"choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	if o.Autocomplete && len(o.Choices) > 0 {
		f.add(at+"autocomplete", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Autocomplete and choices exclude each other")
	}
	for i, choice := range o.Choices {
		f.length(fmt.Sprintf("%schoices.%d.name", at, i), choice.Name, 1, 100)
	}
	checkOptions(f, at, o.Options, depth+1)
}

// size counts names, descriptions and values, of which a command may have 8000 characters.
func (c *command) size() int {
	n := len([]rune(c.Name)) + longest(c.Description, c.DescriptionLocalizations)
	for _, o := range c.Options {
		n += o.size()
	}
	return n
}

func (o commandOption) size() int {
	n := len([]rune(o.Name)) + longest(o.Description, o.DescriptionLocalizations)
	for _, choice := range o.Choices {
		n += len([]rune(choice.Name)) + len(fmt.Sprint(choice.Value))
	}
	for _, inner := range o.Options {
		n += inner.size()
	}
	return n
}

func longest(text string, localized map[string]string) int {
	n := len([]rune(text))
	for _, other := range localized {
		n = max(n, len([]rune(other)))
	}
	return n
}
