package discord

import (
	"context"
	"sync"
)

// maxLane is how many tasks wait in one lane. A lane that is full belongs to a
// channel where more is written than can be taken in; what does not fit is read
// again from the channel's history.
const maxLane = 500

// maxWaiting is how many tasks wait in all lanes together, so that what waits
// stays within some tens of megabytes.
const maxWaiting = 20_000

// lanes run tasks in order within a lane, and lanes beside each other.
type lanes struct {
	mu      sync.Mutex
	waiting map[string][]task
	total   int
	idle    *sync.Cond // no lane runs
}

type task func(ctx context.Context)

func newLanes() *lanes {
	l := &lanes{waiting: map[string][]task{}}
	l.idle = sync.NewCond(&l.mu)
	return l
}

// put appends a task to a lane; false when it is full, or all are, or ctx ended.
func (l *lanes) put(ctx context.Context, lane string, t task) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	queue, busy := l.waiting[lane]
	if len(queue) >= maxLane || l.total >= maxWaiting || ctx.Err() != nil {
		return false
	}
	l.total++
	l.waiting[lane] = append(queue, t)
	if !busy {
		go l.run(ctx, lane)
	}
	return true
}

// run does a lane's tasks until none is left. What waits when ctx ends is left
// out: it comes again from the history.
func (l *lanes) run(ctx context.Context, lane string) {
	for {
		l.mu.Lock()
		queue := l.waiting[lane]
		if len(queue) == 0 || ctx.Err() != nil {
			l.total -= len(queue)
			delete(l.waiting, lane)
			l.idle.Broadcast()
			l.mu.Unlock()
			return
		}
		next := queue[0]
		l.waiting[lane] = queue[1:]
		l.total--
		l.mu.Unlock()
		next(ctx)
	}
}

// wait returns when all lanes are empty.
func (l *lanes) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.waiting) > 0 {
		l.idle.Wait()
	}
}
