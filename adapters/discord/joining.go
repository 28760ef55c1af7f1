package discord

import (
	"context"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// joinPatience is how long somebody who is early waits for their guild.
const joinPatience = 2 * time.Second

// joining knows the guilds that were announced and are not dealt with yet, so
// that somebody who is quicker than that waits for it.
type joining struct {
	mu   sync.Mutex
	done map[wire.ID]chan struct{}
}

func newJoining() *joining { return &joining{done: map[wire.ID]chan struct{}{}} }

func (j *joining) begin(guild wire.ID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.done[guild] == nil {
		j.done[guild] = make(chan struct{})
	}
}

func (j *joining) end(guild wire.ID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if done := j.done[guild]; done != nil {
		close(done)
		delete(j.done, guild)
	}
}

func (j *joining) wait(ctx context.Context, guild wire.ID) {
	j.mu.Lock()
	done := j.done[guild]
	j.mu.Unlock()
	if done == nil {
		return
	}
	timer := time.NewTimer(joinPatience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	case <-ctx.Done():
	}
}
