package graph_test

import (
	"fmt"
	"testing"

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

// movingAudit grows with each thing that is configured.
func (h *house) movingAudit(t *testing.T, teams moving) moving {
	t.Helper()
	newest := func(t *testing.T) []string {
		t.Helper()
		return idsOf(h.ask(t, h.Ada, `{ auditEntries(first: 2, orderBy: {field: AT, direction: DESC}) { nodes { id } } }`, nil).at("auditEntries.nodes"))
	}
	return moving{field: "auditEntries", who: h.Ada, order: "AT", move: func(t *testing.T, turn int) []string {
		t.Helper()
		teams.move(t, turn)
		return newest(t)
	}}
}
