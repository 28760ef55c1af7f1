package plain

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// People carries what is done on a Server into the helpdesk.
type People struct {
	server  *Server
	tickets *ticket.Service
	members *member.Service
	records *channel.Service
	now     func() time.Time
}

// NewPeople makes the way from a server into the helpdesk.
func NewPeople(s *Server, t *ticket.Service, m *member.Service, records *channel.Service, now func() time.Time) *People {
	return &People{server: s, tickets: t, members: m, records: records, now: now}
}

// call is the wish of a person, caused by something that the server calls by
// an ID.
func (p *People) call(ctx context.Context, w id.Workspace, person, externalID string) (access.Call, error) {
	now := p.now()
	system := access.Call{Actor: access.System(w), Now: now}
	m, err := p.members.ByIdentity(ctx, system, event.ChannelPlain, person)
	if err != nil {
		return access.Call{}, err
	}
	actor, err := p.members.ActorOf(ctx, system, m.ID)
	origin := event.Origin{Channel: event.ChannelPlain, ExternalID: externalID}
	return access.Call{Actor: actor, Now: now, Origin: origin}, err
}

// Open opens a ticket for a person. Codes: not_found, those of ticket.Service.Open.
func (p *People) Open(ctx context.Context, w id.Workspace, person string, in ticket.OpenInput) (*ticket.Ticket, error) {
	call, err := p.call(ctx, w, person, p.server.NewID())
	if err != nil {
		return nil, err
	}
	return p.tickets.Open(ctx, call, in)
}

// room finds where a ticket is shown, for a person who wants to write there.
func (p *People) room(ctx context.Context, w id.Workspace, t id.Ticket, person string) (string, error) {
	s, err := p.records.Of(ctx, access.Call{Actor: access.System(w), Now: p.now()}, t, event.ChannelPlain)
	if err != nil {
		return "", err
	}
	if _, _, writes := p.server.Look(s.ExternalID, person); !writes {
		return "", ErrRights
	}
	return s.ExternalID, nil
}

// Write lets a person write in a ticket's room and gives what the server calls
// the post. It fails with ErrRights where they may not; codes: not_found,
// those of ticket.Service.Reply.
func (p *People) Write(ctx context.Context, w id.Workspace, t id.Ticket, person, text string) (string, error) {
	in, err := p.room(ctx, w, t, person)
	if err != nil {
		return "", err
	}
	post, err := p.server.Say(in, Post{Author: person, Text: text})
	if err != nil {
		return "", err
	}
	call, err := p.call(ctx, w, person, post)
	if err != nil {
		return "", err
	}
	_, err = p.tickets.Reply(ctx, call, ticket.Ref{ID: t}, text)
	return post, err
}

// Edit lets a person change what they wrote. Codes: not_found, those of
// ticket.Service.EditMessage.
func (p *People) Edit(ctx context.Context, w id.Workspace, t id.Ticket, person, post, text string) error {
	in, call, m, err := p.own(ctx, w, t, person, post)
	if err != nil {
		return err
	}
	if err := p.server.Edit(in, post, text); err != nil {
		return err
	}
	_, err = p.tickets.EditMessage(ctx, call, ticket.Ref{ID: t}, m, text)
	return err
}

// Delete lets a person take away what they wrote. Codes: not_found, those of
// ticket.Service.DeleteMessage.
func (p *People) Delete(ctx context.Context, w id.Workspace, t id.Ticket, person, post string) error {
	in, call, m, err := p.own(ctx, w, t, person, post)
	if err != nil {
		return err
	}
	if err := p.server.Delete(in, post); err != nil {
		return err
	}
	_, err = p.tickets.DeleteMessage(ctx, call, ticket.Ref{ID: t}, m)
	return err
}

// own finds the message that a post became, and the call that changes it.
func (p *People) own(ctx context.Context, w id.Workspace, t id.Ticket, person, post string) (string, access.Call, id.Message, error) {
	in, err := p.room(ctx, w, t, person)
	if err != nil {
		return "", access.Call{}, 0, err
	}
	call, err := p.call(ctx, w, person, p.server.NewID())
	if err != nil {
		return "", access.Call{}, 0, err
	}
	m, err := p.tickets.FromChannel(ctx, access.Call{Actor: access.System(w), Now: call.Now}, event.ChannelPlain, post)
	if err != nil {
		return "", access.Call{}, 0, err
	}
	return in, call, m.ID, nil
}
