package sqlstore_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// passage is something that can be found, as people see it.
type passage struct {
	place    int64
	name     string
	texts    []string
	names    []string // of people and tags
	at       time.Time
	attached bool
}

// scan looks at all that the actor may read, one by one, by the rules that docs/search.md
// states.
func (l *library) scan(i int, text string) []string {
	l.t.Helper()
	q := got(search.Parse(text))(l.t)
	var all []passage
	for _, t := range l.tickets {
		views := got(l.world.tickets.Find(l.t.Context(), l.as(i), t.ID))(l.t)
		if len(views) == 0 || !l.fits(views[0], i, q.Filters) {
			continue
		}
		passages := l.passages(views[0], i)
		if len(q.Words) == 0 {
			passages = slices.DeleteFunc(passages, func(p passage) bool { return p.place != search.PlaceOf(t.ID, false) })
		}
		all = append(all, passages...)
	}
	all = slices.DeleteFunc(all, func(p passage) bool { return !p.holds(q) })
	slices.SortFunc(all, func(a, b passage) int { return cmp.Compare(b.place, a.place) })
	found := make([]string, len(all))
	for i, p := range all {
		found[i] = p.name
	}
	return found
}

func (l *library) passages(v *ticket.View, i int) []passage {
	l.t.Helper()
	ctx := l.t.Context()
	requester := v.RequesterMember.Name
	header := passage{
		place: search.PlaceOf(v.ID, false), name: placeOf(v.ID, 0, false), texts: []string{v.Subject}, names: []string{requester}, at: v.OpenedAt,
	}
	if v.AssigneeMember != nil {
		header.names = append(header.names, v.AssigneeMember.Name)
	}
	for _, p := range got(l.world.tickets.Participants(ctx, l.as(i), v.ID))(l.t)[v.ID] {
		header.names = append(header.names, p.Name)
	}
	staff := passage{place: search.PlaceOf(v.ID, true), name: placeOf(v.ID, 0, true), texts: slices.Clone(v.Tags), at: v.OpenedAt}
	for _, a := range v.Answers {
		if a.Internal {
			staff.texts = append(staff.texts, a.Value)
		} else {
			header.texts = append(header.texts, a.Value)
		}
	}
	var all []passage
	said := got(l.world.tickets.Messages(ctx, l.as(i), query.Query{}, page.Request{First: 100}, v.ID))(l.t)[v.ID]
	for _, m := range said.Items {
		if !m.DeletedAt.IsZero() {
			continue
		}
		p := passage{place: search.PlaceOf(m.ID, false), name: placeOf(v.ID, m.ID, !m.Public()), texts: []string{m.Body}, names: []string{requester}, at: m.OccurredAt, attached: l.attached[m.ID]}
		header.attached = header.attached || m.Public() && p.attached
		if a := slices.IndexFunc(l.actors, func(a access.Actor) bool { return a.Member == m.Author }); a >= 0 {
			p.names = append(p.names, l.nameOf(a))
		}
		all = append(all, p)
	}
	all = append(all, header)
	if staff.attached = header.attached; access.Allowed(l.actors[i], access.NoteSee, v.Scope(l.actors[i])) && len(staff.texts) > 0 {
		all = append(all, staff)
	}
	return all
}

func (l *library) nameOf(i int) string {
	l.t.Helper()
	return got(l.s.Members().Get(l.t.Context(), l.id, l.actors[i].Member))(l.t)[0].Name
}

func (p passage) holds(q search.Query) bool {
	for _, f := range q.Filters {
		if !p.timely(f) {
			return false
		}
	}
	for _, w := range q.Words {
		if p.has(w.Phrase) == w.Not {
			return false
		}
	}
	return true
}

func (p passage) timely(f search.Filter) bool {
	var holds bool
	switch f.Key {
	case search.Before:
		holds = p.at.Before(f.Values[0].Moment)
	case search.After:
		holds = !p.at.Before(f.Values[0].Moment)
	case search.Has:
		holds = p.attached
	default:
		return true
	}
	return holds != f.Not
}

func (p passage) has(w search.Phrase) bool {
	tokens := func(text string) (all []string) {
		for _, t := range search.Tokens(text) {
			all = append(all, t.Text)
		}
		return all
	}
	for _, text := range p.texts {
		if w.Find(tokens(text)) >= 0 {
			return true
		}
	}
	for _, name := range p.names {
		if named(tokens(name), w) {
			return true
		}
	}
	return false
}

func named(name []string, w search.Phrase) bool {
	for i, token := range w.Tokens {
		last := w.Prefix && i+1 == len(w.Tokens)
		if !slices.ContainsFunc(name, func(s string) bool { return s == token || last && strings.HasPrefix(s, token) }) {
			return false
		}
	}
	return true
}

// fits looks at the filters that ask for the ticket.
func (l *library) fits(v *ticket.View, i int, filters []search.Filter) bool {
	notes := access.Allowed(l.actors[i], access.NoteSee, v.Scope(l.actors[i]))
	for _, f := range filters {
		holds := slices.ContainsFunc(f.Values, func(value search.Value) bool {
			word := strings.ToLower(value.Text)
			switch f.Key {
			case search.ByStatus:
				return string(v.Status) == word
			case search.ByPriority:
				return string(v.Priority) == word
			case search.ByTag:
				return notes && slices.ContainsFunc(v.Tags, func(t string) bool { return strings.EqualFold(t, word) })
			case search.ByQueue:
				return strings.EqualFold(v.InQueue.Name, word)
			case search.ByCategory:
				return v.Category == l.category
			case search.ByRequester:
				return word == "me" && v.Requester == l.actors[i].Member || word == "bob" && v.Requester == l.actors[0].Member
			case search.ByAssignee:
				return word == "none" && v.Assignee == 0 || word == "me" && v.Assignee == l.actors[i].Member ||
					word == "anna" && v.Assignee == l.actors[2].Member
			default: // the passage's
				return !f.Not
			}
		})
		if holds == f.Not {
			return false
		}
	}
	return true
}
