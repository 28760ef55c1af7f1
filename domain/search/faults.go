package search

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// field is the input that refusals are about.
const field = "query"

// OffsetArg and PartArg name, among the values of a refusal, where in the text its
// reason begins, counted in characters from 1, and the text there.
const (
	OffsetArg = "Offset"
	PartArg   = "Part"
)

// The refusals of this package.
var (
	ErrEmpty        = fault.New(fault.Invalid, "fault.search.empty").On(field)
	ErrTooLong      = fault.New(fault.Invalid, "fault.search.too_long").With("Most", MaxText).On(field)
	ErrTooMany      = fault.New(fault.Invalid, "fault.search.too_many").With("Most", MaxParts).On(field)
	ErrOnlyNot      = fault.New(fault.Invalid, "fault.search.only_not").On(field)
	ErrQuote        = fault.New(fault.Invalid, "fault.search.quote_open").On(field)
	ErrNoLetters    = fault.New(fault.Invalid, "fault.search.no_letters").On(field)
	ErrPrefix       = fault.New(fault.Invalid, "fault.search.prefix_short").With("Least", leastPrefix).On(field)
	ErrKey          = fault.New(fault.Invalid, "fault.search.key_unknown").With("Known", known(Keys())).On(field)
	ErrNoValue      = fault.New(fault.Invalid, "fault.search.value_missing").On(field)
	ErrValue        = fault.New(fault.Invalid, "fault.search.value_unknown").On(field)
	ErrDate         = fault.New(fault.Invalid, "fault.search.date").On(field)
	ErrNameUnknown  = fault.New(fault.Invalid, "fault.search.name_unknown").On(field)
	ErrNamesTooMany = fault.New(fault.Invalid, "fault.search.names_too_many").With("Most", maxNames).On(field)
)

// known names what could have been typed.
func known[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, word := range all {
		words[i] = string(word)
	}
	return strings.Join(words, ", ")
}

// at points a refusal to a part of the text.
func at(f *fault.Error, offset int, part string) *fault.Error {
	return f.With(OffsetArg, offset+1).With(PartArg, part)
}

// Offset gives where in the text the reason of a refusal begins, counted in characters
// from 0, and how many characters are meant.
func Offset(err error) (offset, length int, ok bool) {
	f, is := errors.AsType[*fault.Error](err)
	if !is {
		return 0, 0, false
	}
	from, placed := f.Args[OffsetArg].(int)
	part, _ := f.Args[PartArg].(string)
	return from - 1, utf8.RuneCountInString(part), placed
}
