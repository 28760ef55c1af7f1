package search

// Score tells how well a document fits what was looked for; more is better. A word counts
// once more or less however often it stands there, and more in a subject than in a message.
func (d *Document) Score(words []Words) int64 {
	var score int64
	for _, w := range words {
		if w.Not {
			continue
		}
		var best int64
		for _, p := range d.Parts {
			if n := int64(len(w.places(textsOf(p.Text), p.ID != 0))); n > 0 {
				best = max(best, p.Kind.weight()*1000*n/(n+1))
			}
		}
		score += best
	}
	return score
}

func textsOf(text string) []string {
	tokens := Tokens(text)
	texts := make([]string, len(tokens))
	for i, t := range tokens {
		texts[i] = t.Text
	}
	return texts
}
