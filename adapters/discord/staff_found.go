package discord

import (
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// unfitFor is for how long nothing is asked of Discord for the sake of each single thing
// that staff is to be told where it could not be told just now. Discord stops a bot that
// has too much refused, in all guilds.
const unfitFor = time.Minute

// room is a channel that a guild's workspace tells staff in.
type room struct{ guild, at wire.ID }

// finding is what was found out of a room.
type finding struct {
	at       time.Time // when that began
	err      error     // why staff cannot be told there; nil: it can
	foreseen bool      // it was seen without posting anything
	home     wire.ID   // whose rights hold there, a thread's parent's; empty: not known
}

// findings remembers for a process what was found out of rooms last. It is safe for
// concurrent use.
type findings struct {
	mu  sync.Mutex
	all map[room]finding
}

func newFindings() *findings { return &findings{all: map[room]finding{}} }

func (f *findings) of(r room) finding {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all[r]
}

// note remembers what was found unless that is older than what is known, and gives
// what was known before.
func (f *findings) note(r room, now finding) (was finding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	was = f.all[r]
	if now.at.Before(was.at) {
		return was
	}
	if now.home == "" {
		now.home = was.home
	}
	f.all[r] = now
	return was
}

// mendedSince reports whether a room was found fit by what began after a time.
func (f *findings) mendedSince(r room, t time.Time) bool {
	now := f.of(r)
	return now.err == nil && now.at.After(t)
}

// keep forgets the rooms of a guild but those given.
func (f *findings) keep(guild wire.ID, rooms map[room]bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for r := range f.all {
		if r.guild == guild && !rooms[r] {
			delete(f.all, r)
		}
	}
}

// concerns reports whether what becomes of a channel may matter to a room. Of a room that
// the bot never saw, whose rights hold there is not known: it may be a thread in any.
func (f *findings) concerns(r room, ch wire.ID) bool {
	home := f.of(r).home
	return r.at == ch || home == ch || home == ""
}
