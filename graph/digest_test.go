package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// mondays are the moments of a plan.
var mondays = []vars{{"day": "MONDAY", "time": "09:00"}}

// plans lets digests of a queue come on Mondays, and makes none yet.
func (h *house) plans(t *testing.T, q id.Queue) {
	t.Helper()
	p := &digest.Plan{
		Workspace: h.Workspace.ID, Queue: q, DueAt: h.Clock.Now().AddDate(1, 0, 0),
		Schedule: digest.Schedule{Zone: "UTC", Moments: []digest.Moment{{Day: time.Monday, Minute: 9 * 60}}},
	}
	if err := h.store.Digests().SavePlan(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

// digested makes a digest of a queue that has a plan, for a moment of its own.
func (h *house) digested(t *testing.T, q id.Queue, due time.Duration, tickets ...id.Ticket) *digest.Digest {
	t.Helper()
	p := &digest.Plan{Workspace: h.Workspace.ID, Queue: q}
	plan, err := h.store.Digests().Plans(t.Context(), h.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range plan {
		if found.Queue == q {
			p = found
		}
	}
	p.Version, p.DueAt = 0, h.Clock.Now().Add(due)
	if err := h.store.Digests().SavePlan(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	d := &digest.Digest{ID: id.Digest(h.IDs()), Workspace: h.Workspace.ID, Queue: q, At: p.DueAt, Tickets: tickets, Count: len(tickets)}
	if made, err := h.store.Digests().Take(t.Context(), p, p.DueAt, d); err != nil || !made {
		t.Fatal(made, err)
	}
	return d
}

// some gives up to so many tickets.
func (h *house) some(t *testing.T, n int) []id.Ticket {
	t.Helper()
	var all []id.Ticket
	a := h.ask(t, h.Ada, fmt.Sprintf(`{ tickets(first: %d) { nodes { id } } }`, n), nil)
	for _, row := range a.at("tickets.nodes").([]any) {
		all = append(all, scalar.TicketOf(row.(map[string]any)["id"].(string)))
	}
	return all
}

// alerted gives a ticket in which an alert was raised.
func (h *house) alerted(t *testing.T) *ticket.Ticket {
	t.Helper()
	return h.alertsOnce(t, h.Opens(t, h.Lea, h.Help))
}

// alertsOnce raises an alert in a ticket.
func (h *house) alertsOnce(t *testing.T, tk *ticket.Ticket) *ticket.Ticket {
	t.Helper()
	book := sla.NewBook(1, nil, []*sla.Policy{{ID: 7, Rules: sla.Rules{Promises: []sla.Promise{
		{Target: sla.FirstReply, Within: time.Minute, Steps: []sla.Step{{Action: sla.Alert, Text: "late"}}},
	}}}})
	return h.Changes(t, h.Sam, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		tk.Keep(c, book)
		c.Now = c.Now.Add(2 * time.Minute)
		return tk.Elapse(c, book, nil)
	})
}

// calm makes Help a category that pings nobody.
func (h *house) calm(t *testing.T) {
	t.Helper()
	help := *h.Help
	help.Intent = category.NonUrgent
	if err := h.Categories.Save(t.Context(), &help); err != nil {
		t.Fatal(err)
	}
}

const (
	savePlan = `mutation($in: SaveDigestPlanInput!) { saveDigestPlan(input: $in) { digestPlan { queue { name } timeZone moments { day time } pings nextAt version }
		userErrors { code field message } } }`
	digests = `query($q: ID!) { digests(queueId: $q) { totalCount nodes { id ticketCount dueAt madeAt tickets { number } } } digestPlan(queueId: $q) { nextAt version } }`
)

func (h *house) gathers(t *testing.T, now time.Time) {
	t.Helper()
	if err := h.services.Digests.Tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
}

// What is not urgent waits for the hours that are set, and is told of once.
func TestWhatIsNotUrgentComesInDigests(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.calm(t)
		q := gid(scalar.Queue, h.Support.ID)
		monday := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC) // 9:00 in Paris
		h.Clock.Advance(monday.Add(-24 * time.Hour).Sub(h.Clock.Now()))
		h.ask(t, h.Ada, savePlan, vars{"in": vars{"queueId": q, "timeZone": "Europe/Paris", "moments": append(mondays, vars{"day": "FRIDAY", "time": "16:30"})}}).
			want("saveDigestPlan", vars{
				"digestPlan": vars{
					"queue": vars{"name": "Support"}, "timeZone": "Europe/Paris", "pings": false, "nextAt": "2026-11-30T08:00:00.000000Z", "version": 1,
					"moments": []vars{{"day": "MONDAY", "time": "09:00"}, {"day": "FRIDAY", "time": "16:30"}},
				}, "userErrors": []any{},
			})
		h.gathers(t, monday) // nothing waits: nothing is said
		h.ask(t, h.Sam, digests, vars{"q": q}).want("digests.totalCount", 0)

		url := h.serve(t).URL
		live := h.sseOf(t, url, h.Chidi, `subscription($q: ID!) { digestEvents(queueId: $q) { cursor node { ticketCount tickets { number } } } }`, vars{"q": q})
		first, second, other := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Bob, h.Help), h.Opens(t, h.Lea, h.Invoice)
		h.Changes(t, h.Chidi, h.Opens(t, h.Bob, h.Help), func(c ticket.Cause, tk *ticket.Ticket) error {
			_, err := tk.Reply(c, ticket.FromStaff, "en", "Done?") // the requester's turn
			return err
		})
		h.gathers(t, monday.AddDate(0, 0, 3)) // Thursday
		h.ask(t, h.Sam, digests, vars{"q": q}).want("digests.totalCount", 0)
		h.gathers(t, monday.AddDate(0, 0, 30)) // a month in which nobody ticked
		h.gathers(t, monday.AddDate(0, 0, 30))
		told := h.ask(t, h.Sam, digests, vars{"q": q})
		told.want("digests.totalCount", 1)
		told.want("digests.nodes.0.tickets", []vars{{"number": first.Number}, {"number": second.Number}})
		told.want("digests.nodes.0.dueAt", "2026-12-04T15:30:00.000000Z")
		told.want("digestPlan.nextAt", "2027-01-01T15:30:00.000000Z")
		if e := live.next(); !strings.Contains(e.text, `"ticketCount":2`) {
			t.Errorf("the digest is told as %s", e.text)
		}
		h.ask(t, h.Chidi, `query($t: ID!) { ticket(id: $t) { timeline(where: {type: {in: [TICKET_DIGESTED]}}) { nodes { ... on TicketDigestedEvent { isInternal digest { id } } } } } }`,
			vars{"t": ticketID(first)}).want("ticket.timeline.nodes", []vars{{"isInternal": true, "digest": vars{"id": told.at("digests.nodes.0.id")}}})
		h.ask(t, h.Ada, `query($t: ID!) { ticket(id: $t) { timeline(where: {type: {in: [TICKET_DIGESTED]}}) { totalCount } } }`, vars{"t": ticketID(other)}).
			want("ticket.timeline.totalCount", 0)
		for _, who := range []*member.Member{h.Lea, h.Bob} {
			if a := h.run(t, who, digests, vars{"q": q}); a.refused() != "FORBIDDEN" {
				t.Errorf("%s reads %s", who.Name, a.body)
			}
		}
		h.ask(t, h.Ada, `mutation($q: ID!) { removeDigestPlan(input: {queueId: $q}) { userErrors { code } } }`, vars{"q": q}).want("removeDigestPlan.userErrors", []any{})
		h.gathers(t, monday.AddDate(0, 0, 60))
		h.ask(t, h.Ada, digests, vars{"q": q}).want("digests.totalCount", 1)
		h.ask(t, h.Ada, `{ auditEntries(where: {objectKind: {eq: DIGEST_PLAN}}) { nodes { action } } }`, nil).
			want("auditEntries.nodes", []vars{{"action": "REMOVED"}, {"action": "CREATED"}})
	})
}

