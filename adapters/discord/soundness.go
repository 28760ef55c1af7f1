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
	mu     sync.Mutex
	epoch  int
	losses map[wire.ID]int // of one channel in this epoch
	sound  map[wire.ID]bool
}

// mark is a moment in a channel: what is caught up with from there on closes the
// gaps that were known then.
type mark struct{ epoch, losses int }

func newSoundness() *soundness {
	return &soundness{losses: map[wire.ID]int{}, sound: map[wire.ID]bool{}}
}

// lose says that something may be missing anywhere.
func (s *soundness) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	clear(s.losses)
	clear(s.sound)
}

// loseOne says that something may be missing in one channel, also in what is
// just being caught up with.
func (s *soundness) loseOne(c wire.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.losses[c]++
	delete(s.sound, c)
}

// now marks a channel, for restore.
func (s *soundness) now(c wire.ID) mark {
	s.mu.Lock()
	defer s.mu.Unlock()
	return mark{s.epoch, s.losses[c]}
}

// restore says that a channel was caught up with from the mark on.
func (s *soundness) restore(c wire.ID, m mark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m == (mark{s.epoch, s.losses[c]}) {
		s.sound[c] = true
	}
}

// outdated reports whether something may be missing anywhere since the mark.
func (s *soundness) outdated(m mark) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return m.epoch != s.epoch
}

// has reports whether nothing is missing in the channel.
func (s *soundness) has(c wire.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sound[c]
}
