package rest

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// DigestPlan is when the digests of a queue come.
type DigestPlan struct {
	ID       string         `json:"id" doc:"Identifies the plan."`
	QueueID  string         `json:"queueId" doc:"Whose digests come."`
	TimeZone string         `json:"timeZone" doc:"The IANA time zone, e.g. Europe/Paris."`
	Moments  []DigestMoment `json:"moments" nullable:"false" doc:"The moments of the week, from Monday on. What falls into the hour that the clocks skip in spring comes an hour later; in the one that they repeat in autumn it comes once."`
	Pings    bool           `json:"pings" doc:"Whether the queue's teams are pinged, where a channel shows the digests."`
	NextAt   string         `json:"nextAt" format:"date-time" doc:"When the next digest comes, if anything waits then."`
	Version  int64          `json:"version" doc:"Rises each time that it is saved; for If-Match."`
}

// DigestMoment is a moment of each week.
type DigestMoment struct {
	Day  string `json:"day" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday" doc:"The day."`
	Time string `json:"time" doc:"The time of the day, 00:00 to 23:59."`
}

// Digest is what waited in a queue when its teams were told.
type Digest struct {
	ID          string   `json:"id" doc:"Identifies the digest."`
	QueueID     string   `json:"queueId" doc:"The queue."`
	DueAt       string   `json:"dueAt" format:"date-time" doc:"The first moment of the plan that it is for. After a time in which the program did not run one digest is for all that went by."`
	MadeAt      string   `json:"madeAt" format:"date-time" doc:"When it was made."`
	TicketCount int      `json:"ticketCount" doc:"How many tickets waited in all; if not all of the queue's tickets are open to the caller, how many of the named ones are."`
	TicketIDs   []string `json:"ticketIds" nullable:"false" doc:"The tickets, those that waited the longest first, as far as the caller can see them; at most 100."`
}

// The inputs of digests.
type (
	// DigestPath names a digest.
	DigestPath struct {
		DigestID string `path:"digestId" doc:"The digest's ID."`
	}
	// DigestsInput chooses digests of a queue.
	DigestsInput struct {
		QueuePath
		Paging
	}
	// DigestPlanRemoval names a queue whose digests are to end.
	DigestPlanRemoval struct {
		QueuePath
		Expecting
	}
	// DigestPlanChange is what is to be different about when digests come.
	DigestPlanChange struct {
		QueuePath
		Expecting

		Body DigestPlanParts
	}
	// DigestPlanParts is when digests are to come. What is left out stays as it is; a
	// new plan needs a time zone and moments.
	DigestPlanParts struct {
		TimeZone *string         `json:"timeZone,omitempty" doc:"An IANA time zone, e.g. Europe/Paris."`
		Moments  *[]DigestMoment `json:"moments,omitempty" nullable:"false" doc:"The moments of the week, 1 to 70."`
		Pings    *bool           `json:"pings,omitempty" doc:"Whether the queue's teams are pinged, where a channel shows the digests; of a new plan, not."`
	}
)

// apply changes what is given; a time that is none becomes a moment that is refused.
func (p DigestPlanParts) apply(s *digest.Schedule) {
	if p.TimeZone != nil {
		s.Zone = *p.TimeZone
	}
	if p.Pings != nil {
		s.Calls = *p.Pings
	}
	if p.Moments != nil {
		s.Moments = each(*p.Moments, func(m DigestMoment) digest.Moment {
			minute, err := sla.ParseTimeOfDay(m.Time)
			if err != nil {
				minute = -1
			}
			return digest.Moment{Day: weekday(m.Day), Minute: minute}
		})
	}
}

func showPlan(p *digest.Plan) *DigestPlan {
	return &DigestPlan{
		ID: external(opaque.DigestPlan, p.Queue), QueueID: external(opaque.Queue, p.Queue), TimeZone: p.Zone, Pings: p.Calls, NextAt: when(p.DueAt),
		Version: p.Version, Moments: each(p.Moments, func(m digest.Moment) DigestMoment {
			return DigestMoment{strings.ToLower(m.Day.String()), sla.TimeOfDay(m.Minute)}
		}),
	}
}

// plan finds when a queue's digests come. Codes: unauthenticated, forbidden, not_found.
func (s *server) plan(ctx context.Context, c access.Call, q id.Queue) (shown[DigestPlan], error) {
	all, err := s.Digests.Plans(ctx, c)
	if err != nil {
		return shown[DigestPlan]{}, err
	}
	i := slices.IndexFunc(all, func(p *digest.Plan) bool { return p.Queue == q })
	if i < 0 {
		return shown[DigestPlan]{}, digest.ErrNoPlan
	}
	return shown[DigestPlan]{showPlan(all[i]), all[i].Version}, nil
}

