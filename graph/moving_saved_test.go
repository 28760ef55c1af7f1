package graph_test

import (
	"fmt"
	"testing"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// movingTeams are renamed by an administrator, and new ones are made.
func (h *house) movingTeams(t *testing.T) moving {
	t.Helper()
	return h.movingSaved(t, "teams", "NAME", "saveTeam", "team", func(place int, name string) vars {
		return vars{"name": fmt.Sprintf("%c %s", 'A'+place, name)}
	})
}

// movingCategories get other positions, and new ones are made.
func (h *house) movingCategories(t *testing.T) moving {
	t.Helper()
	return h.movingSaved(t, "categories", "POSITION", "saveCategory", "category", func(place int, name string) vars {
		return vars{"names": []vars{{"locale": "en", "text": name}}, "queueId": gid(scalar.Queue, h.Support.ID), "position": place}
	})
}

// movingPolicies get other positions, and new ones are made. Each is for a queue of
// its own, so that none keeps another from its tickets.
func (h *house) movingPolicies(t *testing.T) moving {
	t.Helper()
	return h.movingSaved(t, "slaPolicies", "POSITION", "saveSlaPolicy", "slaPolicy", func(place int, name string) vars {
		return vars{"name": name, "position": place, "match": vars{"queueIds": []string{h.opens(t, name)}}, "promises": firstReply}
	})
}

// opens makes a queue.
func (h *house) opens(t *testing.T, name string) string {
	t.Helper()
	q := &queue.Queue{ID: id.Queue(h.IDs()), Workspace: h.Workspace.ID, Name: name}
	if err := h.Queues.Save(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	return gid(scalar.Queue, q.ID)
}

// movingHours come to queues old and new, and go again, also those at which a page ended.
func (h *house) movingHours(t *testing.T) moving {
	t.Helper()
	save := func(t *testing.T, q string) string {
		t.Helper()
		return h.ask(t, h.Ada, `mutation($q: ID!) { saveBusinessHours(input: {queueId: $q, timeZone: "UTC", always: true}) { businessHours { id } } }`, vars{"q": q}).at("saveBusinessHours.businessHours.id").(string)
	}
	var idle []string
	for i := range 24 {
		if q := h.opens(t, fmt.Sprint("For hours ", i)); i%2 == 0 {
			save(t, q)
		} else {
			idle = append(idle, q)
		}
	}
	var worked, hours string
	return moving{field: "businessHours", who: h.Lea, order: "QUEUE", move: func(t *testing.T, turn int) []string {
		t.Helper()
		var moved []string
		if worked != "" {
			h.ask(t, h.Ada, `mutation($q: ID!) { removeBusinessHours(input: {queueId: $q}) { userErrors { code } } }`, vars{"q": worked}).want("removeBusinessHours.userErrors", []any{})
			moved = append(moved, hours)
		}
		worked = idle[(turn*7)%len(idle)]
		hours = save(t, worked)
		return append(moved, hours)
	}}
}

// movingSaved is a list of what is saved by a mutation: one of the first moves to
// another place at each turn, and one is new.
func (h *house) movingSaved(t *testing.T, list, order, mutation, kind string, in func(place int, name string) vars) moving {
	t.Helper()
	save := func(t *testing.T, known any, place int, name string) string {
		t.Helper()
		v := in(place, name)
		if known != nil {
			v["id"] = known
		}
		a := h.ask(t, h.Ada, `mutation($in: `+inputOf(mutation)+`!) { `+mutation+`(input: $in) { `+kind+` { id } userErrors { code field } } }`, vars{"in": v})
		if a.refused() != "" {
			t.Fatalf("%s refuses: %s", mutation, a.body)
		}
		return a.at(mutation + "." + kind + ".id").(string)
	}
	var all []string
	for i := range 12 {
		all = append(all, save(t, nil, 2*i, fmt.Sprint(kind, " ", i)))
	}
	round := 0
	return moving{field: list, who: h.Ada, order: order, move: func(t *testing.T, turn int) []string {
		t.Helper()
		round++
		return []string{
			save(t, all[turn%4*2], 2*((turn*7)%12)+1, fmt.Sprint("moved ", round)),
			save(t, nil, (turn*5)%24, fmt.Sprint("new ", round)),
		}
	}}
}

// movingAudit grows with each team that is configured.
func (h *house) movingAudit(t *testing.T, teams moving) moving {
	t.Helper()
	newest := func(t *testing.T) []string {
		t.Helper()
		return idsOf(h.ask(t, h.Ada, `{ auditEntries(first: 2, where: {objectKind: {eq: TEAM}}, orderBy: {field: AT, direction: DESC}) { nodes { id } } }`, nil).at("auditEntries.nodes"))
	}
	return moving{field: "auditEntries", who: h.Ada, order: "AT", fixed: `where: {objectKind: {eq: TEAM}}, `, move: func(t *testing.T, turn int) []string {
		t.Helper()
		teams.move(t, turn)
		return newest(t)
	}}
}
