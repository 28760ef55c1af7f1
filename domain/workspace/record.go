package workspace

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// recorded makes a change that a channel leads the helpdesk itself to.
func (s *Service) recorded(ctx context.Context, now time.Time, w id.Workspace, ch event.Channel, change func(context.Context) error) error {
	c := access.Call{Actor: access.System(w), Now: now, Origin: event.Origin{Channel: ch}}
	return audit.Record(ctx, s.repo, c, s.now(w), change)
}

// recordedTyped makes a change for which a code of the caller's was typed by somebody
// else, whom the record names as the channel does.
func (s *Service) recordedTyped(ctx context.Context, c access.Call, typist string, change func(context.Context) error) error {
	w := c.Actor.Workspace
	return s.repo.Recorded(ctx, c, func(ctx context.Context) ([]audit.Entry, error) {
		before, err := s.now(w)(ctx)
		if err != nil {
			return nil, err
		}
		if err := change(ctx); err != nil {
			return nil, err
		}
		after, err := s.now(w)(ctx)
		if len(audit.Between(c, before, after)) > 0 {
			after[audit.Object{Kind: audit.Workspace, ID: int64(w)}]["linkedBy"] = audit.Text(string(c.Origin.Channel) + ":" + typist)
		}
		return audit.Between(c, before, after), err
	})
}

// adopt lets the place have the default workspace; nil if that can't be had.
func (s *Service) adopt(ctx context.Context, now time.Time, p Place, slug string) (*Workspace, error) {
	free, err := s.repo.BySlug(ctx, DefaultSlug)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var adopted *Workspace
	err = s.recorded(ctx, now, free.ID, p.Channel, func(ctx context.Context) (err error) {
		adopted, _, err = s.repo.Adopt(ctx, p, slug, now)
		return err
	})
	if fault.CodeOf(err) == fault.Conflict {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return adopted, nil
}

// now gives what the record tells of a workspace.
func (s *Service) now(w id.Workspace) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		found, err := s.repo.Get(ctx, w)
		if fault.CodeOf(err) == fault.NotFound {
			return audit.State{}, nil
		}
		if err != nil {
			return nil, err
		}
		links, err := s.repo.LinksOf(ctx, w)
		places := make([]string, len(links))
		for i, l := range links {
			places[i] = string(l.Channel) + ":" + l.ExternalID
		}
		return audit.State{{Kind: audit.Workspace, ID: int64(w)}: {
			"name": audit.Text(found.Name), "slug": audit.Text(found.Slug), "locale": audit.Text(found.Locale),
			"channel": audit.Text(found.Channel), "onSurfaceLost": audit.Text(found.OnLoss), "links": audit.Text(places...),
		}}, err
	}
}
