package render

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Length is how long Discord counts a text to be: in UTF-16 code units.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n += units(r)
	}
	return n
}

func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// Clip shortens a text to at most limit, without cutting what a reader sees as
// one character, and marks that it did.
func Clip(s string, limit int) string {
	if Length(s) <= limit {
		return s
	}
	return strings.TrimSpace(head(s, limit-1)) + "…"
}

// head gives the longest beginning of s within the limit that ends between two
// characters; one that is longer than the limit by itself is cut.
func head(s string, limit int) string {
	n, end := 0, 0
	for g := graphemes.FromString(s); g.Next(); end = g.End() {
		if n += Length(g.Value()); n > limit {
			break
		}
	}
	if end > 0 || s == "" {
		return s[:end]
	}
	n = 0
	for i, r := range s {
		if n += units(r); n > limit {
			return s[:i]
		}
	}
	return s
}
