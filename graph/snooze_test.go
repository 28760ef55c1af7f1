package graph_test

import (
	"testing"
	"time"
)

// What staff puts off is out of its work until it is woken, and nobody else's business.
func TestSnoozedTicketsAreOutOfStaffsWork(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.Opens(t, h.Lea, h.Help)
		n := ticketID(tk)
		lists := func(where string) int {
			t.Helper()
			return int(h.ask(t, h.Sam, `query($n: Int!) { tickets(where: {number: {eq: $n}, `+where+`}) { totalCount } }`, vars{"n": tk.Number}).at("tickets.totalCount").(float64))
		}
		in := func(name, where string, want int) {
			t.Helper()
			if got := lists(where); got != want {
				t.Errorf("%s: %s finds it %d times, want %d", name, where, got, want)
			}
		}
		const snooze = `mutation($in: SnoozeTicketInput!) { snoozeTicket(input: $in) { ticket { isSnoozed snoozedUntil turn } userErrors { code field } } }`
		until := h.Clock.Tick().Add(24 * time.Hour).UTC().Truncate(time.Second)
		h.ask(t, h.Sam, snooze, vars{"in": vars{"ticketId": n, "until": until.Add(-48 * time.Hour)}}).
			want("snoozeTicket.userErrors", []vars{{"code": "INVALID", "field": []any{"until"}}})
		in("before", `turn: {eq: STAFF}`, 1)
		h.ask(t, h.Sam, snooze, vars{"in": vars{"ticketId": n, "until": until}}).
			want("snoozeTicket.ticket", vars{"isSnoozed": true, "snoozedUntil": until.Format("2006-01-02T15:04:05.000000Z"), "turn": "NOBODY"})
		in("snoozed", `turn: {eq: STAFF}`, 0)
		in("snoozed", `snoozedUntil: {isNull: true}`, 0)
		in("snoozed", `snoozedUntil: {lt: "`+until.Add(time.Hour).Format(time.RFC3339)+`"}`, 1)
		for turn, count := range map[string]float64{"STAFF": 1, "NOBODY": 0} {
			h.ask(t, h.Lea, `query($n: Int!) { tickets(where: {number: {eq: $n}, turn: {eq: `+turn+`}}) { totalCount } }`, vars{"n": tk.Number}).
				want("tickets.totalCount", count)
		}
		h.ask(t, h.Lea, `query($t: ID!) { ticket(id: $t) { turn isSnoozed snoozedUntil timeline(where: {type: {in: [TICKET_SNOOZED]}}) { totalCount } } }`, vars{"t": n}).
			want("ticket", vars{"turn": "STAFF", "isSnoozed": false, "snoozedUntil": nil, "timeline": vars{"totalCount": 0}})
		h.tick(t, 23*time.Hour)
		in("a moment before", `turn: {eq: STAFF}`, 0)
		h.tick(t, 2*time.Hour)
		in("woken", `turn: {eq: STAFF}, snoozedUntil: {isNull: true}`, 1)

		h.ask(t, h.Sam, snooze, vars{"in": vars{"ticketId": n}}).want("snoozeTicket.ticket", vars{"isSnoozed": true, "snoozedUntil": nil, "turn": "NOBODY"})
		in("snoozed until a reply", `snoozedUntil: {gte: "2500-01-01T00:00:00Z"}`, 1)
		h.ask(t, h.Lea, replyOnce, vars{"in": vars{"ticketId": n, "body": "Still cold."}})
		in("answered", `turn: {eq: STAFF}, snoozedUntil: {isNull: true}`, 1)
		h.ask(t, h.Sam, `query($t: ID!) { ticket(id: $t) { timeline(where: {type: {in: [TICKET_SNOOZED, TICKET_WOKEN]}}) {
			nodes { ... on TicketSnoozedEvent { until actor { name } } ... on TicketWokenEvent { reason occurredAt actor { name } } } } } }`, vars{"t": n}).
			want("ticket.timeline.nodes.1", vars{"reason": "TIME", "occurredAt": until.Format("2006-01-02T15:04:05.000000Z"), "actor": nil})
	})
}
