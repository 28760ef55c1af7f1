package tickettest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func serviceMachine() []test {
	return []test{
		{"every verb moves every status as is written here", stateMachine},
		{"what stands in a closed ticket stands", closedMessages},
		{"a stranger can't tell an old version or a wrong message from no ticket", discreetRefusals},
	}
}

// machine says where each verb leads from each status; "-" where it is refused.
// Verbs are an agent's, unless a name says whose.
const machine = `
verb               new      open     pending  on_hold  resolved closed
claim              open     open     pending  on_hold  -        -
assign             open     open     pending  on_hold  -        -
unassign           new      open     pending  on_hold  resolved -
transfer           new      open     pending  on_hold  resolved -
recategorise       new      open     pending  on_hold  resolved -
priority           new      open     pending  on_hold  resolved -
tag                new      open     pending  on_hold  resolved -
untag              new      open     pending  on_hold  resolved -
include            new      open     pending  on_hold  resolved -
exclude            new      open     pending  on_hold  resolved -
pend               pending  pending  pending  pending  -        -
hold               on_hold  on_hold  on_hold  on_hold  -        -
resolve            resolved resolved resolved resolved -        -
resolve/requester  resolved resolved resolved resolved -        -
confirm/requester  -        -        -        -        closed   -
close              -        -        -        -        closed   -
reopen             -        -        open     open     open     open
reopen/requester   -        -        open     open     open     open
reply              open     open     pending  on_hold  resolved -
reply/requester    new      open     open     open     open     -
note               new      open     pending  on_hold  resolved closed
`

func stateMachine(t *testing.T, d *Desk) {
	lines := strings.Split(strings.TrimSpace(machine), "\n")
	header := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		fields := strings.Fields(line)
		name, by, _ := strings.Cut(fields[0], "/")
		who := d.Chidi
		if by == "requester" {
			who = d.Bob
		}
		v := verbNamed(t, name)
		for i, want := range fields[1:] {
			tk := d.ready(t, ticket.Status(header[i+1]))
			what := fmt.Sprintf("%s of a ticket that is %s", fields[0], tk.Status)
			if want == "-" {
				d.unharmed(t, what, tk, func() {
					refused(t, what, v.do(t, d, d.Call(t, who), d.Ref(tk)), fault.Transition, "")
				})
				continue
			}
			must(t, what, v.do(t, d, d.Call(t, who), d.Ref(tk)))
			d.stands(t, what, tk, ticket.Status(want))
		}
	}
}

// stands checks a ticket's status and the moments that belong to it.
func (d *Desk) stands(t *testing.T, what string, tk *ticket.Ticket, want ticket.Status) {
	t.Helper()
	got := d.Read(t, tk.ID)
	if got.Status != want {
		t.Errorf("%s leads to %s, want %s", what, got.Status, want)
	}
	if resolved := want == ticket.Resolved || want == ticket.Closed; got.ResolvedAt.IsZero() == resolved {
		t.Errorf("%s: the ticket is %s, resolved at %v", what, want, got.ResolvedAt)
	}
	if got.ClosedAt.IsZero() == (want == ticket.Closed) {
		t.Errorf("%s: the ticket is %s, closed at %v", what, want, got.ClosedAt)
	}
}

// closedMessages holds what stands in a closed ticket: it is not changed any
// more, though what should not be read can be taken away. What was done before
// it was closed, and is heard of only now, belongs to its history.
func closedMessages(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.ready(t, ticket.Closed)
	mine := d.said(t, tk)[0].ID
	_, err := s.EditMessage(t.Context(), d.Call(t, d.Bob), d.Ref(tk), mine, "I never said that.")
	refused(t, "edit", err, fault.Transition, "")

	late := d.Call(t, d.Bob)
	late.Origin.OccurredAt = d.Read(t, tk.ID).ClosedAt.Add(-time.Second)
	_, err = s.EditMessage(t.Context(), late, d.Ref(tk), mine, "It was broken.")
	must(t, "an edit from before", err)
	_, err = s.Reply(t.Context(), late, d.Ref(tk), "Is anybody there?")
	must(t, "a message from before", err)

	_, err = s.DeleteMessage(t.Context(), d.Call(t, d.Bob), d.Ref(tk), mine)
	must(t, "delete", err)
	d.stands(t, "mending", tk, ticket.Closed)
}

func discreetRefusals(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	stranger, wrong := d.Call(t, d.Lea), ticket.Ref{ID: tk.ID, Version: 99}
	_, err := s.Claim(t.Context(), stranger, wrong)
	refused(t, "claim", err, fault.NotFound, "")
	_, err = s.Reply(t.Context(), stranger, wrong, "?")
	refused(t, "reply", err, fault.NotFound, "")
	if _, err = s.EditMessage(t.Context(), stranger, d.Ref(tk), -1, "?"); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("edit: %v, want that there is no such ticket", err)
	}
	_, err = s.Resolve(t.Context(), d.Call(t, d.Bob), wrong)
	refused(t, "the requester's resolve", err, fault.Conflict, "")
}
