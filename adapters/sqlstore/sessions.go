package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// codeMemory is how long it is known of a sign-in code for which session it was exchanged.
const codeMemory = 24 * time.Hour

// SessionRepository stores sessions and the codes by which they begin.
type SessionRepository struct{ recorder }

var _ auth.Sessions = (*SessionRepository)(nil)

// Sessions gives the store's sessions.
func (s *Store) Sessions() *SessionRepository { return &SessionRepository{recorder{s}} }

const (
	sessionColumns = `s.id, s.workspace_id, s.member_id, s.label, s.lookup, s.hash, s.hash_before, s.chance, s.retry,
		s.created_at, s.last_used_at, s.expires_at, s.ended_at, s.reason`
	sessionFrom = ` FROM sessions s WHERE s.workspace_id = ?`
	// The bound is kept by the lock of recorded changes.
	crowdedSQL = `SELECT ` + sessionColumns + ` FROM sessions s WHERE s.workspace_id = ? AND s.member_id = ? AND s.ended_at = 0
		ORDER BY s.last_used_at DESC, s.id DESC LIMIT 1 OFFSET ?`
	endSessionSQL = `UPDATE sessions SET ended_at = ?, reason = ? WHERE ended_at = 0 AND `
)

var sessionAspects = map[query.Field]aspect{
	query.FieldID:            {column: "s.id", ordered: true},
	auth.FieldSessionMember:  {column: "s.member_id"},
	auth.FieldSessionCreated: {column: "s.created_at", ordered: true},
	auth.FieldSessionUsed:    {column: "s.last_used_at", ordered: true},
	auth.FieldSessionEnded:   {column: "s.ended_at", ordered: true, nullable: true, none: "s.ended_at = 0"},
}

func sessionList(of id.Member) (listing[*auth.Session], func(id.Workspace) []any) {
	l := listing[*auth.Session]{terms: terms{aspects: sessionAspects}, columns: sessionColumns, from: sessionFrom, scan: scanSession, order: auth.SessionTerms()}
	if of == 0 {
		return l, func(w id.Workspace) []any { return []any{int64(w)} }
	}
	l.from += ` AND s.member_id = ?`
	return l, func(w id.Workspace) []any { return []any{int64(w), int64(of)} }
}

func scanSession(row scanner) (*auth.Session, error) {
	s := &auth.Session{}
	var created, used, expires, ended int64
	err := row.Scan((*int64)(&s.ID), (*int64)(&s.Workspace), (*int64)(&s.Member), &s.Label, &s.Lookup, &s.Hash, &s.Before, &s.Chance, &s.Retry,
		&created, &used, &expires, &ended, (*string)(&s.Reason))
	s.CreatedAt, s.LastUsedAt, s.ExpiresAt, s.EndedAt = Moment(created), Moment(used), Moment(expires), Moment(ended)
	return s, err
}

// Actor implements auth.Sessions.
func (r *SessionRepository) Actor(ctx context.Context, w id.Workspace, m id.Member, s id.Session) (access.Actor, bool, error) {
	found, live, err := r.store.Members().actors(ctx, r.store.Read(ctx), w, s, "m.id = ?", int64(m))
	a, known := found[m]
	if err == nil && !known {
		err = member.ErrNotFound
	}
	return a, live, failed("resolve actor", err)
}

// Begin implements auth.Sessions.
func (r *SessionRepository) Begin(ctx context.Context, s *auth.Session) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if err := tx.makeRoom(ctx, s); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO sessions (id, workspace_id, member_id, label, lookup, hash, hash_before, chance, retry, created_at, last_used_at, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, int64(s.ID), int64(s.Workspace), int64(s.Member), s.Label, s.Lookup, s.Hash, s.Before, s.Chance, s.Retry,
			Micros(s.CreatedAt), Micros(s.LastUsedAt), Micros(s.ExpiresAt))
		return err
	})
	return failed("begin session", err)
}

