package member

import (
	"context"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Arrival is what a channel tells of a person whenever it hears of them.
type Arrival struct {
	Channel    event.Channel
	ExternalID string
	// Place is what of the channel tells it, such as a Discord guild: Roles and Admin
	// count while that is linked to the workspace. "": nothing that could be linked.
	Place     string
	Name      string
	AvatarURL string
	Locale    locale.Tag // "" if the channel doesn't say; kept then
	// Roles holds the channel's own role IDs; they decide which teams the person
	// is in, as far as teams are bound to roles of that channel. Nil: unknown,
	// nothing changes.
	Roles []string
	// Admin tells that the channel counts the person among its administrators.
	// Nil: unknown.
	Admin *bool
}

// Repository is the port to stored people.
type Repository interface {
	audit.Recorder

	// Arrive stores what the arrival tells: account, identity and member are
	// made when they are new; name, avatar and locale follow the channel. Team
	// memberships that come from roles of this channel are replaced. A member
	// whom the channel calls administrator is raised to admin, one who is in a
	// team to agent; who was raised by an arrival is lowered by a later one,
	// but a role that was given by hand stays. Nothing is written when nothing
	// is new.
	Arrive(ctx context.Context, w id.Workspace, now time.Time, a Arrival) (*Member, error)
	// Leave takes from the member what the channel's roles gave.
	Leave(ctx context.Context, w id.Workspace, now time.Time, c event.Channel, externalID string) error
	// Get finds members by ID; those that are not in the workspace are left out.
	Get(ctx context.Context, w id.Workspace, ids ...id.Member) ([]*Member, error)
	// ByIdentity finds a member by what a channel calls them. Codes: not_found.
	ByIdentity(ctx context.Context, w id.Workspace, c event.Channel, externalID string) (*Member, error)
	// Identities gives what a channel calls the members, by member.
	Identities(ctx context.Context, w id.Workspace, c event.Channel, ids ...id.Member) (map[id.Member]string, error)
	// Actor resolves a member with all that the access table needs, in one
	// statement. Codes: not_found.
	Actor(ctx context.Context, w id.Workspace, m id.Member) (access.Actor, error)
	// Actors resolves members as Actor does, in one statement; those that are not
	// in the workspace are left out.
	Actors(ctx context.Context, w id.Workspace, ids ...id.Member) (map[id.Member]access.Actor, error)
	// Service finds the service member of a role, and makes it if there is none.
	Service(ctx context.Context, w id.Workspace, r access.Role, now time.Time) (*Member, error)
	// Page gives a page of what the query finds in the workspace.
	Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*Member], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, where query.Where) (int, error)
	// SetRole gives the member a role by hand. Codes: not_found, conflict.
	SetRole(ctx context.Context, r Ref, role access.Role) error
	// Choose stores what the member chose; the version rises once, and not of nothing.
	// Codes: not_found, conflict.
	Choose(ctx context.Context, r Ref, choice Choice) error
	// SaveAgent stores the profile. Codes: not_found, conflict.
	SaveAgent(ctx context.Context, r Ref, a *Agent) error
	// Agents finds the profiles of those members who have one.
	Agents(ctx context.Context, w id.Workspace, ids ...id.Member) (map[id.Member]*Agent, error)
}

// Ref names a member and, if the caller wants to be sure that nothing happened
// since they looked, the version.
type Ref struct {
	Workspace id.Workspace
	ID        id.Member
	Version   int64 // 0: any
}

// Service is what one may do with members.
type Service struct{ repo Repository }

// NewService makes the service.
func NewService(r Repository) *Service { return &Service{repo: r} }

// Arrive records a person as a channel describes them. Only the helpdesk itself
// may. Codes: unauthenticated, forbidden, invalid.
func (s *Service) Arrive(ctx context.Context, c access.Call, a Arrival) (*Member, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	if a.Channel == "" || a.ExternalID == "" {
		return nil, fault.New(fault.Invalid, "fault.text.empty").On("externalId")
	}
	a.Name = clip(a.Name, MaxName)
	if len(a.AvatarURL) > MaxURL {
		a.AvatarURL = ""
	}
	if !a.Locale.Valid() {
		a.Locale = ""
	}
	return s.repo.Arrive(ctx, c.Actor.Workspace, c.Now, a)
}

// clip shortens what a channel delivers and takes out what no store holds; it
// is not a person's input here, so that there is nobody to refuse it to.
func clip(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// Leave records that a person left the channel's place. Only the helpdesk
// itself may. Codes: unauthenticated, forbidden.
func (s *Service) Leave(ctx context.Context, c access.Call, ch event.Channel, externalID string) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	return s.repo.Leave(ctx, c.Actor.Workspace, c.Now, ch, externalID)
}

// Get finds one member. Everybody may see themself. Codes: unauthenticated,
// forbidden, not_found.
func (s *Service) Get(ctx context.Context, c access.Call, m id.Member) (*Member, error) {
	p := access.MemberSee
	if m == c.Actor.Member {
		p = access.WorkspaceSee
	}
	if err := access.Require(c.Actor, p, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	found, err := s.repo.Get(ctx, c.Actor.Workspace, m)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found[0], nil
}

// Profiles finds members by ID; unknown ones are left out. Who somebody is that
// one meets in a ticket is no secret within a workspace. Codes: unauthenticated, forbidden.
func (s *Service) Profiles(ctx context.Context, c access.Call, ids ...id.Member) ([]*Member, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, c.Actor.Workspace, ids...)
}

