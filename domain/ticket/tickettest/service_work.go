package tickettest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func serviceWorking() []test {
	return []test{
		{"each verb leaves its events and no others", verbEvents},
		{"each verb is for those whom the access table names", verbAccess},
		{"a ticket is given to agents only", assignRefused},
		{"a ticket moves to a queue of its workspace, and to nobody", transfers},
		{"another category brings another queue", recategorises},
		{"tags are added all or none", tagsAllOrNone},
		{"participants", serviceParticipants},
		{"an agent gives up their own, a manager anybody's", unassigns},
		{"a stale version is a conflict", staleCall},
		{"what a verb looks up is told only to who may use it", lookupsSecret},
	}
}

// verb is a service method with what it needs besides.
type verb struct {
	name string
	do   func(t *testing.T, d *Desk, c access.Call, r ticket.Ref) error
}

func changeBy(do func(*ticket.Service, *Desk, access.Call, *testing.T, ticket.Ref) (*ticket.Ticket, error)) func(*testing.T, *Desk, access.Call, ticket.Ref) error {
	return func(t *testing.T, d *Desk, c access.Call, r ticket.Ref) error {
		changed, err := do(d.Service(), d, c, t, r)
		if (changed == nil) != (err != nil) {
			t.Errorf("the verb gives %v and %v", changed, err)
		}
		if err == nil {
			sameTicket(t, changed, d.Read(t, r.ID).Ticket)
		}
		return err
	}
}

// verbs are all changes of a ticket.
func verbs() []verb {
	type service = *ticket.Service
	return []verb{
		{"claim", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Claim(t.Context(), c, r)
		})},
		{"assign", changeBy(func(s service, d *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Assign(t.Context(), c, r, d.Dana.ID)
		})},
		{"transfer", changeBy(func(s service, d *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Transfer(t.Context(), c, r, d.Billing.ID)
		})},
		{"recategorise", changeBy(func(s service, d *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Recategorise(t.Context(), c, r, d.Invoice.ID)
		})},
		{"priority", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.SetPriority(t.Context(), c, r, priority.Urgent)
		})},
		{"tag", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.AddTags(t.Context(), c, r, "vip")
		})},
		{"untag", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.RemoveTags(t.Context(), c, r, "old")
		})},
		{"include", changeBy(func(s service, d *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.AddParticipant(t.Context(), c, r, d.Sam.ID)
		})},
		{"exclude", changeBy(func(s service, d *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.RemoveParticipant(t.Context(), c, r, d.Ada.ID)
		})},
		{"pend", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Pend(t.Context(), c, r)
		})},
		{"hold", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Hold(t.Context(), c, r)
		})},
		{"resolve", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Resolve(t.Context(), c, r)
		})},
		{"confirm", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Confirm(t.Context(), c, r)
		})},
		{"close", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Close(t.Context(), c, r)
		})},
		{"reopen", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Reopen(t.Context(), c, r)
		})},
		{"unassign", changeBy(func(s service, _ *Desk, c access.Call, t *testing.T, r ticket.Ref) (*ticket.Ticket, error) {
			return s.Unassign(t.Context(), c, r)
		})},
		{"reply", func(t *testing.T, d *Desk, c access.Call, r ticket.Ref) error {
			_, err := d.Service().Reply(t.Context(), c, r, "Hello")
			return err
		}},
		{"note", func(t *testing.T, d *Desk, c access.Call, r ticket.Ref) error {
			_, err := d.Service().AddNote(t.Context(), c, r, "Psst")
			return err
		}},
	}
}

func verbNamed(t *testing.T, name string) verb {
	t.Helper()
	all := verbs()
	i := slices.IndexFunc(all, func(v verb) bool { return v.name == name })
	if i < 0 {
		t.Fatalf("there is no verb %q", name)
	}
	return all[i]
}

// ready opens a ticket of Bob's in Help that every verb can change: it has the
// tag old and Ada takes part.
func (d *Desk) ready(t *testing.T, s ticket.Status) *ticket.Ticket {
	t.Helper()
	tk := d.Opens(t, d.Bob, d.Help)
	return d.Changes(t, d.Sam, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
		err := errors.Join(tk.AddTag(c, "old"), tk.AddParticipant(c, d.Ada.ID))
		switch s {
		case ticket.New:
		case ticket.Open:
			_, replied := tk.Reply(c, ticket.FromStaff, "en", "On it.")
			err = errors.Join(err, replied)
		case ticket.Pending:
			err = errors.Join(err, tk.Pend(c))
		case ticket.OnHold:
			err = errors.Join(err, tk.Hold(c))
		case ticket.Resolved:
			err = errors.Join(err, tk.Resolve(c))
		case ticket.Closed:
			err = errors.Join(err, tk.Resolve(c), tk.Close(c))
		}
		return err
	})
}

