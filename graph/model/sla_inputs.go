package model

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// SLAMatchInput is for which tickets a policy is.
type SLAMatchInput struct {
	CategoryIDs []id.Category
	QueueIDs    []id.Queue
	Priorities  []priority.Level
	Tags        []string
}

func (in SLAMatchInput) match() sla.Match {
	return sla.Match{Categories: in.CategoryIDs, Queues: in.QueueIDs, Priorities: in.Priorities, Tags: in.Tags}
}

// SLAPromiseInput is within which time something happens.
type SLAPromiseInput struct {
	Target   sla.Target
	Within   time.Duration
	Business bool
	Steps    []SLAStepInput
}

// SLAStepInput is a step of escalation.
type SLAStepInput struct {
	Before   time.Duration
	Action   sla.Action
	Priority *priority.Level
	QueueID  id.Queue
	Text     string
}

func promises(in []SLAPromiseInput) []sla.Promise {
	made := make([]sla.Promise, len(in))
	for i, p := range in {
		made[i] = sla.Promise{Target: p.Target, Within: p.Within, Business: p.Business}
		for _, s := range p.Steps {
			step := sla.Step{Before: s.Before, Action: s.Action, Queue: s.QueueID, Text: s.Text}
			if s.Priority != nil {
				step.Priority = *s.Priority
			}
			made[i].Steps = append(made[i].Steps, step)
		}
	}
	return made
}

// SLATermsInput is a policy that is not saved.
type SLATermsInput struct {
	Match    SLAMatchInput
	Promises []SLAPromiseInput
	PausedBy []sla.Pause
}

// Policy gives the policy for the service.
func (in SLATermsInput) Policy() sla.Policy {
	return sla.Policy{Name: "terms", Match: in.Match.match(), Rules: sla.Rules{Promises: promises(in.Promises), PausedBy: in.PausedBy}}
}

// SaveSLAPolicyInput is a policy to save.
type SaveSLAPolicyInput struct {
	Keyed
	Expecting

	ID       id.Policy
	Name     graphql.Omittable[*string]
	Position graphql.Omittable[*int]
	Match    graphql.Omittable[*SLAMatchInput]
	Promises graphql.Omittable[[]SLAPromiseInput]
	PausedBy graphql.Omittable[[]sla.Pause]
}

// Which gives the policy for the service.
func (in SaveSLAPolicyInput) Which() sla.Policy {
	return sla.Policy{ID: in.ID, Version: in.Expected()}
}

// Apply changes what is given.
func (in SaveSLAPolicyInput) Apply(p *sla.Policy) {
	presentedTo(in.Name, &p.Name)
	presentedTo(in.Position, &p.Position)
	if match := presented(in.Match); match != nil {
		p.Match = match.match()
	}
	if all, set := in.Promises.ValueOK(); set {
		p.Promises = promises(all)
	}
	if pauses, set := in.PausedBy.ValueOK(); set {
		p.PausedBy = pauses
	}
}

// RemoveSLAPolicyInput is a policy to take away.
type RemoveSLAPolicyInput struct {
	Keyed
	Expecting

	ID id.Policy
}

// Which gives the policy for the service.
func (in RemoveSLAPolicyInput) Which() sla.Policy {
	return sla.Policy{ID: in.ID, Version: in.Expected()}
}
