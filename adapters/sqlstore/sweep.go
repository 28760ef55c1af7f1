package sqlstore

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
)

// sweeper wakes those whom a signal may have missed, because the process that
// owed it died between its commit and the signal.
type sweeper struct {
	every  time.Duration
	ends   func(context.Context) (map[string]int64, error) // of each workspace's history
	look   func(context.Context) error                     // who else there is
	hub    *hub
	logger *slog.Logger
	seen   map[string]int64
}

// run sweeps until ctx ends.
func (w *sweeper) run(ctx context.Context) {
	for pause(ctx, w.every) == nil {
		if err := errors.Join(w.sweep(ctx), w.look(ctx)); err != nil && ctx.Err() == nil {
			w.logger.WarnContext(ctx, "looking for missed signals failed", "error", oneLine(err))
		}
	}
}

// sweep wakes who waits for a history that grew, and all who wait for anything
// else: for them a look costs no more than this one.
func (w *sweeper) sweep(ctx context.Context) error {
	ends, err := w.ends(ctx)
	if err != nil {
		return err
	}
	w.hub.publishIf(func(topic string) bool {
		rest, ok := strings.CutPrefix(topic, "events:")
		if !ok {
			return true
		}
		workspace, _, _ := strings.Cut(rest, ":")
		return ends[workspace] != w.seen[workspace]
	})
	w.seen = ends
	return nil
}

// historyEnds tells how far each workspace's history goes.
func (s *Store) historyEnds(ctx context.Context) (map[string]int64, error) {
	ends := map[string]int64{}
	err := s.Read(ctx).each(ctx, func(row scanner) error {
		var workspace string
		var end int64
		err := row.Scan(&workspace, &end)
		ends[workspace] = end
		return err
	}, `SELECT substr(name, 8), value FROM counters WHERE name LIKE 'events/%'`)
	return ends, err
}
