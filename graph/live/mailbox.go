package live

import (
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
)

// maxMail is how many events may wait for a follower. One who is further behind
// reads the log instead, so that a slow reader costs no memory.
const maxMail = 64

// mail is an event that a follower may hear, as was found at a moment.
type mail struct {
	event.Envelope

	view   *ticket.View // nil: it is not heard of
	actor  access.Actor
	shared *load.Rows // among all who hear of the event
	at     time.Time
	counts bool // however old it is
}

// mailbox is where a follower's events wait.
type mailbox struct {
	mu     sync.Mutex
	mail   []mail
	over   bool  // there was more: the log must be read
	ended  error // why nothing comes any more
	signal chan struct{}
}

func newMailbox() *mailbox { return &mailbox{signal: make(chan struct{}, 1)} }

// put adds an event. When the box is full, all of it goes: the log has it.
func (b *mailbox) put(m mail) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.over || b.ended != nil:
		return
	case len(b.mail) == maxMail:
		b.mail, b.over = nil, true
	default:
		b.mail = append(b.mail, m)
	}
	b.wake()
}

// end tells the follower that nothing comes any more, and that it hears nothing
// of what waits: who lost a right loses it at once.
func (b *mailbox) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended == nil {
		b.mail, b.ended = nil, err
	}
	b.wake()
}

func (b *mailbox) wake() {
	select {
	case b.signal <- struct{}{}:
	default:
	}
}

// take empties the box.
func (b *mailbox) take() (all []mail, over bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all, over, err = b.mail, b.over, b.ended
	b.mail, b.over = nil, false
	return all, over, err
}
