package search

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Parse reads what somebody typed:
//
//	word  wor*  "several words"  -not  -"not these"  key:value  -key:value  key:one,other  key:"two words"
//
// Punctuation that stands alone is no word. Codes: invalid, on the field "query", with
// the place of what is wrong where it lies at one.
func Parse(text string) (Query, error) {
	if n := utf8.RuneCountInString(text); n > MaxText {
		return Query{}, ErrTooLong.With("Length", n)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Query{}, fault.New(fault.Invalid, "fault.text.malformed").On(field)
	}
	p := parser{text: []rune(text)}
	for p.spaces(); p.at < len(p.text); p.spaces() {
		if err := p.part(); err != nil {
			return Query{}, err
		}
		if len(p.query.Words)+len(p.query.Filters) > MaxParts {
			return Query{}, ErrTooMany
		}
	}
	switch {
	case len(p.query.Words)+len(p.query.Filters) == 0:
		return Query{}, ErrEmpty
	case len(p.query.Filters) == 0 && !slices.ContainsFunc(p.query.Words, func(w Words) bool { return !w.Not }):
		return Query{}, ErrOnlyNot
	}
	return p.query, nil
}

type parser struct {
	text  []rune
	at    int
	query Query
}

func (p *parser) spaces() {
	for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
}

// part reads a word, a phrase or a filter.
func (p *parser) part() error {
	from, not := p.at, false
	if p.text[p.at] == '-' && p.at+1 < len(p.text) && !unicode.IsSpace(p.text[p.at+1]) {
		not = true
		p.at++
	}
	if key, ok := p.key(); ok {
		return p.filter(key, from, not)
	}
	begin := p.at
	text, quoted, err := p.value(func(r rune) bool { return unicode.IsSpace(r) || quote(r) })
	if err != nil {
		return err
	}
	w, err := words(text, quoted, begin)
	if err == nil && len(w.Tokens) > 0 {
		p.query.Words = append(p.query.Words, Words{Phrase: w, Not: not})
	}
	return err
}

// words reads what is looked for; nothing, if it is punctuation alone.
func words(text string, quoted bool, at0 int) (Phrase, error) {
	w := PhraseOf(text)
	switch {
	case len(w.Tokens) == 0 && quoted:
		return w, at(ErrNoLetters, at0, text)
	case len(w.Tokens) == 0 || quoted || !strings.HasSuffix(text, "*"):
		return w, nil
	}
	if last := w.Tokens[len(w.Tokens)-1]; len(last) < leastPrefix {
		return w, at(ErrPrefix, at0, text)
	}
	w.Prefix = true
	return w, nil
}

// quote tells what people, and the keyboards of their telephones, put around phrases.
func quote(r rune) bool { return strings.ContainsRune("\"“”„«»", r) }

// value reads up to where it ends, or what stands in quotation marks.
func (p *parser) value(ends func(rune) bool) (text string, quoted bool, err error) {
	from := p.at
	if quote(p.text[p.at]) {
		for p.at++; p.at < len(p.text); p.at++ {
			if quote(p.text[p.at]) {
				p.at++
				return string(p.text[from+1 : p.at-1]), true, nil
			}
		}
		return "", true, at(ErrQuote, from, string(p.text[from:]))
	}
	for p.at < len(p.text) && !ends(p.text[p.at]) {
		p.at++
	}
	return string(p.text[from:p.at]), false, nil
}

// key reads the name of a filter with its colon, if one stands here. An address like
// https://example.org has none, and neither has a word before a space.
func (p *parser) key() (string, bool) {
	end := p.at
	for end < len(p.text) && (p.text[end] < utf8.RuneSelf && unicode.IsLetter(p.text[end]) || p.text[end] == '_') {
		end++
	}
	if end-p.at < 2 || end >= len(p.text) || p.text[end] != ':' {
		return "", false
	}
	key := strings.ToLower(string(p.text[p.at:end]))
	if !slices.Contains(Keys(), Key(key)) && (end+1 == len(p.text) || unicode.IsSpace(p.text[end+1]) || p.text[end+1] == '/') {
		return "", false
	}
	p.at = end + 1
	return key, true
}

func (p *parser) filter(key string, from int, not bool) error {
	if !slices.Contains(Keys(), Key(key)) {
		return at(ErrKey, from, string(p.text[from:p.at]))
	}
	f := Filter{Key: Key(key), Not: not}
	for {
		begin := p.at
		if p.at == len(p.text) || unicode.IsSpace(p.text[p.at]) || p.text[p.at] == ',' {
			return at(ErrNoValue, from, string(p.text[from:p.at])).With("Key", key)
		}
		text, quoted, err := p.value(func(r rune) bool { return unicode.IsSpace(r) || r == ',' || quote(r) })
		if err != nil {
			return err
		}
		v, err := f.Key.value(Value{Text: text, At: begin}, quoted)
		if err != nil {
			return err
		}
		f.Values = append(f.Values, v)
		if len(f.Values) > MaxParts {
			return ErrTooMany
		}
		if p.at == len(p.text) || p.text[p.at] != ',' {
			break
		}
		p.at++
	}
	p.query.Filters = append(p.query.Filters, f)
	return nil
}

// value reads what a filter is given.
func (k Key) value(v Value, quoted bool) (Value, error) {
	word := strings.ToLower(v.Text)
	refused := at(ErrValue, v.At, v.Text).With("Key", string(k))
	switch k {
	case ByStatus:
		if v.Status = ticket.Status(word); !slices.Contains(ticket.Statuses(), v.Status) {
			return v, refused.With("Known", known(ticket.Statuses()))
		}
	case ByPriority:
		if v.Priority = priority.Level(word); v.Priority.Rank() == 0 {
			return v, refused.With("Known", known(priority.Levels()))
		}
	case Has:
		if word != Attachment {
			return v, refused.With("Known", Attachment)
		}
	case Before, After:
		return v.moment()
	case ByAssignee, ByRequester:
		v.Me = !quoted && word == Me
		v.Nobody = k == ByAssignee && !quoted && word == Nobody
		if len(PhraseOf(v.Text).Tokens) == 0 {
			return v, at(ErrNoLetters, v.At, v.Text)
		}
	case ByQueue, ByCategory, ByTag:
		if strings.TrimSpace(v.Text) == "" {
			return v, at(ErrNoLetters, v.At, v.Text)
		}
	}
	return v, nil
}

// moment reads a day of UTC, which begins then, or a moment by RFC 3339.
func (v Value) moment() (Value, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if m, err := time.Parse(layout, strings.ToUpper(v.Text)); err == nil && m.Year() > 0 {
			v.Moment = m.UTC()
			return v, nil
		}
	}
	return v, at(ErrDate, v.At, v.Text)
}
