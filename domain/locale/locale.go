// Package locale knows language tags and texts that exist in several languages.
// It follows BCP 47 as far as the helpdesk needs it: a base language, perhaps
// with a region, e.g. "fr" or "pt-BR".
package locale

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// Fallback is the language that every text exists in.
const Fallback Tag = "en"

// Tag is a language tag as a person's client sent it.
type Tag string

// Base gives the tag without region and script: "pt" for "pt-BR".
func (t Tag) Base() Tag {
	if i := strings.IndexAny(string(t), "-_"); i >= 0 {
		return t[:i]
	}
	return t
}

// Valid reports whether the tag has the form of a language tag.
func (t Tag) Valid() bool {
	if len(t) < 2 || len(t) > 35 {
		return false
	}
	for i, r := range t {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i < 2 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return true
}

// Text is one text in several languages.
type Text map[Tag]string

// Of makes a text that exists in one language.
func Of(t Tag, s string) Text { return Text{t: s} }

// Pick gives the text for a reader, and the language that it is in: the
// reader's own, its base language, another region of it, each preference in
// turn, then Fallback, then the first there is.
func (x Text) Pick(reader Tag, preferences ...Tag) (string, Tag) {
	for _, want := range append([]Tag{reader}, append(preferences, Fallback)...) {
		if s, tag, ok := x.closest(want); ok {
			return s, tag
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(x)) {
		return x[tag], tag
	}
	return "", Fallback
}

func (x Text) closest(want Tag) (string, Tag, bool) {
	for _, tag := range []Tag{want, want.Base()} {
		if s, ok := x[tag]; ok {
			return s, tag, true
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(x)) {
		if tag.Base() == want.Base() {
			return x[tag], tag, true
		}
	}
	return "", "", false
}

// Check refuses a text without any language, with a tag that is none, or with
// a translation that is empty or longer than limit characters. Codes: invalid.
func (x Text) Check(field string, limit int) error {
	if len(x) == 0 {
		return fault.New(fault.Invalid, "fault.text.empty").On(field)
	}
	for _, tag := range slices.Sorted(maps.Keys(x)) {
		if !tag.Valid() {
			return fault.New(fault.Invalid, "fault.locale.unknown").With("Locale", string(tag)).On(field)
		}
		if _, err := Clean(x[tag], field, 1, limit); err != nil {
			return err
		}
	}
	return nil
}

// Clean trims what a person wrote and refuses it when it is not valid UTF-8,
// holds a NUL, or is shorter or longer than the limits, in characters.
// Codes: invalid.
func Clean(s, field string, least, most int) (string, error) {
	s = strings.TrimSpace(s)
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", fault.New(fault.Invalid, "fault.text.malformed").On(field)
	}
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && least > 0:
		return "", fault.New(fault.Invalid, "fault.text.empty").On(field)
	case n < least:
		return "", fault.New(fault.Invalid, "fault.text.too_short").With("Least", least).On(field)
	case n > most:
		return "", fault.New(fault.Invalid, "fault.text.too_long").With("Most", most).With("Length", n).On(field)
	}
	return s, nil
}
