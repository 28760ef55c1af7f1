// Package load answers for all rows of a list at once. Whoever builds a list
// names what its rows may be asked for; the first row that is asked fetches it
// for all, so that an operation takes as many statements for a hundred rows as
// for one, whatever the shape of the query and however its fields are scheduled.
package load

import (
	"context"
	"maps"
	"sync"
)

// Batch fetches values by key, all that were wanted at once.
type Batch[K comparable, V any] struct {
	fetch func(ctx context.Context, keys []K) (map[K]V, error)

	mu     sync.Mutex
	wanted []K
	known  map[K]bool // wanted or fetched
	found  map[K]V
}

// NewBatch makes a batch over fetch, which leaves out the keys that it does not find.
func NewBatch[K comparable, V any](fetch func(ctx context.Context, keys []K) (map[K]V, error)) *Batch[K, V] {
	return &Batch[K, V]{fetch: fetch}
}

// Want names keys that may be asked for; zero keys stand for nothing.
func (b *Batch[K, V]) Want(keys ...K) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.want(keys...)
}

func (b *Batch[K, V]) want(keys ...K) {
	var none K
	for _, k := range keys {
		if k == none || b.known[k] {
			continue
		}
		if b.known == nil {
			b.known = map[K]bool{}
		}
		b.known[k] = true
		b.wanted = append(b.wanted, k)
	}
}

// Get gives the key's value, the zero value when there is none.
func (b *Batch[K, V]) Get(ctx context.Context, k K) (V, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if v, ok := b.found[k]; ok {
		return v, nil
	}
	b.want(k)
	if err := b.flush(ctx); err != nil {
		var none V
		return none, err
	}
	return b.found[k], nil
}

// Put tells the value of a key, so that it is not fetched.
func (b *Batch[K, V]) Put(k K, v V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.found == nil {
		b.found = map[K]V{}
	}
	b.found[k] = v
}

// flush fetches what is wanted. After an error it stays wanted.
func (b *Batch[K, V]) flush(ctx context.Context) error {
	if len(b.wanted) == 0 {
		return nil
	}
	values, err := b.fetch(ctx, b.wanted)
	if err != nil {
		return err
	}
	if b.found == nil {
		b.found = make(map[K]V, len(values))
	}
	maps.Copy(b.found, values)
	b.wanted = nil
	return nil
}
