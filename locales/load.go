// Package locales holds every text that a person can see, in one file a
// language, and finds the right one for a reader.
//
// A text has a key. Keys are written in Go as whole string literals
// ("fault.ticket.closed"), so that a test can compare what the code uses with
// what the catalogues hold. A text names its values as {{.Name}}; one that
// depends on a number has a form for each CLDR plural category of its language
// and takes that number as Count.
package locales

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// English is the language of last resort: every key has a text in it.
const English = "en"

//go:embed *.json
var files embed.FS

// placeholder is the only template action that a text may contain.
var placeholder = regexp.MustCompile(`{{\.([A-Za-z]\w*)}}`)

// Catalogue finds texts by key and locale. It is safe for concurrent use.
type Catalogue struct {
	languages  []string // English first, then by name
	matcher    language.Matcher
	messages   map[string]map[string]*i18n.Message // by language, then key
	localizers map[string]*i18n.Localizer
}

// Load reads the catalogues that are built into the program. It fails when one
// is malformed, which a test excludes for the built-in ones.
func Load() (*Catalogue, error) { return load(files) }

func load(fsys fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list catalogues: %w", err)
	}
	bundle := i18n.NewBundle(language.English)
	c := &Catalogue{messages: make(map[string]map[string]*i18n.Message)}
	for _, name := range names {
		if err := c.add(bundle, fsys, name); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", name, err)
		}
	}
	if len(c.messages[English]) == 0 {
		return nil, fmt.Errorf("no catalogue for %s", English)
	}
	c.index(bundle)
	return c, nil
}

func (c *Catalogue) add(bundle *i18n.Bundle, fsys fs.FS, name string) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	lang := strings.TrimSuffix(path.Base(name), ".json")
	if _, err := language.Parse(lang); err != nil {
		return fmt.Errorf("%q is no language tag: %w", lang, err)
	}
	file, err := bundle.ParseMessageFileBytes(data, name)
	if err != nil {
		return err
	}
	c.messages[lang] = make(map[string]*i18n.Message, len(file.Messages))
	for _, m := range file.Messages {
		if err := wellFormed(m); err != nil {
			return err
		}
		c.messages[lang][m.ID] = m
	}
	return nil
}

// index puts English first, since a matcher's first language is its default.
func (c *Catalogue) index(bundle *i18n.Bundle) {
	c.languages = slices.Sorted(maps.Keys(c.messages))
	slices.SortStableFunc(c.languages, func(a, b string) int {
		return boolOrder(a == English) - boolOrder(b == English)
	})
	tags := make([]language.Tag, len(c.languages))
	c.localizers = make(map[string]*i18n.Localizer, len(c.languages))
	for i, lang := range c.languages {
		tags[i] = language.Make(lang)
		c.localizers[lang] = i18n.NewLocalizer(bundle, lang)
	}
	c.matcher = language.NewMatcher(tags)
}

func boolOrder(first bool) int {
	if first {
		return 0
	}
	return 1
}

// wellFormed refuses texts that could fail when they are rendered.
func wellFormed(m *i18n.Message) error {
	if strings.TrimSpace(m.Other) == "" {
		return fmt.Errorf("%q has no text", m.ID)
	}
	for _, form := range forms(m) {
		if strings.Contains(placeholder.ReplaceAllString(form, ""), "{{") {
			return fmt.Errorf("%q has something other than {{.Name}} between braces", m.ID)
		}
	}
	return nil
}

// forms lists the texts of the plural categories that the message has.
func forms(m *i18n.Message) []string {
	all := []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}
