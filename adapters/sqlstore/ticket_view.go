package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// viewSQL gives tickets with what their rows in a list show, in one statement.
// The columns of who and what may be missing are 0 or empty then. Those between
// begin and end may travel as one; people's own texts, which may hold anything, do not.
func viewSQL(columns, begin, end string) string {
	return `SELECT ` + begin + columns + `, q.version,
	r.account_id, r.locale, r.time_zone, r.role, r.service, r.created_at, r.version,
	` + maybeProfile + `,
	COALESCE(m.kind, ''), COALESCE(m.side, ''), COALESCE(m.author_id, 0), COALESCE(m.version, 0), COALESCE(m.locale, ''),
	COALESCE(m.template, ''), COALESCE(m.channel, ''), COALESCE(m.occurred_at, 0),
	COALESCE(m.recorded_at, 0), COALESCE(m.edited_at, 0), COALESCE(m.deleted_at, 0), COALESCE(m.edited_by, 0),
	COALESCE(m.external_id, '')` + end + `, t.subject, q.name, r.name, r.avatar_url, COALESCE(a.name, ''), COALESCE(a.avatar_url, ''),
	CASE WHEN m.deleted_at = 0 THEN COALESCE(v.body, '') ELSE '' END
	FROM tickets t
	LEFT JOIN queues q ON q.id = t.queue_id
	LEFT JOIN members r ON r.id = t.requester_id
	LEFT JOIN members a ON a.id = t.assignee_id
	LEFT JOIN messages m ON m.id = t.last_message_id
	LEFT JOIN message_versions v ON v.message_id = m.id AND v.number = m.version
	WHERE `
}

// viewRow holds all parts of a view in one piece of memory.
type viewRow struct {
	ticket              ticket.Ticket
	requester, assignee member.Member
	queue               queue.Queue
	last                ticket.Message
	view                ticket.View
}

func (c Conn) scanView(row scanner) (*ticket.View, error) {
	r := &viewRow{}
	t, m := ticketRow{}, messageRow{}
	var requesterSince, assigneeSince int64
	into := append(make([]any, 0, 57), t.fields(&r.ticket)...)
	into = append(into[:len(into)-1], &r.queue.Version) // the subject comes later
	into = append(into, profile(&r.requester, &requesterSince)...)
	into = append(into, profile(&r.assignee, &assigneeSince)...)
	into = append(into, m.beside(&r.last)...)
	facts := len(into)
	into = append(into, &r.ticket.Subject, &r.queue.Name, &r.requester.Name, &r.requester.AvatarURL, &r.assignee.Name, &r.assignee.AvatarURL, &r.last.Body)
	if err := c.dialect.mixed(row, facts).Scan(into...); err != nil {
		return nil, err
	}
	if err := t.finish(&r.ticket); err != nil {
		return nil, err
	}
	r.requester.CreatedAt, r.assignee.CreatedAt = Moment(requesterSince), Moment(assigneeSince)
	m.finish(&r.last)
	return r.finish(), nil
}

// maybeProfile are the columns of a member who may be missing, for profile.
const maybeProfile = `COALESCE(a.account_id, 0), COALESCE(a.locale, ''), COALESCE(a.time_zone, ''), COALESCE(a.role, ''),
	COALESCE(a.service, FALSE), COALESCE(a.created_at, 0), COALESCE(a.version, 0)`

// profile gives where a member's columns go, other than what the ticket tells and
// what people are called.
func profile(m *member.Member, created *int64) []any {
	return []any{(*int64)(&m.Account), (*string)(&m.Locale), &m.Zone, (*string)(&m.Role), &m.Service, created, &m.Version}
}

// beside gives where a message's columns go, other than what the ticket tells and its text.
func (r *messageRow) beside(m *ticket.Message) []any {
	return []any{
		(*string)(&m.Kind), (*string)(&m.Side), (*int64)(&m.Author), &m.Version, (*string)(&m.Locale), &m.Template, (*string)(&m.Channel),
		&r.occurred, &r.recorded, &r.edited, &r.deleted, (*int64)(&m.EditedBy), &m.ExternalID,
	}
}

