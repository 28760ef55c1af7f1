package sqlstore

import (
	"context"
	"fmt"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// Create implements workspace.Repository.
func (r *WorkspaceRepository) Create(ctx context.Context, w *workspace.Workspace, setup workspace.Setup) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO workspaces (id, slug, name, locale, channel, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			int64(w.ID), w.Slug, w.Name, string(w.Locale), string(w.Channel), Micros(w.CreatedAt))
		if err != nil {
			return taken(err, workspace.ErrSlugTaken)
		}
		queues, err := r.furnishQueues(ctx, w.ID, setup)
		if err != nil {
			return err
		}
		return r.furnishCategories(ctx, w.ID, setup, queues)
	})
	return failed("create workspace", err)
}

// furnishQueues stores the queues and the team that serves them.
func (r *WorkspaceRepository) furnishQueues(ctx context.Context, w id.Workspace, setup workspace.Setup) ([]id.Queue, error) {
	queues := make([]id.Queue, len(setup.Queues))
	for i, name := range setup.Queues {
		queues[i] = id.Queue(r.store.ids.next())
		if err := r.store.Queues().Save(ctx, &queue.Queue{ID: queues[i], Workspace: w, Name: name}); err != nil {
			return nil, err
		}
	}
	if setup.Team == "" {
		return queues, nil
	}
	first := team.Team{ID: id.Team(r.store.ids.next()), Workspace: w, Name: setup.Team, Queues: queues}
	return queues, r.store.Teams().Save(ctx, &first)
}

func (r *WorkspaceRepository) furnishCategories(ctx context.Context, w id.Workspace, setup workspace.Setup, queues []id.Queue) error {
	for _, c := range setup.Categories {
		place := int(c.Queue)
		if place < 1 || place > len(queues) {
			return fmt.Errorf("the setup has no queue %d", place)
		}
		c.ID, c.Workspace, c.Queue = id.Category(r.store.ids.next()), w, queues[place-1]
		if err := r.store.Categories().Save(ctx, &c); err != nil {
			return err
		}
	}
	return nil
}
