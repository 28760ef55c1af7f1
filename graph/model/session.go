package model

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Session is a session in a list.
type Session struct {
	*auth.Session

	rows *load.Rows
}

// NewSession makes a session of a list, nil of nil.
func NewSession(rows *load.Rows, s *auth.Session) *Session {
	if s == nil {
		return nil
	}
	rows.Members.Want(s.Member)
	return &Session{Session: s, rows: rows}
}

// Member gives who is signed in.
func (s *Session) Member(ctx context.Context) (*Member, error) {
	return memberOf(ctx, s.rows, s.Session.Member)
}

// ExpiresAt gives when the session ends unless it is refreshed.
func (s *Session) ExpiresAt() time.Time { return s.Over() }

// EndedAt gives when the session was ended, nil if it was not.
func (s *Session) EndedAt() *time.Time { return momentOrNil(s.Session.EndedAt) }

// SessionWhere is conditions on sessions.
type SessionWhere struct {
	Member     *IDFilter
	CreatedAt  *DateTimeFilter
	LastUsedAt *DateTimeFilter
	EndedAt    *DateTimeFilter

	Tree[SessionWhere]
}

func (w *SessionWhere) conditions() conditions {
	var c conditions
	add(&c, auth.FieldSessionMember, w.Member, idOf[id.Member](scalar.Member))
	add(&c, auth.FieldSessionCreated, w.CreatedAt, micros)
	add(&c, auth.FieldSessionUsed, w.LastUsedAt, micros)
	add(&c, auth.FieldSessionEnded, w.EndedAt, micros)
	return c
}

// What sessions are put in order by.
const (
	SessionCreatedAt  = auth.FieldSessionCreated
	SessionLastUsedAt = auth.FieldSessionUsed
)

// SessionQuery gives conditions and sort keys for the service.
func SessionQuery(w *SessionWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of sessions.
type (
	// SessionConnection is a page of sessions.
	SessionConnection = Connection[*auth.Session, *Session]
	// SessionEdge is a session and its place.
	SessionEdge = Edge[*Session]
)

// NewSessionPage makes the page of a query's sessions; count counts them all.
func NewSessionPage(rows *load.Rows, q query.Query, p page.Page[*auth.Session], count Counted) *SessionConnection {
	return Connect(p, func(s *auth.Session) *Session { return NewSession(rows, s) }, placed[*auth.Session](auth.SessionTerms(), q), count)
}

// CreateSignInCodeInput says who is to sign in.
type CreateSignInCodeInput struct {
	Keyed

	MemberID *id.Member
}

// ExchangeSignInCodeInput is a code to exchange.
type ExchangeSignInCodeInput struct {
	Keyed

	Code  string
	Label *string
}

// RefreshSessionInput is a refresh token to exchange.
type RefreshSessionInput struct {
	Keyed

	RefreshToken string
}

// EndSessionInput is a session to end.
type EndSessionInput struct {
	Keyed

	SessionID id.Session
}

// SignOutEverywhereInput says who is to be signed out.
type SignOutEverywhereInput struct {
	Keyed

	MemberID *id.Member
}

// Session gives the session as it is now.
func (p *Payload) Session(ctx context.Context) (*Session, error) {
	return object[Session](ctx, p, scalar.Session)
}
