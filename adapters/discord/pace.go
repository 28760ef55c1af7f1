package discord

import (
	"sync"
	"time"
)

// maxPaced bounds what a pace remembers; beyond, it begins anew.
const maxPaced = 10_000

// pace lets something happen at most once in a while for each key.
type pace struct {
	now  func() time.Time
	gap  time.Duration
	mu   sync.Mutex
	last map[string]time.Time
}

func newPace(now func() time.Time, gap time.Duration) *pace {
	return &pace{now: now, gap: gap, last: map[string]time.Time{}}
}

// allows reports whether it may happen now, and if so notes that it does.
func (p *pace) allows(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if at, ok := p.last[key]; ok && now.Sub(at) < p.gap {
		return false
	}
	if len(p.last) >= maxPaced {
		clear(p.last)
	}
	p.last[key] = now
	return true
}
