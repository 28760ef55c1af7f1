package ticket

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Fill gives fields of the ticket's category new values; those that are left
// empty lose theirs. All or none. Fields for staff alone make internal events.
// Codes: invalid, invalid_transition.
func (t *Ticket) Fill(c Cause, cat *category.Category, values map[string]category.Given, people category.People) error {
	if _, err := t.Status.after(moveChangeAspect); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		f := cat.Field(key)
		if f == nil || f.Purpose != category.Detail {
			return category.UnknownField(key)
		}
		a, err := f.Answer(t.Locale, values[key], people)
		if err != nil {
			return err
		}
		t.fill(c, a)
	}
	t.arrange(cat)
	return nil
}

func (t *Ticket) fill(c Cause, a category.Answer) {
	i := slices.IndexFunc(t.Answers, func(old category.Answer) bool { return old.Key == a.Key })
	var old category.Answer
	if i >= 0 {
		old = t.Answers[i]
	}
	if old.Value == a.Value && old.Member == a.Member && slices.Equal(old.Options, a.Options) {
		return
	}
	t.Answers = slices.Clone(t.Answers)
	switch {
	case a.Value == "":
		t.Answers = slices.Delete(t.Answers, i, i+1)
	case i >= 0:
		t.Answers[i] = a
	default:
		t.Answers = append(t.Answers, a)
	}
	t.changes.Fields = true
	t.recordAspect(c, a.Internal, event.FieldChanged{
		Key: a.Key, Kind: string(a.Type), From: facts(old), To: facts(a), FromMember: old.Member, ToMember: a.Member,
	})
}

// facts gives what the history may tell of an answer: what a person wrote is not
// among it.
func facts(a category.Answer) string {
	switch a.Type {
	case category.Choice, category.MultiChoice:
		return strings.Join(a.Options, ",")
	case category.Number, category.Date:
		return a.Value
	case category.Text, category.Member:
	}
	return ""
}

// arrange puts the answers in the order of the category's fields; those to
// fields of a category that the ticket had before come last.
func (t *Ticket) arrange(cat *category.Category) {
	place := func(a category.Answer) int {
		i := slices.IndexFunc(cat.Form, func(f category.Field) bool { return f.Key == a.Key })
		if i < 0 {
			return len(cat.Form)
		}
		return i
	}
	t.Answers = slices.Clone(t.Answers) // who has the ticket as it was has it so
	slices.SortStableFunc(t.Answers, func(a, b category.Answer) int { return cmp.Compare(place(a), place(b)) })
}

// Fill gives fields of the ticket new values; what is left empty is taken away. Its
// requester may do so with fields of which the category says that they may. Codes
// besides those of every verb: invalid, with the field "answers.KEY".
func (s *Service) Fill(ctx context.Context, c access.Call, r Ref, values map[string]category.Given) (*Ticket, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	if len(values) == 0 {
		return nil, fault.New(fault.Invalid, "fault.text.empty").On("answers")
	}
	needed, fill := s.filling(ctx, c, r, values)
	return s.change(ctx, c, r, needed, fill)
}

func (s *Service) filling(ctx context.Context, c access.Call, r Ref, values map[string]category.Given) (access.Permission, func(Cause, *Ticket) error) {
	cat, people, unfit := s.fields(ctx, c, r, values)
	needed := access.TicketManage
	if unfit == nil && cat.Editable(values) {
		needed = access.TicketAmend
	}
	return needed, func(cause Cause, t *Ticket) error {
		switch {
		case unfit != nil:
			return unfit
		case cat.ID != t.Category: // put into another one just now
			return ErrVersion.With("Current", t.Version)
		}
		return t.Fill(cause, cat, values, people)
	}
}

// fields finds the ticket's category, and the people whom values name.
func (s *Service) fields(ctx context.Context, c access.Call, r Ref, values map[string]category.Given) (*category.Category, category.People, error) {
	t, err := s.current(ctx, c, r.ID)
	if err != nil {
		return nil, nil, err
	}
	found, err := s.categories.Get(ctx, c.Actor.Workspace, t.Category)
	if err != nil {
		return nil, nil, err
	}
	if len(found) == 0 {
		return nil, nil, category.ErrNotFound
	}
	people, err := s.named(ctx, c, values)
	return found[0], people, err
}

// named finds the members whom answers name; unknown ones are left out.
func (s *Service) named(ctx context.Context, c access.Call, values map[string]category.Given) (category.People, error) {
	var wanted []id.Member
	for _, g := range values {
		if g.Member != 0 {
			wanted = append(wanted, g.Member)
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	found, err := s.members.Get(ctx, c.Actor.Workspace, wanted...)
	people := make(category.People, len(found))
	for _, m := range found {
		people[m.ID] = m.Name
	}
	return people, err
}