// makeRoom ends the session that a new one takes the place of, if any, and records that
// as its beginner's doing.
func (tx *Tx) makeRoom(ctx context.Context, s *auth.Session) error {
	crowded, err := collect(ctx, tx.Conn, scanSession, crowdedSQL, int64(s.Workspace), int64(s.Member), auth.MaxSessions-1)
	if err != nil || len(crowded) == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, endSessionSQL+`id = ?`, Micros(s.CreatedAt), string(auth.EndedForRoom), int64(crowded[0].ID)); err != nil {
		return err
	}
	tx.Signal(access.Topic(s.Workspace))
	return tx.record(ctx, crowded[0].Replaced(tx.call(s.Workspace, event.ChannelSystem)))
}

// ByLookup implements auth.Sessions.
func (r *SessionRepository) ByLookup(ctx context.Context, lookup string) (*auth.Session, error) {
	s, err := one(ctx, r.store.Read(ctx), auth.ErrSessionNotFound, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.lookup = ?`, lookup)
	return s, failed("find session", err)
}

// Rotate implements auth.Sessions.
func (r *SessionRepository) Rotate(ctx context.Context, s *auth.Session, from []byte) (bool, error) {
	n, err := r.store.change(ctx, `UPDATE sessions SET hash = ?, hash_before = ?, chance = ?, retry = ?, last_used_at = ?
		WHERE id = ? AND hash = ? AND ended_at = 0`, s.Hash, s.Before, s.Chance, s.Retry, Micros(s.LastUsedAt), int64(s.ID), from)
	return n == 1, failed("rotate session", err)
}

// End implements auth.Sessions.
func (r *SessionRepository) End(ctx context.Context, w id.Workspace, s id.Session, why auth.EndReason, now time.Time) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		there, err := one(ctx, tx.Conn, auth.ErrSessionNotFound, number[int64], `SELECT id FROM sessions WHERE workspace_id = ? AND id = ?`, int64(w), int64(s))
		if err != nil {
			return err
		}
		tx.Signal(access.Topic(w))
		_, err = tx.Exec(ctx, endSessionSQL+`id = ?`, Micros(now), string(why), there)
		return err
	})
	return failed("end session", err)
}

// EndForReuse implements auth.Sessions.
func (r *SessionRepository) EndForReuse(ctx context.Context, s *auth.Session, e audit.Entry, now time.Time) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, endSessionSQL+`id = ?`, Micros(now), string(auth.EndedByReuse), int64(s.ID))
		if err != nil || n == 0 {
			return err
		}
		tx.Signal(access.Topic(s.Workspace))
		return tx.record(ctx, []audit.Entry{e})
	})
	return failed("end session for reuse", err)
}

// SignOut implements auth.Sessions.
func (r *SessionRepository) SignOut(ctx context.Context, w id.Workspace, m id.Member, now time.Time) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `UPDATE members SET sign_outs = sign_outs + 1 WHERE workspace_id = ? AND id = ?`, int64(w), int64(m))
		if err := changed(n, err, member.ErrNotFound); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM sign_in_codes WHERE session_id = 0 AND (member_id = ? OR made_by = ?)`, int64(m), int64(m)); err != nil {
			return err
		}
		tx.Signal(access.Topic(w))
		_, err = tx.Exec(ctx, endSessionSQL+`workspace_id = ? AND member_id = ?`, Micros(now), string(auth.EndedEverywhere), int64(w), int64(m))
		return err
	})
	return failed("sign out", err)
}

// Ended implements auth.Sessions.
func (r *SessionRepository) Ended(ctx context.Context, sessions ...id.Session) (map[id.Session]bool, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "id", sessions)
	live, err := collect(ctx, c, number[id.Session], `SELECT id FROM sessions WHERE ended_at = 0 AND `+these, list)
	ended := make(map[id.Session]bool, len(sessions))
	for _, s := range sessions {
		ended[s] = true
	}
	for _, s := range live {
		delete(ended, s)
	}
	return ended, failed("look for sessions that were ended", err)
}

// Refused implements auth.Sessions.
func (r *SessionRepository) Refused(ctx context.Context, s id.Session, e audit.Entry, since time.Time) error {
	return failed("record the refusal of a session", r.store.refused(ctx, `sessions`, int64(s), e, since))
}

