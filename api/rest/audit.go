package rest

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// AuditEntry tells of one change of what is configured.
type AuditEntry struct {
	ID         string        `json:"id" doc:"Identifies the entry."`
	Actor      *Person       `json:"actor" doc:"Who did it; null for the helpdesk itself."`
	Channel    string        `json:"channel" doc:"By which way it came."`
	At         string        `json:"at" format:"date-time" doc:"When it was done."`
	ObjectKind string        `json:"objectKind" doc:"What kind of object was changed. An agent is named by the member whose profile it is."`
	ObjectID   string        `json:"objectId" doc:"Which one."`
	Action     string        `json:"action" enum:"created,changed,removed,refused" doc:"What was done; refused: it was presented to come in, in vain."`
	Changes    []AuditChange `json:"changes" nullable:"false" doc:"What became of each field."`
}

// TransformSchema lets what may be missing be null.
func (AuditEntry) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "actor")
}

// AuditChange is what became of one field.
type AuditChange struct {
	Field  string   `json:"field" doc:"The field, as inputs call it, with the part of it after a dot."`
	Before []string `json:"before" nullable:"false" doc:"What it held; empty where there was nothing."`
	After  []string `json:"after" nullable:"false" doc:"What it holds; empty where there is nothing."`
}

// written gives a value with the IDs by which objects are known outside.
func written(v audit.Value) []string {
	return each(v.Items, func(item string) string {
		if n, err := strconv.ParseInt(item, 10, 64); err == nil && v.Of != "" {
			return opaque.Encode(v.Of.Opaque(), n)
		}
		return item
	})
}

func (s *server) audit() {
	pages(s, operation{
		id: "listAuditEntries", path: "/audit-entries", tag: tagHouse, summary: "List who changed what is configured", codes: []fault.Code{fault.Forbidden},
		about: "The latest first unless ordered otherwise. Administrators only.",
	}, source[ListInput, *audit.Entry, AuditEntry]{
		list: list{
			name: "AuditWhere",
			columns: columns{
				"actor":      ids(audit.FieldActor, opaque.Member, "On who did it; isNull: true: the helpdesk itself.", query.IsNull),
				"channel":    words(audit.FieldChannel, "On by which way it came.", channels()...),
				"at":         moments(audit.FieldAt, "On when it was done."),
				"objectKind": words(audit.FieldKind, "On what kind of object was changed.", enum(audit.Kinds())...),
				"object":     {field: audit.FieldObjectID, ops: equal(), form: "string", about: "On which one.", value: anyID},
				"action":     words(audit.FieldAction, "On what was done.", enum(audit.Actions())...),
			},
			orders: sorted(audit.FieldAt, audit.FieldKind, audit.FieldAction),
		},
		fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*audit.Entry], error) {
			return s.Audit.Page(ctx, c, q, r)
		},
		count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
			return s.Audit.Count(ctx, c, q.Where)
		},
		cursor: func(q query.Query, e *audit.Entry) page.Cursor { return audit.Terms().CursorOf(q, e.SortKey) },
		show:   s.entries,
	})
}

// anyID reads an ID of an object of whatever kind.
func anyID(v any) (any, bool) {
	s, ok := v.(string)
	_, n, _ := opaque.Decode(s)
	return n, ok
}

func (s *server) entries(ctx context.Context, c access.Call, all []*audit.Entry) ([]AuditEntry, error) {
	who, err := s.meet(ctx, c, each(all, func(e *audit.Entry) id.Member { return e.Actor }))
	return each(all, func(e *audit.Entry) AuditEntry {
		return AuditEntry{
			ID: external(opaque.AuditEntry, e.ID), Actor: who.of(e.Actor), Channel: outside(string(e.Channel)), At: when(e.At),
			ObjectKind: string(e.Object.Kind), ObjectID: opaque.Encode(e.Object.Kind.Opaque(), e.Object.ID), Action: string(e.Action),
			Changes: each(e.Changes, func(c audit.Change) AuditChange {
				return AuditChange{Field: c.Field, Before: written(c.Before), After: written(c.After)}
			}),
		}
	}), err
}
