package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of a text is shown, and of it before the first mark, in characters.
const (
	excerptLength = 160
	excerptBefore = 40
)

// Excerpt is a part of a document, or a piece of it, that shows why it was found.
type Excerpt struct {
	Kind   PartKind
	Label  string // of an answer: the question
	Pieces []Piece
}

// Piece is a run of text in an excerpt.
type Piece struct {
	Text   string
	Marked bool // it is what was looked for
}

// Text gives the excerpt without its marks.
func (e Excerpt) Text() string {
	var text strings.Builder
	for _, p := range e.Pieces {
		text.WriteString(p.Text)
	}
	return text.String()
}

// span is a piece of a text, in bytes.
type span struct{ from, to int }

// marks gives where in the part the words stand, in order, and how many of the words do.
func (p Part) marks(words []Words) (spans []span, found int) {
	tokens := Tokens(p.Text)
	texts := make([]string, len(tokens))
	for i, t := range tokens {
		texts[i] = t.Text
	}
	for _, w := range words {
		if w.Not {
			continue
		}
		places := w.places(texts, p.ID != 0)
		if len(places) > 0 {
			found++
		}
		for _, at := range places {
			spans = append(spans, w.span(p.Text, tokens, at))
		}
	}
	return merged(spans), found
}

// place is a run of tokens.
type place struct{ at, length int }

// places gives where the phrase stands: one after the other, or each of its tokens
// anywhere in a name.
func (p Phrase) places(texts []string, name bool) []place {
	var all []place
	if !name || len(p.Tokens) == 1 {
		for i := 0; i+len(p.Tokens) <= len(texts); i++ {
			if p.begins(texts[i:]) {
				all = append(all, place{i, len(p.Tokens)})
			}
		}
		return all
	}
	if !p.among(texts) {
		return nil
	}
	for i, token := range p.Tokens {
		one := Phrase{Tokens: []string{token}, Prefix: p.Prefix && i+1 == len(p.Tokens)}
		all = append(all, one.places(texts, false)...)
	}
	return all
}

// span gives what a run of tokens covers. Of a pair of characters of which one was looked
// for, that one is covered.
func (p Phrase) span(text string, tokens []Token, at place) span {
	first, last := tokens[at.at], tokens[at.at+at.length-1]
	end := last.End
	if p.Prefix && last.gram && utf8.RuneCountInString(p.Tokens[len(p.Tokens)-1]) == 1 && !last.last {
		_, size := utf8.DecodeRuneInString(text[last.Start:])
		end = last.Start + size
	}
	return span{first.Start, end}
}

func merged(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var all []span
	for _, s := range spans {
		if n := len(all); n > 0 && s.from <= all[n-1].to {
			all[n-1].to = max(all[n-1].to, s.to)
			continue
		}
		all = append(all, s)
	}
	return all
}

// Excerpt shows the part in which most of the words stand.
func (d *Document) Excerpt(words []Words) Excerpt {
	var best Part
	var marks []span
	most := -1
	for _, p := range d.Parts {
		spans, found := p.marks(words)
		if found > most {
			best, marks, most = p, spans, found
		}
	}
	return Excerpt{Kind: best.Kind, Label: best.Label, Pieces: pieces(best.Text, marks)}
}

// pieces cuts the stretch out of a text that has most marks.
func pieces(text string, marks []span) []Piece {
	from, to := stretch(text, marks)
	var all []Piece
	add := func(a, b int, marked bool) {
		if t := spaced(text[a:b]); t != "" {
			all = append(all, Piece{t, marked})
		}
	}
	if from > 0 {
		all = append(all, Piece{Text: "…"})
	}
	at := from
	for _, m := range marks {
		if m.to <= from || m.from >= to {
			continue
		}
		begin, end := max(m.from, from), min(m.to, to)
		add(at, begin, false)
		add(begin, end, true)
		at = end
	}
	add(at, to, false)
	if to < len(text) {
		all = append(all, Piece{Text: "…"})
	}
	return all
}

// stretch gives which part of a text is shown.
func stretch(text string, marks []span) (from, to int) {
	if utf8.RuneCountInString(text) <= excerptLength {
		return 0, len(text)
	}
	most, first := -1, span{}
	for i, m := range marks {
		begin := back(text, m.from, excerptBefore)
		end := forth(text, begin, excerptLength)
		n := 0
		for _, other := range marks[i:] {
			if other.to <= end {
				n++
			}
		}
		if n > most {
			from, to, most, first = begin, end, n, m
		}
	}
	if most < 0 {
		return 0, forth(text, 0, excerptLength)
	}
	return uncut(marks, first, from, to)
}

// uncut makes a stretch end before, or begin behind, a mark that it would cut, since
// half a word is not what was looked for; but for its first, which may be longer than
// what is shown.
func uncut(marks []span, first span, from, to int) (int, int) {
	for _, m := range marks {
		if m.from < from && from < m.to {
			from = m.to
		}
		if m != first && m.from < to && to < m.to {
			to = m.from
		}
	}
	return from, to
}

// back goes some characters back, and from there to the next word that begins before
// where it started.
func back(text string, at, characters int) int {
	from := at
	for ; from > 0 && characters > 0; characters-- {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	if from == 0 {
		return 0
	}
	if i := strings.IndexFunc(text[from:at], unicode.IsSpace); i >= 0 {
		return from + i + 1
	}
	return from
}

// forth goes some characters forth.
func forth(text string, at, characters int) int {
	for ; at < len(text) && characters > 0; characters-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// spaced makes one space of each run of white space.
func spaced(text string) string {
	var out strings.Builder
	space := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			if !space {
				out.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		out.WriteRune(r)
	}
	return out.String()
}
