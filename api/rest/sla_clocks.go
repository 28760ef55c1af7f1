package rest

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// SLAClocks are what is promised of a ticket, and when it is closed by itself.
type SLAClocks struct {
	Items    []SLAClock `json:"items" nullable:"false" doc:"At most one for each target; none for who may not see notes."`
	Deadline *string    `json:"deadline" format:"date-time" doc:"When the first promise is broken whose clock runs, or was; null while none runs, and for who may not see notes."`
	ClosesAt *string    `json:"closesAt" format:"date-time" doc:"When the ticket is closed by itself if nobody goes on with it; null: it is not."`
}

// SLAClock counts the time of a promise in a ticket.
type SLAClock struct {
	Target     string  `json:"target" enum:"first_reply,next_reply,resolution" doc:"What is promised."`
	State      string  `json:"state" enum:"running,paused,fulfilled,cancelled" doc:"What the clock does."`
	PolicyID   string  `json:"policyId" doc:"By which policy, which may not be there any more."`
	Within     int64   `json:"withinSeconds" doc:"Within which time, in seconds."`
	Business   bool    `json:"business" doc:"Whether only business time counts."`
	Used       int64   `json:"usedSeconds" doc:"How much time it has counted until now, in seconds."`
	StartedAt  string  `json:"startedAt" format:"date-time" doc:"When it was activated."`
	DueAt      *string `json:"dueAt" format:"date-time" doc:"When the promise is broken, or was; null while the clock is paused."`
	BreachedAt *string `json:"breachedAt" format:"date-time" doc:"When the promise was broken; null: it was not. Nothing takes this back."`
	EndedAt    *string `json:"endedAt" format:"date-time" doc:"When the clock ended; null while it is active."`
	Breaches   int     `json:"breaches" doc:"How many promises of this target were broken in the ticket so far."`
}

// SLAForecast is what a policy would mean for a ticket.
type SLAForecast struct {
	Matches  bool       `json:"matches" doc:"Whether the policy's conditions hold."`
	Missed   []string   `json:"missed" nullable:"false" enum:"category,queue,priority,tag" doc:"The conditions that do not hold."`
	InForce  *SLAPolicy `json:"inForce" doc:"The policy that holds now; null: none."`
	Clocks   []SLAClock `json:"clocks" nullable:"false" doc:"The clocks that would run if the policy held, with their deadlines."`
	Deadline *string    `json:"deadline" format:"date-time" doc:"The first of the deadlines; null: none."`
}

// TransformSchema lets what may be missing be null.
func (SLAForecast) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "inForce")
}

// SLAForecastInput is a policy that is asked about: one that is saved, or terms.
type SLAForecastInput struct {
	TicketPath

	Body struct {
		PolicyID string    `json:"policyId,omitempty" doc:"A policy that is saved; without it, terms are looked at."`
		Terms    *SLATerms `json:"terms,omitempty" doc:"A policy that is not saved."`
	} `nameHint:"SLAQuestion"`
}

func showClocks(c access.Call, book *sla.Book, clocks []sla.Clock) []SLAClock {
	return each(clocks, func(x sla.Clock) SLAClock {
		return SLAClock{
			Target: string(x.Target), State: string(x.State), PolicyID: external(opaque.Policy, x.Policy), Within: seconds(x.Within), Business: x.Business,
			Used: seconds(book.UsedAt(x, c.Now)), StartedAt: when(x.Begun), DueAt: perhaps(x.Due), BreachedAt: perhaps(x.Breached), EndedAt: perhaps(x.Ended),
			Breaches: x.Broken,
		}
	})
}

// clocks registers what is promised of a ticket, and what would be.
func (s *server) clocks() {
	fetch(s, operation{
		id: "listSlaClocks", path: "/tickets/{ticketId}/sla-clocks", tag: tagTickets, summary: "Show the clocks of a ticket", codes: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, c access.Call, in *struct {
		TicketPath
		Conditional
	},
	) (shown[SLAClocks], error) {
		v, err := s.Tickets.Get(ctx, c, in.id())
		if err != nil {
			return shown[SLAClocks]{}, err
		}
		body := &SLAClocks{Items: []SLAClock{}, ClosesAt: perhaps(v.ClosesAt())}
		if access.Allowed(c.Actor, access.NoteSee, v.Scope(c.Actor)) {
			book, err := s.SLA.Read(ctx, c)
			if err != nil {
				return shown[SLAClocks]{}, err
			}
			body.Items, body.Deadline = showClocks(c, book, v.Promises()), perhaps(v.Deadline)
		}
		return shown[SLAClocks]{body: body}, nil
	})
	o := operation{
		id: "foreseeSla", method: http.MethodPost, path: "/tickets/{ticketId}/sla-forecast", tag: tagTickets, summary: "Tell what a policy would mean for a ticket",
		about: "Which deadlines it would give the ticket if it held from now on, and why it would not. Nothing is changed. Administrators only.",
		codes: []fault.Code{fault.Forbidden, fault.NotFound},
	}
	s.register(o, func(api huma.API) {
		huma.Register(api, o.huma(api, reflect.TypeFor[SLAForecast]()), func(ctx context.Context, in *SLAForecastInput) (*answer, error) {
			e := exchangeOf(ctx)
			if wrong := e.nulls(in); len(wrong) > 0 {
				return s.refused(e, wrong), nil
			}
			body, err := s.foresee(ctx, e.call, in)
			if err != nil {
				return s.refused(e, err), nil
			}
			return s.show(e, http.StatusOK, body, 0, ""), nil
		})
	})
}

func (s *server) foresee(ctx context.Context, c access.Call, in *SLAForecastInput) (*SLAForecast, error) {
	p, err := s.meant(ctx, c, in)
	if err != nil {
		return nil, err
	}
	f, err := s.Tickets.Foresee(ctx, c, in.id(), *p)
	if err != nil {
		return nil, err
	}
	made := &SLAForecast{
		Matches: len(f.Missed) == 0, Missed: enum(f.Missed), Clocks: showClocks(c, f.Book, f.Clocks), Deadline: perhaps(sla.Deadline(f.Clocks)),
	}
	if f.InForce != nil {
		holds := showPolicy(f.InForce)
		made.InForce = &holds
	}
	return made, nil
}

// meant gives the policy that is asked about.
func (s *server) meant(ctx context.Context, c access.Call, in *SLAForecastInput) (*sla.Policy, error) {
	switch {
	case in.Body.PolicyID != "":
		p, err := s.policy(ctx, c, SLAPolicyPath{in.Body.PolicyID}.id())
		return p, sla.OnField(err, "policyId")
	case in.Body.Terms != nil:
		p := &sla.Policy{Name: "terms"}
		in.Body.Terms.apply(p)
		return p, nil
	}
	return nil, errMissing.On("terms")
}
