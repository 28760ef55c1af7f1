package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// restFloorSQL reads what REST shows of tickets, and nothing else.
const restFloorSQL = `SELECT t.id, t.number, t.version, t.subject, t.status, t.priority, r.id, r.name, r.avatar_url, r.service,
		COALESCE(a.id, 0), COALESCE(a.name, ''), COALESCE(a.avatar_url, ''), COALESCE(a.service, FALSE), q.id, q.name, t.category_id,
		` + floorTags + `, t.answers, t.locale, t.channel, t.opened_at, t.activity_at, COALESCE(t.first_reply_at, 0), COALESCE(t.resolved_at, 0),
		COALESCE(t.closed_at, 0), t.turn, COALESCE(t.snoozed_until, 0), t.deadline,
		COALESCE(m.id, 0), COALESCE(m.side, ''), COALESCE(m.author_id, 0), COALESCE(v.body, ''), COALESCE(m.occurred_at, 0), t.message_count
	FROM tickets t%s LEFT JOIN members r ON r.id = t.requester_id LEFT JOIN queues q ON q.id = t.queue_id
	LEFT JOIN members a ON a.id = t.assignee_id LEFT JOIN messages m ON m.id = t.last_message_id
	LEFT JOIN message_versions v ON v.message_id = m.id AND v.number = m.version AND m.deleted_at = 0
	WHERE t.workspace_id = ? AND (t.requester_id = ? OR t.assignee_id = ? OR t.queue_id IN (%s)
		OR EXISTS (SELECT 1 FROM ticket_participants p WHERE p.member_id = ? AND p.ticket_id = t.id))
	ORDER BY t.activity_minute DESC, t.activity_at DESC, t.id DESC LIMIT 26`

// restFloor is the page as it is written.
type restFloor struct {
	Items []rest.Ticket `json:"items"`
	Page  struct {
		HasNext bool `json:"hasNext"`
	} `json:"page"`
}

// restFloorPage is REST's page as somebody would write it who needs nothing else.
func (w *benchWorld) restFloorPage(out http.ResponseWriter, r *http.Request) {
	page, err := w.restFloorRows(r.Context(), access.FromContext(r.Context()).Actor)
	if err != nil {
		panic(err)
	}
	out.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(out).Encode(page); err != nil {
		panic(err)
	}
}

func (w *benchWorld) restFloorRows(ctx context.Context, a access.Actor) (*restFloor, error) {
	args := []any{int64(a.Workspace), int64(a.Member), int64(a.Member)}
	for _, q := range a.Queues {
		args = append(args, int64(q))
	}
	args = append(args, int64(a.Member))
	query := fmt.Sprintf(restFloorSQL, w.walked(), strings.TrimSuffix(strings.Repeat("?,", len(a.Queues)), ","))
	rows, err := w.store.Read(ctx).Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	page := &restFloor{}
	for rows.Next() {
		t, err := restFloorScan(rows.Scan)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, t)
	}
	if len(page.Items) > 25 {
		page.Items, page.Page.HasNext = page.Items[:25], true
	}
	return page, rows.Err()
}

func restFloorScan(scan func(...any) error) (rest.Ticket, error) {
	t := rest.Ticket{Requester: &rest.Person{}, Queue: &rest.InQueue{}}
	var assigned, last, author, category, queue, requester, ticket, rank, snoozed, deadline int64
	var opened, activity, first, resolved, closed, occurred int64
	var assignee rest.Person
	var avatar, assigneeAvatar, tags, answers string
	said := rest.LastSaid{}
	if err := scan(
		&ticket, &t.Number, &t.Version, &t.Subject, &t.Status, &rank, &requester, &t.Requester.Name, &avatar, &t.Requester.IsService,
		&assigned, &assignee.Name, &assigneeAvatar, &assignee.IsService, &queue, &t.Queue.Name, &category,
		&tags, &answers, &t.Locale, &t.Channel, &opened, &activity, &first, &resolved, &closed, &t.Turn, &snoozed, &deadline,
		&last, &said.Side, &author, &said.Body, &occurred, &t.MessageCount,
	); err != nil {
		return t, err
	}
	t.ID, t.Requester.ID, t.Queue.ID, t.CategoryID = opaque(scalar.Ticket, ticket), opaque(scalar.Member, requester), opaque(scalar.Queue, queue), opaque(scalar.Category, category)
	t.Requester.AvatarURL, t.Priority, t.Tags, t.Answers = floorOrNull(avatar), strings.ToLower(floorPriorities[rank]), []string{}, []rest.Answer{}
	t.OpenedAt, t.ActivityAt = floorTime(opened), floorTime(activity)
	t.FirstReplyAt, t.ResolvedAt, t.ClosedAt = floorMoment(first), floorMoment(resolved), floorMoment(closed)
	t.SnoozedUntil, t.IsSnoozed = floorMoment(snoozed), snoozed != 0
	if deadline != 1<<63-1 {
		t.Deadline = floorMoment(deadline)
	}
	if assigned != 0 {
		assignee.ID, assignee.AvatarURL = opaque(scalar.Member, assigned), floorOrNull(assigneeAvatar)
		t.Assignee = &assignee
	}
	if last != 0 {
		said.ID, said.OccurredAt = opaque(scalar.Message, last), floorTime(occurred)
		if author != 0 {
			by := opaque(scalar.Member, author)
			said.AuthorID = &by
		}
		t.LastMessage = &said
	}
	return t, errorsOf(floorList(tags, &t.Tags), floorList(answers, &t.Answers))
}

// floorList reads a list, which is empty most of the time.
func floorList(text string, into any) error {
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

func floorOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func floorMoment(us int64) *string {
	if us == 0 {
		return nil
	}
	s := floorTime(us)
	return &s
}
