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
	losses map[wire.ID]int // of one channel or one guild in this epoch
	sound  map[wire.ID]mark
}

// mark is a moment in a channel: what is caught up with from there on closes the
// gaps that were known then.
type mark struct{ epoch, guild, channel int }

func newSoundness() *soundness {
	return &soundness{losses: map[wire.ID]int{}, sound: map[wire.ID]mark{}}
}

// lose says that something may be missing anywhere.
func (s *soundness) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	clear(s.losses)
	clear(s.sound)
}

// loseOne says that something may be missing in one channel, or in all of a
// guild's, also in what is just being caught up with.
func (s *soundness) loseOne(channelOrGuild wire.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.losses[channelOrGuild]++
}

// now marks a channel, for restore. Direct messages are in no guild.
func (s *soundness) now(guild, c wire.ID) mark {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mark(guild, c)
}

func (s *soundness) mark(guild, c wire.ID) mark { return mark{s.epoch, s.losses[guild], s.losses[c]} }

// restore says that a channel was caught up with from the mark on.
func (s *soundness) restore(c wire.ID, m mark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sound[c] = m
}

// outdated reports whether something may be missing anywhere since the mark.
func (s *soundness) outdated(m mark) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return m.epoch != s.epoch
}

// has reports whether nothing is missing in the channel.
func (s *soundness) has(guild, c wire.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, caughtUp := s.sound[c]
	return caughtUp && m == s.mark(guild, c)
}