// finish joins the parts.
func (r *viewRow) finish() *ticket.View {
	t := &r.ticket
	r.requester.ID, r.requester.Workspace = t.Requester, t.Workspace
	r.queue.ID, r.queue.Workspace = t.Queue, t.Workspace
	r.view = ticket.View{Ticket: t, RequesterMember: &r.requester, InQueue: &r.queue}
	if t.Assignee != 0 {
		r.assignee.ID, r.assignee.Workspace = t.Assignee, t.Workspace
		r.view.AssigneeMember = &r.assignee
	}
	if t.LastMessage != 0 {
		r.last.ID, r.last.Ticket, r.last.Workspace = t.LastMessage, t.ID, t.Workspace
		r.view.Last = &r.last
	}
	return &r.view
}

// Find implements ticket.Repository.
func (r *TicketRepository) Find(ctx context.Context, f access.TicketFilter, ids ...id.Ticket) ([]*ticket.View, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	c := r.store.Read(ctx)
	q := newLookup(c, c.dialect.tickets.view)
	q.allowed(f)
	if len(ids) == 1 {
		q.and("t.id = ?", int64(ids[0]))
	} else {
		q.and(among(c, "t.id", ids))
	}
	found, err := collect(ctx, c, c.scanView, q.text(), q.args...)
	if err != nil {
		return nil, failed("find tickets", err)
	}
	return inOrder(found, ids), nil
}

// inOrder puts tickets in the order of the IDs, each as often as it is asked for.
func inOrder(found []*ticket.View, ids []id.Ticket) []*ticket.View {
	byID := make(map[id.Ticket]*ticket.View, len(found))
	for _, v := range found {
		byID[v.ID] = v
	}
	all := make([]*ticket.View, 0, len(ids))
	for _, t := range ids {
		if v := byID[t]; v != nil {
			all = append(all, v)
		}
	}
	return all
}

// ByNumber implements ticket.Repository.
func (r *TicketRepository) ByNumber(ctx context.Context, f access.TicketFilter, n int64) (*ticket.View, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, c.dialect.tickets.view)
	q.allowed(f)
	q.and("t.number = ?", n)
	v, err := one(ctx, c, ticket.ErrNotFound, c.scanView, q.text(), q.args...)
	if err != nil {
		return nil, failed("find ticket", err)
	}
	return v, nil
}

// List implements ticket.Repository.
func (r *TicketRepository) List(ctx context.Context, v ticket.Visibility, query ticket.Query, w page.Window) (page.Page[*ticket.View], error) {
	c := r.store.Read(ctx)
	q := newSelection(c, c.dialect.tickets.view)
	known := ticketTerms(v.Notes)
	keys := known.sorted(query.Keys())
	q.nearly = keys[0].coarse != "" && c.dialect.few != nil && !known.leavesFew(query.Where)
	if err := q.query(v, query); err != nil {
		return page.Page[*ticket.View]{}, err
	}
	q.keyset(w, keys...)
	found, err := collect(ctx, c, c.scanView, q.text(), q.args...)
	if err != nil {
		return page.Page[*ticket.View]{}, failed("list tickets", err)
	}
	return page.Cut(w, found), nil
}

// Count implements ticket.Repository.
func (r *TicketRepository) Count(ctx context.Context, v ticket.Visibility, query ticket.Query) (int, error) {
	c := r.store.Read(ctx)
	q := newSelection(c, `SELECT COUNT(*) FROM tickets t WHERE `)
	if err := q.query(v, query); err != nil {
		return 0, err
	}
	n, err := one(ctx, c, nil, number[int64], q.text(), q.args...)
	return int(n), failed("count tickets", err)
}

// query adds the rule of access and what was asked for.
func (q *selection) query(v ticket.Visibility, query ticket.Query) error {
	q.allowed(v.See)
	return q.matching(query.Where, ticketTerms(v.Notes))
}
