package sqlstore

import (
	"context"
	"slices"
	"sync"
)

// convoy lets those who arrive while others are on their way travel together
// when these have arrived. Who arrives at a free road goes at once and alone:
// nobody waits for company.
type convoy struct {
	lanes int // how many groups are on their way at once

	mu      sync.Mutex
	busy    int
	waiting []*passenger
}

// passenger is one change of a ticket, on its way into the database.
type passenger struct {
	ticketChange

	turn chan bool // true: lead the next group; false: carried, see alone and err
	// alone tells that the group did not carry the change, which left no trace
	// and goes by itself; otherwise err is what became of it.
	alone bool
	err   error
}

// mostTogether bounds a group, and by it how long its first member waits for
// the last.
const mostTogether = 64

// travel returns when the passenger was carried, or must go alone. Each group
// is driven by the goroutine of one of its members.
func (c *convoy) travel(ctx context.Context, p *passenger, drive func(group []*passenger)) {
	p.alone = true
	if !c.enter(p) && !c.wait(ctx, p) {
		return
	}
	group := c.gather(p)
	defer c.leave(group)
	drive(group)
}

// enter reports whether the passenger leads a group at once.
func (c *convoy) enter(p *passenger) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy < c.lanes {
		c.busy++
		return true
	}
	p.turn = make(chan bool, 1)
	c.waiting = append(c.waiting, p)
	return false
}

// wait reports whether the passenger is to lead a group. One who is on its way
// already arrives, also when nobody waits for it any more.
func (c *convoy) wait(ctx context.Context, p *passenger) bool {
	select {
	case lead := <-p.turn:
		return lead
	case <-ctx.Done():
	}
	if c.remove(p) {
		p.alone, p.err = false, ctx.Err()
		return false
	}
	return <-p.turn
}

func (c *convoy) remove(p *passenger) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.waiting, p)
	if i >= 0 {
		c.waiting = slices.Delete(c.waiting, i, i+1)
	}
	return i >= 0
}

// gather makes a group of those who wait. Of one ticket's changes it takes the
// first; the others follow in their order.
func (c *convoy) gather(leader *passenger) []*passenger {
	c.mu.Lock()
	defer c.mu.Unlock()
	group, rest := []*passenger{leader}, c.waiting[:0]
	if len(c.waiting) == 0 {
		return group
	}
	taken := map[int64]struct{}{int64(leader.ref.ID): {}}
	for _, p := range c.waiting {
		if _, twice := taken[int64(p.ref.ID)]; twice || len(group) == mostTogether {
			rest = append(rest, p)
			continue
		}
		taken[int64(p.ref.ID)] = struct{}{}
		group = append(group, p)
	}
	clear(c.waiting[len(rest):])
	c.waiting = rest
	return group
}

// leave tells the group that it has arrived, and the next one to go.
func (c *convoy) leave(group []*passenger) {
	for _, p := range group[1:] {
		p.turn <- false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		c.busy--
		return
	}
	c.waiting[0].turn <- true
	c.waiting = slices.Delete(c.waiting, 0, 1)
}