func verbEvents(t *testing.T, d *Desk) {
	for _, try := range []struct {
		verb string
		in   ticket.Status
		by   *member.Member
		want []event.Type
	}{
		{"claim", ticket.New, d.Chidi, []event.Type{event.TypeTicketClaimed, event.TypeStatusChanged}},
		{"claim", ticket.Pending, d.Chidi, []event.Type{event.TypeTicketClaimed}},
		{"assign", ticket.New, d.Chidi, []event.Type{event.TypeTicketAssigned, event.TypeStatusChanged}},
		{"unassign", ticket.Open, d.Chidi, nil},
		{"transfer", ticket.New, d.Chidi, []event.Type{event.TypeTicketTransferred}},
		{"recategorise", ticket.New, d.Chidi, []event.Type{event.TypeTicketRecategorised, event.TypeTicketTransferred}},
		{"priority", ticket.New, d.Chidi, []event.Type{event.TypePriorityChanged}},
		{"tag", ticket.New, d.Chidi, []event.Type{event.TypeTagAdded}},
		{"untag", ticket.New, d.Chidi, []event.Type{event.TypeTagRemoved}},
		{"include", ticket.New, d.Chidi, []event.Type{event.TypeParticipantAdded}},
		{"exclude", ticket.New, d.Chidi, []event.Type{event.TypeParticipantRemoved}},
		{"pend", ticket.Open, d.Chidi, []event.Type{event.TypeStatusChanged}},
		{"pend", ticket.Pending, d.Chidi, nil},
		{"hold", ticket.Open, d.Chidi, []event.Type{event.TypeStatusChanged}},
		{"resolve", ticket.Open, d.Chidi, []event.Type{event.TypeTicketResolved}},
		{"confirm", ticket.Resolved, d.Bob, []event.Type{event.TypeTicketConfirmed, event.TypeTicketClosed}},
		{"close", ticket.Resolved, d.Chidi, []event.Type{event.TypeTicketClosed}},
		{"reopen", ticket.Closed, d.Chidi, []event.Type{event.TypeTicketReopened}},
	} {
		tk, v := d.ready(t, try.in), verbNamed(t, try.verb)
		d.records(t, fmt.Sprintf("%s of a ticket that is %s", try.verb, try.in), tk, func() error {
			return v.do(t, d, d.Call(t, try.by), d.Ref(tk))
		}, try.want...)
	}
}

// whoMay says what becomes of each verb in the hands of the requester, a
// participant, a stranger, an agent of another queue, an agent of the queue's
// team, a supervisor and an admin.
const whoMay = `
verb         in       requester participant stranger  elsewhere team      supervisor admin
claim        new      forbidden forbidden   not_found not_found ok        ok         ok
assign       new      forbidden forbidden   not_found not_found ok        ok         ok
unassign     open     forbidden forbidden   not_found not_found ok        ok         ok
transfer     new      forbidden forbidden   not_found not_found ok        ok         ok
recategorise new      forbidden forbidden   not_found not_found ok        ok         ok
priority     new      forbidden forbidden   not_found not_found ok        ok         ok
tag          new      forbidden forbidden   not_found not_found ok        ok         ok
untag        new      forbidden forbidden   not_found not_found ok        ok         ok
include      new      forbidden forbidden   not_found not_found ok        ok         ok
exclude      new      forbidden forbidden   not_found not_found ok        ok         ok
pend         open     forbidden forbidden   not_found not_found ok        ok         ok
hold         open     forbidden forbidden   not_found not_found ok        ok         ok
resolve      open     ok        forbidden   not_found not_found ok        ok         ok
confirm      resolved ok        forbidden   not_found not_found forbidden forbidden  forbidden
close        resolved forbidden forbidden   not_found not_found ok        ok         ok
reopen       closed   ok        forbidden   not_found not_found ok        ok         ok
reply        open     ok        ok          not_found not_found ok        ok         ok
note         open     forbidden forbidden   not_found not_found ok        ok         ok
`

