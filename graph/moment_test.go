package graph_test

import (
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const myZone = `mutation($in: SetMyTimeZoneInput!) { setMyTimeZone(input: $in) { member { timeZone version } userErrors { code field } } }`

// Each reads the moments that the helpdesk tells by their own clocks, and nobody learns
// from them by which clocks another lives.
func TestMomentsAreReadByTheReadersClocksAndTellNobodysZone(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.opensOnMondays(t, h.Help.Queue)
		h.replies(t, vars{"automaticReplies": []vars{{"on": "OUTSIDE_HOURS", "texts": []vars{{"locale": "en", "text": "Back {{next_opening}} (earliest)."}}}}})
		h.ask(t, h.Lea, myZone, vars{"in": vars{"timeZone": "Asia/Tokyo"}}).want("setMyTimeZone.userErrors", []any{})
		h.ask(t, h.Sam, myZone, vars{"in": vars{"timeZone": "America/New_York"}}).want("setMyTimeZone.userErrors", []any{})
		n, greeting := h.opensTicket(t) // on a Friday
		const tokyo, york, paris = "Back 2026-01-05 17:00 UTC+09:00 (Asia/Tokyo) (earliest).", "Back 2026-01-05 03:00 UTC-05:00 (America/New_York) (earliest).",
			"Back 2026-01-05 09:00 UTC+01:00 (Europe/Paris) (earliest)."
		if greeting != tokyo {
			t.Errorf("who opened it reads %q, want %q", greeting, tokyo)
		}
		h.ask(t, h.Chidi, `mutation($t: ID!, $m: ID!) { addTicketParticipant(input: {ticketId: $t, memberId: $m}) { userErrors { code } } }`,
			vars{"t": n, "m": memberID(h.Bob)}).want("addTicketParticipant.userErrors", []any{})
		const read = `query($t: ID!) { ticket(id: $t) { lastMessage { body } messages(first: 5) { nodes { body } } timeline(first: 50) { nodes { ... on MessagePostedEvent { message { body } } } } } }`
		for _, c := range []struct {
			who  string
			said *answer
			want string
		}{
			{"Léa", h.ask(t, h.Lea, read, vars{"t": n}), tokyo}, {"Bob", h.ask(t, h.Bob, read, vars{"t": n}), paris}, {"Sam", h.ask(t, h.Sam, read, vars{"t": n}), york},
		} {
			c.said.want("ticket.lastMessage.body", c.want)
			c.said.want("ticket.messages.nodes.0.body", c.want)
			if strings.Count(c.said.body, "Back ") != strings.Count(c.said.body, c.want) {
				t.Errorf("%s reads %s, want %q everywhere", c.who, c.said.body, c.want)
			}
		}
		found := h.ask(t, h.Bob, `{ searchTickets(query: "earliest", first: 5) { nodes { message { body } excerpt { text } } } }`, nil)
		found.want("searchTickets.nodes.0.message.body", paris)
		if strings.Contains(found.body, "Tokyo") {
			t.Errorf("Bob finds %s", found.body)
		}
	})
}

// By which clocks the people of a ticket live is for staff and themselves to read.
func TestTheZonesOfATicketsPeopleAreForStaff(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.ask(t, h.Lea, myZone, vars{"in": vars{"timeZone": "Asia/Tokyo"}}).want("setMyTimeZone.userErrors", []any{})
		h.ask(t, h.Chidi, myZone, vars{"in": vars{"timeZone": "America/New_York"}}).want("setMyTimeZone.userErrors", []any{})
		tk := h.Changes(t, h.Sam, h.Opens(t, h.Lea, h.Help), func(c ticket.Cause, tk *ticket.Ticket) error { return tk.Assign(c, h.Chidi.ID) })
		h.ask(t, h.Chidi, `mutation($t: ID!, $m: ID!) { addTicketParticipant(input: {ticketId: $t, memberId: $m}) { userErrors { code } } }`,
			vars{"t": ticketID(tk), "m": memberID(h.Bob)}).want("addTicketParticipant.userErrors", []any{})
		for _, c := range []struct {
			who                 *member.Member
			requester, assignee any
		}{
			{h.Sam, "Asia/Tokyo", "America/New_York"}, {h.Lea, "Asia/Tokyo", nil}, {h.Bob, nil, nil},
		} {
			const people = `requester { timeZone } assignee { timeZone }`
			a := h.ask(t, c.who, `query($t: ID!) { ticket(id: $t) { `+people+` } tickets { nodes { `+people+` } } }`, vars{"t": ticketID(tk)})
			want := vars{"requester": vars{"timeZone": c.requester}, "assignee": vars{"timeZone": c.assignee}}
			a.want("ticket", want)
			a.want("tickets.nodes.0", want)
		}
	})
}

// What is left out is not changed; null takes it back.
func TestAZoneThatIsLeftOutStays(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		version := h.ask(t, h.Lea, myZone, vars{"in": vars{"timeZone": "Asia/Tokyo"}}).at("setMyTimeZone.member.version").(float64)
		h.ask(t, h.Lea, myZone, vars{"in": vars{"expectedVersion": version}}).want("setMyTimeZone", vars{
			"member": vars{"timeZone": "Asia/Tokyo", "version": version}, "userErrors": []any{},
		})
		h.ask(t, h.Lea, myZone, vars{"in": vars{"expectedVersion": version + 1}}).want("setMyTimeZone.userErrors.0.code", "CONFLICT")
		h.ask(t, h.Lea, myZone, vars{"in": vars{"timeZone": nil, "expectedVersion": version}}).want("setMyTimeZone.member", vars{"timeZone": nil, "version": version + 1})
	})
}
