package discord

import (
	"context"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// sightGap is how often it is recorded how far channels were taken in. What was
// not recorded yet when the process dies is read again, and known again.
const sightGap = 500 * time.Millisecond

// sights collect how far channels were taken in, so that this is one statement
// for all that is written in the meantime, and not one for each message.
type sights struct {
	mu   sync.Mutex
	seen map[wire.ID]wire.ID // the newest message by channel
	call access.Call         // of the helpdesk itself
	some chan struct{}
}

func newSights() *sights {
	return &sights{seen: map[wire.ID]wire.ID{}, some: make(chan struct{}, 1)}
}

func (s *sights) add(c access.Call, ch, m wire.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.Newer(s.seen[ch]) {
		s.seen[ch], s.call = m, c
	}
	select {
	case s.some <- struct{}{}:
	default:
	}
}

// take gives what was collected.
func (s *sights) take() (access.Call, []channel.Sight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]channel.Sight, 0, len(s.seen))
	for ch, m := range s.seen {
		all = append(all, channel.Sight{ExternalID: string(ch), SeenID: string(m)})
	}
	clear(s.seen)
	return s.call, all
}

// recordSights records what is collected until ctx ends.
func (in *inbox) recordSights(ctx context.Context) {
	for {
		select {
		case <-in.sights.some:
		case <-ctx.Done():
			return
		}
		pause(ctx, sightGap)
		in.recordSeen(ctx)
	}
}

// recordSeen records what was collected. What could not be recorded is collected again.
func (in *inbox) recordSeen(ctx context.Context) {
	call, all := in.sights.take()
	if len(all) == 0 {
		return
	}
	err := in.Channels.Seen(context.WithoutCancel(ctx), call, event.ChannelDiscord, all...)
	if err == nil {
		return
	}
	in.Logger.Warn("how far channels were taken in could not be recorded; trying again", "error", err)
	for _, s := range all {
		in.sights.add(call, wire.ID(s.ExternalID), wire.ID(s.SeenID))
	}
}
