// Package scalar writes and reads the schema's scalars: opaque IDs and cursors,
// moments, languages and addresses.
package scalar

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
)

// Kind is the type of the object that an ID names.
type Kind = opaque.Kind

// The kinds.
const (
	Workspace  = opaque.Workspace
	Member     = opaque.Member
	Team       = opaque.Team
	Queue      = opaque.Queue
	Category   = opaque.Category
	Grant      = opaque.Grant
	Ticket     = opaque.Ticket
	Message    = opaque.Message
	Event      = opaque.Event
	Attachment = opaque.Attachment
	AuditEntry = opaque.AuditEntry
	Hours      = opaque.Hours
	Policy     = opaque.Policy
	Digest     = opaque.Digest
	DigestPlan = opaque.DigestPlan
	Tag        = opaque.Tag
	APIKey     = opaque.APIKey
	Session    = opaque.Session
)

// Encode writes an ID.
func Encode(k Kind, n int64) string { return opaque.Encode(k, n) }

// Decode reads an ID; ok is false when it is not exactly as Encode writes it.
func Decode(s string) (k Kind, n int64, ok bool) { return opaque.Decode(s) }

// Of reads an ID of one kind; the result names nothing when it is none.
func Of[T ~int64](k Kind, s string) T { return opaque.Of[T](k, s) }

// TicketOf reads a ticket's ID.
func TicketOf(s string) id.Ticket { return opaque.TicketOf(s) }

// EncodeCursor writes the place of a row.
func EncodeCursor(c page.Cursor) string { return opaque.EncodeCursor(c) }

// DecodeCursor reads the place of a row; see opaque.DecodeCursor.
func DecodeCursor(s string) page.Cursor { return opaque.DecodeCursor(s) }

// input reads an ID that a request holds; zero when it is null.
func input[T ~int64](k Kind, v any) T {
	switch v := v.(type) {
	case nil:
		return 0
	case string:
		return Of[T](k, v)
	default:
		return opaque.Unknown
	}
}

func output[T ~int64](k Kind, n T) graphql.Marshaler {
	if n == 0 {
		return graphql.Null
	}
	return quoted(Encode(k, int64(n)))
}

// MarshalWorkspaceID writes a workspace's ID.
func MarshalWorkspaceID(n id.Workspace) graphql.Marshaler { return output(Workspace, n) }

// UnmarshalWorkspaceID reads a workspace's ID.
func UnmarshalWorkspaceID(v any) (id.Workspace, error) { return input[id.Workspace](Workspace, v), nil }

// MarshalMemberID writes a member's ID.
func MarshalMemberID(n id.Member) graphql.Marshaler { return output(Member, n) }

// UnmarshalMemberID reads a member's ID.
func UnmarshalMemberID(v any) (id.Member, error) { return input[id.Member](Member, v), nil }

// MarshalTeamID writes a team's ID.
func MarshalTeamID(n id.Team) graphql.Marshaler { return output(Team, n) }

// UnmarshalTeamID reads a team's ID.
func UnmarshalTeamID(v any) (id.Team, error) { return input[id.Team](Team, v), nil }

// MarshalQueueID writes a queue's ID.
func MarshalQueueID(n id.Queue) graphql.Marshaler { return output(Queue, n) }

// UnmarshalQueueID reads a queue's ID.
func UnmarshalQueueID(v any) (id.Queue, error) { return input[id.Queue](Queue, v), nil }

// MarshalCategoryID writes a category's ID.
func MarshalCategoryID(n id.Category) graphql.Marshaler { return output(Category, n) }

// UnmarshalCategoryID reads a category's ID.
func UnmarshalCategoryID(v any) (id.Category, error) { return input[id.Category](Category, v), nil }

// MarshalGrantID writes a grant's ID.
func MarshalGrantID(n id.Grant) graphql.Marshaler { return output(Grant, n) }

// UnmarshalGrantID reads a grant's ID.
func UnmarshalGrantID(v any) (id.Grant, error) { return input[id.Grant](Grant, v), nil }

