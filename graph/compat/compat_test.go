package compat_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/graph/compat"
)

const released = `
type Query {
  ticket(id: ID!): Ticket
  tickets(first: Int = 25, where: Where, order: Order): [Ticket!]!
  search(text: String!): [Found!]
  old: Old @deprecated(reason: "Use ticket; removed after 2027-03-31.")
}
interface Node { id: ID! }
type Ticket implements Node {
  id: ID!
  subject: String!
  note: String
  title: String! @deprecated(reason: "Use subject. Removed after 2027-03-31")
  colour: String @deprecated(reason: "Nobody liked it.")
}
type Note implements Node { id: ID! }
"Leaves. Removed after 2027-03-31."
type Call implements Node { id: ID! }
type Old { gone: OldOnly }
type OldOnly { id: ID }
union Found = Ticket | Note | Call
enum Order { UP DOWN SIDEWAYS @deprecated(reason: "removed after 2027-03-31") }
input Where { subject: String, number: Int! = 1, must: Int!, tag: String @deprecated(reason: "removed after 2027-03-31") }
directive @live(rate: Int) on QUERY
`

func schema(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// changed replaces texts of the released schema: old, new, old, new.
func changed(t *testing.T, pairs ...string) string {
	t.Helper()
	sdl := released
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(sdl, pairs[i]) {
			t.Fatalf("nothing is %q", pairs[i])
		}
		sdl = strings.Replace(sdl, pairs[i], pairs[i+1], 1)
	}
	return sdl
}

