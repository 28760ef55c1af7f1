package sqlstore

import (
	"context"
	"maps"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
)

// joinedByHand gives who is in the team because a person decided so.
func joinedByHand(ctx context.Context, tx *Tx, t id.Team) ([]id.Member, error) {
	return collect(ctx, tx.Conn, number[id.Member],
		`SELECT member_id FROM team_members WHERE team_id = ? AND source = ?`, int64(t), byHand)
}

// rerank gives members the role that follows from the teams they are in now, as
// an arrival would that tells as much of whether they are administrators. They are
// locked before their teams are read, so that a concurrent arrival comes before or
// after, not between.
func rerank(ctx context.Context, tx *Tx, w id.Workspace, members []id.Member, admins *bool) error {
	if len(members) == 0 {
		return nil
	}
	these, list := among(tx.Conn, "m.id", members)
	if _, err := collect(ctx, tx.Conn, number[id.Member],
		`SELECT m.id FROM members m WHERE m.workspace_id = ? AND `+these+` ORDER BY m.id`+tx.ForUpdate(), int64(w), list); err != nil {
		return err
	}
	all, err := collect(ctx, tx.Conn, scanRank, `SELECT m.id, m.role, m.role_source,
		EXISTS (SELECT 1 FROM team_members tm WHERE tm.member_id = m.id) FROM members m WHERE m.workspace_id = ? AND `+these, int64(w), list)
	if err != nil {
		return err
	}
	become := map[access.Role][]id.Member{}
	var changes []audit.Entry
	for _, k := range all {
		before := k.member.Role
		if k.rank(admins); k.member.Role == before {
			continue
		}
		become[k.member.Role] = append(become[k.member.Role], k.member.ID)
		changes = append(changes, tx.roleChange(w, k.member.ID, "", before, k.member.Role)...)
	}
	for _, role := range slices.Sorted(maps.Keys(become)) {
		these, list := among(tx.Conn, "id", become[role])
		if _, err := tx.Exec(ctx, `UPDATE members SET role = ?, version = version + 1 WHERE `+these, string(role), list); err != nil {
			return err
		}
	}
	return tx.record(ctx, changes)
}

// scanRank reads as much of a member as decides their role.
func scanRank(row scanner) (known, error) {
	k := known{member: &member.Member{}}
	err := row.Scan((*int64)(&k.member.ID), (*string)(&k.member.Role), &k.roleSource, &k.otherwise)
	return k, err
}
