package sqlstore

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// promised raises the version of what the workspace promises, and lets its tickets
// be looked through.
func (tx *Tx) promised(ctx context.Context, w id.Workspace) error {
	tx.Enqueue(job.Key{Consumer: sla.Consumer, Key: w.String(), Workspace: w}, tx.store.options.Now())
	n, err := one(ctx, tx.Conn, workspace.ErrNotFound, number[int64], `UPDATE workspaces SET promises = promises + 1, promises_at = ? WHERE id = ? RETURNING promises`,
		Micros(tx.store.options.Now()), int64(w))
	if err == nil {
		tx.known.promises(w, n)
	}
	return err
}

// promises gives the version of what the workspace promises, for a database that says
// when something else wrote to it: until then it is read once, and known.
func (tx *Tx) promises(ctx context.Context, w id.Workspace) (int64, error) {
	if n, is := tx.known.promised(w); is {
		return n, nil
	}
	n, err := one(ctx, tx.Conn, workspace.ErrNotFound, number[int64], `SELECT promises FROM workspaces WHERE id = ?`, int64(w))
	if err == nil {
		tx.known.promises(w, n)
	}
	return n, err
}

// Promises implements sla.Repository.
func (r *HoursRepository) Promises(ctx context.Context, w id.Workspace) (int64, time.Time, error) {
	type promised struct{ version, since int64 }
	p, err := one(ctx, r.store.Read(ctx), workspace.ErrNotFound, func(row scanner) (p promised, err error) {
		err = row.Scan(&p.version, &p.since)
		return p, err
	}, `SELECT promises, promises_at FROM workspaces WHERE id = ?`, int64(w))
	return p.version, Moment(p.since), failed("find what is promised", err)
}

const savePolicySQL = `INSERT INTO sla_policies (id, workspace_id, name, position, conditions, rules) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position, conditions = excluded.conditions, rules = excluded.rules,
		version = sla_policies.version + 1
	WHERE sla_policies.workspace_id = excluded.workspace_id AND CAST(? AS BIGINT) IN (0, sla_policies.version) RETURNING version`

// SavePolicy implements sla.Repository.
func (r *HoursRepository) SavePolicy(ctx context.Context, p *sla.Policy) error {
	var version int64
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
		version, err = tx.saved(ctx, row{"sla_policies", int64(p.ID), p.Workspace}, sla.ErrNoPolicy, savePolicySQL,
			int64(p.ID), int64(p.Workspace), p.Name, p.Position, jsonText(p.Match), jsonText(p.Rules), p.Version)
		if err != nil {
			return err
		}
		return tx.promised(ctx, p.Workspace)
	})
	if err == nil {
		p.Version = version
	}
	return failed("save SLA policy", err)
}

// RemovePolicy implements sla.Repository.
func (r *HoursRepository) RemovePolicy(ctx context.Context, p *sla.Policy) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `DELETE FROM sla_policies WHERE id = ? AND workspace_id = ? AND CAST(? AS BIGINT) IN (0, version)`,
			int64(p.ID), int64(p.Workspace), p.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return tx.unsaved(ctx, row{"sla_policies", int64(p.ID), p.Workspace}, sla.ErrNoPolicy)
		}
		return tx.promised(ctx, p.Workspace)
	})
	return failed("remove SLA policy", err)
}

// Policies implements sla.Repository.
func (r *HoursRepository) Policies(ctx context.Context, w id.Workspace) ([]*sla.Policy, error) {
	all, err := collect(ctx, r.store.Read(ctx), scanPolicy, `SELECT `+policyColumns+policyFrom+` ORDER BY p.position, p.id`, int64(w))
	return all, failed("list SLA policies", err)
}

// PagePolicies implements sla.Repository.
func (r *HoursRepository) PagePolicies(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*sla.Policy], error) {
	found, err := policyList().page(ctx, r.store.Read(ctx), q, p, int64(w))
	return found, failed("list SLA policies", err)
}

// CountPolicies implements sla.Repository.
func (r *HoursRepository) CountPolicies(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := policyList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count SLA policies", err)
}

const (
	policyColumns = `p.id, p.workspace_id, p.name, p.position, p.conditions, p.rules, p.version`
	policyFrom    = ` FROM sla_policies p WHERE p.workspace_id = ?`
)

var policyAspects = map[query.Field]aspect{
	query.FieldID:     {column: "p.id", ordered: true},
	sla.FieldName:     {column: "p.name", text: true},
	sla.FieldPosition: {column: "p.position", ordered: true},
}

func policyList() listing[*sla.Policy] {
	return listing[*sla.Policy]{
		terms: terms{aspects: policyAspects}, columns: policyColumns, from: policyFrom, scan: scanPolicy, order: sla.PolicyTerms(),
	}
}

func scanPolicy(row scanner) (*sla.Policy, error) {
	p := &sla.Policy{}
	var match, rules string
	if err := row.Scan((*int64)(&p.ID), (*int64)(&p.Workspace), &p.Name, &p.Position, &match, &rules, &p.Version); err != nil {
		return nil, err
	}
	if err := fromJSON(match, &p.Match); err != nil {
		return nil, err
	}
	return p, fromJSON(rules, &p.Rules)
}
