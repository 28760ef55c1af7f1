package sqlstore

import (
	"context"
	"slices"
	"sync"

	"github.com/ticketsys/ticketsys/domain/id"
)

const (
	calledSQLite = `SELECT json_group_array(i.name) FROM json_each(?) j JOIN tags g ON g.id = j.value JOIN tags i ON i.id = g.target_id`
	// The text travels as such: an array of numbers would have to be made of it here.
	calledPostgres = `SELECT COALESCE(CAST(array_to_json(array_agg(i.name)) AS TEXT), '[]') FROM tags g JOIN tags i ON i.id = g.target_id
		WHERE g.id = ANY(CAST(string_to_array(btrim(CAST(? AS TEXT), '[]'), ',') AS BIGINT[]))`
)

// tagNames tells what tags are called that stand in a ticket as the text ids. What was
// asked once is remembered, since the question takes longer than reading the rest of the
// ticket: on PostgreSQL for a version of the workspace's words, which other processes may
// change, and on SQLite until something else has written.
func (tx *Tx) tagNames(ctx context.Context, words int64, ids string) ([]string, error) {
	if ids == "[]" {
		return nil, nil
	}
	known := calledBy{words, ids}
	if names, ok := tx.store.called.of(known); ok && !tx.recall {
		return names, nil
	}
	text, err := one(ctx, tx.Conn, nil, text, tx.dialect.called, ids)
	if err != nil {
		return nil, err
	}
	names, err := namesFromJSON(text)
	if err == nil && !tx.recall {
		tx.store.called.put(known, names)
	}
	return names, err
}

// text reads a row of one text.
func text(row scanner) (string, error) {
	var s string
	err := row.Scan(&s)
	return s, err
}

// recalls lets what a workspace's tags are called be asked for again, by this transaction
// always: whether it commits is open. Until it ends no other one looks on SQLite, and none
// sees the new version on PostgreSQL.
func (tx *Tx) recalls(ctx context.Context, w id.Workspace) error {
	tx.recall = true
	tx.store.called.forget()
	_, err := tx.Exec(ctx, `UPDATE workspaces SET words = words + 1 WHERE id = ?`, int64(w))
	return err
}

// called remembers what tags are called.
type called struct {
	mu    sync.Mutex
	names map[calledBy][]string
}

// calledBy are a version of a workspace's words, and the IDs of tags as they stand in its
// tickets.
type calledBy struct {
	words int64
	ids   string
}

// mostCalled bounds the memory that it takes.
const mostCalled = 2000

// of gives names that the caller may change.
func (c *called) of(ids calledBy) ([]string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	names, known := c.names[ids]
	return slices.Clone(names), known
}

func (c *called) put(ids calledBy, names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil || len(c.names) == mostCalled {
		c.names = make(map[calledBy][]string)
	}
	c.names[ids] = slices.Clone(names)
}

func (c *called) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names = nil
}
