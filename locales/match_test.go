package locales

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func manyLanguages(t testing.TB) *Catalogue {
	t.Helper()
	texts := map[string]string{}
	for _, lang := range []string{"en", "fr", "es-419", "es-ES", "no", "pt-BR", "ru", "sv-SE", "zh-CN", "zh-TW"} {
		texts[lang] = `{"a.language": "` + lang + `"}`
	}
	return catalogue(t, texts)
}

func TestMatchFindsTheClosestLanguage(t *testing.T) {
	c := manyLanguages(t)
	for locale, want := range map[string]string{
		"en-US": "en", "en-GB": "en",
		"fr": "fr", "fr-BE": "fr", "FR": "fr", "fr_CA": "fr",
		"es-MX": "es-419", "es-AR": "es-419", "es-ES": "es-ES",
		"pt": "pt-BR", "pt-PT": "pt-BR",
		"sv": "sv-SE", "nb": "no", "no": "no",
		"zh": "zh-CN", "zh-Hant-HK": "zh-TW", "zh-TW": "zh-TW", "zh-SG": "zh-CN",
		// Many Ukrainians read Russian and many Bretons French; neither asked for it.
		"uk": English, "br": English,
		"ja": English, "": English, "x": English, "und": English,
	} {
		if got := c.Match(locale); got != want {
			t.Errorf("Match(%q) = %q, want %q", locale, got, want)
		}
	}
}

func FuzzMatchKnowsItsLanguages(f *testing.F) {
	for _, seed := range []string{"en-US", "zh-Hant-HK", "x-private", "fr-u-ca-buddhist", "en-", "_", "\x00", strings.Repeat("a-", 40)} {
		f.Add(seed)
	}
	c := manyLanguages(f)
	f.Fuzz(func(t *testing.T, locale string) {
		if got := c.Match(locale); !slices.Contains(c.Languages(), got) {
			t.Errorf("Match(%q) = %q, which has no catalogue", locale, got)
		}
	})
}

func TestLanguagesBeginWithEnglish(t *testing.T) {
	c := manyLanguages(t)
	got := c.Languages()
	if got[0] != English || !slices.IsSorted(got[1:]) || len(got) != 10 {
		t.Errorf("got %v", got)
	}
	got[0] = "changed"
	if c.Languages()[0] != English {
		t.Error("the caller can change the catalogue's own list")
	}
}

func TestAllGivesEachLanguagesText(t *testing.T) {
	c := twoLanguages(t)
	if got, want := c.All("a.only_english"), map[string]string{"en": "Only here"}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := c.All("a.nothing"); len(got) != 0 {
		t.Errorf("an unknown key gives %v", got)
	}
}

func TestInLeavesOutWhatIsNotTranslated(t *testing.T) {
	c := manyLanguages(t)
	got := c.In("a.language", []string{"en-US", "en-GB", "fr", "pt-BR", "ja", "uk"})
	want := map[string]string{"en-US": "en", "en-GB": "en", "fr": "fr", "pt-BR": "pt-BR"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := c.In("a.nothing", []string{"fr"}); len(got) != 0 {
		t.Errorf("an unknown key gives %v", got)
	}
}
