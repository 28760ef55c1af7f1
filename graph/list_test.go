package graph_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
)

// furnish gives the house more of everything that a workspace has lists of.
func furnish(t *testing.T, h *house) {
	t.Helper()
	for _, name := range []string{"Zebra", "alpha", "Éclair"} {
		q := h.ask(t, h.Ada, `mutation($n: String!) { saveQueue(input: {name: $n}) { queue { id } userErrors { message } } }`, vars{"n": name}).at("saveQueue.queue.id")
		h.ask(t, h.Ada, `mutation($n: String!, $q: ID!) {
			saveTeam(input: {name: $n, queueIds: [$q]}) { userErrors { message } }
			saveCategory(input: {names: [{locale: "en", text: $n}], queueId: $q, position: 7, priority: LOW, isArchived: true, intent: SUGGESTION}) { userErrors { message } }
			see: setGrant(input: {queueId: $q, role: AGENT, permission: SEE, effect: ALLOW}) { userErrors { message } }
			claim: setGrant(input: {queueId: $q, role: SUPERVISOR, permission: CLAIM, effect: DENY}) { userErrors { message } } }`, vars{"n": name, "q": q})
		h.ask(t, h.Ada, `mutation($n: String!, $q: ID!) {
			saveBusinessHours(input: {queueId: $q, timeZone: "UTC", always: true}) { userErrors { message } }
			saveSlaPolicy(input: {name: $n, match: {queueIds: [$q]}, promises: [{target: FIRST_REPLY, within: "PT1H"}]}) { userErrors { message } } }`,
			vars{"n": name, "q": q})
	}
	h.ask(t, h.Ada, saveHours, vars{"in": vars{"timeZone": "UTC", "always": true}}).want("saveBusinessHours.userErrors", []any{})
}

// list is a kind of list: what tells its rows apart, orders and conditions of it.
type list struct {
	field, row string
	who        func(*house) *member.Member
	orders     []string
	wheres     map[string]int // how many rows they choose
}

func lists() []list {
	admin := func(h *house) *member.Member { return h.Ada }
	staff := func(h *house) *member.Member { return h.Chidi }
	anybody := func(h *house) *member.Member { return h.Lea }
	return []list{
		{"workspaces", "id name", anybody, []string{"NAME", "CREATED_AT"}, map[string]int{
			`{name: {eq: "Desk"}}`: 1, `{slug: {contains: "DESK-"}}`: 1, `{not: {createdAt: {lt: "2100-01-01T00:00:00Z"}}}`: 0,
		}},
		{"queues", "id name", anybody, []string{"NAME", "CREATED_AT"}, map[string]int{
			`{name: {contains: "E"}}`: 1, `{name: {in: ["Zebra", "Support"]}}`: 2, `{not: {name: {eq: "alpha"}}}`: 4,
			`{or: [{name: {eq: "alpha"}}, {name: {eq: "Zebra"}}]}`: 2, `{team: {eq: "tem_zz"}}`: 0,
		}},
		{"teams", "id name", staff, []string{"NAME", "CREATED_AT"}, map[string]int{
			`{name: {contains: "team"}}`: 2, `{not: {name: {contains: "team"}}}`: 3, `{member: {in: []}}`: 0,
		}},
		{"categories", "id position", anybody, []string{"POSITION", "PRIORITY", "CREATED_AT"}, map[string]int{
			`{isArchived: {eq: false}}`: 2, `{isArchived: {eq: true}, priority: {eq: LOW}}`: 3, `{intent: {in: [SUPPORT, NON_URGENT]}}`: 2,
			`{position: {gte: 2, lt: 7}}`: 1, `{priority: {gte: NORMAL}}`: 2,
		}},
		{"members", "id name", staff, []string{"NAME", "CREATED_AT"}, map[string]int{
			`{role: {in: [AGENT, ADMIN]}}`: 3, `{role: {in: [AGENT, ADMIN], eq: AGENT}}`: 2, `{locale: {eq: "fr"}}`: 1,
			`{isService: {eq: true}}`: 0, `{name: {contains: "da"}}`: 2, `{availability: {eq: AWAY}}`: 0,
			`{and: [{role: {eq: AGENT}}, {not: {name: {eq: "Dana"}}}]}`: 1,
		}},
		{"grants", "role permission queue { name } category { id }", admin, []string{"ROLE", "PERMISSION"}, map[string]int{
			`{role: {eq: AGENT}}`: 3, `{effect: {eq: DENY}}`: 3, `{permission: {in: [SEE]}}`: 3, `{category: {isNull: true}}`: 6,
			`{queue: {isNull: true}}`: 0, `{queue: {eq: "que_zz"}}`: 0,
		}},
		{"slaPolicies", "id name position", staff, []string{"POSITION", "NAME", "CREATED_AT"}, map[string]int{
			`{name: {contains: "ALPHA"}}`: 1, `{position: {gte: 2}}`: 2, `{not: {position: {in: [1]}}}`: 2, `{or: [{position: {lt: 2}}, {name: {eq: "alpha"}}]}`: 2,
		}},
		{"businessHours", "id queue { name }", anybody, []string{"QUEUE", "CREATED_AT"}, map[string]int{
			`{queue: {isNull: true}}`: 1, `{queue: {isNull: false}}`: 3, `{queue: {eq: "que_zz"}}`: 0, `{not: {queue: {in: []}}}`: 4,
		}},
		{"auditEntries", "id action objectKind objectId", admin, []string{"AT", "OBJECT_KIND", "ACTION"}, map[string]int{
			`{objectKind: {eq: QUEUE}}`: 3, `{action: {in: [CREATED]}, channel: {eq: API}}`: 22, `{objectKind: {in: [GRANT, TEAM]}}`: 9,
			`{actor: {isNull: false}, not: {channel: {in: [SYSTEM]}}}`: 22, `{object: {eq: "que_zz"}}`: 0, `{at: {gte: "2100-01-01T00:00:00Z"}}`: 0,
		}},
	}
}

