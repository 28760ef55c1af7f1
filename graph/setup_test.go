package graph_test

import (
	"fmt"
	"testing"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// An administrator sets up a helpdesk by the API alone, from its name to who may
// do what, and a ticket goes through it.
func TestAHelpdeskIsSetUpThroughTheAPI(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		set := func(document string, v vars) *answer {
			t.Helper()
			a := h.ask(t, h.Ada, document, v)
			if code := a.refused(); code != "" {
				t.Fatalf("%s: %s", document, a.body)
			}
			return a
		}
		set(`mutation { updateWorkspace(input: {name: "Bakery", locale: "fr"}) { workspace { name locale version } `+refusal+` } }`, nil).
			want("updateWorkspace.workspace.name", "Bakery")
		q := set(`mutation { saveQueue(input: {name: "Oven"}) { queue { id } `+refusal+` } }`, nil).at("saveQueue.queue.id")
		set(`mutation($m: ID!) { setMemberRole(input: {memberId: $m, role: AGENT}) { member { role } `+refusal+` }
			saveAgent(input: {memberId: $m, skills: ["bread"], languages: ["fr"], availability: ONLINE, capacity: 5}) { member { agent { capacity } } `+refusal+` } }`,
			vars{"m": memberID(h.Bob)}).want("saveAgent.member.agent.capacity", 5)
		set(`mutation($m: ID!, $q: ID!) { saveTeam(input: {name: "Bakers", memberIds: [$m], queueIds: [$q]}) { team { id } `+refusal+` } }`,
			vars{"m": memberID(h.Bob), "q": q})
		c := set(`mutation($q: ID!) { saveCategory(input: {names: [{locale: "en", text: "Bread"}, {locale: "fr", text: "Pain"}], queueId: $q, priority: HIGH, position: 1,
			form: [{key: "loaves", labels: [{locale: "fr", text: "Combien ?"}], type: NUMBER, required: true, minValue: 1}],
			internalFields: [{key: "batch", labels: [{locale: "en", text: "Batch"}]}],
			greetings: [{locale: "fr", text: "Bonjour {{requester}}"}]}) { category { id } `+refusal+` } }`, vars{"q": q}).at("saveCategory.category.id")
		set(`mutation($q: ID!) { setGrant(input: {queueId: $q, role: SUPERVISOR, permission: CLAIM, effect: DENY}) { grant { effect } `+refusal+` } }`, vars{"q": q})

		opened := h.ask(t, h.Lea, openOrder, vars{"input": vars{"categoryId": c, "subject": "Baguettes", "answers": []vars{{"key": "loaves", "value": "3"}}}})
		opened.want("openTicket.ticket.answers.0.number", 3)
		in := func(more ...any) vars {
			v := vars{"ticketId": opened.at("openTicket.ticket.id")}
			for i := 0; i < len(more); i += 2 {
				v[more[i].(string)] = more[i+1]
			}
			return vars{"in": v}
		}
		if got := h.run(t, h.Sam, verb("claimTicket"), in()).refused(); got != "FORBIDDEN" {
			t.Errorf("a supervisor who may not claim is answered %q", got)
		}
		h.ask(t, h.Bob, verb("claimTicket"), in()).want("claimTicket.ticket.assignee.name", "Bob")
		h.ask(t, h.Bob, verb("updateTicketFields"), in("answers", []vars{{"key": "batch", "value": "B-7"}})).want("updateTicketFields.userErrors", []any{})
		h.ask(t, h.Bob, verb("resolveTicket"), in()).want("resolveTicket.ticket.status", "RESOLVED")
		h.ask(t, h.Lea, verb("confirmTicket"), in()).want("confirmTicket.ticket.status", "CLOSED")
	})
}

func TestSettingsThatAreLeftOutStay(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		change := func(input string) *answer {
			t.Helper()
			return h.ask(t, h.Ada, `mutation { updateWorkspace(input: {`+input+`}) { workspace { name locale version } `+refusal+` } }`, nil)
		}
		change(`locale: "ja"`).want("updateWorkspace.workspace", vars{"name": "Desk", "locale": "ja", "version": 2})
		change(`name: " Atelier "`).want("updateWorkspace.workspace", vars{"name": "Atelier", "locale": "ja", "version": 3})
		for _, input := range []string{"name: null", "locale: null", `name: ""`, `locale: "x"`} {
			if got := change(input).refused(); got != "INVALID" {
				t.Errorf("%s is answered %q", input, got)
			}
		}
		old := change(`name: "Late", expectedVersion: 2`)
		old.want("updateWorkspace.userErrors.0.code", "CONFLICT")
		old.want("updateWorkspace.workspace.name", "Atelier")
	})
}

// One sees the workspaces of one's own account, and no other.
func TestWorkspacesAreThoseOfTheAccount(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		ask := func(want ...any) {
			t.Helper()
			a := h.ask(t, h.Lea, `{ workspaces(where: {name: {contains: "desk"}}, orderBy: {field: CREATED_AT}) { totalCount nodes { id name } } }`, nil)
			a.want("workspaces.totalCount", len(want))
			for i, id := range want {
				a.want(fmt.Sprintf("workspaces.nodes.%d.id", i), id)
			}
		}
		other := tickettest.NewDesk(t, h.World)
		here := gid("wsp", h.Workspace.ID)
		ask(here)
		known, err := h.Members.Identities(t.Context(), h.Workspace.ID, event.ChannelPlain, h.Lea.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Members.Arrive(t.Context(), other.Workspace.ID, h.Clock.Now(), member.Arrival{
			Channel: event.ChannelPlain, ExternalID: known[h.Lea.ID], Name: "Léa",
		}); err != nil {
			t.Fatal(err)
		}
		ask(here, gid("wsp", other.Workspace.ID))
	})
}

