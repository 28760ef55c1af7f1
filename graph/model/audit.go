package model

import (
	"context"
	"strconv"

	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// AuditEntry is an entry of the record of changes, in a list.
type AuditEntry struct {
	*audit.Entry

	rows *load.Rows
}

// NewAuditEntry makes an entry of a list.
func NewAuditEntry(rows *load.Rows, e *audit.Entry) *AuditEntry {
	rows.Members.Want(e.Actor)
	return &AuditEntry{Entry: e, rows: rows}
}

// Actor gives who did it, nil if it was the helpdesk itself.
func (e *AuditEntry) Actor(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.Entry.Actor)
}

// ObjectKind gives what kind of object was changed.
func (e *AuditEntry) ObjectKind() audit.Kind { return e.Object.Kind }

// ObjectID gives which one.
func (e *AuditEntry) ObjectID() string { return scalar.Encode(e.Object.Kind.Opaque(), e.Object.ID) }

// Changes gives what became of each field.
func (e *AuditEntry) Changes() []*AuditChange {
	changes := make([]*AuditChange, len(e.Entry.Changes))
	for i, c := range e.Entry.Changes {
		changes[i] = &AuditChange{Field: c.Field, Before: outside(c.Before), After: outside(c.After)}
	}
	return changes
}

// AuditChange is what became of one field.
type AuditChange struct {
	Field         string
	Before, After []string
}

// outside gives a value with the IDs by which objects are known outside.
func outside(v audit.Value) []string {
	items := make([]string, len(v.Items))
	for i, item := range v.Items {
		items[i] = item
		if n, err := strconv.ParseInt(item, 10, 64); err == nil && v.Of != "" {
			items[i] = scalar.Encode(v.Of.Opaque(), n)
		}
	}
	return items
}

// AuditWhere is conditions on entries.
type AuditWhere struct {
	Actor      *IDFilter
	Channel    *ChannelFilter
	At         *DateTimeFilter
	ObjectKind *AuditObjectKindFilter
	Object     *IDFilter
	Action     *AuditActionFilter

	Tree[AuditWhere]
}

func (w *AuditWhere) conditions() conditions {
	var c conditions
	add(&c, audit.FieldActor, w.Actor, idOf[id.Member](scalar.Member))
	add(&c, audit.FieldChannel, w.Channel, plain)
	add(&c, audit.FieldAt, w.At, micros)
	add(&c, audit.FieldKind, w.ObjectKind, plain)
	add(&c, audit.FieldObjectID, w.Object, anyID)
	add(&c, audit.FieldAction, w.Action, plain)
	return c
}

// AuditQuery gives conditions and sort keys for the service.
func AuditQuery(w *AuditWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of entries.
type (
	// AuditEntryConnection is a page of entries.
	AuditEntryConnection = Connection[*audit.Entry, *AuditEntry]
	// AuditEntryEdge is an entry and its place.
	AuditEntryEdge = Edge[*AuditEntry]
)

// NewAuditPage makes the page of a query's entries; count counts them all.
func NewAuditPage(rows *load.Rows, q query.Query, p page.Page[*audit.Entry], count Counted) *AuditEntryConnection {
	return Connect(p, func(e *audit.Entry) *AuditEntry { return NewAuditEntry(rows, e) }, placed[*audit.Entry](audit.Terms(), q), count)
}
