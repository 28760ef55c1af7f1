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
