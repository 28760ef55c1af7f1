package ticket_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

// TestFillingInLeavesTheTicketBefore, whose answers stand in another order than its
// category's fields have by now.
func TestFillingInLeavesTheTicketBefore(t *testing.T) {
	keys := func(all []category.Answer) (keys []string) {
		for _, a := range all {
			keys = append(keys, a.Key)
		}
		return keys
	}
	cat := &category.Category{ID: tickettest.TheCategory, Form: []category.Field{
		{Key: "model", Label: locale.Of("en", "Model"), Purpose: category.Detail},
		{Key: "floor", Label: locale.Of("en", "Floor"), Purpose: category.Detail},
	}}
	for name, values := range map[string]map[string]string{"a new value": {"model": "X2"}, "the same value": {"model": "X1"}} {
		tk := tickettest.NewTicket()
		tk.Answers = []category.Answer{{Key: "floor", Type: category.Text, Value: "3"}, {Key: "model", Type: category.Text, Value: "X1"}}
		before := *tk
		if err := tk.Fill(by(agent), cat, category.Texts(values), nil); err != nil {
			t.Fatal(err)
		}
		if got := keys(tk.Answers); !slices.Equal(got, []string{"model", "floor"}) {
			t.Errorf("%s: the answers are %v", name, got)
		}
		if got := keys(before.Answers); !slices.Equal(got, []string{"floor", "model"}) || before.Answers[1].Value != "X1" {
			t.Errorf("%s: before they were %v", name, before.Answers)
		}
	}
}
