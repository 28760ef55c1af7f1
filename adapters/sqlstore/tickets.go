package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// TicketRepository stores tickets, what is said in them, and their history.
type TicketRepository struct{ store *Store }

var _ ticket.Repository = (*TicketRepository)(nil)

// Tickets gives the store's tickets.
func (s *Store) Tickets() *TicketRepository { return &TicketRepository{store: s} }

// Open implements ticket.Repository. Each try numbers a copy of the ticket.
func (r *TicketRepository) Open(ctx context.Context, t *ticket.Ticket) error {
	var opened ticket.Ticket
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		waiting := *t
		if err := r.once(ctx, tx, t, waiting.TakeChanges(), true); err != nil {
			return err
		}
		number, err := tx.Next(ctx, ticketCounter(t.Workspace))
		if err != nil {
			return err
		}
		opened = *t
		opened.Numbered(number)
		ids, err := tx.tagIDs(ctx, marking{after: &opened})
		if err != nil {
			return err
		}
		return insert(tx, &opened, opened.TakeChanges(), ids)
	})
	if err == nil {
		*t = opened
	}
	return failed("open ticket", err)
}

// UpdateMessage implements ticket.Repository.
func (r *TicketRepository) UpdateMessage(ctx context.Context, ref ticket.Ref, m id.Message, o event.Origin, change func(*ticket.Ticket, *ticket.Message) error) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		t, err := r.lock(ctx, tx, ref, o)
		if err != nil {
			return err
		}
		msg, err := one(ctx, tx.Conn, ticket.ErrMessageNotFound, scanMessage, `SELECT `+messageColumns+` FROM messages m`+versionJoin+`
			WHERE m.id = ? AND m.ticket_id = ? AND m.workspace_id = ?`, int64(m), int64(t.ID), int64(t.Workspace))
		if err != nil {
			return err
		}
		if msg.Files, err = filesOf(ctx, tx.Conn, m); err != nil {
			return err
		}
		return r.apply(ctx, tx, t, o, func() error { return change(t, msg) })
	})
	return failed("update message", err)
}

// apply runs a change and saves what it left to be saved.
func (r *TicketRepository) apply(ctx context.Context, tx *Tx, t *ticket.Ticket, o event.Origin, change func() error) error {
	before := *t
	if err := change(); err != nil {
		return r.refusal(ctx, tx, t, o, err)
	}
	changes := t.TakeChanges()
	if untouched(changes) {
		return nil
	}
	if err := r.once(ctx, tx, t, changes, false); err != nil {
		return err
	}
	if err := enclosed(ctx, tx, changes.Enclosed); err != nil {
		return err
	}
	m := marking{&before, t, changes}
	ids, err := tx.tagIDs(ctx, m)
	if err != nil {
		return err
	}
	return save(tx, m, ids)
}

func untouched(c ticket.Changes) bool {
	return len(c.Events) == 0 && len(c.Messages) == 0 && len(c.Edited) == 0 && !c.Aspects && !c.Members && !c.Tags && !c.Clocks
}

const (
	// heardSQL tells whether the origin was heard of before.
	heardSQL = `SELECT 1 FROM inbound i WHERE i.workspace_id = ? AND i.channel = ? AND i.external_id = ?`
	heard    = `EXISTS (` + heardSQL + `), `
)

// locking are the texts that read a ticket which is changed then: one asks
// besides whether the origin was heard of.
type locking struct{ ticket, heardAndTicket string }

// lock gives the ticket, which is then the transaction's own.
func (r *TicketRepository) lock(ctx context.Context, tx *Tx, ref ticket.Ref, o event.Origin) (*ticket.Ticket, error) {
	t, tags := tx.known.ticket(ref)
	heard, words, err := false, int64(0), error(nil)
	if t == nil {
		t, tags, words, heard, err = tx.locked(ctx, ref, o)
	} else {
		heard, err = tx.heard(ctx, ref.Workspace, o)
	}
	if err == nil {
		err = tx.remembered(ctx, t, words, tags)
	}
	switch {
	case err != nil:
		return nil, err
	case heard:
		return nil, ticket.ErrDuplicate
	case ref.Version != 0 && ref.Version != t.Version:
		return nil, r.refusal(ctx, tx, t, o, ticket.ErrVersion.With(fault.CurrentVersion, t.Version))
	}
	return t, nil
}