func TestWhatBreaksClients(t *testing.T) {
	now := day(t, "2026-12-01T00:00:00Z")
	for _, c := range []struct {
		name    string
		changes []string
		want    []string
	}{
		{"a field is removed", []string{"  note: String\n", ""}, []string{"Ticket.note is gone"}},
		{"a field is renamed", []string{"note: String", "remark: String"}, []string{"Ticket.note is gone"}},
		{"a field is of another type", []string{"note: String", "note: Int"}, []string{"Ticket.note gives Int, gave String"}},
		{"a field may be null", []string{"subject: String!", "subject: String"}, []string{"Ticket.subject gives String, gave String!"}},
		{"what is in a list may be null", []string{": [Ticket!]!", ": [Ticket]!"}, []string{"Query.tickets gives [Ticket]!, gave [Ticket!]!"}},
		{"one instead of a list", []string{": [Ticket!]!", ": Ticket!"}, []string{"Query.tickets gives Ticket!, gave [Ticket!]!"}},
		{"deprecated without a day, it stays", []string{"  colour: String @deprecated(reason: \"Nobody liked it.\")\n", ""}, []string{"Ticket.colour is gone"}},
		{"an argument is removed", []string{"where: Where, ", ""}, []string{"Query.tickets(where) is gone"}},
		{"an argument is of another type", []string{"text: String!", "text: ID!"}, []string{"Query.search(text) takes ID!, took String!"}},
		{"an argument is required", []string{"where: Where", "where: Where!"}, []string{"Query.tickets(where) takes Where!, took Where"}},
		{"a new argument is required", []string{"text: String!", "text: String!, in: ID!"}, []string{"Query.search(in) is new and required"}},
		{"another default", []string{"= 25", "= 30"}, []string{"Query.tickets(first) is 30 when absent, was 25"}},
		{"no default", []string{"first: Int = 25", "first: Int"}, []string{"Query.tickets(first) is nothing when absent, was 25"}},
		{"a default where there was none", []string{"order: Order", "order: Order = UP"}, []string{"Query.tickets(order) is UP when absent, was nothing"}},
		{"a field of an input is removed", []string{"subject: String, ", ""}, []string{"Where.subject is gone"}},
		{"a field of an input is required", []string{"{ subject: String,", "{ subject: String!,"}, []string{"Where.subject takes String!, took String"}},
		{"a new field of an input is required", []string{"must: Int!", "must: Int!, text: String!"}, []string{"Where.text is new and required"}},
		{"another default in an input", []string{"= 1", "= 2"}, []string{"Where.number is 2 when absent, was 1"}},
		{
			"an input takes one field alone",
			[]string{"input Where { subject: String, number: Int! = 1, must: Int!, tag: String", "input Where @oneOf { subject: String, number: Int, must: Int, tag: String"},
			[]string{"Where takes exactly one of its fields, took any", "Where.number is nothing when absent, was 1"},
		},
		{"a value is removed", []string{"UP DOWN", "UP"}, []string{"Order.DOWN is gone"}},
		{"a union has one less", []string{"= Ticket | Note |", "= Ticket |"}, []string{"Found is never a Note any more"}},
		{"an interface is left", []string{"Note implements Node", "Note"}, []string{"Note is no Node any more"}},
		{"a type is removed", []string{"type Note implements Node { id: ID! }", "", "Note | ", ""}, []string{"Found is never a Note any more", "Note is gone"}},
		{"a type is of another kind", []string{"enum Order { UP DOWN SIDEWAYS @deprecated(reason: \"removed after 2027-03-31\") }", "scalar Order"}, []string{"Order is of kind SCALAR, was ENUM"}},
		{"a directive is removed", []string{"directive @live(rate: Int) on QUERY", ""}, []string{"@live may not be on QUERY any more"}},
		{"an argument of a directive is required", []string{"rate: Int)", "rate: Int!)"}, []string{"@live(rate) takes Int!, took Int"}},
		{"a removal is brought forward", []string{"Removed after 2027-03-31\"", "Removed after 2027-01-31\""}, []string{"Ticket.title stays to 2027-01-31, was promised to 2027-03-31"}},
	} {
		if got := compat.Breaks(schema(t, released), schema(t, changed(t, c.changes...)), now); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWhatBreaksNobody(t *testing.T) {
	for name, changes := range map[string][]string{
		"nothing":                   nil,
		"a new field":               {"note: String", "note: String, more(of: Int!): Int!"},
		"a new type":                {"type Old {", "type New { id: ID } type Old {"},
		"an optional argument":      {"text: String!", "text: String!, in: ID, most: Int! = 5"},
		"an optional input field":   {"must: Int!", "must: Int!, may: Int, most: Int! = 5"},
		"a new value":               {"UP DOWN", "UP DOWN RANDOM"},
		"another member of a union": {"| Call", "| Call | Old"},
		"a field is never null":     {"note: String", "note: String!"},
		"an argument is optional":   {"ticket(id: ID!)", "ticket(id: ID)"},
		"a required one gets a default, which none of the old requests sees": {"must: Int!", "must: Int! = 7"},
		"a deprecation":           {"note: String", `note: String @deprecated(reason: "Use subject; removed after 2030-01-01.")`},
		"a removal is put off":    {"Removed after 2027-03-31\"", "Removed after 2028-03-31\""},
		"it is kept all the same": {` @deprecated(reason: "Use subject. Removed after 2027-03-31")`, ""},
		"a description":           {"type Note", "\"Internal.\" type Note"},
	} {
		if got := compat.Breaks(schema(t, released), schema(t, changed(t, changes...)), day(t, "2026-12-01T00:00:00Z")); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What was announced may go when its last day is over, not a second before.
func TestWhatWasAnnouncedMayGoAfterItsDay(t *testing.T) {
	without := schema(t, changed(
		t, `  old: Old @deprecated(reason: "Use ticket; removed after 2027-03-31.")`+"\n", "", "type Old { gone: OldOnly }\ntype OldOnly { id: ID }\n", "",
		`title: String! @deprecated(reason: "Use subject. Removed after 2027-03-31")`, "title: Int",
		"\"Leaves. Removed after 2027-03-31.\"\ntype Call implements Node { id: ID! }\n", "", " | Call", "",
		` SIDEWAYS @deprecated(reason: "removed after 2027-03-31")`, "", `, tag: String @deprecated(reason: "removed after 2027-03-31")`, "",
	))
	for now, want := range map[string][]string{
		"2027-03-31T23:59:59Z": {
			"Call is gone", "Found is never a Call any more", "Old is gone", "OldOnly is gone", "Order.SIDEWAYS is gone", "Query.old is gone",
			"Ticket.title gives Int, gave String!", "Where.tag is gone",
		},
		"2027-04-01T01:59:59+02:00": {
			"Call is gone", "Found is never a Call any more", "Old is gone", "OldOnly is gone", "Order.SIDEWAYS is gone", "Query.old is gone",
			"Ticket.title gives Int, gave String!", "Where.tag is gone",
		},
		"2027-04-01T00:00:00Z": nil,
	} {
		if got := compat.Breaks(schema(t, released), without, day(t, now)); !slices.Equal(got, want) {
			t.Errorf("at %s: %q, want %q", now, got, want)
		}
	}
}

func TestLastDays(t *testing.T) {
	for text, want := range map[string]string{
		"Use x; removed after 2027-03-31.": "2027-03-31", "Removed after 2028-02-29": "2028-02-29",
		"removed after 2027-02-30": "", "removed after": "", "removed after March": "", "": "", "removed on 2027-03-31": "",
	} {
		day, ok := compat.LastDay(text)
		if got := day.Format(time.DateOnly); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %s %v, want %q", text, got, ok, want)
		}
	}
}
