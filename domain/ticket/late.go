package ticket

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// ReplyEdited is Reply with a message that its author edited before the helpdesk
// heard of it. Its text is the second version, and there is no first: nobody
// here saw what stood there before. Codes: invalid, invalid_transition.
func (t *Ticket) ReplyEdited(c Cause, side Side, tag locale.Tag, body string, edited time.Time, with ...file.Enclosure) (*Message, error) {
	m, err := t.Reply(c, side, tag, body, with...)
	if err != nil {
		return nil, err
	}
	m.Version, m.EditedAt, m.EditedBy = 2, edited, m.Author
	for _, a := range m.Files {
		a.Since = m.Version
	}
	c.Origin.OccurredAt = edited
	t.record(c, false, event.MessageEdited{Message: m.ID, Version: m.Version})
	return m, nil
}

// ReplyEdited is Reply with a message that was edited at the given time, before
// the helpdesk heard of it: its first text is not among its versions.
// Codes: those of Reply.
func (s *Service) ReplyEdited(ctx context.Context, c access.Call, r Ref, body string, edited time.Time, with ...file.Enclosure) (*Message, error) {
	return s.say(ctx, c, r, access.TicketReply, func(cause Cause, t *Ticket) (*Message, error) {
		return t.ReplyEdited(cause, side(c.Actor, t), c.Actor.Locale, body, edited, with...)
	})
}
