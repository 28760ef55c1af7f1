package rest

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// AllSLAPolicies are the policies of a workspace.
type AllSLAPolicies struct {
	Items []SLAPolicy `json:"items" nullable:"false" doc:"In the order in which they are tried: the first that matches a ticket holds."`
}

// SLAPolicy is promises for tickets.
type SLAPolicy struct {
	ID       string       `json:"id" doc:"Identifies the policy."`
	Name     string       `json:"name" doc:"Its name."`
	Position int          `json:"position" doc:"Its place among the policies, the lowest first; of equal ones the older comes first."`
	Match    SLAMatch     `json:"match" doc:"For which tickets. Each list that is not empty must hold one of the ticket's."`
	Promises []SLAPromise `json:"promises" nullable:"false" doc:"What is promised, once for each target at most."`
	PausedBy []string     `json:"pausedBy" nullable:"false" enum:"pending,on_hold" doc:"The statuses in which its clocks stand still."`
	Version  int64        `json:"version" doc:"Rises each time that it is saved; for If-Match."`
}

// SLAMatch is for which tickets a policy is.
type SLAMatch struct {
	CategoryIDs []string `json:"categoryIds" nullable:"false" doc:"The categories."`
	QueueIDs    []string `json:"queueIds" nullable:"false" doc:"The queues."`
	Priorities  []string `json:"priorities" nullable:"false" enum:"low,normal,high,urgent" doc:"The priorities."`
	Tags        []string `json:"tags" nullable:"false" doc:"The tags."`
}

// SLAPromise is within which time something happens.
type SLAPromise struct {
	Target   string    `json:"target" enum:"first_reply,next_reply,resolution" doc:"What: staff answers a new ticket, or what the requester wrote since, or the ticket is resolved."`
	Within   int64     `json:"withinSeconds" doc:"Within which time, in seconds."`
	Business bool      `json:"business" doc:"Whether only business time counts, by the hours of the ticket's queue."`
	Steps    []SLAStep `json:"steps" nullable:"false" doc:"What is done before the promise is broken and when it is, the earliest first."`
}

// SLAStep is what is done some time before a promise is broken, or when it is.
type SLAStep struct {
	Before   int64   `json:"beforeSeconds" doc:"How long before, in seconds as the promise counts time; 0: when it is broken."`
	Action   string  `json:"action" enum:"warn,raise,add_note,transfer,alert" doc:"What: nothing but a line in the history, a higher priority, a note, another queue, an alert."`
	Priority *string `json:"priority" doc:"The priority of raise; null of others."`
	QueueID  *string `json:"queueId" doc:"The queue of transfer; null of others."`
	Text     *string `json:"text" doc:"The text of add_note and alert; null of others."`
}

