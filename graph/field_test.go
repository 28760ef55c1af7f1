package graph_test

import (
	"fmt"
	"testing"
)

const fieldRow = `answers { key label type value options number date member { name } isInternal }`

// orders makes a category with a field of each type and two that staff keeps.
func (h *house) orders(t *testing.T) string {
	t.Helper()
	a := h.ask(t, h.Ada, `mutation($q: ID!) { saveCategory(input: { names: [{locale: "en", text: "Orders"}], queueId: $q,
		form: [
			{key: "seats", labels: [{locale: "en", text: "Seats"}], type: NUMBER, minValue: 1, maxValue: 100}
			{key: "since", labels: [{locale: "en", text: "Since"}], type: DATE}
			{key: "plan", labels: [{locale: "en", text: "Plan"}, {locale: "fr", text: "Formule"}], type: CHOICE, required: true, options: [
				{value: "gold", labels: [{locale: "en", text: "Gold"}, {locale: "fr", text: "Or"}]} {value: "blue", labels: [{locale: "en", text: "Blue"}]}]}
			{key: "extras", labels: [{locale: "en", text: "Extras"}], type: MULTI_CHOICE, options: [
				{value: "chat", labels: [{locale: "en", text: "Chat"}]} {value: "phone", labels: [{locale: "en", text: "Phone"}]}]}
			{key: "friend", labels: [{locale: "en", text: "Friend"}], type: MEMBER}]
		internalFields: [{key: "risk", labels: [{locale: "en", text: "Risk"}], type: NUMBER} {key: "remark", labels: [{locale: "en", text: "Remark"}]}]
	}) { category { id form { key type minValue maxValue options { value label labels { locale } } } internalFields { key } } userErrors { message field } } }`,
		vars{"q": gid("que", h.Support.ID)})
	a.want("saveCategory.userErrors", []any{})
	a.want("saveCategory.category.form.0.maxValue", 100)
	a.want("saveCategory.category.form.2.options.0.label", "Gold")
	a.want("saveCategory.category.internalFields.1.key", "remark")
	return a.at("saveCategory.category.id").(string)
}

const openOrder = `mutation($input: OpenTicketInput!) { openTicket(input: $input) { ticket { id version ` + fieldRow + ` } userErrors { code field message } } }`

func (h *house) order(t *testing.T, category string, answers ...vars) *answer {
	t.Helper()
	return h.ask(t, h.Lea, openOrder, vars{"input": vars{"categoryId": category, "subject": "An order", "answers": answers}})
}

func TestFieldsHoldValuesOfTheirTypes(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		c := h.orders(t)
		a := h.order(t, c, vars{"key": "seats", "value": "12.50"}, vars{"key": "since", "value": "2026-03-01"}, vars{"key": "plan", "value": "gold"},
			vars{"key": "extras", "values": []string{"phone", "chat"}}, vars{"key": "friend", "memberId": memberID(h.Bob)})
		a.want("openTicket.userErrors", []any{})
		a.want("openTicket.ticket.answers.0.number", 12.5)
		a.want("openTicket.ticket.answers.1.date", "2026-03-01")
		a.want("openTicket.ticket.answers.2.label", "Formule")
		a.want("openTicket.ticket.answers.2.value", "Or")
		a.want("openTicket.ticket.answers.3.options", []string{"chat", "phone"})
		a.want("openTicket.ticket.answers.4.member.name", "Bob")

		tk := a.at("openTicket.ticket.id").(string)
		update := `mutation($input: UpdateTicketFieldsInput!) { updateTicketFields(input: $input) { ticket { version ` + fieldRow + ` } userErrors { code field } } }`
		change := func(answers ...vars) *answer {
			return h.ask(t, h.Chidi, update, vars{"input": vars{"ticketId": tk, "answers": answers}})
		}
		b := change(vars{"key": "plan", "value": "blue"}, vars{"key": "seats"}, vars{"key": "risk", "value": "3"}, vars{"key": "remark", "value": "Careful"})
		b.want("updateTicketFields.userErrors", []any{})
		b.want("updateTicketFields.ticket.version", 2)
		b.want("updateTicketFields.ticket.answers.0.key", "since")
		b.want("updateTicketFields.ticket.answers.1.value", "Blue")
		b.want("updateTicketFields.ticket.answers.4.number", 3)
		b.want("updateTicketFields.ticket.answers.5.isInternal", true)

		bad := change(vars{"key": "risk", "value": "9"}, vars{"key": "since", "value": "yesterday"})
		bad.want("updateTicketFields.userErrors.0.code", "INVALID")
		bad.want("updateTicketFields.userErrors.0.field", []string{"answers", "since"})
		if got := h.run(t, h.Lea, update, vars{"input": vars{"ticketId": tk, "answers": []vars{{"key": "plan", "value": "gold"}}}}).refused(); got != "FORBIDDEN" {
			t.Errorf("a requester who changes fields is answered %q", got)
		}
		h.fieldsAreHidden(t, tk)
	})
}

