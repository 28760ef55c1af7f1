package sqlstore

import (
	"context"
	"maps"
	"slices"

	"github.com/ticketsys/ticketsys/domain/id"
)

// follower is something that is kept up with what happens by reading each workspace's
// history, so that who makes it happen need not wait for it. Events become visible in
// the order of their sequences, so one number tells how far it is.
type follower string

const (
	followedSQL = `COALESCE((SELECT f.sequence FROM followers f WHERE f.workspace_id = ? AND f.name = ?), 0)`
	historyEnd  = `(SELECT MAX(e.sequence) FROM events e WHERE e.workspace_id = w.id)`
	// behindSQL chooses the workspaces of which a follower does not know all.
	behindSQL = ` FROM workspaces w LEFT JOIN followers f ON f.workspace_id = w.id AND f.name = ? WHERE ` + historyEnd + ` > COALESCE(f.sequence, 0)`
	// followSQL never goes back.
	followSQL    = `INSERT INTO followers (workspace_id, name, sequence) VALUES `
	followEndSQL = ` ON CONFLICT (workspace_id, name) DO UPDATE SET sequence = excluded.sequence WHERE followers.sequence < excluded.sequence`
)

// followed is how far a workspace's history was followed.
type followed struct {
	workspace id.Workspace
	sequence  int64
}

// behind gives some of the workspaces of which the follower does not know all.
func (f follower) behind(ctx context.Context, c Conn, limit int) ([]followed, error) {
	return collect(ctx, c, func(row scanner) (followed, error) {
		var at followed
		err := row.Scan((*int64)(&at.workspace), &at.sequence)
		return at, err
	}, `SELECT w.id, COALESCE(f.sequence, 0)`+behindSQL+` ORDER BY w.id LIMIT ?`, string(f), limit)
}

// hold gives how far a workspace's history was followed, to whom nobody else follows it
// meanwhile.
func (f follower) hold(ctx context.Context, tx *Tx, w id.Workspace) (int64, error) {
	if _, err := tx.Exec(ctx, followSQL+`(?, ?, 0) ON CONFLICT (workspace_id, name) DO NOTHING`, int64(w), string(f)); err != nil {
		return 0, err
	}
	return one(ctx, tx.Conn, nil, number[int64], `SELECT sequence FROM followers WHERE workspace_id = ? AND name = ?`+tx.ForUpdate(), int64(w), string(f))
}

// follow notes how far histories were followed.
func (f follower) follow(ctx context.Context, c Conn, ends map[id.Workspace]int64) error {
	rows := bulk{sql: followSQL, end: followEndSQL}
	for _, w := range slices.Sorted(maps.Keys(ends)) {
		rows.add(int64(w), string(f), ends[w])
	}
	return rows.write(ctx, c)
}

// skip lets the follower pass over the events that the transaction is about to add between
// two numbers, of which it learns by another way, unless others wait before them.
func (f follower) skip(ctx context.Context, c Conn, w id.Workspace, from, to int64) error {
	at, err := one(ctx, c, nil, number[int64], `SELECT `+followedSQL, int64(w), string(f))
	if err != nil || at < from {
		return err
	}
	return f.follow(ctx, c, map[id.Workspace]int64{w: to})
}
