package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// recorder is the part of repositories of what is configured that records its
// changes.
type recorder struct{ store *Store }

// Recorded implements audit.Recorder.
func (r recorder) Recorded(ctx context.Context, c access.Call, change func(context.Context) ([]audit.Entry, error)) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := one(ctx, tx.Conn, nil, number[int64],
			`SELECT id FROM workspaces WHERE id = ?`+r.store.dialect.forChange, int64(c.Actor.Workspace)); err != nil {
			return err
		}
		outer := tx.caller
		tx.caller = &c
		defer func() { tx.caller = outer }()
		entries, err := change(ctx)
		if err != nil {
			return err
		}
		return tx.record(ctx, entries)
	})
	return failed("record a change", err)
}

// record appends entries.
func (tx *Tx) record(ctx context.Context, entries []audit.Entry) error {
	rows := bulk{sql: `INSERT INTO audit_entries (id, workspace_id, actor_id, channel, at, object_kind, object_id, action, changes) VALUES `}
	for _, e := range entries {
		rows.add(tx.store.ids.next(), int64(e.Workspace), int64(e.Actor), string(e.Channel), Micros(e.At),
			string(e.Object.Kind), e.Object.ID, string(e.Action), jsonText(e.Changes))
	}
	return rows.write(ctx, tx.Conn)
}

// roleChange is the entry that a member has another role, which followed from a
// recorded change, or else from what a channel told.
func (tx *Tx) roleChange(w id.Workspace, m id.Member, ch event.Channel, before, after access.Role) []audit.Entry {
	return audit.Between(tx.call(w, ch), audit.Role(m, before), audit.Role(m, after))
}

// call is whose doing follows: the recorded change's caller's, or else the helpdesk's own
// on the channel.
func (tx *Tx) call(w id.Workspace, ch event.Channel) access.Call {
	if tx.caller != nil {
		return *tx.caller
	}
	return access.Call{Actor: access.System(w), Now: tx.store.options.Now(), Origin: event.Origin{Channel: ch}}
}

// AuditRepository stores the record of changes.
type AuditRepository struct{ recorder }

var _ audit.Repository = (*AuditRepository)(nil)

// Audit gives the store's record of changes.
func (s *Store) Audit() *AuditRepository { return &AuditRepository{recorder{s}} }

var auditAspects = map[query.Field]aspect{
	query.FieldID:       {column: "a.id", ordered: true},
	audit.FieldActor:    {column: "a.actor_id", nullable: true, none: "a.actor_id = 0"},
	audit.FieldChannel:  {column: "a.channel", text: true},
	audit.FieldAt:       {column: "a.at", ordered: true},
	audit.FieldKind:     {column: "a.object_kind", text: true},
	audit.FieldObjectID: {column: "a.object_id"},
	audit.FieldAction:   {column: "a.action", text: true},
}

func auditList() listing[*audit.Entry] {
	return listing[*audit.Entry]{
		terms:   terms{aspects: auditAspects},
		columns: `a.id, a.workspace_id, a.actor_id, a.channel, a.at, a.object_kind, a.object_id, a.action, a.changes`,
		from:    ` FROM audit_entries a WHERE a.workspace_id = ?`, scan: scanEntry, order: audit.Terms(),
	}
}

func scanEntry(row scanner) (*audit.Entry, error) {
	e := &audit.Entry{}
	var at int64
	var changes string
	err := row.Scan((*int64)(&e.ID), (*int64)(&e.Workspace), (*int64)(&e.Actor), (*string)(&e.Channel), &at,
		(*string)(&e.Object.Kind), &e.Object.ID, (*string)(&e.Action), &changes)
	if err != nil {
		return nil, err
	}
	e.At = Moment(at)
	return e, fromJSON(changes, &e.Changes)
}

// Page implements audit.Repository.
func (r *AuditRepository) Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*audit.Entry], error) {
	found, err := auditList().page(ctx, r.store.Read(ctx), q, p, int64(w))
	return found, failed("list changes", err)
}

// Count implements audit.Repository.
func (r *AuditRepository) Count(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := auditList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count changes", err)
}
