package sqlstore

import (
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/search"
)

// apart takes names that many have out of what the index is asked for: these are conditions of
// their own. It leaves nothing out of what the index has to know.
func (f *finding) apart() (index search.Match, named []naming) {
	for _, a := range f.ask.Words.Every {
		said, called := a.Apart()
		if len(called) == 0 {
			index.Every = append(index.Every, a)
		} else {
			named = append(named, naming{said: said, called: called})
		}
	}
	for _, a := range f.ask.Words.None {
		said, called := a.Apart()
		if len(called) > 0 {
			named = append(named, naming{called: called, not: true})
		}
		index.None = append(index.None, said)
	}
	return index, named
}

// naming is what must, or must not, be true of a document: that it has words, or that somebody
// in it is so called.
type naming struct {
	said, called search.Alternatives
	not          bool
}

// add adds the condition on the document d of the ticket t; has is the one that it has words.
func (n naming) add(q *selection, w id.Workspace, has string, words func(search.Alternatives) string) {
	q.add(" AND (")
	if len(n.said) > 0 {
		q.add(has+" OR ", words(n.said))
	}
	q.add("(")
	for i, p := range n.called {
		if i > 0 {
			q.add(" OR ")
		}
		called := func(column string) {
			q.add("(")
			q.called(w, p, column)
			q.add(")")
		}
		q.add("CASE WHEN d.message_id <> 0 THEN ")
		called("t.requester_id")
		q.add(" OR EXISTS (SELECT 1 FROM messages y WHERE y.id = d.message_id AND ")
		called("y.author_id")
		q.add(") WHEN d.internal THEN FALSE ELSE ")
		called("t.requester_id")
		q.add(" OR (t.assignee_id IS NOT NULL AND ")
		called("t.assignee_id")
		q.add(") OR EXISTS (SELECT 1 FROM ticket_participants y WHERE y.ticket_id = t.id AND ")
		called("y.member_id")
		q.add(") END")
	}
	q.add(") IS " + map[bool]string{false: "", true: "NOT "}[n.not] + "TRUE)")
}

// called adds that the member in a column has all of the tokens in their name.
func (q *selection) called(w id.Workspace, p search.Phrase, column string) {
	for i, token := range p.Tokens {
		if i > 0 {
			q.add(" AND ")
		}
		q.add(`EXISTS (SELECT 1 FROM search_names n WHERE n.workspace_id = ? AND n.member_id = `+column+` AND `, int64(w))
		if p.Prefix && i+1 == len(p.Tokens) {
			q.add(`n.word >= ? AND n.word <= ?)`, token, token+lastRune)
		} else {
			q.add(`n.word = ?)`, token)
		}
	}
}