func verbAccess(t *testing.T, d *Desk) {
	zoe := d.Arrives(t, "Zoe", "en", access.RoleRequester)
	people := map[string]*member.Member{
		"requester": d.Bob, "participant": zoe, "stranger": d.Lea, "elsewhere": d.Dana, "team": d.Chidi, "supervisor": d.Sam, "admin": d.Ada,
	}
	lines := strings.Split(strings.TrimSpace(whoMay), "\n")
	header := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		fields := strings.Fields(line)
		v := verbNamed(t, fields[0])
		for i, want := range fields[2:] {
			who := people[header[i+2]]
			tk := d.ready(t, ticket.Status(fields[1]))
			if tk.Status != ticket.Closed {
				d.joins(t, zoe, tk)
			} else if who == zoe {
				continue // nobody joins a closed ticket
			}
			what := fmt.Sprintf("%s by the %s", v.name, header[i+2])
			if want == "ok" {
				must(t, what, v.do(t, d, d.Call(t, who), d.Ref(tk)))
				continue
			}
			d.unharmed(t, what, tk, func() {
				refused(t, what, v.do(t, d, d.Call(t, who), d.Ref(tk)), fault.Code(want), "")
			})
		}
	}
}

func assignRefused(t *testing.T, d *Desk) {
	s, tk, other := d.Service(), d.Opens(t, d.Bob, d.Help), NewDesk(t, d.World)
	for name, try := range map[string]struct {
		to   id.Member
		code fault.Code
	}{
		"a requester":             {d.Lea.ID, fault.Invalid},
		"nobody known":            {1, fault.NotFound},
		"another workspace's one": {other.Chidi.ID, fault.NotFound},
	} {
		d.unharmed(t, name, tk, func() {
			_, err := s.Assign(t.Context(), d.Call(t, d.Sam), d.Ref(tk), try.to)
			refused(t, name, err, try.code, "assigneeId")
		})
	}
}

func transfers(t *testing.T, d *Desk) {
	s, tk, other := d.Service(), d.Opens(t, d.Bob, d.Help), NewDesk(t, d.World)
	_, err := s.Claim(t.Context(), d.Call(t, d.Chidi), d.Ref(tk))
	must(t, "claim", err)
	d.unharmed(t, "a queue that is not here", tk, func() {
		for _, to := range []id.Queue{1, other.Billing.ID} {
			_, err := s.Transfer(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), to)
			refused(t, "transfer", err, fault.NotFound, "queueId")
		}
	})
	d.records(t, "a transfer", tk, func() error {
		_, err := s.Transfer(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), d.Billing.ID)
		return err
	}, event.TypeTicketTransferred, event.TypeTicketUnassigned)
	if got := d.Read(t, tk.ID); got.Queue != d.Billing.ID || got.Assignee != 0 || got.Status != ticket.Open {
		t.Errorf("the ticket is in queue %d, %d's, %s; want Billing, nobody's, open", got.Queue, got.Assignee, got.Status)
	}
	_, err = s.Claim(t.Context(), d.Call(t, d.Chidi), d.Ref(tk))
	refused(t, "the team that had it claims it", err, fault.NotFound, "")
	_, err = s.Claim(t.Context(), d.Call(t, d.Dana), d.Ref(tk))
	must(t, "the team that has it claims it", err)
}

func recategorises(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	moved, err := s.Recategorise(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), d.Invoice.ID)
	must(t, "recategorise", err)
	if moved.Category != d.Invoice.ID || moved.Queue != d.Billing.ID || moved.Priority != tk.Priority {
		t.Errorf("the ticket is %+v, want Invoice in Billing, at the same priority", moved)
	}
	archived := d.appeal(t)
	archived.Archived = true
	must(t, "archive", d.Categories.Save(t.Context(), archived))
	d.unharmed(t, "refused categories", tk, func() {
		_, err := s.Recategorise(t.Context(), d.Call(t, d.Sam), d.Ref(tk), archived.ID)
		refused(t, "an archived one", err, fault.Invalid, "categoryId")
		_, err = s.Recategorise(t.Context(), d.Call(t, d.Sam), d.Ref(tk), 1)
		refused(t, "an unknown one", err, fault.NotFound, "categoryId")
		_, err = s.SetPriority(t.Context(), d.Call(t, d.Sam), d.Ref(tk), "mild")
		refused(t, "an unknown priority", err, fault.Invalid, "priority")
	})
}

