// Package search finds what was ever said: it reads what people look for, says what of
// a helpdesk can be found by which words, and shows where it stands.
//
// The same tokens are made of what is looked for and of what is found, whatever the
// store, so that all stores find the same.
package search

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Bounds of what can be looked for.
const (
	MaxText  = 500 // characters
	MaxParts = 20  // words, phrases and filters
	// leastPrefix is how much of a word must be given before a star, in bytes.
	leastPrefix = 3
)

// Query is what somebody looks for. All of it must hold.
type Query struct {
	Words   []Words
	Filters []Filter
}

// Words are a word or a phrase.
type Words struct {
	Phrase
	Not bool
}

// Key is the name of a filter.
type Key string

// The filters.
const (
	ByStatus    Key = "status"
	ByAssignee  Key = "assignee"
	ByRequester Key = "requester"
	ByQueue     Key = "queue"
	ByCategory  Key = "category"
	ByTag       Key = "tag"
	ByPriority  Key = "priority"
	Before      Key = "before"
	After       Key = "after"
	Has         Key = "has"
)

// Keys lists the filters.
func Keys() []Key {
	return []Key{ByStatus, ByAssignee, ByRequester, ByQueue, ByCategory, ByTag, ByPriority, Before, After, Has}
}

// What filters know by name.
const (
	Me         = "me"         // of assignee and requester
	Nobody     = "none"       // of assignee
	Attachment = "attachment" // of has
)

// Filter is one condition. Of several values one must hold.
type Filter struct {
	Key    Key
	Not    bool
	Values []Value
}

// Value is one value of a filter, with its place in the text.
type Value struct {
	Text string // as it was typed, without quotation marks
	At   int    // of its first character, counted from 0

	Status   ticket.Status  // of status
	Priority priority.Level // of priority
	Moment   time.Time      // of before and after
	Me       bool           // of assignee and requester
	Nobody   bool           // of assignee
}
