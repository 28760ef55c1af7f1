package graph_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/graph/scalar"
)

// What is configured has versions, and a change that names an old one is refused
// and told the current one.
func TestConfigurationHasVersions(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		teams, err := h.Teams.List(t.Context(), h.Workspace.ID)
		if err != nil {
			t.Fatal(err)
		}
		team := gid(scalar.Team, teams[0].ID)
		support, help := gid(scalar.Queue, h.Support.ID), gid(scalar.Category, h.Help.ID)
		for _, c := range []struct {
			verb, payload string
			in            vars
		}{
			{"saveQueue", "queue", vars{"id": support, "name": "Support"}},
			{"saveCategory", "category", vars{"id": help, "queueId": support, "names": []vars{{"locale": "en", "text": "Help"}}}},
			{"saveTeam", "team", vars{"id": team, "name": "First", "queueIds": []any{support}}},
			{"bindTeamRole", "team", vars{"teamId": team, "role": vars{"channel": "DISCORD", "externalId": "1"}}},
			{"setGrant", "grant", vars{"queueId": support, "role": "AGENT", "permission": "CLAIM", "effect": "DENY"}},
			{"setMemberRole", "member", vars{"memberId": memberID(h.Chidi), "role": "AGENT"}},
			{"saveAgent", "member", vars{"memberId": memberID(h.Chidi), "capacity": 3}},
			{"saveDigestPlan", "digestPlan", vars{"queueId": support, "timeZone": "UTC", "moments": mondays}},
			{"setMyLocale", "member", vars{"locale": "de"}},
			{"setMyTimeZone", "member", vars{"timeZone": "Europe/Paris"}},
		} {
			mutation := `mutation($in: ` + inputOf(c.verb) + `!) { ` + c.verb + `(input: $in) { ` + c.payload + ` { version }
				userErrors { code field currentVersion message } } }`
			first := h.ask(t, h.Ada, mutation, vars{"in": c.in})
			v, ok := first.at(c.verb + "." + c.payload + ".version").(float64)
			if !ok {
				t.Errorf("%s: %s", c.verb, first.body)
				continue
			}
			c.in["expectedVersion"] = v
			h.ask(t, h.Ada, mutation, vars{"in": c.in}).want(c.verb, vars{c.payload: vars{"version": v + 1}, "userErrors": []any{}})
			stale := h.ask(t, h.Ada, mutation, vars{"in": c.in})
			stale.want(c.verb+".userErrors.0.code", "CONFLICT")
			stale.want(c.verb+".userErrors.0.currentVersion", v+1)
			stale.want(c.verb+"."+c.payload+".version", v+1)
		}
		h.ask(t, h.Ada, `mutation($q: ID) { removeGrant(input: {queueId: $q, role: AGENT, permission: CLAIM, expectedVersion: 9}) {
			userErrors { code currentVersion } } }`, vars{"q": support}).
			want("removeGrant.userErrors", []vars{{"code": "CONFLICT", "currentVersion": 2}})
	})
}

func TestMessagesHaveVersions(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	said := h.ask(t, h.Lea, replyOnce, vars{"in": vars{"ticketId": ticketID(tk), "body": "Hello"}}).at("replyToTicket.message.id")
	in := vars{"ticketId": ticketID(tk), "messageId": said, "body": "Hullo", "expectedVersion": 1}
	const edit = `mutation($in: EditMessageInput!) { editMessage(input: $in) { message { version body } userErrors { code currentVersion } } }`
	h.ask(t, h.Lea, edit, vars{"in": in}).want("editMessage.message.version", 2)
	h.ask(t, h.Lea, edit, vars{"in": in}).want("editMessage", vars{
		"message": vars{"version": 2, "body": "Hullo"}, "userErrors": []vars{{"code": "CONFLICT", "currentVersion": 2}},
	})
	const remove = `mutation($in: DeleteMessageInput!) { deleteMessage(input: $in) { userErrors { code currentVersion } } }`
	delete(in, "body")
	h.ask(t, h.Lea, remove, vars{"in": in}).want("deleteMessage.userErrors", []vars{{"code": "CONFLICT", "currentVersion": 2}})
}

// What does not exist is not made by saving it, and what is only made has no version.
func TestSavingMakesNothingUnderAnUnknownID(t *testing.T) {
	h := sqlite(t)
	for _, id := range []any{"nothing", gid(scalar.Queue, h.Support.ID-1), memberID(h.Lea)} {
		a := h.ask(t, h.Ada, `mutation($in: SaveQueueInput!) { saveQueue(input: $in) { queue { id } userErrors { code } } }`,
			vars{"in": vars{"id": id, "name": "New"}})
		if a.refused() != "NOT_FOUND" {
			t.Errorf("%v: %s", id, a.body)
		}
	}
	h.ask(t, h.Ada, `mutation { saveQueue(input: {name: "New", expectedVersion: 1}) { queue { id } userErrors { code field } } }`, nil).
		want("saveQueue", vars{"queue": nil, "userErrors": []vars{{"code": "INVALID", "field": []string{"expectedVersion"}}}})
	h.ask(t, h.Ada, `{ queues { nodes { name } } }`, nil).want("queues.nodes.0.name", "Billing")
}

func inputOf(mutation string) string {
	return string(mutation[0]-'a'+'A') + mutation[1:] + "Input"
}
