// Package member knows the people of a workspace: their accounts, the
// identities by which channels know them, and what they are here.
package member

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Limits, in characters or items.
const (
	MaxName      = 100
	MaxURL       = 2048
	MaxSkills    = 50
	MaxSkill     = 40
	MaxCapacity  = 1000
	MaxLanguages = 20
)

// The refusals of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "fault.member.not_found")
	ErrNotAgent = fault.New(fault.Invalid, "fault.member.not_agent")
	ErrZone     = fault.New(fault.Invalid, "fault.hours.zone")
)

// Identity is how one channel knows an account.
type Identity struct {
	Channel    event.Channel
	ExternalID string
	Account    id.Account
}

// Member is an account in a workspace.
type Member struct {
	ID        id.Member
	Workspace id.Workspace
	Account   id.Account
	Name      string // as others see it here
	AvatarURL string // "" if there is none
	Locale    locale.Tag
	Zone      string // IANA name of their time zone; "": not known
	Role      access.Role
	Service   bool // stands for a program, not for a person
	// Version rises with each change of role, language, time zone or agent profile, and not
	// with the name and the picture, which follow a channel.
	Version   int64
	CreatedAt time.Time
}

// ZoneFor gives the member's time zone as the actor may know it: it is for themselves
// and for staff; "": not known, or not for the actor.
func (m *Member) ZoneFor(a access.Actor) string {
	if m.ID != a.Member && !access.Allowed(a, access.MemberSee, access.InWorkspace(a.Workspace)) {
		return ""
	}
	return m.Zone
}

// Availability says whether an agent takes tickets now.
type Availability string

// The availabilities.
const (
	Online  Availability = "online"
	Away    Availability = "away"
	Offline Availability = "offline"
)

// Agent is a member who works tickets.
type Agent struct {
	Member       id.Member
	Skills       []string
	Languages    []locale.Tag
	Availability Availability
	Capacity     int // tickets at a time; 0: no limit
}

// Check refuses an agent profile that makes no sense. Codes: invalid.
func (a *Agent) Check() error {
	switch a.Availability {
	case Online, Away, Offline:
	default:
		return fault.New(fault.Invalid, "fault.member.availability").On("availability")
	}
	if a.Capacity < 0 || a.Capacity > MaxCapacity {
		return fault.New(fault.Invalid, "fault.member.capacity").With("Most", MaxCapacity).On("capacity")
	}
	if len(a.Skills) > MaxSkills {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxSkills).On("skills")
	}
	for i, s := range a.Skills {
		clean, err := locale.Clean(s, "skills", 1, MaxSkill)
		if err != nil {
			return err
		}
		a.Skills[i] = clean
	}
	return a.checkLanguages()
}

func (a *Agent) checkLanguages() error {
	if len(a.Languages) > MaxLanguages {
		return fault.New(fault.Invalid, "fault.text.too_many").With("Most", MaxLanguages).On("languages")
	}
	for _, l := range a.Languages {
		if !l.Valid() {
			return fault.New(fault.Invalid, "fault.locale.unknown").With("Locale", string(l)).On("languages")
		}
	}
	return nil
}
