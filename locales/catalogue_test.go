package locales

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// catalogue loads catalogues written in the test, by language.
func catalogue(t testing.TB, texts map[string]string) *Catalogue {
	t.Helper()
	c, err := load(folder(texts))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func folder(texts map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for lang, text := range texts {
		fsys[lang+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func twoLanguages(t *testing.T) *Catalogue {
	t.Helper()
	return catalogue(t, map[string]string{
		"en": `{
			"a.greeting": "Hello, {{.Name}}!",
			"a.only_english": "Only here",
			"a.tickets": {"one": "{{.Count}} ticket of {{.Name}}", "other": "{{.Count}} tickets of {{.Name}}"},
			"a.some": {"one": "one", "other": "several"}
		}`,
		"fr": `{
			"a.greeting": "Bonjour {{.Name}} !",
			"a.tickets": {"one": "{{.Count}} ticket de {{.Name}}", "many": "{{.Count}} de tickets de {{.Name}}", "other": "{{.Count}} tickets de {{.Name}}"},
			"a.some": {"one": "un", "many": "plein", "other": "plusieurs"}
		}`,
	})
}

func TestTextIsInTheReadersLanguage(t *testing.T) {
	c := twoLanguages(t)
	name := map[string]any{"Name": "Zoé"}
	for _, tt := range []struct{ locale, key, want string }{
		{"en", "a.greeting", "Hello, Zoé!"},
		{"fr", "a.greeting", "Bonjour Zoé !"},
		{"fr-CA", "a.greeting", "Bonjour Zoé !"},
		{"en-GB", "a.greeting", "Hello, Zoé!"},
		{"ja", "a.greeting", "Hello, Zoé!"},
		{"", "a.greeting", "Hello, Zoé!"},
		{"not a locale", "a.greeting", "Hello, Zoé!"},
		{"fr", "a.only_english", "Only here"},
	} {
		if got := c.Text(tt.locale, tt.key, name); got != tt.want {
			t.Errorf("Text(%q, %q) = %q, want %q", tt.locale, tt.key, got, tt.want)
		}
	}
}

func TestPluralFormFollowsTheLanguage(t *testing.T) {
	c := twoLanguages(t)
	for _, tt := range []struct {
		locale string
		count  any
		want   string
	}{
		{"en", 0, "0 tickets of Ada"},
		{"en", 1, "1 ticket of Ada"},
		{"en", int64(2), "2 tickets of Ada"},
		{"fr", 0, "0 ticket de Ada"},
		{"fr", uint8(1), "1 ticket de Ada"},
		{"fr", 2, "2 tickets de Ada"},
		{"fr", 1_000_000, "1000000 de tickets de Ada"},
	} {
		got, err := c.Lookup(tt.locale, "a.tickets", map[string]any{"Name": "Ada", Count: tt.count})
		if err != nil || got != tt.want {
			t.Errorf("Lookup(%q, count %v) = %q, %v, want %q", tt.locale, tt.count, got, err, tt.want)
		}
	}
}

func TestUnknownKeyShowsItself(t *testing.T) {
	got, err := twoLanguages(t).Lookup("fr", "a.nothing", nil)
	if got != "a.nothing" || !errors.Is(err, ErrUnknownKey) {
		t.Errorf("got %q, %v, want the key and ErrUnknownKey", got, err)
	}
}

func TestMissingValueIsDotsAndReported(t *testing.T) {
	c := twoLanguages(t)
	got, err := c.Lookup("en", "a.greeting", nil)
	if got != "Hello, …!" || !errors.Is(err, ErrMissingValue) {
		t.Errorf("got %q, %v, want dots and ErrMissingValue", got, err)
	}
	got, err = c.Lookup("en", "a.some", nil)
	if got != "several" || !errors.Is(err, ErrMissingValue) {
		t.Errorf("without a count: got %q, %v, want the general form and ErrMissingValue", got, err)
	}
	got, err = c.Lookup("en", "a.some", map[string]any{Count: "many"})
	if got != "several" || err == nil {
		t.Errorf("with a word for a count: got %q, %v, want the general form and an error", got, err)
	}
}

func TestValuesAreNotTemplates(t *testing.T) {
	got := twoLanguages(t).Text("en", "a.greeting", map[string]any{"Name": "{{.Secret}}", "Secret": "s3cret"})
	if got != "Hello, {{.Secret}}!" {
		t.Errorf("got %q: a person's name was executed", got)
	}
}

func TestLookupLeavesTheArgumentsAlone(t *testing.T) {
	args := map[string]any{}
	twoLanguages(t).Text("en", "a.greeting", args)
	if len(args) != 0 {
		t.Errorf("the caller's map now holds %v", args)
	}
}

func TestConcurrentReaders(t *testing.T) {
	c := twoLanguages(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, locale := range []string{"en", "fr", "de"} {
				if got := c.Text(locale, "a.greeting", map[string]any{"Name": "Ada"}); !strings.Contains(got, "Ada") {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wg.Wait()
}

func TestLoadRefusesAMalformedCatalogue(t *testing.T) {
	for name, texts := range map[string]map[string]string{
		"no English":        {"fr": `{"a.b": "x"}`},
		"no JSON":           {"en": `{`},
		"a list":            {"en": `"x"`},
		"no text":           {"en": `{"a.b": ""}`},
		"no general form":   {"en": `{"a.b": {"one": "x"}}`},
		"a template action": {"en": `{"a.b": "{{if .X}}y{{end}}"}`},
		"an open brace":     {"en": `{"a.b": "{{.X"}`},
		"no language":       {"en": `{"a.b": "x"}`, "english-texts-of-us": `{}`},
	} {
		if _, err := load(folder(texts)); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}