// Every list is paged in any of its orders, in both directions, each row once.
func TestEveryListIsPagedOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		furnish(t, h)
		for _, l := range lists() {
			for _, order := range append(l.orders, "") {
				for _, direction := range []string{"ASC", "DESC"} {
					by := ""
					if order != "" {
						by = fmt.Sprintf("orderBy: {field: %s, direction: %s}, ", order, direction)
					}
					whole := h.pages(t, l, by, "first: 100, after", 1)
					if forward := h.pages(t, l, by, "first: 2, after", 15); !slices.Equal(forward, whole) {
						t.Errorf("%s by %s forward: %v, want %v", l.field, by, forward, whole)
					}
					if backward := h.pages(t, l, by, "last: 2, before", 15); !slices.Equal(backward, whole) {
						t.Errorf("%s by %s backward: %v, want %v", l.field, by, backward, whole)
					}
				}
			}
		}
	})
}

// pages reads a list page by page and gives its rows in the list's order.
func (h *house) pages(t *testing.T, l list, by, size string, most int) []string {
	t.Helper()
	var rows []string
	var cursor any
	for range most {
		a := h.ask(t, l.who(h), `query($c: Cursor) { `+l.field+`(`+by+size+`: $c) { totalCount nodes { `+l.row+` } edges { cursor }
			pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`, vars{"c": cursor})
		var found []string
		for _, n := range a.at(l.field + ".nodes").([]any) {
			found = append(found, fmt.Sprint(n))
		}
		info := a.at(l.field + ".pageInfo").(map[string]any)
		if size[0] == 'f' {
			rows, cursor = append(rows, found...), info["endCursor"]
		} else {
			rows, cursor = append(found, rows...), info["startCursor"]
		}
		if size[0] == 'f' && info["hasNextPage"] == false || size[0] == 'l' && info["hasPreviousPage"] == false {
			a.want(l.field+".totalCount", len(rows))
			return rows
		}
	}
	t.Fatalf("%s(%s%s) never ends", l.field, by, size)
	return nil
}

func TestEveryListIsChosenFrom(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		furnish(t, h)
		for _, l := range lists() {
			for where, want := range l.wheres {
				a := h.run(t, l.who(h), `{ `+l.field+`(where: `+where+`) { totalCount nodes { `+l.row+` } } }`, nil)
				if len(a.Errors) > 0 {
					t.Errorf("%s %s: %s", l.field, where, a.body)
					continue
				}
				if nodes := a.at(l.field + ".nodes").([]any); len(nodes) != want || a.at(l.field+".totalCount") != float64(want) {
					t.Errorf("%s %s: %v, want %d", l.field, where, nodes, want)
				}
			}
			deep := `{not: {not: {not: {not: {not: {}}}}}}`
			if a := h.run(t, l.who(h), `{ `+l.field+`(where: `+deep+`) { totalCount } }`, nil); a.refused() != "INVALID" {
				t.Errorf("%s with deep conditions: %s", l.field, a.body)
			}
		}
	})
}

// A cursor of one order says nothing in another.
func TestACursorStaysWithItsOrder(t *testing.T) {
	h := sqlite(t)
	furnish(t, h)
	cursor := h.ask(t, h.Ada, `{ members(first: 1, orderBy: {field: NAME}) { pageInfo { endCursor } } }`, nil).at("members.pageInfo.endCursor")
	for _, field := range []string{"members", "tickets", "grants", "members(orderBy: {field: CREATED_AT}, after: $c) { totalCount } more: members"} {
		if a := h.run(t, h.Ada, `query($c: Cursor!) { `+field+`(after: $c) { totalCount } }`, vars{"c": cursor}); a.refused() != "INVALID" {
			t.Errorf("%s: %s", field, a.body)
		}
	}
}
