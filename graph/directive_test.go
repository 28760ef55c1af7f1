package graph_test

import (
	"strings"
	"testing"
)

// What can't be delivered is not offered: a response has all that was asked for.
func TestNothingIsPutOff(t *testing.T) {
	h := sqlite(t)
	if a := h.run(t, h.Sam, `{ viewer { id ... @defer { name } } }`, nil); a.refused() != "GRAPHQL_VALIDATION_FAILED" {
		t.Errorf("%s", a.body)
	}
	a := h.ask(t, h.Sam, `{ __schema { directives { name } } }`, nil)
	if strings.Contains(a.body, "defer") {
		t.Errorf("it is offered: %s", a.body)
	}
}

func TestDirectivesChooseFields(t *testing.T) {
	h := sqlite(t)
	const query = `query($yes: Boolean!) { viewer { id @include(if: $yes) name @skip(if: $yes) } }`
	for yes, want := range map[bool]string{true: "id", false: "name"} {
		viewer := h.ask(t, h.Sam, query, vars{"yes": yes}).at("viewer").(map[string]any)
		if len(viewer) != 1 || viewer[want] == nil {
			t.Errorf("%v: %v", yes, viewer)
		}
	}
}

// A document is parsed once and kept; what one caller asked for with it is not
// what another one gets.
func TestKeptDocumentsKeepNothingOfTheirCallers(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	const query = `query($id: ID!) { viewer { name } ticket(id: $id) { requester { name } } }`
	for range 3 {
		h.ask(t, h.Sam, query, vars{"id": ticketID(tk)}).want("ticket.requester.name", "Léa")
		h.ask(t, h.Bob, query, vars{"id": ticketID(tk)}).want("ticket", nil)
		h.ask(t, h.Lea, query, vars{"id": "nothing"}).want("viewer.name", "Léa")
	}
}
