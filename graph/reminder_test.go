package graph_test

import (
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/graph/scalar"
)

func TestWhoseTurnItIsIsReminded(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		const reminders = `staffReminder { after every most business } requesterReminder { after every most business }`
		save := func(in vars) *answer {
			t.Helper()
			in["id"] = gid(scalar.Category, h.Help.ID)
			return h.ask(t, h.Ada, `mutation($in: SaveCategoryInput!) { saveCategory(input: $in) { category { `+reminders+` } userErrors { code field } } }`, vars{"in": in})
		}
		for field, in := range map[string]vars{
			"staffReminder":     {"staffReminder": vars{"after": "PT0S"}},
			"requesterReminder": {"requesterReminder": vars{"after": "PT4H", "most": 2}},
		} {
			save(in).want("saveCategory.userErrors", []vars{{"code": "INVALID", "field": []any{field}}})
		}
		save(vars{"staffReminder": vars{"after": "PT4H", "every": "PT8H", "most": 2}, "requesterReminder": vars{"after": "P1D"}}).want("saveCategory.category", vars{
			"staffReminder":     vars{"after": "PT4H", "every": "PT8H", "most": 2, "business": false},
			"requesterReminder": vars{"after": "PT24H", "every": nil, "most": 1, "business": false},
		})
		h.ask(t, h.Lea, `query($c: ID!) { node(id: $c) { ... on Category { staffReminder { after } requesterReminder { after } } } }`, vars{"c": gid(scalar.Category, h.Help.ID)}).
			want("node", vars{"staffReminder": nil, "requesterReminder": vars{"after": "PT24H"}})

		n := h.ask(t, h.Lea, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven"}) { ticket { id } } }`,
			vars{"c": gid(scalar.Category, h.Help.ID)}).at("openTicket.ticket.id").(string)
		said := func(want string) {
			t.Helper()
			h.ask(t, h.Lea, `query($t: ID!) { ticket(id: $t) { lastMessage { kind body } slaClocks { target } timeline(where: {type: {in: [REMINDED]}}) { totalCount } } }`, vars{"t": n}).
				want("ticket", vars{"lastMessage": vars{"kind": "SYSTEM", "body": want}, "slaClocks": []any{}, "timeline": vars{"totalCount": 0}})
		}
		h.tick(t, 4*time.Hour)
		said("Ce ticket attend toujours une réponse. L’équipe en a reçu le rappel.")
		h.ask(t, h.Sam, `mutation($t: ID!) { claimTicket(input: {ticketId: $t}) { userErrors { message } } }`, vars{"t": n})
		h.tick(t, 8*time.Hour)
		h.ask(t, h.Sam, replyOnce, vars{"in": vars{"ticketId": n, "body": "Which oven?"}})
		h.tick(t, 24*time.Hour)
		said("Un rappel : ce ticket attend votre réponse.")
		h.ask(t, h.Sam, `query($t: ID!) { ticket(id: $t) { timeline(where: {type: {in: [REMINDED]}}) { nodes { ... on RemindedEvent { turn member { name } isOvertaken } } } } }`, vars{"t": n}).
			want("ticket.timeline.nodes", []vars{
				{"turn": "STAFF", "member": nil, "isOvertaken": false},
				{"turn": "STAFF", "member": vars{"name": h.Sam.Name}, "isOvertaken": false},
				{"turn": "REQUESTER", "member": vars{"name": h.Lea.Name}, "isOvertaken": false},
			})
		save(vars{"staffReminder": nil}).want("saveCategory.category.staffReminder", nil)
	})
}
