package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// follows lets what became of promises be known.
func (h *house) follows(t *testing.T) {
	t.Helper()
	if err := h.services.SLA.Follow(t.Context(), h.Clock.Now()); err != nil {
		t.Fatal(err)
	}
}

const report = `query($from: DateTime!, $to: DateTime!, $where: SlaReportWhere) { slaReport(from: $from, to: $to, where: $where) {
	policyId policy { name } queue { name } target promises kept breached late running paused cancelled pausedTime complianceRate } }`

// reports gives the rows of a report as lines: policy, queue, target, and the counts that are not 0.
func (h *house) reports(t *testing.T, who *member.Member, in vars) []string {
	t.Helper()
	v := vars{"from": h.Clock.Now().Add(-300 * 24 * time.Hour), "to": h.Clock.Now().Add(time.Hour), "where": in}
	var lines []string
	for _, n := range h.ask(t, who, report, v).at("slaReport").([]any) {
		row := n.(map[string]any)
		name := "removed"
		if p, ok := row["policy"].(map[string]any); ok {
			name = p["name"].(string)
		}
		line := fmt.Sprint(name, " ", row["queue"].(map[string]any)["name"], " ", row["target"])
		for _, count := range []string{"promises", "kept", "breached", "late", "running", "paused", "cancelled"} {
			if row[count].(float64) != 0 {
				line += fmt.Sprint(" ", count, " ", row[count])
			}
		}
		if row["pausedTime"] != "PT0S" {
			hours, _, _ := strings.Cut(row["pausedTime"].(string), "H") // and some seconds
			line += " for " + hours + "H"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// Compliance never forgets a breach: whatever becomes of the ticket and of the policy.
func TestComplianceNeverForgetsABreach(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		policy := func(name string, in vars) string {
			t.Helper()
			in["name"] = name
			if in["match"] == nil {
				in["match"] = vars{"queueIds": []string{gid(scalar.Queue, h.Support.ID)}}
			}
			in["promises"] = []vars{{"target": "FIRST_REPLY", "within": "PT1H"}, {"target": "RESOLUTION", "within": "PT4H30M"}}
			a := h.ask(t, h.Ada, savePolicy, vars{"in": in})
			a.want("saveSlaPolicy.userErrors", []any{})
			p, _ := a.at("saveSlaPolicy.slaPolicy.id").(string)
			return p
		}
		support := policy("Support", vars{})
		billing := policy("Billing", vars{"match": vars{"queueIds": []string{gid(scalar.Queue, h.Billing.ID)}}})
		open := func() string {
			t.Helper()
			return h.ask(t, h.Lea, `mutation($c: ID!) { openTicket(input: {categoryId: $c, subject: "Oven", body: "Cold."}) { ticket { id } } }`,
				vars{"c": gid(scalar.Category, h.Help.ID)}).at("openTicket.ticket.id").(string)
		}
		do := func(verb, ticket string, in vars) {
			t.Helper()
			in["ticketId"] = ticket
			h.ask(t, h.Sam, `mutation($in: `+inputOf(verb)+`!) { `+verb+`(input: $in) { userErrors { message } } }`, vars{"in": in}).want(verb+".userErrors", []any{})
		}
		want := func(when string, lines ...string) {
			t.Helper()
			h.follows(t)
			h.follows(t) // which changes nothing
			slices.Sort(lines)
			if got := h.reports(t, h.Sam, nil); !slices.Equal(got, lines) {
				t.Errorf("%s it is reported\n%s\nwant\n%s", when, strings.Join(got, "\n"), strings.Join(lines, "\n"))
			}
		}
		one, two := open(), open()
		do("replyToTicket", one, vars{"body": "Hello"})
		h.tick(t, 2*time.Hour)
		do("markTicketPending", two, vars{})
		want("after a breach",
			"Support Support FIRST_REPLY promises 2 kept 1 breached 1", "Support Support RESOLUTION promises 2 running 1 paused 1")
		h.tick(t, time.Hour)
		do("transferTicket", two, vars{"queueId": gid(scalar.Queue, h.Billing.ID)})
		do("replyToTicket", two, vars{"body": "Sorry"})
		h.ask(t, h.Lea, replyOnce, vars{"in": vars{"ticketId": two, "body": "And now?"}}) // it goes on
		do("resolveTicket", one, vars{})
		do("reopenTicket", one, vars{})
		h.tick(t, 2*time.Hour)
		do("resolveTicket", one, vars{})
		want("after reopening and moving", "Support Support FIRST_REPLY promises 2 kept 1 breached 1 late 1 for PT1H",
			"Support Support RESOLUTION promises 1 breached 1 late 1", "Billing Billing RESOLUTION promises 1 running 1 for PT1H")
		for _, p := range []string{support, billing} {
			h.ask(t, h.Ada, `mutation($p: ID!) { removeSlaPolicy(input: {id: $p}) { userErrors { code } } }`, vars{"p": p})
		}
		do("putTicketOnHold", two, vars{})
		want("after the policies went", "removed Support FIRST_REPLY promises 2 kept 1 breached 1 late 1 for PT1H",
			"removed Support RESOLUTION promises 1 breached 1 late 1", "removed Billing RESOLUTION promises 1 cancelled 1 for PT1H")

		for name, in := range map[string]vars{
			"by policy": {"policyIds": []string{support}, "targets": []string{"RESOLUTION"}}, "by queue": {"queueIds": []string{gid(scalar.Queue, h.Support.ID)}, "targets": []string{"RESOLUTION"}},
		} {
			if got := h.reports(t, h.Ada, in); !slices.Equal(got, []string{"removed Support RESOLUTION promises 1 breached 1 late 1"}) {
				t.Errorf("%s: %q", name, got)
			}
		}
		if got := h.reports(t, h.Chidi, nil); len(got) != 2 || strings.Contains(fmt.Sprint(got), "Billing") {
			t.Errorf("an agent of Support reads %q", got)
		}
		asked := vars{"from": h.Clock.Now(), "to": h.Clock.Now().Add(time.Hour)}
		h.ask(t, h.Sam, report, asked).want("slaReport", []any{})
		if a := h.run(t, h.Lea, report, asked); a.refused() != "FORBIDDEN" {
			t.Errorf("a requester reads %s", a.body)
		}
		if a := h.run(t, h.Sam, report, vars{"from": h.Clock.Now(), "to": h.Clock.Now().AddDate(2, 0, 0)}); a.refused() != "INVALID" {
			t.Errorf("two years give %s", a.body)
		}
	})
}

// A report takes as many statements for many tickets as for one, and histories are
// followed once by any number of processes.
func TestReportsTakeAsManyStatementsForAnyNumberOfTickets(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.promises(t, "all", "all")
		raise := func(n int) int {
			for range n {
				h.alertsOnce(t, h.Opens(t, h.Lea, h.Help))
			}
			done := make(chan error, 3)
			for range cap(done) {
				go func() { done <- h.services.SLA.Follow(t.Context(), h.Clock.Now()) }()
			}
			for range cap(done) {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			return h.counter.During(func() { h.reports(t, h.Sam, nil) })
		}
		few := raise(1)
		if many := raise(120); many != few {
			t.Errorf("%d statements for 121 tickets, %d for one", many, few)
		}
		if got := h.reports(t, h.Sam, vars{"policyIds": []string{gid(scalar.Policy, id.Policy(7))}}); !slices.Equal(got, []string{"removed Support FIRST_REPLY promises 121 breached 121"}) {
			t.Errorf("reported is %q", got)
		}
	})
}
