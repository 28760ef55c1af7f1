package model

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/graph/load"
)

// SLAReportWhere is which promises a report is about.
type SLAReportWhere struct {
	PolicyIDs []id.Policy
	QueueIDs  []id.Queue
	Targets   []sla.Target
}

// Asked gives what the service is asked for.
func (w *SLAReportWhere) Asked(from, to time.Time) sla.Asked {
	a := sla.Asked{From: from, To: to}
	if w != nil {
		a.Policies, a.Queues, a.Targets = w.PolicyIDs, w.QueueIDs, w.Targets
	}
	return a
}

// SLAReportRow is what became of some promises.
type SLAReportRow struct {
	sla.Compliance

	rows *load.Rows
}

// NewSLAReport makes the rows of a report.
func NewSLAReport(rows *load.Rows, all []sla.Compliance) []*SLAReportRow {
	made := make([]*SLAReportRow, len(all))
	for i, c := range all {
		rows.Policies.Want(c.Policy)
		rows.Queues.Want(c.Queue)
		made[i] = &SLAReportRow{Compliance: c, rows: rows}
	}
	return made
}

// PolicyID gives the policy's ID.
func (r *SLAReportRow) PolicyID() id.Policy { return r.Compliance.Policy }

// Policy gives the policy.
func (r *SLAReportRow) Policy(ctx context.Context) (*SLAPolicy, error) {
	return policyOf(ctx, r.rows, r.Compliance.Policy)
}

// Queue gives the queue.
func (r *SLAReportRow) Queue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, r.rows, r.Compliance.Queue)
}

// Promises counts them all.
func (r *SLAReportRow) Promises() int { return r.All() }

// Breached counts those that were broken.
func (r *SLAReportRow) Breached() int { return r.Broken }

// PausedTime gives for how long their clocks stood still.
func (r *SLAReportRow) PausedTime() time.Duration { return r.PausedFor }

// ComplianceRate gives the part that was kept.
func (r *SLAReportRow) ComplianceRate() *float64 { return r.Rate() }
