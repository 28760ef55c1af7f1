package sqlstore

import (
	"context"
	"strings"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// found names a message, or a ticket as such, among what can be found.
type found struct {
	ticket  id.Ticket
	message id.Message // 0: the ticket

	internal bool // what only staff knows of it
}

// searching is the follower that keeps the index of what can be found.
const searching follower = "search"

// searchTexts are the statements that find in the history what makes something
// findable, or findable by other words.
type searchTexts struct {
	// told are the messages and tickets of which a workspace's history tells so beyond
	// what the index followed, and those that are to be read once more.
	told string
	// next are a workspace's next events: the ticket is 0 where it stays as it was.
	next string
}

// searchTextsOf makes them for a database that reads the message of an event like this.
func searchTextsOf(message string) searchTexts {
	message = `COALESCE(` + message + `, 0)`
	tells := `e.type IN ('` + strings.Join(telling(), `', '`) + `')`
	return searchTexts{
		told: `SELECT e.ticket_id, ` + message + ` FROM events e WHERE e.workspace_id = ? AND e.sequence > ? AND ` + tells + `
			UNION SELECT n.ticket_id, n.message_id FROM search_changes n`,
		next: `SELECT e.workspace_id, e.sequence, CASE WHEN ` + tells + ` THEN e.ticket_id ELSE 0 END, ` + message + `
			FROM events e WHERE e.workspace_id = ? AND e.sequence > ? ORDER BY e.sequence LIMIT ?`,
	}
}

// telling are the types of the events after which something is found by other words than
// before: those that name a message tell it of this, and the others of their ticket.
func telling() []string {
	var all []string
	for _, t := range []event.Type{
		event.TypeTicketOpened, event.TypeMessagePosted, event.TypeNoteAdded, event.TypeMessageEdited, event.TypeMessageDeleted,
		event.TypeTicketClaimed, event.TypeTicketAssigned, event.TypeTicketUnassigned, event.TypeTagAdded, event.TypeTagRemoved,
		event.TypeFieldChanged, event.TypeParticipantAdded, event.TypeParticipantRemoved,
	} {
		all = append(all, string(t))
	}
	return all
}

// told gives what the index does not know yet, or not as it is. It is read by itself, and by
// the number up to which the index followed: that it is next to nothing no planner would know
// otherwise, and rather read the whole history, or join it with all tickets.
func (c Conn) told(ctx context.Context, w id.Workspace) ([]found, error) {
	at, err := one(ctx, c, nil, number[int64], `SELECT `+followedSQL, int64(w), string(searching))
	if err != nil {
		return nil, err
	}
	return collect(ctx, c, func(row scanner) (found, error) {
		var f found
		err := row.Scan((*int64)(&f.ticket), (*int64)(&f.message))
		return f, err
	}, c.dialect.searching.told, int64(w), at)
}

// change is an event that tells of a message or a ticket, or of nothing that can be found;
// or a note, of no workspace, that something is to be read once more.
type change struct {
	workspace id.Workspace
	sequence  int64
	found
}

// oldestChanges gives up to limit changes that are not in the index, in their order, of
// several workspaces an equal part.
func (tx *Tx) oldestChanges(ctx context.Context, limit int) ([]change, error) {
	all, err := collect(ctx, tx.Conn, scanChange, `SELECT 0, sequence, ticket_id, message_id FROM search_changes ORDER BY sequence LIMIT ?`, limit)
	if err != nil || len(all) == limit {
		return all, err
	}
	limit -= len(all)
	behind, err := searching.behind(ctx, tx.Conn, limit)
	for _, at := range behind {
		var next []change
		next, err = collect(ctx, tx.Conn, scanChange, tx.dialect.searching.next, int64(at.workspace), at.sequence, limit/len(behind))
		if err != nil {
			break
		}
		all = append(all, next...)
	}
	return all, err
}

func scanChange(row scanner) (change, error) {
	var c change
	err := row.Scan((*int64)(&c.workspace), &c.sequence, (*int64)(&c.ticket), (*int64)(&c.message))
	return c, err
}

// followed leaves changes behind.
func (tx *Tx) followed(ctx context.Context, done []change) error {
	ends := map[id.Workspace]int64{}
	var notes []int64
	for _, c := range done {
		if c.workspace == 0 {
			notes = append(notes, c.sequence)
		} else {
			ends[c.workspace] = c.sequence
		}
	}
	if len(notes) > 0 {
		these, list := among(tx.Conn, "sequence", notes)
		if _, err := tx.Exec(ctx, `DELETE FROM search_changes WHERE `+these, list); err != nil {
			return err
		}
	}
	return searching.follow(ctx, tx.Conn, ends)
}
