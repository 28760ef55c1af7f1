package auth

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Sessions is the port to stored sessions, and to the codes by which they begin.
type Sessions interface {
	audit.Recorder
	// Actor resolves a member as member.Repository does, and tells whether their session
	// was not ended, in one statement. Codes: not_found.
	Actor(ctx context.Context, w id.Workspace, m id.Member, s id.Session) (a access.Actor, live bool, err error)
	// Begin stores a new session. Of a member who has MaxSessions, the one that was used
	// least lately ends, and what Replaced tells of it is appended.
	Begin(ctx context.Context, s *Session) error
	// ByLookup finds a session, over as it may be. Codes: not_found.
	ByLookup(ctx context.Context, lookup string) (*Session, error)
	// Rotate stores the session's step and its use, if it was not ended and the token
	// that is good has the hash still; else it is false. Of two at once, one is true.
	Rotate(ctx context.Context, s *Session, from []byte) (bool, error)
	// End ends a session, unless it is over, and signals access.Topic. Codes: not_found.
	End(ctx context.Context, w id.Workspace, s id.Session, why EndReason, now time.Time) error
	// EndForReuse ends a session, unless it is over, and appends the entry with it.
	EndForReuse(ctx context.Context, s *Session, e audit.Entry, now time.Time) error
	// SignOut ends all sessions of a member, takes their codes away, counts that they
	// were signed out, and signals access.Topic. Codes: not_found.
	SignOut(ctx context.Context, w id.Workspace, m id.Member, now time.Time) error
	// Ended tells which of the sessions were ended, or are not there.
	Ended(ctx context.Context, sessions ...id.Session) (map[id.Session]bool, error)
	// Refused appends the entry, unless one of the session's was appended since.
	Refused(ctx context.Context, s id.Session, e audit.Entry, since time.Time) error
	// SaveCode stores a code by its digest, in the place of those of its member that
	// were not exchanged. In a change that is recorded no other code comes beside it.
	SaveCode(ctx context.Context, digest string, c SignInCode) error
	// Code finds a code, exchanged or over as it may be. Codes: not_found.
	Code(ctx context.Context, digest string) (SignInCode, error)
	// SpendCode notes for which session a code was exchanged. Codes: conflict (it was
	// before, or it is gone).
	SpendCode(ctx context.Context, digest string, s id.Session) error
	// DropCode takes a code away, and appends the entry if it was there.
	DropCode(ctx context.Context, digest string, e audit.Entry) error
	// Get finds sessions by ID; those that are not in the workspace are left out.
	Get(ctx context.Context, w id.Workspace, sessions ...id.Session) ([]*Session, error)
	// Page gives a page of what the query finds in the workspace: of a member's
	// sessions, or of all if the member is 0.
	Page(ctx context.Context, w id.Workspace, of id.Member, q query.Query, p page.Window) (page.Page[*Session], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, w id.Workspace, of id.Member, where query.Where) (int, error)
}

// The fields by which sessions are chosen and put in order.
const (
	FieldSessionMember  query.Field = "member"
	FieldSessionCreated query.Field = "createdAt"
	FieldSessionUsed    query.Field = "lastUsedAt"
	FieldSessionEnded   query.Field = "endedAt" // none: it was not
)

// SessionTerms are what sessions can be put in order by; usually the latest comes first.
func SessionTerms() query.Terms {
	return query.Terms{
		Numbers: []query.Field{FieldSessionCreated, FieldSessionUsed},
		Usual:   []query.Order{{Field: FieldSessionCreated, Descending: true}},
	}
}

// SortKey gives what puts a session in its place in an order by the field.
func (s *Session) SortKey(f query.Field) any {
	switch f {
	case FieldSessionCreated:
		return s.CreatedAt.UnixMicro()
	case FieldSessionUsed:
		return s.LastUsedAt.UnixMicro()
	default:
		return int64(s.ID)
	}
}

// whoseSessions tells whose sessions the actor may see: 0 for everybody's. Codes:
// unauthenticated, forbidden.
func whoseSessions(c access.Call) (id.Member, error) {
	if access.Allowed(c.Actor, access.SessionManage, access.InWorkspace(c.Actor.Workspace)) {
		return 0, nil
	}
	return c.Actor.Member, requireSession(c, c.Actor.Member)
}

