package rest_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// caller is somebody who asks, and what they are to the ticket that they ask about.
type caller struct {
	name   string
	who    *member.Member // nil: nobody
	actor  access.Actor
	scope  access.Scope
	ticket *seen // for reads
}

// seen is a ticket with what the rows name of it.
type seen struct {
	*ticket.Ticket

	message, note, mine *ticket.Message
	file                *file.Attachment // of the message
}

// matrix is a house with callers of all kinds.
type matrix struct {
	*house

	values  map[string]string
	callers []*caller
}

// Every operation, asked for by everybody: what becomes of it is what the access
// table says, and a refusal leaves no trace.
func TestEveryOperationKeepsTheOneRule(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		m := newMatrix(t, h)
		for _, r := range rows() {
			t.Run(r.name, func(t *testing.T) {
				for _, c := range m.callers {
					t.Run(c.name, func(t *testing.T) { m.try(t, r, c) })
				}
			})
		}
	})
}

// What the description gained has to be in the matrix, and what it lost goes.
func TestTheMatrixKnowsEveryOperation(t *testing.T) {
	h := sqlite(t)
	unknown := map[string]bool{}
	for _, id := range h.judge.operations() {
		unknown[id] = true
	}
	known := maps.Clone(unknown)
	for _, r := range rows() {
		id, _, _ := strings.Cut(r.name, " ")
		if !known[id] {
			t.Errorf("there is no operation %s: take the row %q out of api/rest/matrix_rows_test.go", id, r.name)
		}
		delete(unknown, id)
	}
	for id := range unknown {
		t.Errorf("the matrix does not know %s: add a row with the permission that it needs to api/rest/matrix_rows_test.go", id)
	}
}

// newMatrix lets a member of each role in, in and out of the team that serves
// Support, another workspace's admin, and nobody.
func newMatrix(t *testing.T, h *house) *matrix {
	t.Helper()
	h.guests = map[string]auth.Subject{}
	m := &matrix{house: h}
	elsewhere := tickettest.NewDesk(t, m.World)
	m.settle(t)
	m.works(t, elsewhere, 0)
	for _, role := range access.Roles() {
		inside, outside := m.Arrives(t, string(role)+" in the team", "en", role), m.Arrives(t, string(role), "en", role)
		m.join(t, inside)
		for _, relation := range access.Relations() {
			who := outside
			if relation == access.Team {
				who = inside
			}
			m.add(t, m.Desk, who, relation, fmt.Sprintf("%s, %s", role, relation))
		}
	}
	admin := *elsewhere.Ada
	admin.Name = "admin of elsewhere"
	m.add(t, elsewhere, &admin, access.None, "another workspace's admin")
	m.callers = append(m.callers, &caller{name: "nobody"})
	for _, c := range m.callers {
		c.ticket = m.stages(t, c)
	}
	return m
}

