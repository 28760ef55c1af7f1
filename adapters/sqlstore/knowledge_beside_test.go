package sqlstore_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// TestAChangeFindsWhatAnotherProcessChangedAround a ticket: what its tags are called, and
// the version of what is promised.
func TestAChangeFindsWhatAnotherProcessChangedAround(t *testing.T) {
	k := newKnowing(t)
	got(k.service.AddTags(t.Context(), k.call(k.agent), k.ref(0), "fire"))(t)
	before := seen(t, k.s, k.ref(0))
	if !slices.Equal(before.Tags, []string{"fire"}) {
		t.Fatalf("the ticket's tags are %q", before.Tags)
	}
	for _, g := range got(k.beside.Tags().Named(t.Context(), k.id, "fire"))(t) {
		g.Name = "Blaze"
		must(t, k.beside.Tags().Save(t.Context(), g))
	}
	must(t, k.beside.Hours().SavePolicy(t.Context(), &sla.Policy{ID: id.Policy(k.beside.IDs()()), Workspace: k.id, Name: "Fast"}))
	after := seen(t, k.s, k.ref(0))
	if !slices.Equal(after.Tags, []string{"Blaze"}) || after.Promised != before.Promised+1 {
		t.Errorf("the ticket's tags are %q, and it is kept by promises %d, after %d", after.Tags, after.Promised, before.Promised)
	}
	k.agrees("At the end")
}
