package rest

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// SLAReport tells what became of promises.
type SLAReport struct {
	Items []SLAReportRow `json:"items" nullable:"false" doc:"By policy, queue and target."`
}

// SLAReportRow is what became of the promises of a target by a policy in a queue.
type SLAReportRow struct {
	PolicyID       string   `json:"policyId" doc:"The policy, which need not be there any more."`
	QueueID        *string  `json:"queueId" doc:"The queue; null when it is not known, of what was before queues were."`
	Target         string   `json:"target" enum:"first_reply,next_reply,resolution" doc:"What was promised."`
	Promises       int      `json:"promises" doc:"How many promises there are: all of the following but late."`
	Kept           int      `json:"kept" doc:"How many were fulfilled in time."`
	Breached       int      `json:"breached" doc:"How many were broken, whatever became of them since."`
	Late           int      `json:"late" doc:"How many of those that were broken were fulfilled since."`
	Running        int      `json:"running" doc:"How many run and are not broken."`
	Paused         int      `json:"paused" doc:"How many stand still and are not broken."`
	Cancelled      int      `json:"cancelled" doc:"How many ended before they were fulfilled or broken."`
	PausedSeconds  int64    `json:"pausedSeconds" doc:"For how long their clocks stood still in all, in seconds, of pauses that are over."`
	ComplianceRate *float64 `json:"complianceRate" doc:"The part of those that are decided which was kept, 0 to 1; null while none is."`
}

// SLAReportInput chooses which promises a report is about.
type SLAReportInput struct {
	Conditional

	From    time.Time `query:"from" required:"true" doc:"From when on the promises were made."`
	To      time.Time `query:"to" required:"true" doc:"Until before when; at most 366 days after from."`
	Policy  []string  `query:"policy" nullable:"false" maxItems:"100" doc:"Only by one of these policies, which need not be there any more."`
	Queue   []string  `query:"queue" nullable:"false" maxItems:"100" doc:"Only in one of these queues."`
	Targets []string  `query:"target" nullable:"false" enum:"first_reply,next_reply,resolution" maxItems:"3" doc:"Only one of these."`
}

func (in *SLAReportInput) asked() sla.Asked {
	return sla.Asked{
		From: in.From, To: in.To,
		Policies: each(in.Policy, func(p string) id.Policy { return opaque.Of[id.Policy](opaque.Policy, p) }),
		Queues:   each(in.Queue, func(q string) id.Queue { return opaque.Of[id.Queue](opaque.Queue, q) }),
		Targets:  each(in.Targets, func(t string) sla.Target { return sla.Target(t) }),
	}
}

func showCompliance(c sla.Compliance) SLAReportRow {
	return SLAReportRow{
		PolicyID: external(opaque.Policy, c.Policy), QueueID: externalOrNone(opaque.Queue, c.Queue), Target: string(c.Target), Promises: c.All(),
		Kept: c.Kept, Breached: c.Broken, Late: c.Late, Running: c.Running, Paused: c.Paused, Cancelled: c.Cancelled,
		PausedSeconds: seconds(c.PausedFor), ComplianceRate: c.Rate(),
	}
}

// compliance registers what became of promises.
func (s *server) compliance() {
	fetch(s, operation{
		id: "getSlaReport", path: "/sla-report", tag: tagHouse, summary: "Tell what became of what was promised in a time", codes: []fault.Code{fault.Forbidden},
		about: "A breach is counted for the policy and the queue in which it happened, and nothing takes it back: not that the ticket is reopened or moved, nor that the policy changes or is removed. It is known a few seconds after it happened. Staff only: of the queues whose tickets are all open to the caller.",
	}, func(ctx context.Context, c access.Call, in *SLAReportInput) (shown[SLAReport], error) {
		all, err := s.SLA.Report(ctx, c, in.asked())
		return shown[SLAReport]{body: &SLAReport{Items: each(all, showCompliance)}}, err
	})
}
