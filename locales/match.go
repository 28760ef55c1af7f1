package locales

import (
	"slices"

	"golang.org/x/text/language"
)

// Languages lists the languages that have a catalogue, English first.
func (c *Catalogue) Languages() []string { return slices.Clone(c.languages) }

// Match gives the catalogue's language for a reader of the locale, a BCP 47 tag
// such as "en-US", "pt-BR" or "zh-TW" ("zh-TW" finds Traditional before
// Simplified Chinese, "es-MX" Latin American before European Spanish).
// English when there is none, or when the tag is malformed.
func (c *Catalogue) Match(locale string) string {
	lang, _ := c.serves(locale)
	return lang
}

// Speaks tells whether a reader of the locale is answered in their own language, or
// in another form of it.
func (c *Catalogue) Speaks(locale string) bool {
	_, own := c.serves(locale)
	return own
}

// maxTag is longer than any tag that a client sends; what is longer is no tag.
const maxTag = 64

// serves also tells whether the language is the reader's own. The matcher knows
// besides which other language many readers of a locale understand; nobody is
// answered in that one unasked.
func (c *Catalogue) serves(locale string) (string, bool) {
	if len(locale) > maxTag {
		return English, false
	}
	tag, err := language.Parse(locale)
	if err != nil {
		return English, false
	}
	_, i, confidence := c.matcher.Match(tag)
	if confidence < language.Low || base(tag) != base(language.Make(c.languages[i])) {
		return English, false
	}
	return c.languages[i], true
}

// base gives the tag's language without script and region, one and the same for
// the codes that mean one language ("nb" and "no").
func base(tag language.Tag) language.Base {
	if canonical, err := language.All.Canonicalize(tag); err == nil {
		tag = canonical
	}
	b, _ := tag.Base()
	return b
}

// All gives the texts of key that need no values, by language. A channel that
// wants every language at once (names of roles, say) takes them from here.
func (c *Catalogue) All(key string) map[string]string {
	texts := make(map[string]string)
	for _, lang := range c.languages {
		if m := c.in(lang).messages[key]; m != nil {
			texts[lang] = m.Other
		}
	}
	return texts
}

// In gives the texts of key, which need no values, for those of the locales
// whose language has one, by locale: what a channel that translates its own
// commands wants to be told. The others are left to the channel's default.
func (c *Catalogue) In(key string, locales []string) map[string]string {
	texts := make(map[string]string)
	for _, locale := range locales {
		lang, own := c.serves(locale)
		if m := c.in(lang).messages[key]; own && m != nil {
			texts[locale] = m.Other
		}
	}
	return texts
}
