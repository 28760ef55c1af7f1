package discord

import (
	"context"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
)

// rank says how soon a channel's history is read.
type rank int

// The ranks.
const (
	moved rank = iota // something was written there that was not taken in, or may have been
	still             // nothing was, as far as Discord tells; what was seen may have changed
	ranks
)

// rankOf compares what was taken in of a ticket's channel with the newest
// messages as the guild told them. Of channels it tells all, so that one that is
// not among them was deleted; of threads only those that are not archived. nil
// tells nothing.
func rankOf(s *channel.Surface, newest map[wire.ID]wire.ID) rank {
	last, told := newest[wire.ID(s.ExternalID)]
	thread := s.Kind == category.InThread || s.Kind == category.InForum
	if newest == nil || told && !last.Newer(wire.ID(s.SeenID)) || !told && thread {
		return still
	}
	return moved
}

// unread is a channel whose history is to be read.
type unread struct {
	guild   wire.ID // "" for direct messages
	channel wire.ID
	rank    rank    // set by add
	last    wire.ID // the last message as the guild told it, perhaps one that is gone; "" if unknown
}

// backlog lists the channels whose histories are to be read: first all that
// moved, in the order in which that became known. The others wait until those are
// read and every guild was announced, since only then it is known what moved.
type backlog struct {
	mu      sync.Mutex
	listed  map[wire.ID]rank
	queues  [ranks][]unread
	urgent  int              // of those that moved, are being read
	awaited map[wire.ID]bool // guilds that are still to be announced
	session int
	more    chan struct{} // something may be read now
}

func newBacklog() *backlog {
	return &backlog{listed: map[wire.ID]rank{}, awaited: map[wire.ID]bool{}, more: make(chan struct{}, 1)}
}

// begin forgets everything for a new session, in which the guilds will be
// announced, and gives its number.
func (b *backlog) begin(guilds []wire.ID) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.listed)
	clear(b.awaited)
	b.queues = [ranks][]unread{}
	for _, g := range guilds {
		b.awaited[g] = true
	}
	b.session++
	return b.session
}

// announced says that of a guild all is listed.
func (b *backlog) announced(guild wire.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.awaited, guild)
	b.wake()
}

// settle waits no longer for guilds in the session, and reports whether it did.
func (b *backlog) settle(session int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if session != b.session || len(b.awaited) == 0 {
		return false
	}
	clear(b.awaited)
	b.wake()
	return true
}

// awaits reports whether the guild is still to be announced.
func (b *backlog) awaits(guild wire.ID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.awaited[guild]
}

// add lists a channel, once: of two ranks the sooner counts.
func (b *backlog) add(u unread, r rank) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if was, ok := b.listed[u.channel]; ok && was <= r {
		return
	}
	b.listed[u.channel], u.rank = r, r
	b.queues[r] = append(b.queues[r], u)
	b.wake()
}

// urge has a channel that is listed read sooner: something was written there.
func (b *backlog) urge(u unread) {
	b.mu.Lock()
	_, ok := b.listed[u.channel]
	b.mu.Unlock()
	if ok {
		b.add(u, moved)
	}
}

// next takes the channel that is to be read next; finished has to follow.
func (b *backlog) next() (unread, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for r := range ranks {
		if r > moved && (len(b.awaited) > 0 || b.urgent > 0) {
			break
		}
		for len(b.queues[r]) > 0 {
			u := b.queues[r][0]
			b.queues[r] = b.queues[r][1:]
			if was, ok := b.listed[u.channel]; ok && was == r {
				delete(b.listed, u.channel)
				b.count(u, 1)
				return u, true
			}
		}
		b.queues[r] = nil
	}
	return unread{}, false
}

// finished says that a channel's history was read, or that this failed.
func (b *backlog) finished(u unread) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count(u, -1)
	b.wake()
}

func (b *backlog) count(u unread, n int) {
	if u.rank == moved {
		b.urgent += n
	}
}

func (b *backlog) wake() {
	select {
	case b.more <- struct{}{}:
	default:
	}
}

// maxHeld is how many channels wait in their lanes for their history to be read.
// One whose lane is busy must not hold up the others.
const maxHeld = 4 * maxReads

// readBacklog has the histories read that are listed, few at a time, until ctx
// ends.
func (in *inbox) readBacklog(ctx context.Context) {
	held := make(chan struct{}, maxHeld)
	for {
		select {
		case held <- struct{}{}:
		case <-ctx.Done():
			return
		}
		u, ok := in.backlog.next()
		for !ok {
			select {
			case <-in.backlog.more:
				u, ok = in.backlog.next()
			case <-ctx.Done():
				return
			}
		}
		in.readUnread(ctx, u, func() {
			in.backlog.finished(u)
			<-held
		})
	}
}

// readUnread reads a channel's history in its lane.
func (in *inbox) readUnread(ctx context.Context, u unread, done func()) {
	again := func() { in.backlog.add(u, moved) }
	ok := in.lanes.put(ctx, string(u.channel), func(ctx context.Context) {
		defer done()
		if in.sound.has(u.guild, u.channel) {
			return
		}
		in.reading(ctx, u.channel, again, func() error {
			if u.guild == "" {
				return in.backfillDirect(ctx, u.channel)
			}
			return in.backfill(ctx, u)
		})
	})
	if !ok {
		done()
		time.AfterFunc(missedDelay, again) // the lane is full
	}
}
