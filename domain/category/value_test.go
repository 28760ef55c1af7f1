package category_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
)

// typed is a category with a field of each type; Mia is the member 7.
func typed() *category.Category {
	low, high := 1.0, 10.5
	plan := []category.Option{
		{Value: "gold", Label: locale.Text{"en": "Gold", "fr": "Or"}}, {Value: "blue", Label: locale.Of("en", "Blue")}, {Value: "red", Label: locale.Of("en", "Red")},
	}
	return &category.Category{
		Name: locale.Of("en", "Orders"), Intent: category.Support, Priority: priority.Normal,
		Form: []category.Field{
			{Key: "seats", Label: locale.Of("en", "Seats"), Type: category.Number, Style: category.Short, Lowest: &low, Highest: &high},
			{Key: "since", Label: locale.Of("en", "Since"), Type: category.Date, Style: category.Short},
			{Key: "plan", Label: locale.Text{"en": "Plan", "fr": "Formule"}, Type: category.Choice, Style: category.Short, Options: plan, Required: true},
			{Key: "colours", Label: locale.Of("en", "Colours"), Type: category.MultiChoice, Style: category.Short, Options: plan, Least: 1, Most: 2},
			{Key: "friend", Label: locale.Of("en", "Friend"), Type: category.Member, Style: category.Short},
			{Key: "risk", Label: locale.Of("en", "Risk"), Type: category.Number, Style: category.Short, Internal: true},
		},
	}
}

func texts(t ...string) category.Given { return category.Given{Texts: t} }

func TestAFormTakesValuesOfEveryType(t *testing.T) {
	if err := typed().Check(); err != nil {
		t.Fatal(err)
	}
	filled, err := typed().Fill("fr", map[string]category.Given{
		"seats": texts(" 2,50 "), "since": texts("2024-02-29"), "plan": texts("gold"), "colours": texts("red", "gold"), "friend": {Member: 7},
	}, category.People{7: "Mia"})
	if err != nil {
		t.Fatal(err)
	}
	want := []category.Answer{
		{Key: "seats", Label: "Seats", Type: category.Number, Value: "2.5", Number: 2.5},
		{Key: "since", Label: "Since", Type: category.Date, Value: "2024-02-29"},
		{Key: "plan", Label: "Formule", Type: category.Choice, Value: "Or", Options: []string{"gold"}},
		{Key: "colours", Label: "Colours", Type: category.MultiChoice, Value: "Or, Red", Options: []string{"gold", "red"}},
		{Key: "friend", Label: "Friend", Type: category.Member, Value: "Mia", Member: 7},
	}
	if !reflect.DeepEqual(filled.Answers, want) {
		t.Errorf("%+v, want %+v", filled.Answers, want)
	}
}

func TestAValueOfAnotherKindIsRefused(t *testing.T) {
	for name, try := range map[string]struct {
		key   string
		given category.Given
		fault string
		field string
	}{
		"no number":            {"seats", texts("many"), "fault.field.number", "answers.seats"},
		"a hexadecimal number": {"seats", texts("0x2"), "fault.field.number", "answers.seats"},
		"no finite number":     {"seats", texts("inf"), "fault.field.number", "answers.seats"},
		"a number too small":   {"seats", texts("0.9"), "fault.field.too_low", "answers.seats"},
		"a number too large":   {"seats", texts("11"), "fault.field.too_high", "answers.seats"},
		"a day that never was": {"since", texts("2023-02-29"), "fault.field.date", "answers.since"},
		"no option":            {"plan", texts("silver"), "fault.field.option", "answers.plan"},
		"nothing":              {"plan", texts(), "fault.text.empty", "answers.plan"},
		"two options of one":   {"plan", texts("gold", "blue"), "fault.field.form", "answers.plan"},
		"too many options":     {"colours", texts("gold", "blue", "red"), "fault.field.options", "answers.colours"},
		"a stranger":           {"friend", category.Given{Member: 8}, "fault.field.member", "answers.friend"},
		"a member's number":    {"friend", texts("7"), "fault.field.form", "answers.friend"},
		"a member for a text":  {"seats", category.Given{Member: 7}, "fault.field.form", "answers.seats"},
		"what staff keeps":     {"risk", texts("3"), "fault.category.field_unknown", "answers"},
	} {
		values := map[string]category.Given{"plan": texts("gold")}
		values[try.key] = try.given
		_, err := typed().Fill("en", values, category.People{7: "Mia"})
		refused(t, name, err, try.fault, try.field)
	}
}

func TestAFieldThatNobodyCouldFillIsRefused(t *testing.T) {
	for name, try := range map[string]struct {
		spoil func(*category.Category)
		key   string
	}{
		"an unknown type":         {func(c *category.Category) { c.Form[0].Type = "mood" }, "fault.category.field_type"},
		"a subject that is a day": {func(c *category.Category) { c.Form[1].Purpose = category.Subject }, "fault.category.field_purpose_type"},
		"no number between":       {func(c *category.Category) { c.Form[0].Lowest = new(20.0) }, "fault.category.field_range"},
		"a choice of nothing":     {func(c *category.Category) { c.Form[2].Options = nil }, "fault.category.field_options"},
		"a number with options":   {func(c *category.Category) { c.Form[0].Options = c.Form[2].Options }, "fault.category.field_options"},
		"an option twice":         {func(c *category.Category) { c.Form[2].Options[1].Value = "gold" }, "fault.category.option_value"},
		"an option without name":  {func(c *category.Category) { c.Form[2].Options[1].Value = "Gold!" }, "fault.category.option_value"},
		"an option unlabelled":    {func(c *category.Category) { c.Form[2].Options[1].Label = nil }, "fault.text.empty"},
		"more than there is":      {func(c *category.Category) { c.Form[3].Most = 4 }, "fault.category.field_length"},
		"a sixth question":        {func(c *category.Category) { c.Form[5].Internal = false }, "fault.text.too_many"},
	} {
		c := typed()
		try.spoil(c)
		refused(t, name, c.Check(), try.key, "form")
	}
}

// Whatever is typed into a number, an answer is a number that is read as itself.
func TestNumbersAreReadAsTheyAreWritten(t *testing.T) {
	f := category.Field{Key: "n", Label: locale.Of("en", "N"), Type: category.Number}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`-?[0-9]{1,14}([.,][0-9]{1,3})?`), rapid.String()).Draw(t, "text")
		a, err := f.Answer("en", texts(text), nil)
		if err != nil || a.Value == "" {
			return
		}
		again, err := f.Answer("en", texts(a.Value), nil)
		if err != nil || again.Number != a.Number || strings.ContainsAny(a.Value, ",eE") {
			t.Fatalf("%q is %v, which is %v, %v", text, a, again, err)
		}
	})
}
