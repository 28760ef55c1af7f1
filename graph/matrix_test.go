package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Every operation, asked for by everybody: what becomes of it is what the access
// table says, and a refusal leaves no trace.
func TestEveryOperationKeepsTheOneRule(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		m := newMatrix(t, h)
		for _, r := range rows() {
			t.Run(r.name, func(t *testing.T) {
				for _, c := range m.callers {
					t.Run(c.name, func(t *testing.T) { m.try(t, r, c) })
				}
			})
		}
	})
}

func (m *matrix) try(t *testing.T, r row, c *caller) {
	t.Helper()
	tk, want := c.ticket, "UNAUTHENTICATED"
	if c.who != nil {
		want = r.want(c)
	}
	if want == "done" && (r.input["ticketId"] != nil || r.input["tickets"] != nil) { // what is changed is fresh
		tk = m.opens(t, c, r.given...)
	}
	if want == "done" && strings.Contains(fmt.Sprint(r.input), "$place") {
		links, err := m.Workspaces.LinksOf(t.Context(), m.Workspace.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(links) == 0 { // who was let before took it away
			m.values["place"] = m.linked(t, "Place for "+c.name)
		}
	}
	if want == "done" && strings.Contains(fmt.Sprint(r.input), "$spare") {
		spare, err := m.services.Tags.Create(t.Context(), m.Call(t, m.Ada), tag.Tag{Name: fmt.Sprint("Spare ", m.IDs())})
		if err != nil {
			t.Fatal(err)
		}
		m.values["spare"] = gid(scalar.Tag, spare.ID)
	}
	before := m.head(t)
	got, body := m.outcome(t, r, c, tk)
	if got != want {
		t.Errorf("%s, asked for by %s: %s, want %s: %s", r.name, c.name, got, want, body)
	}
	if r.changes() && got != "done" && m.head(t) != before {
		t.Errorf("%s, refused to %s, left something in the history", r.name, c.name)
	}
}

func (m *matrix) head(t *testing.T) int64 {
	t.Helper()
	head, err := m.Tickets.Head(t.Context(), m.Workspace.ID)
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// elements gives whatever can be asked for, with where in the matrix it belongs
// and a row to begin with.
func elements() map[string][2]string {
	types, all := ours(), map[string][2]string{}
	for _, root := range []struct{ name, function, row string }{
		{"Query", "queryRows", "read(%q, `{ %s { nodes { id } } }`, \"ticket\", offers(access.WorkspaceSee)),"},
		{"Mutation", "ticketRows, or configRows", "change(%q, vars{\"ticketId\": \"$ticket\" /* the input of %s */}, needs(access.TicketManage)),"},
		{"Subscription", "subscriptionRows", "read(%q, `subscription { %s { ticket { id } } }`, \"ticket\", follows(access.TicketSee)),"},
	} {
		for _, f := range types[root.name].Fields {
			if !strings.HasPrefix(f.Name, "__") {
				name := root.name + "." + f.Name
				all[name] = [2]string{root.function, fmt.Sprintf(root.row, name, f.Name)}
			}
		}
	}
	for name, d := range types {
		if slices.Contains(d.Interfaces, "Node") {
			all["Node."+name] = [2]string{"nodeRows", fmt.Sprintf("node(%q, %q, shows(access.WorkspaceSee)),", "Node."+name, strings.ToLower(name))}
		}
	}
	return all
}

// What the schema gained has to be in the matrix, and what it lost goes.
func TestTheMatrixKnowsEveryOperation(t *testing.T) {
	unknown := elements()
	known := maps.Clone(unknown)
	for _, r := range rows() {
		if _, ok := known[element(r.name)]; !ok {
			t.Errorf("the schema has no %s: take the row %q out of graph/matrix_rows_test.go", element(r.name), r.name)
		}
		delete(unknown, element(r.name))
	}
	for name, add := range unknown {
		t.Errorf("the matrix does not know %s. Add to %s in graph/matrix_rows_test.go a line such as\n\t%s\n"+
			"with the permission that it needs. A read names the ID that its answer holds; IDs of objects that no row named before are set in matrix.settle.",
			name, add[0], add[1])
	}
}