// The inputs of policies.
type (
	// SLAPolicyPath names a policy.
	SLAPolicyPath struct {
		PolicyID string `path:"policyId" doc:"The policy's ID."`
	}
	// NewSLAPolicyInput is a new policy.
	NewSLAPolicyInput struct {
		Keyed

		Body struct {
			Name     string     `json:"name" doc:"Its name, 1 to 80 characters."`
			Position Field[int] `json:"position,omitzero" doc:"Its place among the policies, the lowest first; without it, it comes last. No policy may stand after one that matches all of its tickets."`
			SLATerms
		} `nameHint:"NewSLAPolicy"`
	}
	// SLATerms are what a policy says.
	SLATerms struct {
		Match    SLAMatchInput     `json:"match,omitzero" doc:"For which tickets; without it, for all."`
		Promises []SLAPromiseInput `json:"promises" nullable:"false" doc:"What is promised, each target once."`
		PausedBy *[]string         `json:"pausedBy,omitempty" nullable:"false" enum:"pending,on_hold" doc:"The statuses in which its clocks stand still; without it, both."`
	}
	// SLAPolicyChange is what is to be different about a policy.
	SLAPolicyChange struct {
		SLAPolicyPath
		Expecting

		Body SLAPolicyParts
	}
	// SLAPolicyParts is what a policy is to be. What is left out stays as it is; null
	// empties.
	SLAPolicyParts struct {
		Name     Field[string]            `json:"name,omitzero" doc:"Its name, 1 to 80 characters."`
		Position Field[int]               `json:"position,omitzero" doc:"Its place among the policies, the lowest first. No policy may stand after one that matches all of its tickets."`
		Match    Field[SLAMatchInput]     `json:"match,omitzero" doc:"For which tickets; null: for all."`
		Promises Field[[]SLAPromiseInput] `json:"promises,omitzero" doc:"All that is promised, each target once."`
		PausedBy Field[[]string]          `json:"pausedBy,omitzero" doc:"The statuses in which its clocks stand still: pending, on_hold."`
	}
	// SLAMatchInput is for which tickets a policy is to be.
	SLAMatchInput struct {
		CategoryIDs []string `json:"categoryIds,omitempty" nullable:"false" doc:"The categories, at most 100."`
		QueueIDs    []string `json:"queueIds,omitempty" nullable:"false" doc:"The queues, at most 100."`
		Priorities  []string `json:"priorities,omitempty" nullable:"false" enum:"low,normal,high,urgent" doc:"The priorities."`
		Tags        []string `json:"tags,omitempty" nullable:"false" doc:"The tags, at most 100."`
	}
	// SLAPromiseInput is within which time something is to happen.
	SLAPromiseInput struct {
		Target   string         `json:"target" enum:"first_reply,next_reply,resolution" doc:"What."`
		Within   int64          `json:"withinSeconds" minimum:"60" maximum:"31622400" doc:"Within which time, in seconds: one minute to 366 days."`
		Business bool           `json:"business,omitempty" doc:"Whether only business time counts, by the hours of the ticket's queue."`
		Steps    []SLAStepInput `json:"steps,omitempty" nullable:"false" doc:"What is done before the promise is broken and when it is, at most 10 steps."`
	}
	// SLAStepInput is what is to be done before a promise is broken, or when it is.
	SLAStepInput struct {
		Before   int64  `json:"beforeSeconds,omitempty" minimum:"0" maximum:"31622400" doc:"How long before, in seconds as the promise counts time; less than withinSeconds. 0: when it is broken."`
		Action   string `json:"action" enum:"warn,raise,add_note,transfer,alert" doc:"What."`
		Priority string `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"The priority; raise needs it."`
		QueueID  string `json:"queueId,omitempty" doc:"The queue; transfer needs it."`
		Text     string `json:"text,omitempty" doc:"The text, at most 1000 characters; add_note and alert need it."`
	}
	// SLAPolicyRemoval is a policy to take away.
	SLAPolicyRemoval struct {
		SLAPolicyPath
		Expecting
	}
)

func (p SLAPolicyPath) id() id.Policy { return opaque.Of[id.Policy](opaque.Policy, p.PolicyID) }

// apply says what the terms say.
func (t SLATerms) apply(p *sla.Policy) {
	p.Match, p.Promises = t.Match.match(), promises(t.Promises)
	if p.PausedBy = []sla.Pause{sla.Pending, sla.OnHold}; t.PausedBy != nil {
		p.PausedBy = pauses(*t.PausedBy)
	}
}

// apply changes what is given.
func (parts SLAPolicyParts) apply(p *sla.Policy) {
	parts.Name.to(&p.Name)
	parts.Position.to(&p.Position)
	if parts.Match.Set {
		p.Match = parts.Match.Value.match()
	}
	if parts.Promises.Set {
		p.Promises = promises(parts.Promises.Value)
	}
	if parts.PausedBy.Set {
		p.PausedBy = pauses(parts.PausedBy.Value)
	}
}

func (m SLAMatchInput) match() sla.Match {
	return sla.Match{
		Categories: each(m.CategoryIDs, func(c string) id.Category { return opaque.Of[id.Category](opaque.Category, c) }),
		Queues:     each(m.QueueIDs, func(q string) id.Queue { return opaque.Of[id.Queue](opaque.Queue, q) }),
		Priorities: each(m.Priorities, func(p string) priority.Level { return priority.Level(p) }), Tags: m.Tags,
	}
}

func promises(all []SLAPromiseInput) []sla.Promise {
	return each(all, func(p SLAPromiseInput) sla.Promise {
		return sla.Promise{
			Target: sla.Target(p.Target), Within: time.Duration(p.Within) * time.Second, Business: p.Business,
			Steps: each(p.Steps, func(s SLAStepInput) sla.Step {
				return sla.Step{
					Before: time.Duration(s.Before) * time.Second, Action: sla.Action(s.Action), Priority: priority.Level(s.Priority),
					Queue: opaque.Of[id.Queue](opaque.Queue, s.QueueID), Text: s.Text,
				}
			}),
		}
	})
}

func pauses(all []string) []sla.Pause {
	return each(all, func(s string) sla.Pause { return sla.Pause(s) })
}