// An ID with the fields to change changes just these; null empties; without an ID,
// what a new one needs is asked for by name.
func TestWhatIsLeftOutOfASaveStays(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		save := func(verb, input, payload string) *answer {
			t.Helper()
			return h.ask(t, h.Ada, `mutation { `+verb+`(input: {`+input+`}) { `+payload+` userErrors { code field } } }`, nil)
		}
		const categoryRow = `category { names { text } descriptions { text } emoji intent surface surfaceRemovedAfter priority form { key } internalFields { key } position isArchived }`
		made := save("saveCategory", fmt.Sprintf(`queueId: %q, names: [{locale: "en", text: "Bread"}], descriptions: [{locale: "en", text: "Loaves"}], emoji: "🍞",
			intent: SUGGESTION, priority: HIGH, surface: THREAD, surfaceRemovedAfter: "P2D", position: 4, isArchived: true,
			form: [{key: "loaves", labels: [{locale: "en", text: "How many?"}]}], internalFields: [{key: "batch", labels: [{locale: "en", text: "Batch"}]}]`,
			gid("que", h.Support.ID)), `category { id } `+categoryRow)
		made.want("saveCategory.userErrors", []any{})
		id := made.at("saveCategory.category.id")
		want := made.at("saveCategory.category").(map[string]any)
		delete(want, "id")
		if want["surfaceRemovedAfter"] != "PT48H" {
			t.Errorf("closed tickets' places stay for %v", want["surfaceRemovedAfter"])
		}
		want["position"] = 5
		save("saveCategory", fmt.Sprintf("id: %q, position: 5", id), categoryRow).want("saveCategory.category", want)
		want["emoji"], want["descriptions"], want["internalFields"] = nil, []any{}, []any{}
		want["surfaceRemovedAfter"] = nil
		save("saveCategory", fmt.Sprintf("id: %q, emoji: null, descriptions: null, internalFields: null, surfaceRemovedAfter: null", id), categoryRow).want("saveCategory.category", want)

		team := save("saveTeam", fmt.Sprintf(`name: "Bakers", memberIds: [%q], queueIds: [%q], roles: [{channel: PLAIN, externalId: "r1"}]`, memberID(h.Bob), gid("que", h.Billing.ID)), `team { id }`).
			at("saveTeam.team.id")
		const teamRow = `team { name members { name } queues { name } roles { externalId } }`
		rest := vars{"name": "Millers", "members": []vars{{"name": "Bob"}}, "queues": []vars{{"name": "Billing"}}, "roles": []vars{{"externalId": "r1"}}}
		save("saveTeam", fmt.Sprintf(`id: %q, name: "Millers"`, team), teamRow).want("saveTeam.team", rest)
		rest["members"] = []any{}
		save("saveTeam", fmt.Sprintf(`id: %q, memberIds: null`, team), teamRow).want("saveTeam.team", rest)
		save("saveQueue", fmt.Sprintf(`id: %q`, gid("que", h.Billing.ID)), `queue { name }`).want("saveQueue.queue.name", "Billing")

		const agentRow = `member { agent { skills languages availability capacity } }`
		agent := vars{"skills": []string{"bread"}, "languages": []string{"fr"}, "availability": "AWAY", "capacity": 5}
		save("saveAgent", fmt.Sprintf(`memberId: %q, skills: ["bread"], languages: ["fr"], availability: AWAY, capacity: 3`, memberID(h.Chidi)), agentRow)
		save("saveAgent", fmt.Sprintf(`memberId: %q, capacity: 5`, memberID(h.Chidi)), agentRow).want("saveAgent.member.agent", agent)

		for input, field := range map[string]string{
			fmt.Sprintf("id: %q, surfaceRemovedAfter: \"PT59S\"", id): "surfaceRemovedAfter", fmt.Sprintf("id: %q, surfaceRemovedAfter: \"P367D\"", id): "surfaceRemovedAfter",
			fmt.Sprintf("id: %q, surfaceRemovedAfter: \"PT0S\"", id): "surfaceRemovedAfter",
			"": "names", `names: [{locale: "en", text: "x"}]`: "queueId", fmt.Sprintf("id: %q, names: null", id): "names", fmt.Sprintf("id: %q, priority: null", id): "priority",
		} {
			a := save("saveCategory", input, categoryRow)
			a.want("saveCategory.userErrors.0.field", []string{field})
			a.want("saveCategory.userErrors.0.code", "INVALID")
		}
		for _, verb := range []string{"saveQueue", "saveTeam"} {
			save(verb, "", "__typename").want(verb+".userErrors.0.field", []string{"name"})
			save(verb, fmt.Sprintf("id: %q, name: null", map[string]any{"saveQueue": gid("que", h.Billing.ID), "saveTeam": team}[verb]), "__typename").
				want(verb+".userErrors.0.field", []string{"name"})
		}
	})
}
