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
	actorSQL = `WITH me AS (SELECT m.id, m.workspace_id, m.role, m.locale, m.time_zone FROM members m WHERE m.workspace_id = ? AND `
	partsSQL = `)
	SELECT 'member', id, role, locale, time_zone, 0, 0 FROM me
	UNION ALL SELECT DISTINCT 'queue', me.id, '', '', '', tq.queue_id, 0
		FROM me JOIN team_members tm ON tm.member_id = me.id JOIN team_queues tq ON tq.team_id = tm.team_id
	UNION ALL SELECT 'grant', 0, g.role, g.class, g.effect, g.queue_id, g.category_id
		FROM grants g WHERE g.workspace_id = ? AND g.role IN (SELECT role FROM me)`
)

// Actor implements member.Repository.
func (r *MemberRepository) Actor(ctx context.Context, w id.Workspace, m id.Member) (access.Actor, error) {
	found, err := r.actors(ctx, r.store.Read(ctx), w, "m.id = ?", int64(m))
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
	found, err := r.actors(ctx, c, w, these, list)
	return found, failed("resolve actors", err)
}

func (r *MemberRepository) actors(ctx context.Context, c Conn, w id.Workspace, these string, arg any) (map[id.Member]access.Actor, error) {
	found := map[id.Member]access.Actor{}
	queues := map[id.Member][]id.Queue{}
	grants := map[access.Role][]access.Grant{}
	err := c.each(ctx, func(row scanner) error {
		var kind, first, second, third string
		var m id.Member
		var q id.Queue
		var cat id.Category
		if err := row.Scan(&kind, (*int64)(&m), &first, &second, &third, (*int64)(&q), (*int64)(&cat)); err != nil {
			return err
		}
		switch kind {
		case "member":
			found[m] = access.Actor{Workspace: w, Member: m, Role: access.Role(first), Locale: locale.Tag(second), Zone: third}
		case "queue":
			queues[m] = append(queues[m], q)
		default:
			g := access.Grant{Role: access.Role(first), Class: access.Class(second), Effect: access.Effect(third), Queue: q, Category: cat}
			grants[g.Role] = append(grants[g.Role], g)
		}
		return nil
	}, actorSQL+these+partsSQL, int64(w), arg, int64(w))
	for m, a := range found {
		a.Queues, a.Grants = queues[m], grants[a.Role]
		found[m] = a
	}
	return found, err
}
