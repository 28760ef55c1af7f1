package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// Facts implements channel.Repository. It takes seven statements, one more if
// there is something to post, and one more for the place of a closed ticket.
func (r *ChannelRepository) Facts(ctx context.Context, w id.Workspace, t id.Ticket, ch event.Channel) (*channel.Facts, error) {
	c := r.store.Read(ctx)
	f, err := one(ctx, c, ticket.ErrNotFound, scanFacts, c.dialect.tickets.facts, string(ch.People()), string(ch.People()), string(ch), int64(t), int64(w))
	if err != nil {
		return nil, failed("read ticket's facts", err)
	}
	f.Surface.Ticket, f.Surface.Workspace, f.Surface.Channel = t, w, ch
	if f.Surface.State == "" {
		f.Surface.State = channel.Wanted
	}
	g := gathering{c: c, ch: ch, facts: f}
	for _, step := range []func(context.Context) error{g.category, g.people, g.staff, g.roles, g.grants, g.posts, g.unstored} {
		if err := step(ctx); err != nil {
			return nil, failed("read ticket's facts", err)
		}
	}
	return f, nil
}

// factsSQL gives what there is one of.
func factsSQL(columns string) string {
	return `SELECT ` + columns + `, ` + workspaceColumns + `, q.name,
	COALESCE(NULLIF(s.place, ''), ` + linkedPlace("w.id", "?") + `, ''),
	COALESCE(s.place, '') = '' OR EXISTS (SELECT 1 FROM links l WHERE l.channel = ? AND l.external_id = s.place AND l.workspace_id = w.id),
	COALESCE(s.external_id, ''), COALESCE(s.state, ''), COALESCE(s.detail, ''), COALESCE(s.applied, ''),
	COALESCE(s.card_id, ''), COALESCE(s.card, ''), COALESCE(s.seen_id, ''), COALESCE(s.intent, ''),
	COALESCE(s.kind, ''), COALESCE(s.place, ''), COALESCE(s.revision, 0), COALESCE(s.refusals, 0)
	FROM tickets t JOIN workspaces w ON w.id = t.workspace_id JOIN queues q ON q.id = t.queue_id
	LEFT JOIN surfaces s ON s.ticket_id = t.id AND s.channel = ?
	WHERE t.id = ? AND t.workspace_id = ?`
}

func scanFacts(row scanner) (*channel.Facts, error) {
	f := &channel.Facts{Ticket: &ticket.Ticket{}, Workspace: &workspace.Workspace{}, Queue: &queue.Queue{}}
	t := ticketRow{}
	var intent string
	s := &f.Surface
	ofWorkspace, finish := workspaceFields(f.Workspace)
	into := append(t.fields(f.Ticket), ofWorkspace...)
	into = append(into, &f.Queue.Name, &f.Place, &f.Linked, &s.ExternalID, (*string)(&s.State), &s.Detail, &s.Applied, &s.CardID, &s.Card, &s.SeenID, &intent,
		(*string)(&s.Kind), &s.In, &s.Revision, &s.Refusals)
	if err := row.Scan(into...); err != nil {
		return nil, err
	}
	finish()
	if err := t.finish(f.Ticket); err != nil {
		return nil, err
	}
	f.Queue.ID, f.Queue.Workspace = f.Ticket.Queue, f.Ticket.Workspace
	return f, fromJSON(intent, &s.Intent)
}

// gathering fills in what there is many of.
type gathering struct {
	c     Conn
	ch    event.Channel
	facts *channel.Facts
}

func (g *gathering) category(ctx context.Context) error {
	t := g.facts.Ticket
	found, err := one(ctx, g.c, category.ErrNotFound, scanCategory, categorySQL+` AND id = ?`, int64(t.Workspace), int64(t.Category))
	g.facts.Category = found
	return err
}

// person reads a member with what the channel calls them, and what comes before.
func person(row scanner, before ...any) (channel.Person, error) {
	p := channel.Person{Member: &member.Member{}}
	into, finish := memberFields(p.Member)
	err := row.Scan(append(append(before, into...), &p.ExternalID)...)
	finish()
	return p, err
}

// personColumns are read by person, for members m.
const personColumns = memberColumns + `,
	COALESCE((SELECT MIN(i.external_id) FROM identities i WHERE i.account_id = m.account_id AND i.channel = ?), '')`

// people finds those whom the ticket names.
func (g *gathering) people(ctx context.Context) error {
	t := g.facts.Ticket
	these, list := among(g.c, "m.id", append([]id.Member{t.Requester, t.Assignee}, t.Participants...))
	found := map[id.Member]channel.Person{}
	err := g.c.each(ctx, func(row scanner) error {
		p, err := person(row)
		found[p.Member.ID] = p
		return err
	}, `SELECT `+personColumns+` FROM members m WHERE m.workspace_id = ? AND `+these, string(g.ch.People()), int64(t.Workspace), list)
	g.facts.Requester, g.facts.Assignee = found[t.Requester], found[t.Assignee]
	for _, m := range t.Participants {
		g.facts.Participants = append(g.facts.Participants, found[m])
	}
	return err
}