// A digest tells of tickets that are open to its reader: it neither names nor counts
// others, and where there are none nobody learns that it came.
func TestDigestsTellNothingOfTicketsThatAreNotOpen(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		grant := func(g access.Grant) {
			t.Helper()
			g.Role, g.Class = access.RoleAgent, access.ClassSee
			if err := h.Queues.SetGrant(t.Context(), h.Workspace.ID, &g); err != nil {
				t.Fatal(err)
			}
		}
		other := *h.Help
		other.ID, other.Name = id.Category(h.IDs()), locale.Of("en", "Other")
		if err := h.Categories.Save(t.Context(), &other); err != nil {
			t.Fatal(err)
		}
		h.plans(t, h.Support.ID)
		closed, open := h.Opens(t, h.Lea, h.Help), h.Opens(t, h.Lea, &other)
		d := h.digested(t, h.Support.ID, 0, closed.ID, open.ID)
		q, all := vars{"q": gid(scalar.Queue, h.Support.ID)}, []vars{{"number": closed.Number}, {"number": open.Number}}
		list := func(who *member.Member, tickets []vars) {
			t.Helper()
			a := h.ask(t, who, digests, q)
			a.want("digests.totalCount", 1)
			a.want("digests.nodes.0.ticketCount", len(tickets))
			a.want("digests.nodes.0.tickets", tickets)
		}
		forbidden := func() {
			t.Helper()
			if a := h.run(t, h.Chidi, digests, q); a.refused() != "FORBIDDEN" {
				t.Errorf("to whom the queue is closed reads %s", a.body)
			}
		}
		const one = `query($d: ID!) { node(id: $d) { ... on Digest { ticketCount tickets { number } } } }`
		single := func(want any) {
			t.Helper()
			h.ask(t, h.Chidi, one, vars{"d": gid(scalar.Digest, d.ID)}).want("node", want)
		}
		seen := vars{"ticketCount": 1, "tickets": all[1:]}
		list(h.Chidi, all)

		grant(access.Grant{Queue: h.Support.ID, Effect: access.Deny})
		grant(access.Grant{Category: h.Invoice.ID, Effect: access.Allow})
		forbidden()
		single(nil)

		grant(access.Grant{Category: other.ID, Effect: access.Allow})
		forbidden()
		single(seen)
		live := h.sseOf(t, h.serve(t).URL, h.Chidi, `subscription($q: ID!, $after: Cursor) { digestEvents(queueId: $q, after: $after) { cursor node { ticketCount tickets { number } } } }`,
			vars{"q": q["q"], "after": scalar.EncodeCursor(page.Cursor{int64(0)})})
		if e, want := live.next(), fmt.Sprintf(`{"ticketCount":1,"tickets":[{"number":%d}]}`, open.Number); !strings.Contains(e.text, want) {
			t.Errorf("the digest is told as %s, want %s", e.text, want)
		}

		grant(access.Grant{Queue: h.Support.ID, Effect: access.Allow})
		grant(access.Grant{Category: h.Help.ID, Effect: access.Deny})
		list(h.Chidi, all[1:])
		single(seen)
		list(h.Sam, all)
	})
}

