package ticket

import (
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Kind says for whom a message is.
type Kind string

// The kinds.
const (
	Reply  Kind = "reply"  // public, by a person
	Note   Kind = "note"   // among staff
	System Kind = "system" // public, by the helpdesk itself
)

// Side says for whom its author spoke.
type Side string

// The sides.
const (
	FromRequester Side = "requester" // the requester or a participant
	FromStaff     Side = "staff"
	FromSystem    Side = "system"
)

// Message is something said in a ticket.
type Message struct {
	ID         id.Message
	Workspace  id.Workspace
	Ticket     id.Ticket
	Kind       Kind
	Side       Side
	Author     id.Member // 0: the helpdesk itself
	Body       string    // of the current version; "" once it is deleted
	Version    int64     // counts edits, from 1
	Locale     locale.Tag
	Template   string // key of the template that it was rendered from, or ""
	Channel    event.Channel
	ExternalID string    // what the channel calls the message that this one came from, or ""
	OccurredAt time.Time // when it was written
	RecordedAt time.Time // when the helpdesk heard of it
	EditedAt   time.Time // zero: never
	DeletedAt  time.Time // zero: not
	EditedBy   id.Member // of the last edit
	// Files are all that it carries or carried, in their order; known where it is said
	// or changed.
	Files []*file.Attachment
}

// carried counts the files that it carries now.
func (m *Message) carried() int {
	n := 0
	for _, a := range m.Files {
		if !a.TakenAway() {
			n++
		}
	}
	return n
}

// Public reports whether the requester may read it.
func (m *Message) Public() bool { return m.Kind != Note }

// scope is what an API key must have to change the message as its author.
func (m *Message) scope() access.Permission {
	if m.Public() {
		return access.TicketReply
	}
	return access.NoteWrite
}

// Version is one text that a message had.
type Version struct {
	Message id.Message
	Number  int64
	Body    string
	By      id.Member
	At      time.Time
}

func formatNumber(n int64) string { return strconv.FormatInt(n, 10) }

// post adds a message that was checked already.
func (t *Ticket) post(c Cause, m Message, with ...file.Enclosure) *Message {
	m.ID, m.Workspace, m.Ticket, m.Version = id.Message(c.IDs()), t.Workspace, t.ID, 1
	m.Channel, m.ExternalID, m.OccurredAt, m.RecordedAt = c.Origin.Channel, c.Origin.ExternalID, c.at(), c.Now
	t.changes.Messages = append(t.changes.Messages, &m)
	t.enclose(c, &m, with)
	if m.Kind == Note {
		t.record(c, true, event.NoteAdded{Message: m.ID, Files: len(m.Files)})
		return &m
	}
	t.LastMessage = m.ID
	t.MessageCount++
	t.record(c, false, event.MessagePosted{Message: m.ID, Kind: string(m.Kind), Files: len(m.Files)})
	return &m
}

// Reply adds a public message of a person, perhaps with files, and moves the
// status as the state machine says. Codes: invalid, invalid_transition.
func (t *Ticket) Reply(c Cause, side Side, tag locale.Tag, body string, with ...file.Enclosure) (*Message, error) {
	body, err := checked(body, len(with))
	if err != nil {
		return nil, err
	}
	m := moveAgentReply
	if side == FromRequester {
		m = moveMemberReply
	}
	next, err := t.after(c, m)
	if err != nil {
		return nil, err
	}
	msg := t.post(c, Message{Kind: Reply, Side: side, Author: c.By, Body: body, Locale: tag}, with...)
	if side == FromStaff && (t.FirstReplyAt.IsZero() || c.at().Before(t.FirstReplyAt)) {
		t.FirstReplyAt = c.at()
	}
	t.arrive(c, next)
	t.answered(side)
	if side == FromRequester {
		t.wake(c, WokenByReply)
	}
	return msg, nil
}

// after gives the status that the move leads to. What was done before the
// ticket was resolved or closed, and is heard of only now, moves nothing and is
// not refused: it belongs to the history. An answer takes back that the ticket was
// closed for want of one.
func (t *Ticket) after(c Cause, m move) (Status, error) {
	if m == moveMemberReply && t.expiredSince(c.at()) {
		return Open, nil
	}
	ended := map[Status]time.Time{Resolved: t.ResolvedAt, Closed: t.ClosedAt}[t.Status]
	if c.at().Before(ended) {
		return t.Status, nil
	}
	return t.Status.after(m)
}

// arrive enters a status that another change brought about.
func (t *Ticket) arrive(c Cause, next Status) {
	was := t.Status
	if was == next {
		return
	}
	t.enter(c, next)
	if was == Resolved || was == Closed {
		t.recordAspect(c, false, event.TicketReopened{From: string(was)})
		return
	}
	t.recordAspect(c, false, event.StatusChanged{From: string(was), To: string(next)})
}

// AddNote adds a message among staff, perhaps with files; a closed ticket takes
// it too. Codes: invalid, invalid_transition.
func (t *Ticket) AddNote(c Cause, tag locale.Tag, body string, with ...file.Enclosure) (*Message, error) {
	body, err := checked(body, len(with))
	if err != nil {
		return nil, err
	}
	if _, err := t.Status.after(moveNote); err != nil {
		return nil, err
	}
	return t.post(c, Message{Kind: Note, Side: FromStaff, Author: c.By, Body: body, Locale: tag}, with...), nil
}

// Edit gives a message of the ticket a new text; the old one stays in its
// history. The same text again changes nothing, nor does an edit that a channel made
// before the last one and that is heard of only now. What stands in a closed ticket
// stands. Codes: invalid, invalid_transition.
func (t *Ticket) Edit(c Cause, m *Message, body string) error {
	return t.edit(c, m, body, refiling{})
}

// edit is Edit which also changes the files that the message carries.
func (t *Ticket) edit(c Cause, m *Message, body string, files refiling) error {
	body, err := checked(body, m.carried()-len(files.removed)+len(files.added))
	if err != nil {
		return err
	}
	if !m.DeletedAt.IsZero() {
		return ErrMessageDeleted
	}
	if overtaken(c, m) || m.Body == body && files.nothing() {
		return nil
	}
	if _, err := t.after(c, moveEdit); err != nil {
		return err
	}
	m.Body, m.EditedAt, m.EditedBy = body, c.at(), c.By
	m.Version++
	t.changes.Edited = append(t.changes.Edited, m)
	t.refile(c, m, files)
	t.record(c, !m.Public(), event.MessageEdited{
		Message: m.ID, Version: m.Version, FilesAdded: len(files.added), FilesRemoved: len(files.removed),
	})
	return nil
}

// overtaken reports whether an edit was made before the one that the message shows.
// What both left of the message is what the later one says.
func overtaken(c Cause, m *Message) bool {
	return !c.Origin.OccurredAt.IsZero() && c.Origin.OccurredAt.Before(m.EditedAt)
}

// Delete takes a message of the ticket out of sight, also of a closed one: it
// may have said what nobody should read. It stays in the history for staff. A
// message that is deleted already stays so.
func (t *Ticket) Delete(c Cause, m *Message) {
	if !m.DeletedAt.IsZero() {
		return
	}
	m.DeletedAt, m.Body = c.at(), ""
	t.changes.Edited = append(t.changes.Edited, m)
	t.record(c, !m.Public(), event.MessageDeleted{Message: m.ID})
}