func tagsAllOrNone(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	many := make([]string, ticket.MaxTags+1)
	for i := range many {
		many[i] = fmt.Sprintf("tag-%d", i)
	}
	d.unharmed(t, "refused tags", tk, func() {
		for name, tags := range map[string][]string{
			"an empty one": {"good", " "},
			"a long one":   {"good", strings.Repeat("é", ticket.MaxTag+1)},
			"no text":      {"good", "\xff"},
			"too many":     many,
		} {
			_, err := s.AddTags(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), tags...)
			refused(t, name, err, fault.Invalid, "tags")
		}
	})
	tagged, err := s.AddTags(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), " b ", "a", "b")
	must(t, "tag", err)
	if !slices.Equal(tagged.Tags, []string{"a", "b"}) {
		t.Errorf("the tags are %q, want a and b", tagged.Tags)
	}
	untagged, err := s.RemoveTags(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), "a", "never")
	must(t, "untag", err)
	if !slices.Equal(untagged.Tags, []string{"b"}) || untagged.Version != tagged.Version+1 {
		t.Errorf("the tags are %q at version %d", untagged.Tags, untagged.Version)
	}
}

func serviceParticipants(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	include := func(who id.Member) error {
		_, err := s.AddParticipant(t.Context(), d.Call(t, d.Chidi), d.Ref(tk), who)
		return err
	}
	d.records(t, "a participant", tk, func() error { return include(d.Lea.ID) }, event.TypeParticipantAdded)
	d.records(t, "the same one", tk, func() error { return include(d.Lea.ID) })
	d.unharmed(t, "refused participants", tk, func() {
		refused(t, "the requester", include(d.Bob.ID), fault.Invalid, "memberId")
		refused(t, "nobody known", include(1), fault.NotFound, "memberId")
		_, err := s.RemoveParticipant(t.Context(), d.Call(t, d.Bob), d.Ref(tk), d.Lea.ID)
		refused(t, "the requester sends them away", err, fault.Forbidden, "")
	})
	if _, err := s.Get(t.Context(), d.Call(t, d.Lea), tk.ID); err != nil {
		t.Errorf("a participant looks: %v", err)
	}
	_, err := s.RemoveParticipant(t.Context(), d.Call(t, d.Lea), d.Ref(tk), d.Lea.ID)
	must(t, "the participant leaves", err)
	_, err = s.Get(t.Context(), d.Call(t, d.Lea), tk.ID)
	refused(t, "who left looks again", err, fault.NotFound, "")
}

func unassigns(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	must(t, "narrow", d.Queues.SetGrant(t.Context(), d.Workspace.ID, &access.Grant{
		Queue: d.Support.ID, Role: access.RoleAgent, Class: access.ClassManage, Effect: access.Deny,
	}))
	_, err := s.Claim(t.Context(), d.Call(t, d.Chidi), d.Ref(tk))
	must(t, "claim", err)
	d.records(t, "an agent gives up their own", tk, func() error {
		_, err := s.Unassign(t.Context(), d.Call(t, d.Chidi), d.Ref(tk))
		return err
	}, event.TypeTicketUnassigned)
	_, err = s.Assign(t.Context(), d.Call(t, d.Sam), d.Ref(tk), d.Dana.ID)
	must(t, "assign", err)
	_, err = s.Unassign(t.Context(), d.Call(t, d.Chidi), d.Ref(tk))
	refused(t, "an agent who may not manage takes another's away", err, fault.Forbidden, "")
	_, err = s.Unassign(t.Context(), d.Call(t, d.Sam), d.Ref(tk))
	must(t, "a supervisor takes it away", err)
}

func staleCall(t *testing.T, d *Desk) {
	for _, v := range verbs() {
		tk := d.ready(t, ticket.Open)
		ref := d.Ref(tk)
		ref.Version = tk.Version + 1
		d.unharmed(t, v.name, tk, func() {
			if err := v.do(t, d, d.Call(t, d.Chidi), ref); !errors.Is(err, ticket.ErrVersion) {
				t.Errorf("%s of another version: %v, want ErrVersion", v.name, err)
			}
		})
	}
}

func lookupsSecret(t *testing.T, d *Desk) {
	s, tk := d.Service(), d.Opens(t, d.Bob, d.Help)
	for name, err := range map[string]error{
		"assign":       second(s.Assign(t.Context(), d.Call(t, d.Lea), d.Ref(tk), 1)),
		"transfer":     second(s.Transfer(t.Context(), d.Call(t, d.Lea), d.Ref(tk), 1)),
		"recategorise": second(s.Recategorise(t.Context(), d.Call(t, d.Lea), d.Ref(tk), 1)),
		"include":      second(s.AddParticipant(t.Context(), d.Call(t, d.Lea), d.Ref(tk), 1)),
	} {
		if !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("%s by a stranger: %v, want that the ticket is not there", name, err)
		}
	}
}

func second(_ *ticket.Ticket, err error) error { return err }