// showDigests shows digests with those of their tickets that the actor may see now.
func (s *server) showDigests(ctx context.Context, c access.Call, all []*digest.Digest) ([]Digest, error) {
	var named []id.Ticket
	for _, d := range all {
		named = append(named, d.Tickets...)
	}
	slices.Sort(named)
	views, err := s.Tickets.Find(ctx, c, slices.Compact(named)...)
	if err != nil {
		return nil, err
	}
	seen := make(map[id.Ticket]*ticket.View, len(views))
	for _, v := range views {
		seen[v.ID] = v
	}
	return each(all, func(d *digest.Digest) Digest {
		one := Digest{
			ID: external(opaque.Digest, d.ID), QueueID: external(opaque.Queue, d.Queue), DueAt: when(d.DueAt), MadeAt: when(d.At), TicketCount: d.Count, TicketIDs: []string{},
		}
		for _, t := range d.Tickets {
			if seen[t] != nil {
				one.TicketIDs = append(one.TicketIDs, external(opaque.Ticket, t))
			}
		}
		return one
	}), nil
}

// digests registers what waited in queues.
func (s *server) digests() {
	s.digestPlans()
	pages(s, operation{
		id: "listDigests", path: "/queues/{queueId}/digests", tag: tagHouse, summary: "List the digests of a queue", codes: []fault.Code{fault.Forbidden},
		about: "What waited there whenever its teams were told, the latest first unless ordered otherwise. For staff to whom the queue is open.",
	}, source[DigestsInput, *digest.Digest, Digest]{
		list: list{
			name:    "DigestWhere",
			columns: columns{"madeAt": moments(digest.FieldMadeAt, "On when it was made.")},
			orders:  sorted(digest.FieldMadeAt),
		},
		fetch: func(ctx context.Context, c access.Call, in *DigestsInput, q query.Query, r page.Request) (page.Page[*digest.Digest], error) {
			return s.Digests.Page(ctx, c, in.id(), q, r)
		},
		count: func(ctx context.Context, c access.Call, in *DigestsInput, q query.Query) (int, error) {
			return s.Digests.Count(ctx, c, in.id(), q.Where)
		},
		cursor: func(q query.Query, d *digest.Digest) page.Cursor { return digest.Terms().CursorOf(q, d.SortKey) },
		show:   s.showDigests,
	})
	fetch(s, operation{
		id: "getDigest", path: "/digests/{digestId}", tag: tagHouse, summary: "Show a digest", codes: []fault.Code{fault.NotFound},
		about: "To staff to whom its queue is open, or a ticket that it names.",
	}, func(ctx context.Context, c access.Call, in *struct {
		DigestPath
		Conditional
	},
	) (shown[Digest], error) {
		found, err := s.Digests.Get(ctx, c, opaque.Of[id.Digest](opaque.Digest, in.DigestID))
		if err == nil && len(found) == 0 {
			err = digest.ErrUnknown
		}
		if err != nil {
			return shown[Digest]{}, err
		}
		all, err := s.showDigests(ctx, c, found)
		if err != nil {
			return shown[Digest]{}, err
		}
		return shown[Digest]{body: &all[0]}, nil
	})
}

// digestPlans registers when digests come.
func (s *server) digestPlans() {
	const path = "/queues/{queueId}/digest-plan"
	fetch(s, operation{
		id: "getDigestPlan", path: path, tag: tagHouse, summary: "Show when the digests of a queue come", about: "Staff only.",
		codes: []fault.Code{fault.Forbidden, fault.NotFound},
	}, func(ctx context.Context, c access.Call, in *struct {
		QueuePath
		Conditional
	},
	) (shown[DigestPlan], error) {
		return s.plan(ctx, c, in.id())
	})
	change(s, operation{
		id: "changeDigestPlan", method: http.MethodPatch, path: path, tag: tagHouse, summary: "Say when the digests of a queue come", codes: configured,
		about: "Of its tickets that are staff's turn and whose categories are non_urgent, which ping nobody by themselves. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *DigestPlanChange, version int64) (string, error) {
		_, err := s.Digests.Change(ctx, c, digest.Plan{Queue: in.id(), Version: version}, in.Body.apply)
		return in.QueueID, err
	}, func(ctx context.Context, c access.Call, in *DigestPlanChange, _ string) (shown[DigestPlan], error) {
		return s.plan(ctx, c, in.id())
	})
	change[DigestPlanRemoval, DigestPlan](s, operation{
		id: "removeDigestPlan", method: http.MethodDelete, path: path, tag: tagHouse, summary: "Let no more digests of a queue come", codes: configured,
		about: "Where there are none, that is no error. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *DigestPlanRemoval, version int64) (string, error) {
		return "", s.Digests.Remove(ctx, c, digest.Plan{Queue: in.id(), Version: version})
	}, nil)
}
