package ticket

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/tag"
)

// AddTags marks the ticket with tags of the vocabulary, by names that they have or
// had, all or none. Who may mark the ticket may do so with a word that is new: it
// enters the vocabulary. Codes besides: invalid.
func (s *Service) AddTags(ctx context.Context, c access.Call, r Ref, tags ...string) (*Ticket, error) {
	names, err := s.called(ctx, c, tags)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, c, r, access.TicketManage, addingTags(names))
}

func addingTags(names []string) func(Cause, *Ticket) error {
	return func(cause Cause, t *Ticket) error {
		for _, name := range names {
			if err := t.AddTag(cause, name); err != nil {
				return err
			}
		}
		return nil
	}
}

// RemoveTags takes marks away, by names that they have or had.
func (s *Service) RemoveTags(ctx context.Context, c access.Call, r Ref, tags ...string) (*Ticket, error) {
	names, err := s.called(ctx, c, tags)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, c, r, access.TicketManage, removingTags(names))
}

func removingTags(names []string) func(Cause, *Ticket) error {
	return func(cause Cause, t *Ticket) error {
		for _, name := range names {
			if err := t.RemoveTag(cause, name); err != nil {
				return err
			}
		}
		return nil
	}
}

// called gives what the vocabulary calls the tags of these names now, and the names
// themselves where it has no such tag, or where they can't be names.
func (s *Service) called(ctx context.Context, c access.Call, names []string) ([]string, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	var asked []string
	for _, name := range names {
		if clean, err := locale.Clean(name, "tags", 1, tag.MaxName); err == nil {
			asked = append(asked, clean)
		}
	}
	if len(asked) == 0 {
		return names, nil
	}
	known, err := s.repo.TagNames(ctx, c.Actor.Workspace, asked...)
	if err != nil {
		return nil, err
	}
	now := make([]string, len(names))
	for i, name := range names {
		now[i] = name
		if called, ok := known[tag.Key(name)]; ok {
			now[i] = called
		}
	}
	return now, nil
}