// settle makes what the rows name beside the ticket.
func (m *matrix) settle(t *testing.T) {
	t.Helper()
	teams, err := m.Teams.List(t.Context(), m.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	g := access.Grant{Queue: m.Billing.ID, Role: access.RoleSupervisor, Class: access.ClassClaim, Effect: access.Allow}
	if err := m.services.Queues.SetGrant(t.Context(), m.Call(t, m.Ada), &g); err != nil {
		t.Fatal(err)
	}
	let, err := m.services.Auth.BeginFor(t.Context(), m.Workspace.ID, m.Ada.ID, "", "Console", m.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := m.services.Auth.CreateKey(t.Context(), m.Call(t, m.Ada), auth.KeyWish{Name: "Robot", Scopes: auth.ReadScopes()})
	if err != nil {
		t.Fatal(err)
	}
	promised, err := m.services.SLA.ChangePolicy(t.Context(), m.Call(t, m.Ada), sla.Policy{}, func(p *sla.Policy) {
		p.Name, p.Tags, p.Promises = "Matrix", []string{"matrix"}, []sla.Promise{{Target: sla.Resolution, Within: time.Hour}}
	})
	if err != nil {
		t.Fatal(err)
	}
	place := m.linked(t, "Place")
	if err := m.services.Channels.SetDesk(t.Context(), m.Call(t, m.Ada), channel.Desk{Channel: event.ChannelDiscord, ExternalID: "4711"}); err != nil {
		t.Fatal(err)
	}
	m.works(t, m.Desk, 0)
	m.works(t, m.Desk, m.Billing.ID)
	m.values = map[string]string{
		"policy":  gid(opaque.Policy, promised.ID),
		"session": gid(opaque.Session, let.Session),
		"key":     gid(opaque.APIKey, key.ID), "tag": m.word(t, "Bread"),
		"member": memberID(m.Bob), "agent": memberID(m.Dana), "queue": gid(opaque.Queue, m.Support.ID),
		"otherQueue": gid(opaque.Queue, m.Billing.ID), "category": gid(opaque.Category, m.Help.ID),
		"otherCategory": gid(opaque.Category, m.Invoice.ID), "team": gid(opaque.Team, teams[0].ID), "grant": gid(opaque.Grant, g.ID),
		"workspace": gid(opaque.Workspace, m.Workspace.ID), "plan": gid(opaque.DigestPlan, m.Support.ID),
		"digest": gid(opaque.Digest, m.digested(t, m.Opens(t, m.Lea, m.Help).ID).ID), "place": place,
		"desk": "4711",
	}
	m.breaches(t)
}

// works says when is worked in a workspace, or in a queue.
func (m *matrix) works(t *testing.T, at *tickettest.Desk, q id.Queue) {
	t.Helper()
	_, err := m.services.SLA.ChangeHours(t.Context(), at.Call(t, at.Ada), sla.Hours{Queue: q}, func(to *sla.Schedule) error {
		to.Zone, to.Week = "UTC", []sla.Span{{Day: time.Monday, From: 9 * 60, To: 17 * 60}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// join lets a member into the team that serves Support.
func (m *matrix) join(t *testing.T, who *member.Member) {
	t.Helper()
	teams, err := m.Teams.List(t.Context(), m.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, served := range teams {
		if slices.Contains(served.Queues, m.Support.ID) {
			served.Members = append(served.Members, who.ID)
			if err := m.Teams.Save(t.Context(), served); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (m *matrix) add(t *testing.T, at *tickettest.Desk, who *member.Member, relation access.Relation, name string) {
	t.Helper()
	m.guests[who.Name] = auth.Subject{Workspace: at.Workspace.ID, Member: who.ID, ExpiresAt: m.Clock.Now().AddDate(1, 0, 0)}
	m.callers = append(m.callers, &caller{name: name, who: who, actor: at.Actor(t, who), scope: access.Scope{
		Workspace: m.Workspace.ID, Queue: m.Support.ID, Category: m.Help.ID, Requester: relation == access.Requester,
		Assignee: relation == access.Assignee, Participant: relation == access.Participant,
	}})
}

// stages makes a ticket to which the caller has their relation.
func (m *matrix) stages(t *testing.T, c *caller, given ...step) *seen {
	t.Helper()
	requester, author, made := m.Lea, m.Lea, &seen{}
	if c.who != nil {
		author = c.who
	}
	if c.scope.Requester {
		requester = c.who
	}
	made.Ticket = m.Opens(t, requester, m.Help)
	byCaller := m.Cause(author)
	made.Ticket = m.Changes(t, m.Sam, made.Ticket, func(cause ticket.Cause, tk *ticket.Ticket) (err error) {
		made.mine, err = tk.Reply(byCaller, ticket.FromRequester, "en", "Mine.")
		steps := []step{
			func(tk *ticket.Ticket, cause ticket.Cause) error {
				made.message, err = tk.Reply(cause, ticket.FromStaff, "en", "Hello.", file.Enclosure{Name: "a.txt", Source: "there"})
				return err
			},
			func(tk *ticket.Ticket, cause ticket.Cause) error {
				made.note, err = tk.AddNote(cause, "en", "Hm.")
				return err
			},
			func(tk *ticket.Ticket, cause ticket.Cause) error { return tk.AddTag(cause, "staffs") },
			func(tk *ticket.Ticket, cause ticket.Cause) error { return m.relates(cause, tk, c) },
		}
		for _, s := range append(steps, given...) {
			if err == nil {
				err = s(tk, cause)
			}
		}
		return err
	})
	files, err := m.services.Files.Of(t.Context(), m.Call(t, m.Sam), made.message.ID)
	if err != nil || len(files[made.message.ID]) != 1 {
		t.Fatalf("the message has %v: %v", files, err)
	}
	made.file = files[made.message.ID][0]
	return made
}

// word makes a tag.
func (m *matrix) word(t *testing.T, name string) string {
	t.Helper()
	made, err := m.services.Tags.Create(t.Context(), m.Call(t, m.Ada), tag.Tag{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return gid(opaque.Tag, made.ID)
}

// passing makes a grant that a row takes back.
func (m *matrix) passing(t *testing.T) string {
	t.Helper()
	g := access.Grant{Category: m.Invoice.ID, Role: access.RoleSupervisor, Class: access.ClassSee, Effect: access.Allow}
	if err := m.services.Queues.SetGrant(t.Context(), m.Call(t, m.Ada), &g); err != nil {
		t.Fatal(err)
	}
	return gid(opaque.Grant, g.ID)
}

func (m *matrix) relates(cause ticket.Cause, tk *ticket.Ticket, c *caller) error {
	switch {
	case c.scope.Assignee:
		return tk.Assign(cause, c.who.ID)
	case c.scope.Participant:
		return tk.AddParticipant(cause, c.who.ID)
	}
	return tk.Assign(cause, m.Dana.ID)
}

func (m *matrix) try(t *testing.T, r row, c *caller) {
	t.Helper()
	tk, want := c.ticket, "unauthenticated"
	if c.who != nil {
		want = r.want(c)
	}
	if want == "done" && (strings.Contains(r.path, "$ticket") || strings.Contains(r.body, "$ticket")) { // what is changed is fresh
		tk = m.stages(t, c, r.given...)
	}
	if want == "done" && strings.Contains(r.path, "$place") {
		m.values["place"] = m.linked(t, "Place") // who was let before took it away
	}
	before := m.head(t)
	got, body := m.outcome(t, r, c, tk)
	if got != want {
		t.Errorf("%s, asked for by %s: %s, want %s: %s", r.name, c.name, got, want, body)
	}
	if r.method != http.MethodGet && got != "done" && m.head(t) != before {
		t.Errorf("%s, refused to %s, left something in the history", r.name, c.name)
	}
}

func (m *matrix) head(t *testing.T) int64 {
	t.Helper()
	head, err := m.Tickets.Head(t.Context(), m.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// outcome carries a row's operation out and tells what became of it.
func (m *matrix) outcome(t *testing.T, r row, c *caller, tk *seen) (outcome, body string) {
	t.Helper()
	values := map[string]string{
		"ticket": ticketID(tk.Ticket), "number": fmt.Sprint(tk.Number), "message": gid(opaque.Message, tk.message.ID),
		"note": gid(opaque.Message, tk.note.ID), "own": gid(opaque.Message, tk.mine.ID), "caller": "mem_nobody", "new": "New for " + c.name,
		"attachment": gid(opaque.Attachment, tk.file.ID),
	}
	if strings.Contains(r.path+r.body, "$loose") {
		values["loose"] = m.word(t, fmt.Sprint("Loose ", m.IDs()))
	}
	if strings.Contains(r.path, "$passing") {
		values["passing"] = m.passing(t)
	}
	if c.who != nil {
		values["caller"] = memberID(c.who)
	}
	maps.Copy(values, m.values)
	var in any
	var headers []string
	if r.body != "" {
		in = replaced(r.body, values)
	}
	if r.body == calendarFile {
		headers = calendarHeader
	}
	a := m.send(t, c.who, r.method, "/api/v1"+replaced(r.path, values), in, headers...)
	switch {
	case a.status >= 400:
		return a.text("code"), a.body
	case r.method != http.MethodGet:
		return "done", a.body
	case strings.Contains(a.body, `"`+values[r.witness]+`"`) || r.witness == "":
		return "seen", a.body
	}
	return "nothing", a.body
}

// replaced puts values in the place of "$name"; longer names go first.
func replaced(in string, values map[string]string) string {
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int { return len(b) - len(a) })
	for _, name := range names {
		in = strings.ReplaceAll(in, "$"+name, values[name])
	}
	return in
}
