package render

import (
	"strings"
	"unicode"
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
	n, end, hard := 0, 0, 0
	var last rune
	flags := 0
	for i, r := range s {
		if i > 0 && !joins(last, r, flags) {
			end = i
		}
		if n += units(r); n > limit {
			break
		}
		hard = i + len(string(r))
		if isFlag(r) {
			flags++
		} else {
			flags = 0
		}
		last = r
	}
	if n <= limit {
		return s
	}
	if end == 0 {
		return s[:hard]
	}
	return s[:end]
}

const zeroWidthJoiner = '\u200d'

// joins reports whether r belongs to the same visible character as last does;
// flags is how many letters of flags came just before r.
func joins(last, r rune, flags int) bool {
	switch {
	case last == zeroWidthJoiner, r == zeroWidthJoiner:
		return true
	case unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me):
		return true
	case r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0020 && r <= 0xE007F: // skin tones, tags
		return true
	case r >= 0x1160 && r <= 0x11FF: // later parts of a Hangul syllable
		return true
	case last == '\r' && r == '\n':
		return true
	}
	return isFlag(r) && flags%2 == 1
}

func isFlag(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
