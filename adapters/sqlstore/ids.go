package sqlstore

import (
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
)

// An identifier's 63 bits, from the highest: 41 of milliseconds since 2025, 11
// of node, 11 of sequence. They last until 2094.
const (
	nodeBits     = 11
	sequenceBits = 11
	nodes        = 1 << nodeBits
	sequences    = 1 << sequenceBits
	epochMillis  = 1_735_689_600_000 // 2025-01-01T00:00:00Z
)

// ids makes identifiers that grow within the process, whatever its clock does.
// The node tells processes apart: those that run at once, and one from itself
// before a restart with its clock set back.
type ids struct {
	now  func() time.Time
	node int64

	mu       sync.Mutex
	millis   int64
	sequence int64
}

func newIDs(now func() time.Time, node int64) *ids {
	return &ids{now: now, node: node % nodes, sequence: sequences}
}

// next gives an identifier. When a millisecond's sequence is used up, it takes
// the next millisecond's, ahead of the clock.
func (g *ids) next() int64 {
	millis := g.now().UnixMilli() - epochMillis
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case millis > g.millis:
		g.millis, g.sequence = millis, 0
	case g.sequence < sequences-1:
		g.sequence++
	default:
		g.millis, g.sequence = g.millis+1, 0
	}
	return g.millis<<(nodeBits+sequenceBits) | g.node<<sequenceBits | g.sequence
}

// IDs is the source of identifiers for everything that this process writes.
func (s *Store) IDs() id.Source { return s.ids.next }
