package search

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	// maxNames is how many people a filter's name may stand for.
	maxNames = 100
	// listedNames is how many people of a name are looked for one by one, by what the
	// index knows of each. When there are more, it is asked of each hit who is so called.
	listedNames = 250
)

// asking turns what somebody typed into what a store is asked for.
type asking struct {
	*Service
	actor access.Actor
	tags  []Tag // nil: none may be known
	ask   Ask
}

func (s *Service) ask(ctx context.Context, c access.Call, v ticket.Visibility, q Query) (Ask, error) {
	a := &asking{Service: s, actor: c.Actor}
	if len(q.Words) > 0 && reaches(v.Notes) {
		var err error
		if a.tags, err = s.repo.Tags(ctx, c.Actor.Workspace); err != nil {
			return Ask{}, err
		}
	}
	for _, w := range q.Words {
		if err := a.words(ctx, w); err != nil {
			return Ask{}, err
		}
	}
	if len(q.Words) > 0 {
		a.ask.Words.Every = append(a.ask.Words.Every, Alternatives{{Tokens: []string{OfWorkspace(c.Actor.Workspace)}}})
	}
	for _, f := range q.Filters {
		if err := a.filter(ctx, f); err != nil {
			return Ask{}, err
		}
	}
	return a.ask, nil
}

// reaches reports whether some ticket may pass the filter.
func reaches(f access.TicketFilter) bool {
	return f.All || f.AnyQueue || f.AsRequester || f.AsAssignee || f.AsParticipant || len(f.Queues)+len(f.Categories) > 0
}

// words adds a word or a phrase, which also stands where people and tags are so called.
func (a *asking) words(ctx context.Context, w Words) error {
	alternatives := Alternatives{w.Phrase}
	people, err := a.repo.People(ctx, a.actor.Workspace, w.Phrase, listedNames+1)
	if err != nil {
		return err
	}
	if len(people) > listedNames {
		people = nil
		alternatives = append(alternatives, Phrase{Tokens: w.Tokens, Prefix: w.Prefix, Called: true})
	}
	for _, m := range people {
		alternatives = append(alternatives, Phrase{Tokens: []string{OfPerson(m)}})
	}
	for _, t := range a.tags {
		if w.Find(textsOf(t.Name)) >= 0 {
			alternatives = append(alternatives, Phrase{Tokens: []string{OfTag(t.ID)}})
		}
	}
	if w.Not {
		a.ask.Words.None = append(a.ask.Words.None, alternatives)
	} else {
		a.ask.Words.Every = append(a.ask.Words.Every, alternatives)
	}
	return nil
}

func (a *asking) filter(ctx context.Context, f Filter) error {
	if f.Key == Before || f.Key == After {
		a.time(f)
		return nil
	}
	if f.Key == Has {
		a.attached(f)
		return nil
	}
	holds, err := a.condition(ctx, f)
	if err != nil {
		return err
	}
	w := holds
	if f.Not {
		w = query.Where{Not: &holds}
	}
	a.ask.Where.And = append(a.ask.Where.And, w)
	return nil
}

func (a *asking) attached(f Filter) {
	want := WithFiles
	if f.Not {
		want = WithoutFiles
	}
	if a.ask.Attached != Anyhow && a.ask.Attached != want {
		a.never()
	}
	a.ask.Attached = want
}

// never lets nothing pass.
func (a *asking) never() {
	a.ask.Where.And = append(a.ask.Where.And, query.Where{Conditions: []query.Condition{{Field: query.FieldID, Op: query.In}}})
}

// time narrows the time that is asked for. Of several moments one must hold.
func (a *asking) time(f Filter) {
	first, last := f.Values[0].Moment, f.Values[0].Moment
	for _, v := range f.Values[1:] {
		if v.Moment.Before(first) {
			first = v.Moment
		}
		if v.Moment.After(last) {
			last = v.Moment
		}
	}
	switch {
	case f.Key == After && !f.Not:
		a.since(first)
	case f.Key == Before && f.Not:
		a.since(last)
	case f.Key == Before:
		a.until(last)
	default:
		a.until(first)
	}
}

