package sqlstore

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Import stores new tickets of one workspace with all that happened in them,
// and numbers them in their order. What happened enters the workspace's history
// in the order in which it did. It is the past: no work follows from it, and
// nobody is told of each ticket. What is said in them is found once Index or IndexAll has
// taken it apart. Tickets with files are not for it.
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
		i := newImporting(ids, len(tickets))
		tx.news = slices.Grow(tx.news, 8*len(tickets))
		for n, t := range tickets {
			numbered := *t
			numbered.Numbered(last - int64(len(tickets)-1-n))
			if err := i.add(tx, &numbered); err != nil {
				return err
			}
		}
		return i.write(ctx, tx, w)
	})
	return failed("import tickets", err)
}

// importing gathers the rows of many tickets.
type importing struct {
	tickets, messages, versions, tags, participants, fields bulk
	ids                                                     tagIDs
	owed                                                    map[string]span // the IDs, by the kind of what the backlog tells
}

func imported(tickets []*ticket.Ticket) []marking {
	all := make([]marking, len(tickets))
	for i, t := range tickets {
		all[i] = marking{after: t}
	}
	return all
}

func newImporting(ids tagIDs, tickets int) *importing {
	i := &importing{
		ids:          ids,
		owed:         map[string]span{},
		tickets:      bulk{sql: insertTicketsSQL, many: tickets},
		messages:     bulk{sql: insertMessagesSQL, many: 6 * tickets},
		versions:     bulk{sql: insertVersionsSQL, many: 6 * tickets},
		tags:         bulk{sql: `INSERT INTO ticket_tags (workspace_id, tag_id, ticket_id) VALUES `},
		participants: bulk{sql: `INSERT INTO ticket_participants (member_id, ticket_id) VALUES `},
		fields:       bulk{sql: insertFieldsSQL},
	}
	return i
}

func (i *importing) add(tx *Tx, t *ticket.Ticket) error {
	changes := t.TakeChanges()
	i.tickets.add(ticketValues(t, i.ids)...)
	i.owed[backlogTickets] = i.owed[backlogTickets].with(int64(t.ID))
	for _, m := range changes.Messages {
		i.messages.add(messageValues(m)...)
		i.owed[backlogMessages] = i.owed[backlogMessages].with(int64(m.ID))
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

func (i *importing) write(ctx context.Context, tx *Tx, w id.Workspace) error {
	for _, b := range []*bulk{&i.tickets, &i.messages, &i.versions, &i.tags, &i.participants, &i.fields} {
		if err := b.write(ctx, tx.Conn); err != nil {
			return err
		}
	}
	for kind, ids := range i.owed {
		if err := tx.owe(ctx, kind, ids); err != nil {
			return err
		}
	}
	return tx.chronicle(ctx, w)
}

// chronicle writes the news of one workspace at the end of its history, in the order in
// which they happened.
func (tx *Tx) chronicle(ctx context.Context, w id.Workspace) error {
	all := tx.news
	tx.news = nil
	if len(all) == 0 {
		return nil
	}
	last, err := tx.dialect.lengthen(ctx, tx.Conn, w, len(all))
	if err == nil {
		err = searching.skip(ctx, tx.Conn, w, last-int64(len(all)), last)
	}
	if err != nil {
		return err
	}
	order := make([]int, len(all))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int { return all[a].At.Compare(all[b].At) })
	rows := bulk{sql: insertEventSQL + "VALUES ", many: len(all)}
	for n, i := range order {
		rows.add(all[i].columns(int64(w), last-int64(len(all)-1-n))...)
	}
	return rows.write(ctx, tx.Conn)
}

// lengthenSQLite gives the number of the last event of a history that gets n more.
func lengthenSQLite(ctx context.Context, c Conn, w id.Workspace, n int) (int64, error) {
	last, known := c.known.end(w)
	if !known {
		var err error
		last, err = one(ctx, c, nil, number[int64], `SELECT COALESCE(MAX(l.sequence), 0) FROM events l WHERE l.workspace_id = ?`, int64(w))
		if err != nil {
			return 0, err
		}
	}
	c.known.lengthened(w, last+int64(n))
	return last + int64(n), nil
}

func lengthenPostgres(ctx context.Context, c Conn, w id.Workspace, n int) (int64, error) {
	return one(ctx, c, nil, number[int64], countSQL, eventCounter(w), n)
}
