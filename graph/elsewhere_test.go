package graph_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// settled lets a workspace have something of each kind that the matrix' rows name, and an
// administrator.
func settled(t *testing.T, h *house, d *tickettest.Desk) (*matrix, *caller, *seen) {
	t.Helper()
	of := *h
	of.Desk = d
	m := &matrix{house: &of}
	m.keeps(t, m.Help)
	m.settle(t)
	ada := &caller{name: "an administrator", who: d.Ada, actor: d.Actor(t, d.Ada), desk: d, scope: access.Scope{Workspace: d.Workspace.ID, Queue: d.Support.ID, Category: d.Help.ID}}
	return m, ada, m.opens(t, ada)
}

var variable = regexp.MustCompile(`\$(\w+)`)

// names gives the variables of a row that stand for IDs, by what they stand for in the
// other workspace, and an ID of that kind that names nothing.
func (r row) names(theirs vars) map[string][2]string {
	in, found := r.document, map[string][2]string{}
	if r.changes() {
		in = fmt.Sprint(r.input)
	}
	for _, name := range variable.FindAllStringSubmatch(in, -1) {
		one, _ := theirs[name[1]].(string)
		if kind, n, ok := opaque.Decode(one); ok {
			found[name[1]] = [2]string{one, opaque.Encode(kind, n+12345)}
		}
	}
	return found
}

// What is another workspace's is as if it were not there at all: whatever takes an ID
// answers the same, byte for byte, for one of another workspace and for one that names
// nothing.
func TestAnotherWorkspaceIsNotThere(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.guests = map[string]auth.Subject{}
		other, elsewhere, far := settled(t, h, tickettest.NewDesk(t, h.World))
		m, ada, tk := settled(t, h, h.Desk)
		m.url = m.serve(t).URL
		theirs := maps.Clone(other.values)
		maps.Copy(theirs, vars{
			"ticket": ticketID(far.Ticket), "caller": memberID(elsewhere.who), "message": gid(scalar.Message, far.message.ID),
			"note": gid(scalar.Message, far.note.ID), "own": gid(scalar.Message, far.mine.ID),
		})
		for name, one := range theirs { // which are there, for who is at home there
			if shown := fmt.Sprintf(`"id": %q`, one); variableID(one) && !strings.Contains(strings.ReplaceAll(other.asksAtHome(t, one), `":"`, `": "`), shown) {
				t.Errorf("there is no %s %s", name, one)
			}
		}
		asked := map[string]bool{}
		for _, r := range rows() {
			for name, ids := range r.names(theirs) {
				asked[element(r.name)] = true
				t.Run(r.name+" by "+name, func(t *testing.T) { m.sameFor(t, r, ada, tk, name, ids) })
			}
		}
		for _, needed := range takingIDs() {
			if !asked[needed] {
				t.Errorf("%s takes an ID, and no row of the matrix names one", needed)
			}
		}
	})
}

func variableID(v any) bool {
	s, _ := v.(string)
	_, _, ok := opaque.Decode(s)
	return ok
}

// asksAtHome looks an object up as the workspace's administrator.
func (m *matrix) asksAtHome(t *testing.T, one any) string {
	t.Helper()
	m.guests["at home"] = auth.Subject{Workspace: m.Workspace.ID, Member: m.Ada.ID, ExpiresAt: m.Clock.Now().AddDate(1, 0, 0)}
	ada := *m.Ada
	ada.Name = "at home"
	return m.run(t, &ada, `query($i: ID!) { node(id: $i) { id } }`, vars{"i": one}).body
}

// sameFor asks for a row with one of its IDs replaced by either.
func (m *matrix) sameFor(t *testing.T, r row, c *caller, tk *seen, name string, ids [2]string) {
	t.Helper()
	var heard [2]string
	for i, one := range ids {
		values := m.values
		m.values = maps.Clone(values)
		m.values[name] = one
		v := m.named(r, c, tk)
		m.values = values
		if strings.HasPrefix(r.name, "Subscription.") {
			for _, transport := range slices.Sorted(maps.Keys(wholes())) {
				e := wholes()[transport](m.house, t, m.url, c.who, r.document, v).next()
				heard[i] += transport + ": " + e.kind + " " + e.text + "\n"
			}
			continue
		}
		a := m.run(t, c.who, r.document, v)
		heard[i] = fmt.Sprint(a.status, " ", a.body)
	}
	if heard[0] != heard[1] {
		t.Errorf("%s of another workspace, %s of nowhere", heard[0], heard[1])
	}
}

// takingIDs gives whatever cannot be asked for without an ID.
func takingIDs() (all []string) {
	types := ours()
	for _, root := range []string{"Query", "Mutation", "Subscription"} {
		for _, f := range types[root].Fields {
			for _, a := range f.Arguments {
				needs := a.Type.Name() == "ID" && a.Type.NonNull
				if in := types[a.Type.Name()]; in != nil {
					for _, part := range in.Fields {
						needs = needs || part.Type.Name() == "ID" && part.Type.NonNull
					}
				}
				if needs && !slices.Contains(all, root+"."+f.Name) {
					all = append(all, root+"."+f.Name)
				}
			}
		}
	}
	return all
}
