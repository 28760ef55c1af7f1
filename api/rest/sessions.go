package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// Session is a member who is signed in on a device, until it ends.
type Session struct {
	ID         string  `json:"id" doc:"Identifies the session, and is no secret."`
	Label      string  `json:"label" doc:"What the member is signed in on, as that calls itself; empty if it does not say."`
	Member     *Person `json:"member" doc:"Who is signed in."`
	CreatedAt  string  `json:"createdAt" format:"date-time" doc:"When it began."`
	LastUsedAt string  `json:"lastUsedAt" format:"date-time" doc:"When its tokens were last exchanged."`
	ExpiresAt  string  `json:"expiresAt" format:"date-time" doc:"When it ends unless its tokens are exchanged before; at the latest 180 days after it began."`
	EndedAt    *string `json:"endedAt" format:"date-time" doc:"When it was ended; null: it was not."`
}

// SessionTokens are what one is signed in by.
type SessionTokens struct {
	SessionID        string `json:"sessionId" doc:"The session's ID."`
	AccessToken      string `json:"accessToken" doc:"What requests are sent with: Authorization: Bearer …"`
	AccessExpiresAt  string `json:"accessTokenExpiresAt" format:"date-time" doc:"Until when: for 15 minutes."`
	RefreshToken     string `json:"refreshToken" doc:"What is exchanged for the next tokens, once."`
	RefreshExpiresAt string `json:"refreshTokenExpiresAt" format:"date-time" doc:"Until when, if it is not exchanged before: for 30 days, and not beyond the session's end."`
}

// SignInCode is a code by which somebody signs in, once.
type SignInCode struct {
	Code      *string `json:"code" doc:"The code, however it is typed: capitals, blanks and hyphens don't matter. As secret as the member's tokens. Null when the wish was carried out before."`
	ExpiresAt *string `json:"expiresAt" format:"date-time" doc:"Until when it can be exchanged: for ten minutes."`
}

// The inputs of sessions.
type (
	// SessionPath names a session.
	SessionPath struct {
		SessionID string `path:"sessionId" doc:"The session's ID."`
	}
	// SessionChoice is a session to end.
	SessionChoice struct {
		SessionPath
		Keyed
	}
	// CodeInput says who is to sign in.
	CodeInput struct {
		Keyed

		Body struct {
			MemberID *string `json:"memberId,omitempty" nullable:"true" doc:"Who is to sign in; the caller without it. Administrators only, unless it is the caller."`
		} `nameHint:"SignInCodeWish"`

		made auth.SignInCode // for the answer
	}
	// SignOutInput says who is to be signed out.
	SignOutInput struct {
		Keyed

		Body struct {
			MemberID *string `json:"memberId,omitempty" nullable:"true" doc:"Who is to be signed out; the caller without it. Administrators only, unless it is the caller."`
		} `nameHint:"SignOutWish"`
	}
	// Retried lets a client who did not hear the answer ask again.
	Retried struct {
		Key string `header:"Idempotency-Key" doc:"16 to 255 characters that nobody else knows: who sends the wish again with them within a minute, gets the same refresh token again."`
	}
	// SignInInput is a code to exchange.
	SignInInput struct {
		Retried

		Body struct {
			Code  string  `json:"code" doc:"The sign-in code."`
			Label *string `json:"label,omitempty" nullable:"true" doc:"What one signs in on, such as the name of a device; at most 80 characters."`
		} `nameHint:"SignIn"`
	}
	// RefreshInput is a refresh token to exchange.
	RefreshInput struct {
		Retried

		Body struct {
			RefreshToken string `json:"refreshToken" doc:"The refresh token."`
		} `nameHint:"Refresh"`
	}
)

func (p SessionPath) id() id.Session { return opaque.Of[id.Session](opaque.Session, p.SessionID) }

func (s *server) showSessions(ctx context.Context, c access.Call, all []*auth.Session) ([]Session, error) {
	who, err := s.meet(ctx, c, each(all, func(one *auth.Session) id.Member { return one.Member }))
	return each(all, func(one *auth.Session) Session {
		return Session{
			ID: external(opaque.Session, one.ID), Label: one.Label, Member: who.of(one.Member), CreatedAt: when(one.CreatedAt),
			LastUsedAt: when(one.LastUsedAt), ExpiresAt: when(one.Over()), EndedAt: perhaps(one.EndedAt),
		}
	}), err
}

func (s *server) session(ctx context.Context, c access.Call, of id.Session) (shown[Session], error) {
	found, err := s.Auth.Session(ctx, c, of)
	if err != nil {
		return shown[Session]{}, err
	}
	all, err := s.showSessions(ctx, c, []*auth.Session{found})
	if err != nil {
		return shown[Session]{}, err
	}
	return shown[Session]{body: &all[0]}, nil
}

func showTokens(g auth.Admission) *SessionTokens {
	return &SessionTokens{
		SessionID: external(opaque.Session, g.Session), AccessToken: g.AccessToken, AccessExpiresAt: when(g.AccessTokenExpiresAt),
		RefreshToken: g.RefreshToken, RefreshExpiresAt: when(g.RefreshTokenExpiresAt),
	}
}

