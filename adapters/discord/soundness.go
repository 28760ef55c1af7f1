package discord

import (
	"errors"
	"sync"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

var errPanicked = errors.New("the handler panicked")

// soundness knows of which channels everything up to the last event was taken
// in. Only of these may the newest message that was seen be recorded: after a
// gap, that would hide what is missing from the next catching up.
type soundness struct {
	mu    sync.Mutex
	epoch int
	since map[wire.ID]int
}

func newSoundness() *soundness { return &soundness{since: map[wire.ID]int{}} }

// lose says that something may be missing anywhere.
func (s *soundness) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	clear(s.since)
}

// loseOne says that something may be missing in one channel.
func (s *soundness) loseOne(c wire.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.since, c)
}

// now gives the epoch, to be handed to restore.
func (s *soundness) now() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch
}

// restore says that a channel was caught up with, which began in the epoch.
func (s *soundness) restore(c wire.ID, epoch int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if epoch == s.epoch {
		s.since[c] = epoch
	}
}

// has reports whether nothing is missing in the channel.
func (s *soundness) has(c wire.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.since[c]
	return ok
}
