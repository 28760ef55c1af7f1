package queue

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/id"
)

// store saves a queue and records what that changes.
func (s *Service) store(ctx context.Context, c access.Call, q Queue) (*Queue, error) {
	var saved Queue
	err := audit.Record(ctx, s.repo, c, s.now(q.Workspace, q.ID), func(ctx context.Context) error {
		saved = q
		return s.repo.Save(ctx, &saved)
	})
	if err != nil {
		return nil, err
	}
	return &saved, nil
}

// now gives what the record tells of a queue.
func (s *Service) now(w id.Workspace, q id.Queue) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		found, err := s.repo.Get(ctx, w, q)
		state := audit.State{}
		for _, q := range found {
			state[audit.Object{Kind: audit.Queue, ID: int64(q.ID)}] = audit.Facts{"name": audit.Text(q.Name)}
		}
		return state, err
	}
}

// grantsNow gives what the record tells of the workspace's grants.
func (s *Service) grantsNow(w id.Workspace) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		all, err := s.repo.Grants(ctx, w)
		state := audit.State{}
		for _, g := range all {
			state[audit.Object{Kind: audit.Grant, ID: int64(g.ID)}] = audit.Facts{
				"queueId": audit.Named(audit.Queue, g.Queue), "categoryId": audit.Named(audit.Category, g.Category),
				"role": audit.Text(g.Role), "permission": audit.Text(g.Class), "effect": audit.Text(g.Effect),
			}
		}
		return state, err
	}
}
