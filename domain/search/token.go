package search

import (
	"unicode"
	"unicode/utf8"
)

// maxToken is how much of a word counts, in bytes: the rest is cut off. PostgreSQL takes
// no token of more than 2046 bytes.
const maxToken = 100

// Token is a part of a text that can be looked for.
type Token struct {
	Text       string // as it is compared
	Start, End int    // where it stands, in bytes

	gram bool // two characters that follow each other in a script without spaces, or the last one
	last bool // of a run of such
}

// Tokens takes a text apart. A word is a run of letters and digits, a symbol stands by
// itself. In scripts without spaces each character makes a token with the next one, and
// the last one by itself, so that each part of a text is a run of its tokens.
func Tokens(text string) []Token {
	const usual = 6 // bytes of a word and what stands before the next one
	s := scan{text: text, all: make([]Token, 0, len(text)/usual+1)}
	for s.at < len(text) {
		r, size := utf8.DecodeRuneInString(text[s.at:])
		s.next(r, size)
		s.at += size
	}
	s.endWord()
	s.endRun()
	return s.all
}

// scan is a text that is being taken apart.
type scan struct {
	text string
	at   int
	all  []Token

	word             []byte // as it is compared, as far as it goes
	wordFrom, wordTo int
	run              []Token // characters of a script without spaces
}

func (s *scan) next(r rune, size int) {
	end := s.at + size
	switch {
	case r < utf8.RuneSelf && !ascii(r):
		s.endWord()
		s.endRun()
	case r >= utf8.RuneSelf && (accent(r) || silent(r)):
	case unspaced(r):
		s.endWord()
		s.run = append(s.run, Token{Text: string(fold(nil, r)), Start: s.at, End: end})
	case len(s.run) > 0 && unicode.Is(unicode.M, r):
		last := &s.run[len(s.run)-1]
		if len(last.Text)+utf8.RuneLen(r) <= maxToken/2 { // two of them make a token
			last.Text += string(r)
		}
		last.End = end
	case r < utf8.RuneSelf || unicode.In(r, unicode.L, unicode.N, unicode.M):
		s.endRun()
		s.letter(r, end)
	default:
		s.endWord()
		s.endRun()
		if unicode.Is(unicode.So, r) {
			s.all = append(s.all, Token{Text: string(r), Start: s.at, End: end})
		}
	}
}

func ascii(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func (s *scan) letter(r rune, end int) {
	if len(s.word) == 0 {
		s.wordFrom = s.at
	}
	if longer := fold(s.word, r); len(longer) <= maxToken {
		s.word = longer
	}
	s.wordTo = end
}

func (s *scan) endWord() {
	if len(s.word) > 0 {
		word := s.text[s.wordFrom:s.wordTo]
		if word != string(s.word) {
			word = string(s.word)
		}
		s.all = append(s.all, Token{Text: word, Start: s.wordFrom, End: s.wordTo})
		s.word = s.word[:0]
	}
}

func (s *scan) endRun() {
	for i, c := range s.run {
		if i+1 < len(s.run) {
			c.Text, c.End = c.Text+s.run[i+1].Text, s.run[i+1].End
		}
		c.gram, c.last = true, i+1 == len(s.run)
		s.all = append(s.all, c)
	}
	s.run = s.run[:0]
}

// Phrase is tokens that follow each other.
type Phrase struct {
	Tokens []string
	Prefix bool // of the last one only the beginning is given
	// Called makes it stand for whoever has all of the tokens in their name, in any order,
	// rather than for the tokens themselves.
	Called bool
}

// PhraseOf takes a text apart that is looked for. A run of a script without spaces may
// end in the middle of one.
func PhraseOf(text string) Phrase {
	all := Tokens(text)
	var p Phrase
	if n := len(all); n > 0 && all[n-1].gram {
		if alone := n == 1 || !all[n-2].gram || all[n-2].last; alone {
			p.Prefix = true
		} else {
			all = all[:n-1]
		}
	}
	for _, t := range all {
		p.Tokens = append(p.Tokens, t.Text)
	}
	return p
}