// fieldsAreHidden checks that what staff keeps is shown to no requester, and what
// the history tells.
func (h *house) fieldsAreHidden(t *testing.T, tk string) {
	t.Helper()
	timeline := `query($t: ID!) { ticket(id: $t) { answers { key } category { internalFields { key } } timeline(first: 50) { nodes {
		... on FieldChangedEvent { key type from to isInternal fromMember { name } toMember { name } } } } } }`
	count := func(a *answer) (events []string) {
		for _, n := range a.at("ticket.timeline.nodes").([]any) {
			if e := n.(map[string]any); e["key"] != nil {
				events = append(events, fmt.Sprint(e["key"], e["from"], e["to"]))
			}
		}
		return events
	}
	seen := h.ask(t, h.Lea, timeline, vars{"t": tk})
	if got := fmt.Sprint(count(seen)); got != "[plan[gold] [blue] seats[12.5] []]" {
		t.Errorf("the requester reads %s", got)
	}
	if n := len(seen.at("ticket.answers").([]any)); n != 4 {
		t.Errorf("the requester sees %d answers, want 4", n)
	}
	seen.want("ticket.category.internalFields", []any{})
	if got := fmt.Sprint(count(h.ask(t, h.Chidi, timeline, vars{"t": tk}))); got != "[plan[gold] [blue] remark[] [] risk[] [3] seats[12.5] []]" {
		t.Errorf("staff reads %s", got)
	}
}

func TestTicketsAreChosenByTheirFields(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		c := h.orders(t)
		for i, order := range [][]vars{
			{{"key": "plan", "value": "gold"}, {"key": "seats", "value": "2"}, {"key": "extras", "values": []string{"chat"}}},
			{{"key": "plan", "value": "blue"}, {"key": "seats", "value": "10"}, {"key": "extras", "values": []string{"chat", "phone"}}, {"key": "since", "value": "2026-01-31"}},
			{{"key": "plan", "value": "blue"}, {"key": "friend", "memberId": memberID(h.Bob)}},
		} {
			tk := h.order(t, c, order...).at("openTicket.ticket.id")
			h.ask(t, h.Chidi, `mutation($t: ID!, $r: String) { updateTicketFields(input: {ticketId: $t, answers: [{key: "risk", value: $r}]}) { userErrors { message } } }`,
				vars{"t": tk, "r": fmt.Sprint(i)})
		}
		for where, want := range map[string]string{
			`{key: "plan", value: {eq: "blue"}}`:                       "[2 3]",
			`{key: "plan", value: {in: ["gold", "red"]}}`:              "[1]",
			`{key: "extras", value: {eq: "phone"}}`:                    "[2]",
			`{key: "seats", number: {gte: 2, lt: 10}}`:                 "[1]",
			`{key: "seats", number: {eq: 10}}`:                         "[2]",
			`{key: "seats", isNull: true}`:                             "[3]",
			`{key: "since", date: {lt: "2026-02-01"}}`:                 "[2]",
			`{key: "since", date: {gte: "2026-02-01"}}`:                "[]",
			`{key: "friend", member: {eq: "` + memberID(h.Bob) + `"}}`: "[3]",
			`{key: "friend", member: {eq: "nobody"}}`:                  "[]",
			`{key: "nothing", isNull: false}`:                          "[]",
		} {
			h.chosenBy(t, where, want)
		}
		risky := `{ tickets(where: {field: {key: "risk", number: {gte: 1}}}) { totalCount } }`
		h.ask(t, h.Chidi, risky, nil).want("tickets.totalCount", 2)
		h.ask(t, h.Lea, risky, nil).want("tickets.totalCount", 0)
		h.ask(t, h.Lea, `{ tickets(where: {field: {key: "risk", isNull: true}}) { totalCount } }`, nil).want("tickets.totalCount", 3)
	})
}

// chosenBy checks which of Léa's tickets a condition on a field finds, for her and
// for staff.
func (h *house) chosenBy(t *testing.T, where, want string) {
	t.Helper()
	for _, who := range []string{"Léa", "Chidi"} {
		reader := h.Lea
		if who == "Chidi" {
			reader = h.Chidi
		}
		var numbers []any
		for _, n := range h.ask(t, reader, `{ tickets(where: {field: `+where+`}, orderBy: {field: NUMBER}) { nodes { number } } }`, nil).at("tickets.nodes").([]any) {
			numbers = append(numbers, n.(map[string]any)["number"])
		}
		if got := fmt.Sprint(numbers); got != want {
			t.Errorf("%s finds %s by %s, want %s", who, got, where, want)
		}
	}
}
