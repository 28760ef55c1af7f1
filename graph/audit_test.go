package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

const entries = `nodes { action objectKind objectId channel actor { name } changes { field before after } }`

// What an administrator changes is told with what was there before, by the names
// and IDs of the API; what changes nothing, or is refused, is not.
func TestChangesOfConfigurationAreRecorded(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		latest := func(want ...vars) {
			t.Helper()
			a := h.ask(t, h.Ada, `query($n: Int!) { auditEntries(first: $n, where: {channel: {eq: API}}) { `+entries+` } }`, vars{"n": len(want)})
			for i, w := range want {
				for path, value := range w {
					a.want(fmt.Sprintf("auditEntries.nodes.%d.%s", i, path), value)
				}
			}
		}
		count := func() any {
			return h.ask(t, h.Ada, `{ auditEntries { totalCount } }`, nil).at("auditEntries.totalCount")
		}
		q := h.ask(t, h.Ada, `mutation { saveQueue(input: {name: "Oven"}) { queue { id } } }`, nil).at("saveQueue.queue.id")
		latest(vars{
			"action": "CREATED", "objectKind": "QUEUE", "objectId": q, "actor.name": "Ada", "channel": "API",
			"changes": []vars{{"field": "name", "before": []string{}, "after": []string{"Oven"}}},
		})
		rename := func(name string) {
			t.Helper()
			h.ask(t, h.Ada, `mutation($q: ID!, $n: String!) { saveQueue(input: {id: $q, name: $n}) { `+refusal+` } }`, vars{"q": q, "n": name})
		}
		rename("Ovens")
		latest(vars{"action": "CHANGED", "changes": []vars{{"field": "name", "before": []string{"Oven"}, "after": []string{"Ovens"}}}})
		before := count()
		rename("Ovens")
		rename("Billing")
		h.ask(t, h.Chidi, `mutation($q: ID!) { saveQueue(input: {id: $q, name: "Mine"}) { `+refusal+` } }`, vars{"q": q})
		if after := count(); after != before {
			t.Errorf("%v entries after changes that are none, %v before", after, before)
		}

		grant := `(input: {queueId: $q, role: AGENT, permission: SEE`
		h.ask(t, h.Ada, `mutation($q: ID!) { setGrant`+grant+`, effect: DENY}) { `+refusal+` } removeGrant`+grant+`}) { `+refusal+` } }`, vars{"q": q})
		latest(vars{"action": "REMOVED", "objectKind": "GRANT"}, vars{
			"action": "CREATED", "objectKind": "GRANT", "changes.2": vars{"field": "queueId", "before": []string{}, "after": []any{q}},
		})

		// Who joins a team becomes an agent by that: both are told.
		team := h.ask(t, h.Ada, `mutation($m: ID!, $q: ID!) { saveTeam(input: {name: "Bakers", memberIds: [$m], queueIds: [$q]}) { team { id } } }`,
			vars{"m": memberID(h.Bob), "q": q}).at("saveTeam.team.id")
		latest(vars{"action": "CREATED", "objectKind": "TEAM", "objectId": team}, vars{
			"action": "CHANGED", "objectKind": "MEMBER", "objectId": memberID(h.Bob), "actor.name": "Ada",
			"changes.0.before": []string{"requester"}, "changes.0.after": []string{"agent"},
		})
		h.ask(t, h.Ada, `mutation($m: ID!) { setMemberRole(input: {memberId: $m, role: SUPERVISOR}) { `+refusal+` }
			saveAgent(input: {memberId: $m, skills: ["bread"]}) { `+refusal+` } setLossPolicy(input: {onSurfaceLost: CLOSE}) { `+refusal+` } }`, vars{"m": memberID(h.Bob)})
		latest(vars{"objectKind": "WORKSPACE", "changes": []vars{{"field": "onSurfaceLost", "before": []string{"rebuild"}, "after": []string{"close"}}}},
			vars{"action": "CREATED", "objectKind": "AGENT", "objectId": memberID(h.Bob)},
			vars{"objectKind": "MEMBER", "changes.0.before": []string{"agent"}, "changes.0.after": []string{"supervisor"}})
		if a := h.ask(t, h.Ada, `{ auditEntries(first: 100) { `+entries+` } }`, nil); strings.Contains(a.body, `"Bob"`) {
			t.Errorf("the record holds what a member is called: %s", a.body)
		}
	})
}

// A category's texts are told language by language, its form field by field.
func TestACategorysChangesAreTold(t *testing.T) {
	h := sqlite(t)
	save := func(id any, names, form string) any {
		t.Helper()
		a := h.ask(t, h.Ada, `mutation($id: ID, $q: ID!) { saveCategory(input: {id: $id, queueId: $q, names: [`+names+`], form: [`+form+`]}) {
			category { id } `+refusal+` } }`, vars{"id": id, "q": gid("que", h.Support.ID)})
		a.want("saveCategory.userErrors", []any{})
		return a.at("saveCategory.category.id")
	}
	const en = `{locale: "en", text: "Bread"}`
	c := save(nil, en, "")
	save(c, en+`, {locale: "fr", text: "Pain"}`, `{key: "loaves", labels: [{locale: "en", text: "How many?"}], type: NUMBER, minValue: 1}`)
	h.ask(t, h.Ada, `query($c: ID) { auditEntries(where: {object: {eq: $c}}) { nodes { changes { field before after } } } }`, vars{"c": c}).
		want("auditEntries.nodes.0.changes", []vars{
			{"field": "form", "before": []string{}, "after": []string{"loaves"}},
			{"field": "form.loaves", "before": []string{}, "after": []string{
				"labels.en: How many?", "maxLength: 4000", "minValue: 1", "purpose: detail", "style: short", "type: number",
			}},
			{"field": "names.fr", "before": []string{}, "after": []string{"Pain"}},
		})
}

// The record of a workspace is for its own administrators.
func TestTheRecordIsForAdministratorsOfTheWorkspace(t *testing.T) {
	h := sqlite(t)
	other := tickettest.NewDesk(t, h.World)
	h.ask(t, h.Ada, `mutation { updateWorkspace(input: {name: "Bakery"}) { `+refusal+` } }`, nil)
	for _, who := range []*member.Member{h.Lea, h.Chidi, h.Sam} {
		if a := h.run(t, who, `{ auditEntries { totalCount } }`, nil); a.refused() != "FORBIDDEN" {
			t.Errorf("%s is answered %s", who.Role, a.body)
		}
	}
	here := query.Where{Conditions: []query.Condition{{Field: audit.FieldKind, Op: query.Eq, Values: []any{string(audit.Workspace)}}}}
	if found, err := h.services.Audit.Count(t.Context(), other.Call(t, other.Ada), here); err != nil || found != 0 {
		t.Errorf("another workspace's administrator counts %d, %v", found, err)
	}
}