func (a *asking) since(t time.Time) {
	if a.ask.Since.IsZero() || t.After(a.ask.Since) {
		a.ask.Since = t
	}
}

func (a *asking) until(t time.Time) {
	if a.ask.Until.IsZero() || t.Before(a.ask.Until) {
		a.ask.Until = t
	}
}

// condition says what a filter asks of tickets.
func (a *asking) condition(ctx context.Context, f Filter) (query.Where, error) {
	fields := map[Key]query.Field{
		ByStatus: ticket.FieldStatus, ByPriority: ticket.FieldPriority, ByTag: ticket.FieldTag, ByQueue: ticket.FieldQueue,
		ByCategory: ticket.FieldCategory, ByAssignee: ticket.FieldAssignee, ByRequester: ticket.FieldRequester,
	}
	c := query.Condition{Field: fields[f.Key], Op: query.In}
	var nobody bool
	for _, v := range f.Values {
		values, err := a.values(ctx, f.Key, v)
		if err != nil {
			return query.Where{}, err
		}
		c.Values = append(c.Values, values...)
		nobody = nobody || v.Nobody
	}
	if !nobody {
		return query.Where{Conditions: []query.Condition{c}}, nil
	}
	none := query.Condition{Field: c.Field, Op: query.IsNull, Values: []any{true}}
	return query.Where{Or: []query.Where{{Conditions: []query.Condition{c}}, {Conditions: []query.Condition{none}}}}, nil
}

func (a *asking) values(ctx context.Context, k Key, v Value) ([]any, error) {
	switch k {
	case ByStatus:
		return []any{string(v.Status)}, nil
	case ByPriority:
		return []any{int64(v.Priority.Rank())}, nil
	case ByTag:
		return []any{v.Text}, nil
	case ByQueue, ByCategory:
		return a.place(ctx, k, v)
	default: // somebody
		if v.Nobody {
			return nil, nil
		}
		return a.people(ctx, v)
	}
}

// people finds whom a name means. A name that nobody has is nobody's. How many have it is
// told to none but those who may see the members.
func (a *asking) people(ctx context.Context, v Value) ([]any, error) {
	if v.Me {
		return []any{int64(a.actor.Member)}, nil
	}
	counted := access.Allowed(a.actor, access.MemberSee, access.InWorkspace(a.actor.Workspace))
	most := maxNames + 1
	if !counted {
		most = math.MaxInt32
	}
	found, err := a.repo.People(ctx, a.actor.Workspace, PhraseOf(v.Text), most)
	if err != nil {
		return nil, err
	}
	if counted && len(found) > maxNames {
		return nil, at(ErrNamesTooMany, v.At, v.Text)
	}
	return anyOf(found), nil
}

// place finds which queues or categories a name means, in whatever language.
func (a *asking) place(ctx context.Context, k Key, v Value) ([]any, error) {
	called := a.categoriesCalled
	if k == ByQueue {
		called = a.queuesCalled
	}
	found, err := called(ctx, textsOf(v.Text))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, at(ErrNameUnknown, v.At, v.Text).With("Key", string(k))
	}
	return found, nil
}

func (a *asking) queuesCalled(ctx context.Context, name []string) ([]any, error) {
	all, err := a.queues.List(ctx, a.actor.Workspace)
	var found []any
	for _, q := range all {
		if slices.Equal(textsOf(q.Name), name) {
			found = append(found, int64(q.ID))
		}
	}
	return found, err
}

func (a *asking) categoriesCalled(ctx context.Context, name []string) ([]any, error) {
	all, err := a.categories.List(ctx, a.actor.Workspace)
	var found []any
	for _, c := range all {
		for _, text := range c.Name {
			if slices.Equal(textsOf(text), name) && !slices.Contains(found, any(int64(c.ID))) {
				found = append(found, int64(c.ID))
			}
		}
	}
	return found, err
}

func anyOf(members []id.Member) []any {
	all := make([]any, len(members))
	for i, m := range members {
		all[i] = int64(m)
	}
	return all
}
