package locales

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

// complete lists the languages whose catalogue holds every text.
func completeLanguages() []string { return []string{"en", "fr"} }

func builtIn(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// keys lists every key of every built-in catalogue.
func (c *Catalogue) keys() []string {
	all := map[string]bool{}
	for _, lang := range c.languages {
		messages := c.in(lang).messages
		for key := range messages {
			all[key] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func TestCataloguesAreComplete(t *testing.T) {
	c := builtIn(t)
	for _, lang := range completeLanguages() {
		for _, key := range c.keys() {
			if c.in(lang).messages[key] == nil {
				t.Errorf("%s.json has no %q", lang, key)
			}
		}
	}
}

func TestTextsNameTheSameValues(t *testing.T) {
	c := builtIn(t)
	for _, lang := range c.Languages() {
		for key, m := range c.in(lang).messages {
			english := c.in(English).messages[key]
			if english == nil {
				t.Errorf("%s.json has %q, which English has not", lang, key)
				continue
			}
			if got, want := placeholders(m), placeholders(english); !slices.Equal(got, want) {
				t.Errorf("%s.json: %q names %v, English names %v", lang, key, got, want)
			}
		}
	}
}

// The counts reach every plural category of every language there is.
func TestEveryCountHasItsPluralForm(t *testing.T) {
	c := builtIn(t)
	for _, lang := range c.Languages() {
		for key, m := range c.in(lang).messages {
			if len(forms(m)) == 1 {
				continue
			}
			args := map[string]any{}
			for _, name := range placeholders(m) {
				args[name] = "x"
			}
			for _, n := range []int{0, 1, 2, 3, 5, 6, 10, 11, 12, 20, 21, 22, 25, 100, 101, 111, 1_000_000} {
				args[Count] = n
				if _, err := c.Lookup(lang, key, args); err != nil {
					t.Errorf("%s.json: %q for %d: %v", lang, key, n, err)
				}
			}
		}
	}
}

func TestTextsHaveNoStrayBlanks(t *testing.T) {
	c := builtIn(t)
	for _, lang := range c.Languages() {
		for key, m := range c.in(lang).messages {
			for _, form := range forms(m) {
				if form != strings.TrimSpace(form) || strings.Contains(form, "  ") {
					t.Errorf("%s.json: %q has blanks at an end or two in a row", lang, key)
				}
			}
		}
	}
}

// A decoder keeps the last of two texts with one key and says nothing.
func TestEachKeyIsWrittenOnceAndInOrder(t *testing.T) {
	names, err := fs.Glob(files, "*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("catalogues: %v, %v", names, err)
	}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		keys := topLevelKeys(t, name, data)
		for i := 1; i < len(keys); i++ {
			switch {
			case keys[i] == keys[i-1]:
				t.Errorf("%s has %q twice", name, keys[i])
			case keys[i] < keys[i-1]:
				t.Errorf("%s: %q comes after %q; keys are sorted", name, keys[i], keys[i-1])
			}
		}
	}
}

func topLevelKeys(t *testing.T, name string, data []byte) []string {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	if _, err := decoder.Token(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var keys []string
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		key, ok := token.(string)
		if !ok {
			t.Fatalf("%s: %v is no key", name, token)
		}
		keys = append(keys, key)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatalf("%s: %q: %v", name, key, err)
		}
	}
	return keys
}
