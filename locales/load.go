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
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

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
	languages []string // English first, then by name
	matcher   language.Matcher
	read      map[string]func() (*texts, error) // by language, when somebody first reads it
}

// texts are those of one language.
type texts struct {
	messages  map[string]*i18n.Message // by key
	localizer *i18n.Localizer
}

// Load finds the catalogues that are built into the program. Each is read when
// somebody first reads its language: many languages that nobody speaks shall
// take no memory. That none is malformed is tested.
func Load() (*Catalogue, error) { return open(files) }

// load is Load for catalogues that may be malformed, and fails then.
func load(fsys fs.FS) (*Catalogue, error) {
	c, err := open(fsys)
	if err != nil {
		return nil, err
	}
	for _, lang := range c.languages {
		if _, err := c.read[lang](); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func open(fsys fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list catalogues: %w", err)
	}
	c := &Catalogue{read: make(map[string]func() (*texts, error), len(names))}
	for _, name := range names {
		lang := strings.TrimSuffix(path.Base(name), ".json")
		if _, err := language.Parse(lang); err != nil {
			return nil, fmt.Errorf("catalogue %s: %q is no language tag: %w", name, lang, err)
		}
		c.read[lang] = sync.OnceValues(func() (*texts, error) {
			t, err := read(fsys, name, lang)
			if err != nil {
				return nil, fmt.Errorf("catalogue %s: %w", name, err)
			}
			return t, nil
		})
	}
	if c.read[English] == nil {
		return nil, fmt.Errorf("no catalogue for %s", English)
	}
	c.index()
	return c, nil
}

func read(fsys fs.FS, name, lang string) (*texts, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.Make(lang))
	file, err := bundle.ParseMessageFileBytes(data, name)
	if err != nil {
		return nil, err
	}
	if len(file.Messages) == 0 {
		return nil, errors.New("it has no texts")
	}
	t := &texts{messages: make(map[string]*i18n.Message, len(file.Messages)), localizer: i18n.NewLocalizer(bundle, lang)}
	for _, m := range file.Messages {
		if err := wellFormed(m); err != nil {
			return nil, err
		}
		t.messages[m.ID] = m
	}
	return t, nil
}

// in gives the texts of a language that has a catalogue.
func (c *Catalogue) in(lang string) *texts {
	t, err := c.read[lang]()
	if err != nil {
		panic(err) // a test reads all that are built in
	}
	return t
}

// index puts English first, since a matcher's first language is its default.
func (c *Catalogue) index() {
	c.languages = slices.Sorted(maps.Keys(c.read))
	slices.SortStableFunc(c.languages, func(a, b string) int {
		return boolOrder(a == English) - boolOrder(b == English)
	})
	tags := make([]language.Tag, len(c.languages))
	for i, lang := range c.languages {
		tags[i] = language.Make(lang)
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
