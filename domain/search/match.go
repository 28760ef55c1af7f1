package search

import "strings"

// Find gives where in a text the phrase first begins, as an index of the text's tokens;
// -1: nowhere.
func (p Phrase) Find(text []string) int {
	for i := 0; i+len(p.Tokens) <= len(text); i++ {
		if p.begins(text[i:]) {
			return i
		}
	}
	return -1
}

func (p Phrase) begins(text []string) bool {
	for i, token := range p.Tokens {
		if text[i] != token && (!p.Prefix || i+1 < len(p.Tokens) || !strings.HasPrefix(text[i], token)) {
			return false
		}
	}
	return len(p.Tokens) > 0
}

// among reports whether all of the phrase's tokens are among a name's, in any order.
func (p Phrase) among(name []string) bool {
	for i, token := range p.Tokens {
		one := Phrase{Tokens: []string{token}, Prefix: p.Prefix && i+1 == len(p.Tokens)}
		if one.Find(name) < 0 {
			return false
		}
	}
	return true
}

// Match is what the tokens of a document must be like. An index holds documents by
// their tokens; a store asks it this.
type Match struct {
	Every []Alternatives
	None  []Alternatives
}

// Alternatives are phrases of which one must stand in a document.
type Alternatives []Phrase

// Holds reports whether the document is one that is looked for.
func (m Match) Holds(d *Document) bool {
	tokens := d.Tokens()
	for _, a := range m.Every {
		if !a.hold(d, tokens) {
			return false
		}
	}
	for _, a := range m.None {
		if a.hold(d, tokens) {
			return false
		}
	}
	return true
}

func (a Alternatives) hold(d *Document, tokens []string) bool {
	for _, p := range a {
		if p.Called && d.concerns(p) || !p.Called && p.Find(tokens) >= 0 {
			return true
		}
	}
	return false
}

// concerns reports whether somebody in the document is so called.
func (d *Document) concerns(name Phrase) bool {
	for _, p := range d.Parts {
		if p.ID != 0 && p.Kind != TagName && name.among(textsOf(p.Text)) {
			return true
		}
	}
	return false
}

// Apart gives the alternatives that are tokens, and those that are names.
func (a Alternatives) Apart() (said, called Alternatives) {
	for _, p := range a {
		if p.Called {
			called = append(called, p)
		} else {
			said = append(said, p)
		}
	}
	return said, called
}
