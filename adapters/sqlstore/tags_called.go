package sqlstore

import (
	"context"
	"slices"
	"sync"
)

// tagNames tells what tags are called that stand in a ticket as the text ids, for a
// database that this process alone writes: what was asked once is remembered, since
// the question takes longer than reading the rest of the ticket.
func (tx *Tx) tagNames(ctx context.Context, ids string) ([]string, error) {
	if ids == "[]" {
		return nil, nil
	}
	if names, known := tx.store.called.of(ids); known && !tx.recall {
		return names, nil
	}
	text, err := one(ctx, tx.Conn, nil, text, `SELECT json_group_array(i.name) FROM json_each(?) j JOIN tags g ON g.id = j.value JOIN tags i ON i.id = g.target_id`, ids)
	if err != nil {
		return nil, err
	}
	names, err := namesFromJSON(text)
	if err == nil && !tx.recall {
		tx.store.called.put(ids, names)
	}
	return names, err
}

// text reads a row of one text.
func text(row scanner) (string, error) {
	var s string
	err := row.Scan(&s)
	return s, err
}

// recalls lets what tags are called be asked for again, by this transaction always:
// whether it commits is open, and until it ends no other one looks.
func (tx *Tx) recalls() {
	tx.recall = true
	tx.store.called.forget()
}

// called remembers what tags are called, by the text that stands in tickets.
type called struct {
	mu    sync.Mutex
	names map[string][]string
}

// mostCalled bounds the memory that it takes.
const mostCalled = 2000

// of gives names that the caller may change.
func (c *called) of(ids string) ([]string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	names, known := c.names[ids]
	return slices.Clone(names), known
}

func (c *called) put(ids string, names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil || len(c.names) == mostCalled {
		c.names = make(map[string][]string)
	}
	c.names[ids] = slices.Clone(names)
}

func (c *called) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names = nil
}