func TestDigestPlansThatCannotBe(t *testing.T) {
	h := sqlite(t)
	q := gid(scalar.Queue, h.Support.ID)
	for field, in := range map[string]vars{
		"timeZone": {"queueId": q, "timeZone": "Middle/Earth", "moments": mondays},
		"moments":  {"queueId": q, "timeZone": "UTC", "moments": []vars{{"day": "MONDAY", "time": "24:00"}}},
		"queueId":  {"queueId": "que_1", "timeZone": "UTC", "moments": mondays},
	} {
		a := h.ask(t, h.Ada, savePlan, vars{"in": in})
		a.want("saveDigestPlan.userErrors.0.field", []any{field})
		a.want("saveDigestPlan.digestPlan", nil)
	}
	for name, in := range map[string]vars{"none": {"queueId": q, "timeZone": "UTC"}, "empty": {"queueId": q, "timeZone": "UTC", "moments": []vars{}}} {
		if a := h.ask(t, h.Ada, savePlan, vars{"in": in}); !strings.Contains(a.body, `"moments"`) {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}

// Alerts reach those who subscribe to them: of a queue, or of what is theirs.
func TestAlertsReachWhoSubscribes(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		url := h.serve(t).URL
		const alerts = `subscription($q: ID, $after: Cursor) { alertEvents(queueId: $q, after: $after) { cursor node { text breached } ticket { number } } }`
		queue := h.sseOf(t, url, h.Chidi, alerts, vars{"q": gid(scalar.Queue, h.Support.ID)})
		mine := h.sseOf(t, url, h.Dana, alerts, nil)
		h.Opens(t, h.Lea, h.Help) // is no alert
		of := func(tk *ticket.Ticket) string {
			return fmt.Sprintf(`{"text":"late","breached":true},"ticket":{"number":%d}}`, tk.Number)
		}
		one := h.alerted(t)
		if e := queue.next(); !strings.Contains(e.text, of(one)) {
			t.Errorf("the queue's subscriber hears %s", e.text)
		}
		two := h.alertsOnce(t, h.Changes(t, h.Sam, h.Opens(t, h.Lea, h.Help), func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Assign(c, h.Dana.ID) }))
		if e := mine.next(); !strings.Contains(e.text, of(two)) {
			t.Errorf("the assignee hears %s", e.text)
		}
		again := h.sseOf(t, url, h.Chidi, alerts, vars{"q": gid(scalar.Queue, h.Support.ID), "after": queue.next().edge.Cursor})
		three := h.alerted(t)
		if e := again.next(); !strings.Contains(e.text, of(three)) {
			t.Errorf("who comes back hears %s", e.text)
		}
	})
}