// locked reads a ticket to be changed, and whether its origin was heard of.
func (tx *Tx) locked(ctx context.Context, ref ticket.Ref, o event.Origin) (t *ticket.Ticket, tags string, words int64, heard bool, err error) {
	query, args := tx.dialect.tickets.lock.ticket, []any{int64(ref.ID), int64(ref.Workspace)}
	if o.ExternalID != "" {
		query, args = tx.dialect.tickets.lock.heardAndTicket, append([]any{int64(ref.Workspace), string(o.Channel), o.ExternalID}, args...)
	}
	t, err = one(ctx, tx.Conn, ticket.ErrNotFound, func(row scanner) (*ticket.Ticket, error) {
		t, r := &ticket.Ticket{}, &ticketRow{}
		into := r.fields(t)
		if tx.dialect.processes {
			into = append([]any{&t.Promised, &words}, into...)
		}
		if o.ExternalID != "" {
			into = append([]any{&heard}, into...)
		}
		if err := tx.dialect.wide(row).Scan(into...); err != nil {
			return nil, err
		}
		tags, r.tags = r.tags, ""
		return t, r.finish(t)
	}, query, args...)
	if err == nil {
		tx.known.read(t, tags)
	}
	return t, tags, words, heard, err
}

// remembered adds to a locked ticket what is remembered: what its tags are called, by the
// version of the words of its workspace; and what is promised, by a process that alone writes.
func (tx *Tx) remembered(ctx context.Context, t *ticket.Ticket, words int64, tags string) (err error) {
	if !tx.dialect.processes {
		if t.Promised, err = tx.promises(ctx, t.Workspace); err != nil {
			return err
		}
	}
	t.Tags, err = tx.tagNames(ctx, words, tags)
	return err
}

// refusal looks once more whether the origin was heard of. The same thing that
// was done at the same time by another process shows only now that it is over,
// and then it is the reason for this refusal.
func (r *TicketRepository) refusal(ctx context.Context, tx *Tx, t *ticket.Ticket, o event.Origin, err error) error {
	if o.ExternalID == "" || !tx.dialect.processes {
		return err
	}
	if heard, lookErr := tx.heard(ctx, t.Workspace, o); lookErr == nil && heard {
		return ticket.ErrDuplicate
	}
	return err
}

// heard tells whether an origin that can come twice was heard of before.
func (tx *Tx) heard(ctx context.Context, w id.Workspace, o event.Origin) (bool, error) {
	if o.ExternalID == "" {
		return false, nil
	}
	n, err := one(ctx, tx.Conn, nil, number[int64], heardSQL, int64(w), string(o.Channel), o.ExternalID)
	return n != 0, err
}

// once notes the origin of the changes, and refuses one that was heard of before.
func (r *TicketRepository) once(ctx context.Context, tx *Tx, t *ticket.Ticket, c ticket.Changes, opens bool) error {
	if _, ok := originOf(c); !ok {
		return nil
	}
	note := noteSQL(t, c, opens)
	n, err := tx.Affected(ctx, note.sql, note.args...)
	return changed(n, err, ticket.ErrDuplicate)
}

// originOf gives the origin of changes, if it is one that can come twice.
func originOf(c ticket.Changes) (event.Origin, bool) {
	if len(c.Events) == 0 {
		return event.Origin{}, false
	}
	o := c.Events[0].Origin
	return o, o.ExternalID != ""
}

// noteSQL notes an origin unless it was heard of.
func noteSQL(t *ticket.Ticket, c ticket.Changes, opens bool) statement {
	o, _ := originOf(c)
	var brought id.Message
	for _, m := range c.Messages {
		if m.Channel == o.Channel && m.ExternalID == o.ExternalID {
			brought = m.ID
			break
		}
	}
	return statement{
		sql: `INSERT INTO inbound (workspace_id, channel, external_id, ticket_id, message_id, opened)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (workspace_id, channel, external_id) DO NOTHING`,
		args: []any{int64(t.Workspace), string(o.Channel), o.ExternalID, int64(t.ID), int64(brought), opens},
	}
}

// Opened implements ticket.Repository.
func (r *TicketRepository) Opened(ctx context.Context, w id.Workspace, o event.Origin) (id.Ticket, error) {
	t, err := one(ctx, r.store.Read(ctx), ticket.ErrNotFound, number[id.Ticket], `SELECT ticket_id FROM inbound
		WHERE workspace_id = ? AND channel = ? AND external_id = ? AND opened`, int64(w), string(o.Channel), o.ExternalID)
	return t, failed("find what was opened", err)
}

// MessageFrom implements ticket.Repository.
func (r *TicketRepository) MessageFrom(ctx context.Context, w id.Workspace, o event.Origin) (*ticket.Message, error) {
	m, err := one(ctx, r.store.Read(ctx), ticket.ErrMessageNotFound, scanMessage, `SELECT `+messageColumns+`
		FROM inbound i JOIN messages m ON m.id = i.message_id`+versionJoin+`
		WHERE i.workspace_id = ? AND i.channel = ? AND i.external_id = ?`, int64(w), string(o.Channel), o.ExternalID)
	if err != nil {
		return nil, failed("find what was said", err)
	}
	return m, nil
}