// Get implements auth.Sessions.
func (r *SessionRepository) Get(ctx context.Context, w id.Workspace, sessions ...id.Session) ([]*auth.Session, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "s.id", sessions)
	found, err := collect(ctx, c, scanSession, `SELECT `+sessionColumns+sessionFrom+` AND `+these+` ORDER BY s.id`, int64(w), list)
	return found, failed("find sessions", err)
}

// Page implements auth.Sessions.
func (r *SessionRepository) Page(ctx context.Context, w id.Workspace, of id.Member, q query.Query, p page.Window) (page.Page[*auth.Session], error) {
	l, args := sessionList(of)
	found, err := l.page(ctx, r.store.Read(ctx), q, p, args(w)...)
	return found, failed("list sessions", err)
}

// Count implements auth.Sessions.
func (r *SessionRepository) Count(ctx context.Context, w id.Workspace, of id.Member, where query.Where) (int, error) {
	l, args := sessionList(of)
	n, err := l.count(ctx, r.store.Read(ctx), where, args(w)...)
	return n, failed("count sessions", err)
}

// SaveCode implements auth.Sessions.
func (r *SessionRepository) SaveCode(ctx context.Context, digest string, c auth.SignInCode) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM sign_in_codes WHERE session_id = 0 AND member_id = ?`, int64(c.Member)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO sign_in_codes (digest, workspace_id, member_id, made_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
			digest, int64(c.Workspace), int64(c.Member), int64(c.By), Micros(c.CreatedAt), Micros(c.ExpiresAt))
		return err
	})
	return failed("save sign-in code", err)
}

// Code implements auth.Sessions.
func (r *SessionRepository) Code(ctx context.Context, digest string) (auth.SignInCode, error) {
	c, err := one(ctx, r.store.Read(ctx), auth.ErrNoCode, func(row scanner) (auth.SignInCode, error) {
		var c auth.SignInCode
		var created, expires int64
		err := row.Scan((*int64)(&c.Workspace), (*int64)(&c.Member), (*int64)(&c.By), &created, &expires, (*int64)(&c.Session))
		c.CreatedAt, c.ExpiresAt = Moment(created), Moment(expires)
		return c, err
	}, `SELECT workspace_id, member_id, made_by, created_at, expires_at, session_id FROM sign_in_codes WHERE digest = ?`, digest)
	return c, failed("find sign-in code", err)
}

// SpendCode implements auth.Sessions.
func (r *SessionRepository) SpendCode(ctx context.Context, digest string, s id.Session) error {
	n, err := r.store.change(ctx, `UPDATE sign_in_codes SET session_id = ? WHERE digest = ? AND session_id = 0`, int64(s), digest)
	return failed("spend sign-in code", changed(n, err, auth.ErrSpent))
}

// DropCode implements auth.Sessions.
func (r *SessionRepository) DropCode(ctx context.Context, digest string, e audit.Entry) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		n, err := tx.Affected(ctx, `DELETE FROM sign_in_codes WHERE digest = ? AND session_id = 0`, digest)
		if err != nil || n == 0 {
			return err
		}
		return tx.record(ctx, []audit.Entry{e})
	})
	return failed("drop sign-in code", err)
}

// forgetSessions takes sessions away that have been over for long, and codes of which
// nobody has a use any more.
func (s *Store) forgetSessions(ctx context.Context, now time.Time) error {
	since := now.Add(-auth.SessionMemory)
	if _, err := s.change(ctx, `DELETE FROM sessions WHERE last_used_at < ? AND (expires_at < ? OR last_used_at < ? OR (ended_at > 0 AND ended_at < ?))`,
		Micros(since), Micros(since), Micros(since.Add(-auth.IdleLife)), Micros(since)); err != nil {
		return fmt.Errorf("forget sessions: %w", err)
	}
	if _, err := s.change(ctx, `DELETE FROM sign_in_codes WHERE expires_at < ?`, Micros(now.Add(-codeMemory))); err != nil {
		return fmt.Errorf("forget sign-in codes: %w", err)
	}
	return nil
}