func showPolicy(p *sla.Policy) SLAPolicy {
	return SLAPolicy{
		ID: external(opaque.Policy, p.ID), Name: p.Name, Position: p.Position, Version: p.Version, PausedBy: enum(p.PausedBy),
		Match: SLAMatch{
			CategoryIDs: each(p.Categories, func(c id.Category) string { return external(opaque.Category, c) }),
			QueueIDs:    each(p.Queues, func(q id.Queue) string { return external(opaque.Queue, q) }),
			Priorities:  enum(p.Priorities), Tags: append([]string{}, p.Tags...),
		},
		Promises: each(p.Promises, func(x sla.Promise) SLAPromise {
			return SLAPromise{string(x.Target), seconds(x.Within), x.Business, each(x.Steps, showStep)}
		}),
	}
}

func showStep(s sla.Step) SLAStep {
	return SLAStep{seconds(s.Before), string(s.Action), filled(string(s.Priority)), externalOrNone(opaque.Queue, s.Queue), filled(s.Text)}
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// policy finds a policy.
func (s *server) policy(ctx context.Context, c access.Call, p id.Policy) (*sla.Policy, error) {
	all, err := s.SLA.Policies(ctx, c)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(x *sla.Policy) bool { return x.ID == p })
	if i < 0 {
		return nil, sla.ErrNoPolicy
	}
	return all[i], nil
}

func (s *server) shownPolicy(ctx context.Context, c access.Call, p id.Policy) (shown[SLAPolicy], error) {
	found, err := s.policy(ctx, c, p)
	if err != nil {
		return shown[SLAPolicy]{}, err
	}
	body := showPolicy(found)
	return shown[SLAPolicy]{&body, found.Version}, nil
}

func (s *server) savePolicy(ctx context.Context, c access.Call, which sla.Policy, alter func(*sla.Policy)) (string, error) {
	return saved(opaque.Policy, func() (*sla.Policy, error) { return s.SLA.ChangePolicy(ctx, c, which, alter) }, func(p *sla.Policy) id.Policy { return p.ID })
}

// policies registers what is promised.
func (s *server) policies() {
	fetch(s, operation{
		id: "listSlaPolicies", path: "/sla-policies", tag: tagHouse, summary: "List what is promised", about: "Staff only.", codes: []fault.Code{fault.Forbidden},
	}, func(ctx context.Context, c access.Call, _ *struct{ Conditional }) (shown[AllSLAPolicies], error) {
		all, err := s.SLA.Policies(ctx, c)
		return shown[AllSLAPolicies]{body: &AllSLAPolicies{Items: each(all, showPolicy)}}, err
	})
	fetch(s, operation{
		id: "getSlaPolicy", path: "/sla-policies/{policyId}", tag: tagHouse, summary: "Show an SLA policy", about: "Staff only.",
		codes: []fault.Code{fault.Forbidden, fault.NotFound},
	}, func(ctx context.Context, c access.Call, in *struct {
		SLAPolicyPath
		Conditional
	},
	) (shown[SLAPolicy], error) {
		return s.shownPolicy(ctx, c, in.id())
	})
	change(s, operation{
		id: "createSlaPolicy", path: "/sla-policies", tag: tagHouse, summary: "Promise something", status: http.StatusCreated, codes: configured,
		about: "Clocks of tickets that are not closed follow soon. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *NewSLAPolicyInput, _ int64) (string, error) {
		return s.savePolicy(ctx, c, sla.Policy{}, func(p *sla.Policy) {
			p.Name = in.Body.Name
			in.Body.Position.to(&p.Position)
			in.Body.apply(p)
		})
	}, func(ctx context.Context, c access.Call, _ *NewSLAPolicyInput, p string) (shown[SLAPolicy], error) {
		return s.shownPolicy(ctx, c, opaque.Of[id.Policy](opaque.Policy, p))
	})
	change(s, operation{
		id: "changeSlaPolicy", method: http.MethodPatch, path: "/sla-policies/{policyId}", tag: tagHouse, summary: "Change what is promised, or its order", codes: configured,
		about: "Clocks of tickets that are not closed follow soon. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *SLAPolicyChange, version int64) (string, error) {
		return s.savePolicy(ctx, c, sla.Policy{ID: in.id(), Version: version}, in.Body.apply)
	}, func(ctx context.Context, c access.Call, in *SLAPolicyChange, _ string) (shown[SLAPolicy], error) {
		return s.shownPolicy(ctx, c, in.id())
	})
	change[SLAPolicyRemoval, SLAPolicy](s, operation{
		id: "removeSlaPolicy", method: http.MethodDelete, path: "/sla-policies/{policyId}", tag: tagHouse, summary: "Promise something no more", codes: configured,
		about: "Its clocks end, unless another policy holds then. Where there is no such policy, that is no error. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *SLAPolicyRemoval, version int64) (string, error) {
		return "", s.SLA.RemovePolicy(ctx, c, sla.Policy{ID: in.id(), Version: version})
	}, nil)
}
