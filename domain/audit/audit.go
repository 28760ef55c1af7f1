// Package audit remembers who changed what is configured: the workspace, members'
// roles and profiles, teams, queues, categories, grants, business hours, tags,
// API keys and sessions. The record is append-only. It holds what was decided, never what people wrote in tickets nor
// what they are called.
package audit

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// Kind is what kind of object was changed.
type Kind string

// The kinds. An agent is named by the member whose profile it is.
const (
	Workspace Kind = "workspace"
	Member    Kind = "member"
	Agent     Kind = "agent"
	Team      Kind = "team"
	Queue     Kind = "queue"
	Category  Kind = "category"
	Grant     Kind = "grant"
	Hours     Kind = "business_hours"
	SLAPolicy Kind = "sla_policy"
	Tag       Kind = "tag"
	APIKey    Kind = "api_key"

	DigestPlan Kind = "digest_plan"
	Session    Kind = "session"
)

// Opaque gives how IDs of the kind's objects begin outside.
func (k Kind) Opaque() opaque.Kind {
	switch k {
	case Workspace:
		return opaque.Workspace
	case Team:
		return opaque.Team
	case Queue:
		return opaque.Queue
	case Category:
		return opaque.Category
	case Grant:
		return opaque.Grant
	case Tag:
		return opaque.Tag
	case Hours:
		return opaque.Hours
	case SLAPolicy:
		return opaque.Policy
	case APIKey:
		return opaque.APIKey
	case DigestPlan:
		return opaque.DigestPlan
	case Session:
		return opaque.Session
	case Member, Agent:
	}
	return opaque.Member
}

// Kinds lists the kinds.
func Kinds() []Kind {
	return []Kind{Workspace, Member, Agent, Team, Queue, Category, Grant, Hours, SLAPolicy, Tag, APIKey, DigestPlan, Session}
}

// Action is what was done. A name is never reused for another meaning.
type Action string

// The actions.
const (
	Created Action = "created"
	Changed Action = "changed"
	Removed Action = "removed"
	Refused Action = "refused" // somebody presented it, and was not let in
)

// Actions lists the actions.
func Actions() []Action { return []Action{Created, Changed, Removed, Refused} }

// Object names what was changed.
type Object struct {
	Kind Kind
	ID   int64
}

// Entry tells of one change of one object.
type Entry struct {
	ID        id.AuditEntry // given by the store
	Workspace id.Workspace
	Actor     id.Member // 0: the helpdesk itself
	Channel   event.Channel
	At        time.Time
	Object    Object
	Action    Action
	Changes   []Change // by field
}

// Change is what became of one field. A side is empty where there was nothing.
type Change struct {
	Field  string `json:"field"` // as inputs of the API call it, with the part of it after a dot
	Before Value  `json:"before"`
	After  Value  `json:"after"`
}