// sessions registers what is about sessions.
func (s *server) sessions() {
	pages(s, operation{
		id: "listSessions", path: "/sessions", tag: tagHouse, summary: "List sessions", codes: []fault.Code{fault.Forbidden},
		about: "The caller's own, or for administrators everybody's, those that were ended lately among them; the latest first unless ordered otherwise.",
	}, source[ListInput, *auth.Session, Session]{
		list: list{
			name: "SessionWhere",
			columns: columns{
				"member":     ids(auth.FieldSessionMember, opaque.Member, "On who is signed in."),
				"createdAt":  moments(auth.FieldSessionCreated, "On when they began."),
				"lastUsedAt": moments(auth.FieldSessionUsed, "On when their tokens were last exchanged."),
				"endedAt":    moments(auth.FieldSessionEnded, "On when they were ended; isNull: true: they were not.", query.IsNull),
			},
			orders: sorted(auth.FieldSessionCreated, auth.FieldSessionUsed),
		},
		fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*auth.Session], error) {
			return s.Auth.Sessions(ctx, c, q, r)
		},
		count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
			return s.Auth.CountSessions(ctx, c, q.Where)
		},
		cursor: func(q query.Query, one *auth.Session) page.Cursor {
			return auth.SessionTerms().CursorOf(q, one.SortKey)
		},
		show: s.showSessions,
	})
	fetch(s, operation{
		id: "getSession", path: "/sessions/{sessionId}", tag: tagHouse, summary: "Show a session", codes: []fault.Code{fault.Forbidden, fault.NotFound},
		about: "Never its tokens.",
	}, func(ctx context.Context, c access.Call, in *struct {
		SessionPath
		Conditional
	},
	) (shown[Session], error) {
		return s.session(ctx, c, in.id())
	})
	change(s, operation{
		id: "endSession", method: http.MethodDelete, path: "/sessions/{sessionId}", tag: tagHouse, summary: "Sign out of one session",
		about: "At once, with all that came by it: the caller's own, or for administrators anybody's.", codes: []fault.Code{fault.Forbidden, fault.NotFound},
	}, func(ctx context.Context, c access.Call, in *SessionChoice, _ int64) (string, error) {
		return in.SessionID, s.Auth.EndSession(ctx, c, in.id())
	}, func(ctx context.Context, c access.Call, in *SessionChoice, _ string) (shown[Session], error) {
		return s.session(ctx, c, in.id())
	})
	s.signOut()
	s.signIn()
}

func (s *server) signOut() {
	change[SignOutInput, Session](s, operation{
		id: "signOutEverywhere", path: "/sign-out", tag: tagHouse, summary: "Sign a member out everywhere", codes: []fault.Code{fault.Forbidden, fault.NotFound},
		about: "At once: of all sessions, of whatever has an access token, and of open subscriptions. API keys stay.",
	}, func(ctx context.Context, c access.Call, in *SignOutInput, _ int64) (string, error) {
		return "", s.Auth.SignOut(ctx, c, chosen(in.Body.MemberID))
	}, nil)
	change(s, operation{
		id: "createSignInCode", path: "/sign-in-codes", tag: tagHouse, summary: "Make a sign-in code", codes: []fault.Code{fault.Forbidden, fault.NotFound},
		about: "By which a member signs in: the caller themself on another device, administrators anybody. It takes the place of one that was not exchanged. Who came by an API key makes none.",
	}, func(ctx context.Context, c access.Call, in *CodeInput, _ int64) (string, error) {
		var err error
		in.made, err = s.Auth.CreateSignInCode(ctx, c, chosen(in.Body.MemberID))
		return "", err
	}, func(_ context.Context, _ access.Call, in *CodeInput, _ string) (shown[SignInCode], error) {
		body := SignInCode{Code: filled(in.made.Code), ExpiresAt: perhaps(in.made.ExpiresAt)}
		return shown[SignInCode]{body: &body}, nil
	})
}

// chosen is the member who is named; 0: nobody is.
func chosen(member *string) id.Member {
	if member == nil {
		return 0
	}
	return opaqueMember(*member)
}

// signIn registers what somebody does who is nobody yet.
func (s *server) signIn() {
	welcome(s, operation{
		id: "signIn", path: "/sessions", tag: tagHouse, summary: "Exchange a sign-in code for a session",
		about: "It needs no access token. A code is good for one exchange: who presents it again ends the session.",
	}, func(ctx context.Context, c access.Call, in *SignInInput) (*SessionTokens, error) {
		label := ""
		if in.Body.Label != nil {
			label = *in.Body.Label
		}
		g, err := s.Auth.SignIn(ctx, in.Body.Code, label, in.Key, c.Now)
		return showTokens(g), err
	})
	welcome(s, operation{
		id: "refreshSession", path: "/sessions/refresh", tag: tagHouse, summary: "Exchange a refresh token",
		about: "For the next one and an access token. It needs no access token. Any refresh token but the latest ends the session.",
	}, func(ctx context.Context, c access.Call, in *RefreshInput) (*SessionTokens, error) {
		g, err := s.Auth.Refresh(ctx, in.Body.RefreshToken, in.Key, c.Now)
		return showTokens(g), err
	})
}
