package discord

import (
	"context"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
)

// mostPlaced bounds how many channels are remembered; beyond, it begins anew.
const mostPlaced = 10_000

// placed remembers for a while which ticket a channel is, and as what. Another
// ticket's it never becomes, nor another kind of place; nobody's, when it is lost or
// left.
type placed struct {
	now     func() time.Time
	mu      sync.Mutex
	tickets map[wire.ID]placedTicket
}

type placedTicket struct {
	workspace id.Workspace
	ticket    id.Ticket
	kind      category.Surface
	at        time.Time
}

func newPlaced(now func() time.Time) *placed {
	return &placed{now: now, tickets: map[wire.ID]placedTicket{}}
}

func (p *placed) find(ch wire.ID) (placedTicket, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, ok := p.tickets[ch]
	return t, ok && p.now().Sub(t.at) < guildAge
}

func (p *placed) add(s *channel.Surface) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.tickets) >= mostPlaced {
		clear(p.tickets)
	}
	p.tickets[wire.ID(s.ExternalID)] = placedTicket{workspace: s.Workspace, ticket: s.Ticket, kind: s.Kind, at: p.now()}
}

func (p *placed) forget(ch wire.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.tickets, ch)
}

// stillOf reports whether the guild is that of the ticket's workspace by now.
func (a *Adapter) stillOf(ctx context.Context, guild wire.ID, t placedTicket) bool {
	w, err := a.workspaceOf(ctx, guild)
	return err == nil && w == t.workspace
}

// ticketOf is placeOf for whom it is enough which ticket the channel is: nothing
// else is known of the surface.
func (a *Adapter) ticketOf(ctx context.Context, guild, ch wire.ID) (*place, error) {
	if t, ok := a.placed.find(ch); ok && a.stillOf(ctx, guild, t) {
		surface := &channel.Surface{Ticket: t.ticket, Workspace: t.workspace, ExternalID: string(ch), Kind: t.kind}
		return &place{guild: guild, call: a.system(t.workspace), surface: surface}, nil
	}
	p, err := a.placeOf(ctx, guild, ch)
	if p != nil {
		a.placed.add(p.surface)
	}
	return p, err
}
