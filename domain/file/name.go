package file

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unnamed is what a file is called that has no name worth the word.
const unnamed = "file"

// SafeName makes a name that is nothing but one: no folder, nothing that
// systems give a meaning to, nothing invisible that makes it look like another.
// What it ends in is kept when it is shortened.
func SafeName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(safe, strings.ToValidUTF8(name, "_"))
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if strings.Trim(name, "_") == "" {
		return unnamed
	}
	return shorten(name)
}

func safe(r rune) rune {
	switch {
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs):
		return -1
	}
	return r
}

func shorten(name string) string {
	if utf8.RuneCountInString(name) <= MaxName {
		return name
	}
	ending := []rune(path.Ext(name))
	if len(ending) > 16 {
		ending = nil
	}
	return strings.TrimRight(string([]rune(name)[:MaxName-len(ending)]), ". ") + string(ending)
}