// MarshalTagID writes a tag's ID.
func MarshalTagID(n id.Tag) graphql.Marshaler { return output(Tag, n) }

// UnmarshalTagID reads a tag's ID.
func UnmarshalTagID(v any) (id.Tag, error) { return input[id.Tag](Tag, v), nil }

// MarshalAPIKeyID writes an API key's ID.
func MarshalAPIKeyID(n id.APIKey) graphql.Marshaler { return output(APIKey, n) }

// UnmarshalAPIKeyID reads an API key's ID.
func UnmarshalAPIKeyID(v any) (id.APIKey, error) { return input[id.APIKey](APIKey, v), nil }

// MarshalTicketID writes a ticket's ID.
func MarshalTicketID(n id.Ticket) graphql.Marshaler { return output(Ticket, n) }

// UnmarshalTicketID reads a ticket's ID.
func UnmarshalTicketID(v any) (id.Ticket, error) { return input[id.Ticket](Ticket, v), nil }

// MarshalMessageID writes a message's ID.
func MarshalMessageID(n id.Message) graphql.Marshaler { return output(Message, n) }

// UnmarshalMessageID reads a message's ID.
func UnmarshalMessageID(v any) (id.Message, error) { return input[id.Message](Message, v), nil }

// MarshalAttachmentID writes an attachment's ID.
func MarshalAttachmentID(n id.Attachment) graphql.Marshaler { return output(Attachment, n) }

// UnmarshalAttachmentID reads an attachment's ID.
func UnmarshalAttachmentID(v any) (id.Attachment, error) {
	return input[id.Attachment](Attachment, v), nil
}

// MarshalAuditEntryID writes an audit entry's ID.
func MarshalAuditEntryID(n id.AuditEntry) graphql.Marshaler { return output(AuditEntry, n) }

// UnmarshalAuditEntryID reads an audit entry's ID.
func UnmarshalAuditEntryID(v any) (id.AuditEntry, error) {
	return input[id.AuditEntry](AuditEntry, v), nil
}

// MarshalHoursID writes business hours' ID.
func MarshalHoursID(n id.Hours) graphql.Marshaler { return output(Hours, n) }

// UnmarshalHoursID reads business hours' ID.
func UnmarshalHoursID(v any) (id.Hours, error) { return input[id.Hours](Hours, v), nil }

// MarshalPolicyID writes an SLA policy's ID.
func MarshalPolicyID(n id.Policy) graphql.Marshaler { return output(Policy, n) }

// UnmarshalPolicyID reads an SLA policy's ID.
func UnmarshalPolicyID(v any) (id.Policy, error) { return input[id.Policy](Policy, v), nil }

// MarshalEventID writes an event's ID.
func MarshalEventID(n id.Event) graphql.Marshaler { return output(Event, n) }

// UnmarshalEventID reads an event's ID.
func UnmarshalEventID(v any) (id.Event, error) { return input[id.Event](Event, v), nil }

// MarshalDigestID writes a digest's ID.
func MarshalDigestID(n id.Digest) graphql.Marshaler { return output(Digest, n) }

// UnmarshalDigestID reads a digest's ID.
func UnmarshalDigestID(v any) (id.Digest, error) { return input[id.Digest](Digest, v), nil }

// MarshalDigestPlanID writes the ID of when digests come.
func MarshalDigestPlanID(n id.DigestPlan) graphql.Marshaler { return output(DigestPlan, n) }

// UnmarshalDigestPlanID reads the ID of when digests come.
func UnmarshalDigestPlanID(v any) (id.DigestPlan, error) {
	return input[id.DigestPlan](DigestPlan, v), nil
}

// MarshalSessionID writes a session's ID.
func MarshalSessionID(n id.Session) graphql.Marshaler { return output(Session, n) }

// UnmarshalSessionID reads a session's ID.
func UnmarshalSessionID(v any) (id.Session, error) { return input[id.Session](Session, v), nil }
