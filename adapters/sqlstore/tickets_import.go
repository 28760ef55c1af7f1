package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Import stores new tickets of one workspace with all that happened in them,
// and numbers them in their order. What happened enters the workspace's history
// in the order in which it did. It is the past: no work follows from it, and
// nobody is told of each ticket. Tickets with files are not for it.
func (r *TicketRepository) Import(ctx context.Context, w id.Workspace, tickets []*ticket.Ticket) error {
	if len(tickets) == 0 {
		return nil
	}
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		var last int64
		if err := tx.QueryRow(ctx, countSQL, ticketCounter(w), len(tickets)).Scan(&last); err != nil {
			return err
		}
		ids, err := tx.tagIDs(ctx, imported(tickets)...)
		if err != nil {
			return err
		}
		i := newImporting(ids)
		for n, t := range tickets {
			numbered := *t
			numbered.Numbered(last - int64(len(tickets)-1-n))
			if err := i.add(tx, &numbered); err != nil {
				return err
			}
		}
		slices.SortStableFunc(tx.news, func(a, b news) int { return a.At.Compare(b.At) })
		return i.write(ctx, tx)
	})
	return failed("import tickets", err)
}

// importing gathers the rows of many tickets.
type importing struct {
	tickets, messages, versions, tags, participants, fields bulk
	ids                                                     tagIDs
	found                                                   []found
}

func imported(tickets []*ticket.Ticket) []marking {
	all := make([]marking, len(tickets))
	for i, t := range tickets {
		all[i] = marking{after: t}
	}
	return all
}

func newImporting(ids tagIDs) *importing {
	return &importing{
		ids:          ids,
		tickets:      bulk{sql: insertTicketsSQL},
		messages:     bulk{sql: insertMessagesSQL},
		versions:     bulk{sql: insertVersionsSQL},
		tags:         bulk{sql: `INSERT INTO ticket_tags (workspace_id, tag_id, ticket_id) VALUES `},
		participants: bulk{sql: `INSERT INTO ticket_participants (member_id, ticket_id) VALUES `},
		fields:       bulk{sql: insertFieldsSQL},
	}
}

func (i *importing) add(tx *Tx, t *ticket.Ticket) error {
	changes := t.TakeChanges()
	i.tickets.add(ticketValues(t, i.ids)...)
	i.found = append(i.found, found{ticket: t.ID})
	for _, m := range changes.Messages {
		i.messages.add(messageValues(m)...)
		i.found = append(i.found, found{ticket: t.ID, message: m.ID})
		i.versions.add(versionValues(m)...)
	}
	for _, tag := range i.ids.has(marking{after: t}) {
		i.tags.add(int64(t.Workspace), int64(tag), int64(t.ID))
	}
	for _, m := range t.Participants {
		i.participants.add(int64(m), int64(t.ID))
	}
	for _, field := range filled(t, nil, t.Answers) {
		i.fields.add(field.args...)
	}
	return record(tx, t, changes.Events)
}

func (i *importing) write(ctx context.Context, tx *Tx) error {
	for _, b := range []*bulk{&i.tickets, &i.messages, &i.versions, &i.tags, &i.participants, &i.fields} {
		if err := b.write(ctx, tx.Conn); err != nil {
			return err
		}
	}
	documents, err := tx.documents(ctx, i.found)
	if err != nil {
		return err
	}
	return tx.learn(ctx, documents)
}

// bulk is rows of one table, for as few statements as can be.
type bulk struct {
	sql  string // up to the first row
	end  string // after the last row
	args []any
	rows int
}

// mostArguments is what SQLite takes in one statement; PostgreSQL takes twice
// as many.
const mostArguments = 32766

func (b *bulk) add(row ...any) {
	b.args = append(b.args, row...)
	b.rows++
}

func (b *bulk) write(ctx context.Context, c Conn) error {
	if b.rows == 0 {
		return nil
	}
	width := len(b.args) / b.rows
	row := "(" + strings.Repeat("?, ", width-1) + "?)"
	for chunk := range slices.Chunk(b.args, width*cmp.Or(mostArguments/width, 1)) {
		if _, err := c.Exec(ctx, repeated(b.sql+row, row, len(chunk)/width)+b.end, chunk...); err != nil {
			return err
		}
	}
	return nil
}