// staffSQL gives the members of the teams that serve the queue, those who work
// every queue, and all agents if a grant lets those of other teams see the
// queue or the category. The first two columns count the teams that a member is
// in, and those by a role of the channel.
const staffSQL = `SELECT s.teams, s.by_role, ` + personColumns + `
	FROM members m JOIN (
		SELECT x.id, COUNT(tm.team_id) AS teams, COALESCE(SUM(CASE WHEN tm.source = ? THEN 1 ELSE 0 END), 0) AS by_role
		FROM members x LEFT JOIN (team_members tm JOIN team_queues tq ON tq.team_id = tm.team_id AND tq.queue_id = ?) ON tm.member_id = x.id
		WHERE x.workspace_id = ? AND (x.role IN ('supervisor', 'admin') OR tm.team_id IS NOT NULL OR x.role = 'agent' AND EXISTS (
			SELECT 1 FROM grants g WHERE g.workspace_id = x.workspace_id AND g.role = x.role AND g.class = 'see' AND g.effect = 'allow'
			AND (g.queue_id = ? OR g.category_id = ?)))
		GROUP BY x.id) s ON s.id = m.id
	ORDER BY m.id`

func (g *gathering) staff(ctx context.Context) error {
	t := g.facts.Ticket
	return g.c.each(ctx, func(row scanner) error {
		var teams, byRole int
		p, err := person(row, &teams, &byRole)
		s := channel.Staff{Person: p, ByRole: byRole > 0}
		if teams > 0 {
			s.Queues = []id.Queue{t.Queue} // no other matters here
		}
		g.facts.Staff = append(g.facts.Staff, s)
		return err
	}, staffSQL, string(g.ch.People()), string(g.ch.People()), int64(t.Queue), int64(t.Workspace), int64(t.Queue), int64(t.Category))
}

func (g *gathering) roles(ctx context.Context) error {
	t := g.facts.Ticket
	found, err := collect(ctx, g.c, func(row scanner) (role string, err error) { return role, row.Scan(&role) },
		`SELECT DISTINCT tr.external_id FROM team_roles tr JOIN team_queues tq ON tq.team_id = tr.team_id
		WHERE tr.workspace_id = ? AND tr.channel = ? AND tq.queue_id = ? ORDER BY tr.external_id`,
		int64(t.Workspace), string(g.ch.People()), int64(t.Queue))
	g.facts.Roles = found
	return err
}

func (g *gathering) grants(ctx context.Context) (err error) {
	g.facts.Grants, err = grantsOf(ctx, g.c, g.facts.Ticket.Workspace)
	return err
}

// postsSQL gives the public messages that stand on the surface otherwise than
// they should. What stood on another place, one that was lost, doesn't count;
// what was deleted before anybody saw it never appears.
const postsSQL = `SELECT ` + messageColumns + `, COALESCE(d.external_id, ''), COALESCE(d.version, 0), COALESCE(d.deleted, FALSE),
	COALESCE(a.name, ''), COALESCE(a.avatar_url, ''),
	` + maybeProfile + `
	FROM messages m` + versionJoin + `
	LEFT JOIN deliveries d ON d.message_id = m.id AND d.channel = ? AND d.place = ?
	LEFT JOIN members a ON a.id = m.author_id
	WHERE m.ticket_id = ? AND m.kind <> 'note' AND m.channel <> ? AND (
		(d.message_id IS NULL AND m.deleted_at = 0) OR
		(NOT d.deleted AND (m.deleted_at <> 0 OR d.version < m.version)))
	ORDER BY m.id`

func (g *gathering) posts(ctx context.Context) error {
	t := g.facts.Ticket
	found, err := collect(ctx, g.c, scanPost, postsSQL, string(g.ch), g.facts.Surface.ExternalID, int64(t.ID), string(g.ch))
	g.facts.Posts = found
	if err != nil || len(found) == 0 {
		return err
	}
	return g.files(ctx)
}

// files finds what the posts carry and carried.
func (g *gathering) files(ctx context.Context) error {
	at := make(map[id.Message]*channel.Post, len(g.facts.Posts))
	messages := make([]id.Message, len(g.facts.Posts))
	for i := range g.facts.Posts {
		p := &g.facts.Posts[i]
		messages[i], at[p.Message.ID] = p.Message.ID, p
	}
	found, err := filesOf(ctx, g.c, messages...)
	for _, a := range found {
		at[a.Message].Files = append(at[a.Message].Files, a)
	}
	return err
}

// unstoredSQL counts files that people attached in the channel. What is gone from
// there, and what they took away, is no reason to keep the place.
const unstoredSQL = `SELECT COALESCE(SUM(CASE WHEN a.state = 'pending' THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN a.state = 'failed' AND a.failure <> 'gone' THEN 1 ELSE 0 END), 0)
	FROM messages m JOIN attachments a ON a.message_id = m.id
	WHERE m.ticket_id = ? AND m.channel = ? AND m.deleted_at = 0 AND a.message_id <> 0 AND a.until_version = 0 AND a.state IN ('pending', 'failed')`

func (g *gathering) unstored(ctx context.Context) error {
	t := g.facts.Ticket
	if t.Status != ticket.Closed || g.facts.Surface.ExternalID == "" {
		return nil
	}
	u := &g.facts.Unstored
	return g.c.QueryRow(ctx, unstoredSQL, int64(t.ID), string(g.ch)).Scan(&u.Pending, &u.Failed)
}

func scanPost(row scanner) (channel.Post, error) {
	p := channel.Post{Message: &ticket.Message{}}
	m := messageRow{}
	var d channel.Delivery
	var author member.Member
	var since int64
	into := append(m.fields(p.Message), &d.ExternalID, &d.Version, &d.Deleted, &author.Name, &author.AvatarURL)
	if err := row.Scan(append(into, profile(&author, &since)...)...); err != nil {
		return p, err
	}
	m.finish(p.Message)
	if d.Version != 0 {
		d.Message = p.Message.ID
		p.Delivery = &d
	}
	if p.Message.Author != 0 {
		author.ID, author.Workspace, author.CreatedAt = p.Message.Author, p.Message.Workspace, Moment(since)
		p.Author = &author
	}
	return p, nil
}
