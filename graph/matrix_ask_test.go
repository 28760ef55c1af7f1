package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// row is an operation of the matrix and what becomes of it, caller by caller.
type row struct {
	name     string // "Mutation.claimTicket"
	document string
	input    vars   // of a mutation
	witness  string // the ID that is found in the answer of a read
	want     rule
	given    []step // what the ticket went through before
}

type step = func(*ticket.Ticket, ticket.Cause) error

func read(name, document, witness string, want rule) row {
	return row{name: name, document: document, witness: witness, want: want}
}

func node(name, witness string, want rule) row {
	return read(name, `query($`+witness+`: ID!) { node(id: $`+witness+`) { id } }`, witness, want)
}

func change(name string, input vars, want rule, given ...step) row {
	field := strings.TrimPrefix(element(name), "Mutation.")
	return row{
		name: name, input: input, want: want, given: given,
		document: `mutation($in: ` + inputOf(field) + `!) { ` + field + `(input: $in) { userErrors { code field message } } }`,
	}
}

// element gives the part of the schema that a row is about.
func element(name string) string { name, _, _ = strings.Cut(name, " "); return name }

func (r row) changes() bool { return strings.HasPrefix(r.name, "Mutation.") }

func rows() []row {
	return slices.Concat(queryRows(), nodeRows(), subscriptionRows(), ticketRows(), bulkRows(), configRows())
}

// named gives a row's variables, each "$name" replaced.
func (m *matrix) named(r row, c *caller, tk *seen) vars {
	v := vars{
		"ticket": ticketID(tk.Ticket), "number": tk.Number, "begin": scalar.EncodeCursor(tk.begin), "message": gid(scalar.Message, tk.message.ID),
		"note": gid(scalar.Message, tk.note.ID), "own": gid(scalar.Message, tk.mine.ID), "caller": "mem_nobody", "new": "New for " + c.name,
	}
	if c.who != nil {
		v["caller"] = memberID(c.who)
	}
	if !c.isHere() {
		v["begin"] = scalar.EncodeCursor(page.Cursor{int64(0)}) // of another history
	}
	maps.Copy(v, m.values)
	if r.changes() {
		return vars{"in": replaced(r.input, v)}
	}
	return v
}

func replaced(in any, values vars) any {
	switch in := in.(type) {
	case string:
		if name, ok := strings.CutPrefix(in, "$"); ok {
			return values[name]
		}
	case vars:
		out := vars{}
		for name, part := range in {
			out[name] = replaced(part, values)
		}
		return out
	}
	return in
}

// outcome carries a row's operation out and tells what became of it.
func (m *matrix) outcome(t *testing.T, r row, c *caller, tk *seen) (outcome, body string) {
	t.Helper()
	v := m.named(r, c, tk)
	if strings.HasPrefix(r.name, "Subscription.") {
		return m.hears(t, r, c, v)
	}
	a := m.run(t, c.who, r.document, v)
	switch {
	case a.refused() != "":
		return a.refused(), a.body
	case r.changes():
		return "done", a.body
	case strings.Contains(a.body, fmt.Sprintf("%q", v[r.witness])):
		return "seen", a.body
	}
	return "nothing", a.body
}

var codeIn = regexp.MustCompile(`"code": ?"([A-Z_]+)"`)

// hears follows until the witness is told of, a refusal comes, or something that
// happened later.
func (m *matrix) hears(t *testing.T, r row, c *caller, v vars) (outcome, body string) {
	t.Helper()
	later := ""
	if c.who != nil {
		later = ticketID(c.desk.Opens(t, c.who, c.desk.Help))
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	wish, _ := json.Marshal(map[string]any{"query": r.document, "variables": v})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url+"/graphql", strings.NewReader(string(wish)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	if c.who != nil {
		request.Header.Set("Authorization", "Bearer "+c.who.Name)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		line := lines.Text()
		if code := codeIn.FindStringSubmatch(line); code != nil {
			return code[1], line
		}
		if strings.Contains(line, fmt.Sprintf("%q", v[r.witness])) {
			return "seen", line
		}
		if strings.Contains(line, later) && strings.Contains(line, "tkt_") {
			return "nothing", line
		}
	}
	return "silence", ""
}