// Sessions gives a page of the actor's sessions, or for an administrator of all. Codes:
// unauthenticated, forbidden, invalid.
func (s *Service) Sessions(ctx context.Context, c access.Call, q query.Query, r page.Request) (page.Page[*Session], error) {
	of, err := whoseSessions(c)
	if err != nil {
		return page.Page[*Session]{}, err
	}
	w, err := SessionTerms().Window(q, r)
	if err != nil {
		return page.Page[*Session]{}, err
	}
	return s.sessions.Page(ctx, c.Actor.Workspace, of, q, w)
}

// CountSessions counts what Sessions would give in all. Codes: unauthenticated,
// forbidden, invalid.
func (s *Service) CountSessions(ctx context.Context, c access.Call, where query.Where) (int, error) {
	of, err := whoseSessions(c)
	if err != nil {
		return 0, err
	}
	if err := where.Check(); err != nil {
		return 0, err
	}
	return s.sessions.Count(ctx, c.Actor.Workspace, of, where)
}

// SessionsByID finds sessions that the actor may see; others are left out. Codes:
// unauthenticated, forbidden.
func (s *Service) SessionsByID(ctx context.Context, c access.Call, sessions ...id.Session) ([]*Session, error) {
	of, err := whoseSessions(c)
	if err != nil {
		return nil, err
	}
	found, err := s.sessions.Get(ctx, c.Actor.Workspace, sessions...)
	seen := found[:0]
	for _, one := range found {
		if of == 0 || one.Member == of {
			seen = append(seen, one)
		}
	}
	return seen, err
}

// Session finds a session that the actor may see. Codes: unauthenticated, forbidden,
// not_found.
func (s *Service) Session(ctx context.Context, c access.Call, of id.Session) (*Session, error) {
	found, err := s.SessionsByID(ctx, c, of)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, ErrSessionNotFound
	}
	return found[0], nil
}

// EndSession signs a member out of one session at once, with all that came by it: the
// actor, or as an administrator anybody. One that is over stays as it is. Codes:
// unauthenticated, forbidden, not_found.
func (s *Service) EndSession(ctx context.Context, c access.Call, of id.Session) error {
	if _, err := s.Session(ctx, c, of); err != nil {
		return err
	}
	return audit.Record(ctx, s.sessions, c, s.session(c, of), func(ctx context.Context) error {
		return s.sessions.End(ctx, c.Actor.Workspace, of, EndedByHand, c.Now)
	})
}

// SignOut signs a member out everywhere, at once: of all sessions, and of whatever has an
// access token, by whomever it was made. API keys are not signed in: they are revoked.
// It is the actor, or as an administrator anybody; 0: the actor. Codes: unauthenticated,
// forbidden, not_found (no such member).
func (s *Service) SignOut(ctx context.Context, c access.Call, m id.Member) error {
	if m == 0 {
		m = c.Actor.Member
	}
	if err := requireSession(c, m); err != nil {
		return err
	}
	return audit.Record(ctx, s.sessions, c, s.signOuts(c, m), func(ctx context.Context) error {
		return onMember(s.sessions.SignOut(ctx, c.Actor.Workspace, m, c.Now))
	})
}

// session gives what the record tells of a session: nothing once it was ended.
func (s *Service) session(c access.Call, of id.Session) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		found, err := s.sessions.Get(ctx, c.Actor.Workspace, of)
		state := audit.State{}
		for _, one := range found {
			if one.EndedAt.IsZero() {
				state[one.object()] = one.facts()
			}
		}
		return state, err
	}
}

// signOuts gives what the record tells of a member: how often they were signed out
// everywhere.
func (s *Service) signOuts(c access.Call, m id.Member) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		a, err := s.members.Actor(ctx, c.Actor.Workspace, m)
		return audit.State{{Kind: audit.Member, ID: int64(m)}: {"signOuts": audit.Number(int(a.SignOuts))}}, onMember(err)
	}
}
