// Package id holds the identifiers of the domain's objects. Each is a
// time-ordered int64 that a Source gave; what leaves the program is opaque.
package id

import "strconv"

// The typed identifiers. Zero means none.
type (
	Workspace int64
	Account   int64
	Member    int64
	Team      int64
	Queue     int64
	Category  int64
	Grant     int64
	Tag       int64
	Ticket    int64
	Message   int64
	Event     int64

	Attachment int64
	Blob       int64
	AuditEntry int64
	Hours      int64 // business hours
	Policy     int64 // SLA policy
	APIKey     int64
	Digest     int64
	DigestPlan int64 // the number of the queue that it is of
	Session    int64
)

// Source gives a new identifier on each call: larger than any that the same
// process had before, different from any that another process gets. It is safe
// for concurrent use.
type Source func() int64

// String gives the decimal form, for topics and logs.
func (w Workspace) String() string { return strconv.FormatInt(int64(w), 10) }

// String gives the decimal form, for what is searched for.
func (m Member) String() string { return strconv.FormatInt(int64(m), 10) }

// String gives the decimal form, for job keys and logs.
func (t Ticket) String() string { return strconv.FormatInt(int64(t), 10) }

// String gives the decimal form, for job keys and logs.
func (d Digest) String() string { return strconv.FormatInt(int64(d), 10) }

// String gives the decimal form, for job keys and logs.
func (e Event) String() string { return strconv.FormatInt(int64(e), 10) }

// String gives the decimal form, for job keys and logs.
func (a Attachment) String() string { return strconv.FormatInt(int64(a), 10) }

// String gives the decimal form, for names of stored objects and logs.
func (b Blob) String() string { return strconv.FormatInt(int64(b), 10) }
