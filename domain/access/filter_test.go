package access_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
)

// somebody draws a member with any role, teams and grants, and now and then the
// helpdesk itself. Queues and categories are few, so that they meet.
func somebody(t *rapid.T) access.Actor {
	if rapid.IntRange(0, 20).Draw(t, "is it the helpdesk") == 0 {
		return access.System(home)
	}
	return access.Actor{
		Workspace: home, Member: me,
		Role:   rapid.SampledFrom(access.Roles()).Draw(t, "role"),
		Queues: rapid.SliceOfNDistinct(someQueue(), 0, 3, rapid.ID).Draw(t, "serves"),
		Grants: rapid.SliceOfNDistinct(someGrant(), 0, 8, place).Draw(t, "grants"),
	}
}

func someQueue() *rapid.Generator[id.Queue] {
	return rapid.Map(rapid.IntRange(1, 3), func(n int) id.Queue { return id.Queue(n) })
}

func someCategory() *rapid.Generator[id.Category] {
	return rapid.Map(rapid.IntRange(1, 3), func(n int) id.Category { return id.Category(n) })
}

func someGrant() *rapid.Generator[access.Grant] {
	return rapid.Custom(func(t *rapid.T) access.Grant {
		g := access.Grant{
			Role:   rapid.SampledFrom(access.Roles()).Draw(t, "role"),
			Class:  rapid.SampledFrom(access.Classes()).Draw(t, "class"),
			Effect: rapid.SampledFrom([]access.Effect{access.Allow, access.Deny}).Draw(t, "effect"),
		}
		if rapid.Bool().Draw(t, "for a category") {
			g.Category = someCategory().Draw(t, "category")
		} else {
			g.Queue = someQueue().Draw(t, "queue")
		}
		return g
	})
}

// place is what there is one grant for.
func place(g access.Grant) access.Grant {
	g.Effect = ""
	return g
}

func someTicket(t *rapid.T) access.Scope {
	return access.Scope{
		Workspace: rapid.SampledFrom([]id.Workspace{home, home, home, home + 1}).Draw(t, "workspace"),
		Queue:     someQueue().Draw(t, "queue"), Category: someCategory().Draw(t, "category"),
		Requester: rapid.Bool().Draw(t, "requester"), Assignee: rapid.Bool().Draw(t, "assignee"),
		Participant: rapid.Bool().Draw(t, "participant"),
	}
}

func TestAFilterPassesExactlyWhatIsAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		actor, ticket := somebody(t), someTicket(t)
		p := rapid.SampledFrom(access.Permissions()).Draw(t, "permission")
		filter, err := access.Filter(actor, p)
		if err != nil {
			t.Fatalf("filter: %v", err)
		}
		if passes, allowed := filter.Passes(ticket), access.Allowed(actor, p, ticket); passes != allowed {
			t.Fatalf("the filter passes the ticket: %v; the table allows it: %v", passes, allowed)
		}
	})
}

func TestAHigherRoleMayDoAllThatALowerOneMay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		actor, ticket := somebody(t), someTicket(t)
		actor.Grants = nil
		p := rapid.SampledFrom(access.Permissions()).Draw(t, "permission")
		higher := actor
		higher.Role = rapid.SampledFrom(access.Roles()).Draw(t, "another role")
		if higher.Role.AtLeast(actor.Role) && access.Allowed(actor, p, ticket) && !access.Allowed(higher, p, ticket) {
			t.Fatalf("%s has %s and %s has not", actor.Role, p, higher.Role)
		}
	})
}

func TestNobodyGetsNoFilter(t *testing.T) {
	for _, p := range access.Permissions() {
		if f, err := access.Filter(access.Actor{}, p); !errors.Is(err, access.ErrNobody) {
			t.Errorf("%s: %+v, %v; want ErrNobody", p, f, err)
		}
	}
	if (access.TicketFilter{}).Passes(access.Scope{Requester: true, Assignee: true, Participant: true}) {
		t.Error("the zero filter lets a ticket through")
	}
}

// A queue is reached if some ticket in it is seen by one who is nothing to it.
func TestAFilterReachesTheQueuesThatItLetsThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, q := somebody(t), someQueue().Draw(t, "the queue")
		f, err := access.Filter(a, access.TicketSee)
		if err != nil {
			t.Fatal(err)
		}
		some := false
		for c := range id.Category(5) { // 4 has no grants: it stands for any other
			some = some || f.Passes(access.Scope{Workspace: home, Queue: q, Category: c})
		}
		if got := f.Reaches(q); got != some {
			t.Errorf("%+v reaches queue %d: %v, want %v", a, q, got, some)
		}
	})
}

// A queue is covered if all tickets in it are seen by one who is nothing to them; one
// that is not known only by whom no ticket is denied.
func TestAFilterCoversTheQueuesOfWhichItLetsAllThrough(t *testing.T) {
	some := access.TicketFilter{Queues: []id.Queue{1}}
	for name, c := range map[string]struct {
		filter  access.TicketFilter
		queue   id.Queue
		covered bool
	}{
		"all":                              {access.TicketFilter{All: true}, 1, true},
		"all, of an unknown queue":         {access.TicketFilter{All: true}, 0, true},
		"any":                              {access.TicketFilter{AnyQueue: true}, 1, true},
		"any, of an unknown queue":         {access.TicketFilter{AnyQueue: true}, 0, true},
		"any but another":                  {access.TicketFilter{AnyQueue: true, NotQueues: []id.Queue{2}}, 1, true},
		"any but this":                     {access.TicketFilter{AnyQueue: true, NotQueues: []id.Queue{1}}, 1, false},
		"any but one, of an unknown queue": {access.TicketFilter{AnyQueue: true, NotQueues: []id.Queue{1}}, 0, false},
		"any but a category":               {access.TicketFilter{AnyQueue: true, NotCategories: []id.Category{1}}, 1, false},
		"any but a category, of an unknown queue": {access.TicketFilter{AnyQueue: true, NotCategories: []id.Category{1}}, 0, false},
		"the queue":                  {some, 1, true},
		"another queue":              {some, 2, false},
		"a queue, of an unknown one": {some, 0, false},
		"a category":                 {access.TicketFilter{Categories: []id.Category{1}}, 1, false},
	} {
		if got := c.filter.Covers(c.queue); got != c.covered {
			t.Errorf("%s: covered is %v, want %v", name, got, c.covered)
		}
	}
}
