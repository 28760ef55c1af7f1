package rest

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Event is one line of a ticket's history.
type Event struct {
	ID         string  `json:"id" doc:"Identifies the event."`
	Cursor     string  `json:"cursor" doc:"Its place in the ticket's timeline, for after and before."`
	Type       string  `json:"type" doc:"What kind of thing happened."`
	Actor      *Person `json:"actor" doc:"Who did it; null for the helpdesk itself."`
	Channel    string  `json:"channel" doc:"By which way it came."`
	IsInternal bool    `json:"isInternal" doc:"Whether only staff can see it."`
	OccurredAt string  `json:"occurredAt" format:"date-time" doc:"When it happened."`
	RecordedAt string  `json:"recordedAt" format:"date-time" doc:"When the helpdesk heard of it."`
	Data       Data    `json:"data" doc:"What happened, as its type has it."`
}

// TransformSchema lets what may be missing be null, and names the types.
func (Event) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	for _, t := range event.Types() {
		s.Properties["type"].Enum = append(s.Properties["type"].Enum, string(t))
	}
	return orNull(s, "actor")
}

// Data is what an event tells, by name: IDs as they are written outside, words
// and numbers.
type Data map[string]any

// Schema implements huma.SchemaProvider: all that any type of event has.
func (Data) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, d := range event.All() {
		for f := range reflect.TypeOf(d).Fields() {
			name, kind := partOf(f)
			switch {
			case name == "":
			case f.Type == reflect.TypeFor[time.Time]():
				s.Properties[name] = &huma.Schema{Type: huma.TypeString, Format: "date-time"}
			case kind == "" && f.Type.Kind() == reflect.Bool:
				s.Properties[name] = &huma.Schema{Type: huma.TypeBoolean}
			case kind == "" && f.Type.Kind() != reflect.String:
				s.Properties[name] = &huma.Schema{Type: huma.TypeInteger}
			default:
				s.Properties[name] = &huma.Schema{Type: huma.TypeString}
			}
		}
	}
	return s
}

// kinds are how the IDs in events begin, by their types.
var kinds = map[reflect.Type]opaque.Kind{
	reflect.TypeFor[id.Member]():     opaque.Member,
	reflect.TypeFor[id.Queue]():      opaque.Queue,
	reflect.TypeFor[id.Category]():   opaque.Category,
	reflect.TypeFor[id.Message]():    opaque.Message,
	reflect.TypeFor[id.Attachment](): opaque.Attachment,
	reflect.TypeFor[id.Policy]():     opaque.Policy,
	reflect.TypeFor[id.Digest]():     opaque.Digest,
}

// partOf gives how a part of an event is called here, and of which kind it is if
// it is an ID; "" if it is none of the caller's business: what a channel calls its
// own places.
func partOf(f reflect.StructField) (string, opaque.Kind) {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "place" || name == "channel" {
		return "", ""
	}
	if k, ok := kinds[f.Type]; ok {
		return name + "Id", k
	}
	return name, ""
}

// data shows what an event tells. Parts without a value are left out.
func (s *server) data(c access.Call, d event.Data) Data {
	if lost, ok := d.(event.MessageUndelivered); ok {
		lost.Reason = s.Catalogue.Text(string(c.Actor.Locale), lost.Reason, nil)
		d = lost
	}
	v, out := reflect.ValueOf(d), Data{}
	for i := range v.NumField() {
		name, kind := partOf(v.Type().Field(i))
		switch part := v.Field(i); {
		case part.IsZero(), name == "":
		case kind != "":
			out[name] = opaque.Encode(kind, part.Int())
		case part.Kind() == reflect.String:
			out[name] = outside(part.String())
		default:
			out[name] = part.Interface()
			if at, ok := reflect.TypeAssert[time.Time](part); ok {
				out[name] = when(at)
			}
		}
	}
	return out
}

// timelineList is what a ticket's history can be chosen and ordered by.
func timelineList() list {
	return list{
		name: "TimelineWhere",
		columns: columns{
			"type":       words(ticket.FieldType, "On what kind of thing happened.", enum(event.Types())...),
			"actor":      ids(ticket.FieldActor, opaque.Member, "On who did it; there is none where the helpdesk itself did.", query.IsNull),
			"occurredAt": moments(ticket.FieldOccurredAt, "On when it happened."),
		},
		orders: sorted(ticket.FieldSequence, ticket.FieldOccurredAt),
	}
}

// timeline registers what happened in tickets.
func (s *server) timeline() {
	pages(s, operation{
		id: "listTimeline", path: "/tickets/{ticketId}/timeline", tag: tagMessages, summary: "List what happened in a ticket",
		about: "Oldest first unless ordered otherwise; internal matters only for staff, in conditions and counts too.", codes: []fault.Code{fault.NotFound},
	}, source[ContentInput, event.Envelope, Event]{
		list: timelineList(),
		fetch: func(ctx context.Context, c access.Call, in *ContentInput, q query.Query, r page.Request) (page.Page[event.Envelope], error) {
			if _, err := s.Tickets.Get(ctx, c, in.id()); err != nil {
				return page.Page[event.Envelope]{}, err
			}
			found, err := s.Tickets.Timeline(ctx, c, q, r, in.id())
			return found[in.id()], err
		},
		count: func(ctx context.Context, c access.Call, in *ContentInput, q query.Query) (int, error) {
			found, err := s.Tickets.TimelineCounts(ctx, c, q.Where, in.id())
			return found[in.id()], err
		},
		cursor: ticket.EventCursor,
		show:   s.events,
	})
}

// events shows events with who did them.
func (s *server) events(ctx context.Context, c access.Call, all []event.Envelope) ([]Event, error) {
	who, err := s.meet(ctx, c, each(all, func(e event.Envelope) id.Member { return e.Actor }))
	return each(all, func(e event.Envelope) Event {
		return Event{
			ID: external(opaque.Event, e.ID), Cursor: opaque.EncodeCursor(ticket.EventCursor(query.Query{}, e)), Type: string(e.Data.Type()),
			Actor: who.of(e.Actor), Channel: outside(string(e.Channel)), IsInternal: e.Internal, OccurredAt: when(e.OccurredAt),
			RecordedAt: when(e.RecordedAt), Data: s.data(c, e.Data),
		}
	}), err
}
