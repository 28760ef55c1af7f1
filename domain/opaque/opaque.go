// Package opaque is how the helpdesk's IDs, and places in its lists, are written
// for the world outside: opaque texts, the same by whichever API.
package opaque

import (
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/domain/id"
)

// Kind is the type of the object that an ID names.
type Kind string

// The kinds, as they begin an ID. They are part of IDs that clients keep: one
// may be added, none changed.
const (
	Workspace Kind = "wsp"
	Member    Kind = "mem"
	Team      Kind = "tem"
	Queue     Kind = "que"
	Category  Kind = "cat"
	Grant     Kind = "grt"
	Ticket    Kind = "tkt"
	Message   Kind = "msg"
	Event     Kind = "evt"

	Attachment Kind = "att"
	AuditEntry Kind = "aud"
	Hours      Kind = "hrs"
	Policy     Kind = "sla"
	Tag        Kind = "tag"
	APIKey     Kind = "key"
	Digest     Kind = "dig"
	DigestPlan Kind = "dpl"
	Session    Kind = "ses"
)

// Unknown stands for an ID that names nothing: it is malformed or another
// type's. No object has it, so that services answer as for any ID that does
// not exist; zero would mean that no ID was given.
const Unknown = -1

// base is the numeral base of the part after the kind.
const base = 36

// Encode writes an ID.
func Encode(k Kind, n int64) string { return string(k) + "_" + strconv.FormatInt(n, base) }

// Append writes an ID behind b.
func Append(b []byte, k Kind, n int64) []byte {
	return strconv.AppendInt(append(append(b, k...), '_'), n, base)
}

// Decode reads an ID; ok is false when it is not exactly as Encode writes it.
func Decode(s string) (k Kind, n int64, ok bool) {
	prefix, digits, found := strings.Cut(s, "_")
	n, err := strconv.ParseInt(digits, base, 64)
	if !found || err != nil || n <= 0 || Encode(Kind(prefix), n) != s {
		return "", Unknown, false
	}
	return Kind(prefix), n, true
}

// Of reads an ID of one kind; the result names nothing when it is none.
func Of[T ~int64](k Kind, s string) T {
	kind, n, ok := Decode(s)
	if !ok || kind != k {
		return Unknown
	}
	return T(n)
}

// TicketOf reads a ticket's ID.
func TicketOf(s string) id.Ticket { return Of[id.Ticket](Ticket, s) }

// Moment is how a moment is written: RFC 3339 in UTC, to the microsecond, as the
// stores keep it.
const Moment = "2006-01-02T15:04:05.000000Z"
