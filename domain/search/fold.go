package search

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How wide an entry of the tables is, besides its letter.
const foldWidth = 4

// fold adds what a letter is compared as: without case and accents, full width as
// half.
func fold(to []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(to, byte(r))
	}
	if r >= '！' && r <= '～' { // the full-width forms of ASCII
		return fold(to, r-'！'+'!')
	}
	r = unicode.ToLower(unicode.ToUpper(r))
	if r < utf8.RuneSelf {
		return append(to, byte(r))
	}
	switch utf8.RuneLen(r) {
	case 2:
		return folded(to, r, foldTwo, 2)
	case 3:
		return folded(to, r, foldThree, 3)
	}
	return utf8.AppendRune(to, r)
}

// folded looks a letter up in a table whose letters have the given number of bytes.
func folded(to []byte, r rune, table string, size int) []byte {
	letter, width := string(r), size+foldWidth
	i := width * sort.Search(len(table)/width, func(i int) bool { return table[i*width:i*width+size] >= letter })
	if i == len(table) || table[i:i+size] != letter {
		return append(to, letter...)
	}
	return append(to, strings.TrimRight(table[i+size:i+width], " ")...)
}

// accent tells marks that go with an accent, or with vowels that people leave out: they
// count for nothing. Other marks are letters of their script.
func accent(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x591 && r <= 0x5c7 || r >= 0x610 && r <= 0x61a ||
		r >= 0x64b && r <= 0x65f || r == 0x670 || r >= 0x6d6 && r <= 0x6ed
}

// silent tells what stands in words without being read: soft hyphens, joiners, marks of
// direction, variants of symbols, and the Arabic stroke that makes words longer.
func silent(r rune) bool {
	return unicode.Is(unicode.Cf, r) || r == 0x640 || r >= 0xfe00 && r <= 0xfe0f
}

// unspaced tells scripts that put no spaces between words, and Korean, which hangs
// its endings onto them.
func unspaced(r rune) bool {
	return r >= 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Bopomofo, unicode.Yi) || r == 'ー' || r == 'ｰ'
}
