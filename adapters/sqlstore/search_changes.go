package sqlstore

import (
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// found names a message, or a ticket as such, among what can be found.
type found struct {
	ticket  id.Ticket
	message id.Message // 0: the ticket

	internal bool // what only staff knows of it
}

const (
	insertSearchSQL = `INSERT INTO search_changes (ticket_id, message_id) VALUES `
	searchArgs      = `(?, ?)`
)

// searched notes, in one statement, what changes of tickets make findable, or findable
// by other words. This is all that it costs who waits for the changes.
func searched(all ...marking) []statement {
	var args []any
	for _, m := range all {
		if m.before == nil || m.changes.Tags || m.changes.Members || m.changes.Fields || m.after.Assignee != m.before.Assignee {
			args = append(args, int64(m.after.ID), int64(0))
		}
		for _, messages := range [][]*ticket.Message{m.changes.Messages, m.changes.Edited} {
			for _, said := range messages {
				args = append(args, int64(said.Ticket), int64(said.ID))
			}
		}
	}
	if len(args) == 0 {
		return nil
	}
	return []statement{{sql: repeated(insertSearchSQL+searchArgs, searchArgs, len(args)/2), args: args}}
}
