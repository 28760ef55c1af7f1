package graph_test

import (
	"testing"
)

// A value of the wrong form is its sender's mistake: refused as such, and no
// error of the program.
func TestValuesOfTheWrongFormAreRefused(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	object := vars{"a": 1}
	for name, c := range map[string]struct {
		query string
		v     vars
	}{
		"object as language": {`mutation($v: Locale!) { setMyLocale(input: {locale: $v}) { userErrors { code } } }`, vars{"v": object}},
		"object in a document": {
			`mutation { setMyLocale(input: {locale: {a: 1}}) { userErrors { code } } }`, nil,
		},
		"list as languages":   {`mutation($v: [Locale!]!) { saveAgent(input: {memberId: "mem_1", languages: $v}) { userErrors { code } } }`, vars{"v": []any{object}}},
		"object as moment":    {`query($v: DateTime) { tickets(where: {openedAt: {gte: $v}}) { totalCount } }`, vars{"v": object}},
		"number out of range": {`query($v: Int!) { ticketByNumber(number: $v) { id } }`, vars{"v": 1 << 40}},
		"object as number":    {`query($v: Int!) { ticketByNumber(number: $v) { id } }`, vars{"v": object}},
		"object as text":      {`mutation($t: ID!, $v: String!) { addNote(input: {ticketId: $t, body: $v}) { userErrors { code } } }`, vars{"t": ticketID(tk), "v": object}},
		"object as status":    {`query($v: TicketStatus) { tickets(where: {status: {eq: $v}}) { totalCount } }`, vars{"v": object}},
	} {
		a := h.run(t, h.Sam, c.query, c.v)
		if code := a.refused(); code != "INVALID" && code != "GRAPHQL_VALIDATION_FAILED" {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if h.log.Len() > 0 {
		t.Errorf("it is logged: %s", h.log)
	}
}

// Who names no version means any; who names one that there can't be is wrong.
func TestExpectedVersions(t *testing.T) {
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	for name, c := range map[string]struct {
		in   vars
		code string
	}{
		"absent": {vars{}, ""}, "null": {vars{"expectedVersion": nil}, ""},
		"0": {vars{"expectedVersion": 0}, "INVALID"}, "negative": {vars{"expectedVersion": -1}, "INVALID"},
		"another": {vars{"expectedVersion": 99}, "CONFLICT"},
	} {
		c.in["ticketId"], c.in["body"] = ticketID(tk), name
		a := h.run(t, h.Chidi, `mutation($in: AddNoteInput!) { addNote(input: $in) { userErrors { code } } }`, vars{"in": c.in})
		if a.refused() != c.code {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	now := vars{"ticketId": ticketID(tk), "body": "x", "expectedVersion": h.Read(t, tk.ID).Version}
	if a := h.run(t, h.Chidi, `mutation($in: AddNoteInput!) { addNote(input: $in) { userErrors { code } } }`, vars{"in": now}); a.refused() != "" {
		t.Error(a.body)
	}
}