// ByIdentity finds the member whom a channel calls by the ID. Codes:
// unauthenticated, forbidden, not_found.
func (s *Service) ByIdentity(ctx context.Context, c access.Call, ch event.Channel, externalID string) (*Member, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.ByIdentity(ctx, c.Actor.Workspace, ch, externalID)
}

// Identities gives what a channel calls the members, by member; those whom it
// does not know are left out. Codes: unauthenticated, forbidden.
func (s *Service) Identities(ctx context.Context, c access.Call, ch event.Channel, of ...*Member) (map[id.Member]string, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	ids := make([]id.Member, len(of))
	for i, m := range of {
		ids[i] = m.ID
	}
	return s.repo.Identities(ctx, c.Actor.Workspace, ch, ids...)
}

// ActorOf resolves a member for a channel that has made sure who they are.
// Codes: unauthenticated, forbidden, not_found.
func (s *Service) ActorOf(ctx context.Context, c access.Call, m id.Member) (access.Actor, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return access.Actor{}, err
	}
	return s.repo.Actor(ctx, c.Actor.Workspace, m)
}

// ActorsOf resolves members as ActorOf does; unknown ones are left out. Codes:
// unauthenticated, forbidden.
func (s *Service) ActorsOf(ctx context.Context, c access.Call, ids ...id.Member) (map[id.Member]access.Actor, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Actors(ctx, c.Actor.Workspace, ids...)
}

// Agents finds the agent profiles of members. Codes: unauthenticated, forbidden.
func (s *Service) Agents(ctx context.Context, c access.Call, ids ...id.Member) (map[id.Member]*Agent, error) {
	if err := access.Require(c.Actor, access.MemberSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Agents(ctx, c.Actor.Workspace, ids...)
}

// SetRole gives a member a role by hand; channels don't change it any more. Nobody
// gives a role that may do more than they may themself, by the API key that they came by.
// Codes: unauthenticated, forbidden, invalid, not_found, conflict.
func (s *Service) SetRole(ctx context.Context, c access.Call, r Ref, role access.Role) error {
	if err := access.Require(c.Actor, access.MemberManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	if !role.Valid() {
		return fault.New(fault.Invalid, "fault.member.role").On("role")
	}
	if err := access.RequireReach(c.Actor, role); err != nil {
		return err
	}
	r.Workspace = c.Actor.Workspace
	return audit.Record(ctx, s.repo, c, s.now(r.Workspace, r.ID), func(ctx context.Context) error {
		return s.repo.SetRole(ctx, r, role)
	})
}

// Choice is what members choose for themselves. What is nil stays as it is.
type Choice struct {
	Locale *locale.Tag // the language in which they are answered; channels don't change it any more
	Zone   *string     // IANA name of the time zone by whose clocks they live; "": not known
}

func (c Choice) check() error {
	if c.Locale != nil && !c.Locale.Valid() {
		return fault.New(fault.Invalid, "fault.locale.unknown").With("Locale", string(*c.Locale)).On("locale")
	}
	if c.Zone == nil || *c.Zone == "" {
		return nil
	}
	if _, known := locale.Zone(*c.Zone); !known {
		return ErrZone.With("Zone", *c.Zone).On("timeZone")
	}
	return nil
}

// Choose changes what the actor chose for themselves. The actor must have the expected
// version if that is not 0; of a choice of nothing it stays the same. Codes:
// unauthenticated, forbidden, invalid, conflict.
func (s *Service) Choose(ctx context.Context, c access.Call, expected int64, choice Choice) error {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	if err := access.RequireScope(c.Actor, access.MemberManage); err != nil {
		return err
	}
	if err := choice.check(); err != nil {
		return err
	}
	return s.repo.Choose(ctx, Ref{Workspace: c.Actor.Workspace, ID: c.Actor.Member, Version: expected}, choice)
}

// SaveAgent stores an agent's profile: one's own, or anybody's for an admin. The
// member must have the expected version if that is not 0.
// Codes: unauthenticated, forbidden, invalid, not_found, conflict.
func (s *Service) SaveAgent(ctx context.Context, c access.Call, expected int64, a *Agent) error {
	p := access.MemberManage
	if a.Member == c.Actor.Member && c.Actor.Role.AtLeast(access.RoleAgent) && c.Actor.Admits(p) {
		p = access.MemberSee
	}
	if err := access.Require(c.Actor, p, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return err
	}
	if err := a.Check(); err != nil {
		return err
	}
	return audit.Record(ctx, s.repo, c, s.now(c.Actor.Workspace, a.Member), func(ctx context.Context) error {
		return s.repo.SaveAgent(ctx, Ref{Workspace: c.Actor.Workspace, ID: a.Member, Version: expected}, a)
	})
}
