package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
)

// actorSQL gives members, the queues that their teams serve and the grants of
// their roles as rows of one form. The condition that chooses the members goes
// between the two parts.
const (
	actorSQL = `WITH me AS (SELECT m.id, m.workspace_id, m.role, m.locale, m.time_zone, m.sign_outs FROM members m WHERE m.workspace_id = ? AND `
	partsSQL = `)
	SELECT 'member', id, role, locale, time_zone, sign_outs, 0 FROM me
	UNION ALL SELECT DISTINCT 'queue', me.id, '', '', '', tq.queue_id, 0
		FROM me JOIN team_members tm ON tm.member_id = me.id JOIN team_queues tq ON tq.team_id = tm.team_id
	UNION ALL SELECT 'grant', 0, g.role, g.class, g.effect, g.queue_id, g.category_id
		FROM grants g WHERE g.workspace_id = ? AND g.role IN (SELECT role FROM me)`
	liveSQL = `
	UNION ALL SELECT 'session', me.id, '', '', '', 0, 0 FROM me JOIN sessions s ON s.member_id = me.id WHERE s.id = ? AND s.ended_at = 0`
)

// Actor implements member.Repository.
func (r *MemberRepository) Actor(ctx context.Context, w id.Workspace, m id.Member) (access.Actor, error) {
	found, _, err := r.actors(ctx, r.store.Read(ctx), w, 0, "m.id = ?", int64(m))
	a, known := found[m]
	if err == nil && !known {
		err = member.ErrNotFound
	}
	return a, failed("resolve actor", err)
}

// Actors implements member.Repository.
func (r *MemberRepository) Actors(ctx context.Context, w id.Workspace, ids ...id.Member) (map[id.Member]access.Actor, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "m.id", ids)
	found, _, err := r.actors(ctx, c, w, 0, these, list)
	return found, failed("resolve actors", err)
}

// actors resolves members, and tells of a session, if one is named, whether it is a
// member's of them and was not ended.
func (r *MemberRepository) actors(ctx context.Context, c Conn, w id.Workspace, s id.Session, these string, arg any) (found map[id.Member]access.Actor, live bool, err error) {
	found = map[id.Member]access.Actor{}
	queues := map[id.Member][]id.Queue{}
	grants := map[access.Role][]access.Grant{}
	query, args := actorSQL+these+partsSQL, []any{int64(w), arg, int64(w)}
	if s != 0 {
		query, args = query+liveSQL, append(args, int64(s))
	}
	err = c.each(ctx, func(row scanner) error {
		var kind, first, second, third string
		var m id.Member
		var q id.Queue
		var cat id.Category
		if err := row.Scan(&kind, (*int64)(&m), &first, &second, &third, (*int64)(&q), (*int64)(&cat)); err != nil {
			return err
		}
		switch kind {
		case "member":
			found[m] = access.Actor{Workspace: w, Member: m, Role: access.Role(first), Locale: locale.Tag(second), Zone: third, SignOuts: int64(q)}
		case "session":
			live = true
		case "queue":
			queues[m] = append(queues[m], q)
		default:
			g := access.Grant{Role: access.Role(first), Class: access.Class(second), Effect: access.Effect(third), Queue: q, Category: cat}
			grants[g.Role] = append(grants[g.Role], g)
		}
		return nil
	}, query, args...)
	for m, a := range found {
		a.Queues, a.Grants = queues[m], grants[a.Role]
		found[m] = a
	}
	return found, live, err
}
