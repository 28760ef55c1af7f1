package sqlstore

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
)

// TeamRepository stores teams.
type TeamRepository struct{ recorder }

var _ team.Repository = (*TeamRepository)(nil)

// Teams gives the store's teams.
func (s *Store) Teams() *TeamRepository { return &TeamRepository{recorder{s}} }

// byHand is the source of what a person decided rather than a channel.
const byHand = "hand"

const saveTeamSQL = `INSERT INTO teams (id, workspace_id, name, guessed) VALUES (?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, guessed = excluded.guessed, version = teams.version + 1
	WHERE teams.workspace_id = excluded.workspace_id AND CAST(? AS BIGINT) IN (0, teams.version) RETURNING version`

// Save implements team.Repository. Who joins or leaves by hand has the role
// that follows from it at once.
func (r *TeamRepository) Save(ctx context.Context, t *team.Team) error {
	var version int64
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
		version, err = tx.saved(ctx, row{"teams", int64(t.ID), t.Workspace}, team.ErrNotFound, saveTeamSQL,
			int64(t.ID), int64(t.Workspace), t.Name, t.Guessed, t.Version)
		if err != nil {
			return taken(err, team.ErrNameTaken.On("name"))
		}
		before, err := joinedByHand(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		if err := saveTeamLists(ctx, tx, t); err != nil {
			return err
		}
		if !t.KeepMembers {
			moved := append(lacking(before, t.Members), lacking(t.Members, before)...)
			if err := rerank(ctx, tx, t.Workspace, moved, nil); err != nil {
				return err
			}
		}
		if err := saveTeamRoles(ctx, tx, t); err != nil {
			return err
		}
		return tx.refreshSurfaces(ctx, t.Workspace)
	})
	if err == nil {
		t.Version = version
	}
	return failed("save team", err)
}

// saveTeamLists replaces the team's queues and those members who are in by
// hand. A member who is in by a role keeps that whatever the list says.
func saveTeamLists(ctx context.Context, tx *Tx, t *team.Team) error {
	these, list := among(tx.Conn, "q.id", t.Queues)
	err := replaceList(ctx, tx, t.Queues, queue.ErrNotFound.On("queueIds"), `DELETE FROM team_queues WHERE team_id = ?`, []any{int64(t.ID)},
		`INSERT INTO team_queues (team_id, queue_id) SELECT ?, q.id FROM queues q WHERE q.workspace_id = ? AND `+these,
		[]any{int64(t.ID), int64(t.Workspace), list})
	if err != nil || t.KeepMembers {
		return err
	}
	these, list = among(tx.Conn, "m.id", t.Members)
	return replaceList(ctx, tx, t.Members, member.ErrNotFound.On("memberIds"),
		`DELETE FROM team_members WHERE source = ? AND team_id = ?`, []any{byHand, int64(t.ID)},
		`INSERT INTO team_members (source, team_id, member_id) SELECT ?, ?, m.id FROM members m WHERE m.workspace_id = ? AND `+these+`
			ON CONFLICT (member_id, team_id, source) DO UPDATE SET source = excluded.source`,
		[]any{byHand, int64(t.ID), int64(t.Workspace), list})
}

// replaceList deletes a list and inserts its new items, all at once; missing is
// what it means when one of them can't be inserted.
func replaceList[T ~int64](ctx context.Context, tx *Tx, items []T, missing error, del string, delArgs []any, ins string, insArgs []any) error {
	if _, err := tx.Exec(ctx, del, delArgs...); err != nil || len(items) == 0 {
		return err
	}
	inserted, err := tx.Affected(ctx, ins, insArgs...)
	if err == nil && inserted < int64(len(slices.Compact(slices.Sorted(slices.Values(items))))) {
		return missing
	}
	return err
}

// robbedSQL raises the version of another team that a role stood for.
const robbedSQL = `UPDATE teams SET version = version + 1 WHERE id IN (SELECT team_id FROM team_roles
	WHERE workspace_id = ? AND channel = ? AND external_id = ? AND team_id <> ?)`

const bindSQL = `INSERT INTO team_roles (workspace_id, channel, external_id, team_id) VALUES (?, ?, ?, ?)
	ON CONFLICT (workspace_id, channel, external_id) DO UPDATE SET team_id = excluded.team_id`

func saveTeamRoles(ctx context.Context, tx *Tx, t *team.Team) error {
	if _, err := tx.Exec(ctx, `DELETE FROM team_roles WHERE team_id = ?`, int64(t.ID)); err != nil {
		return err
	}
	for _, role := range t.Roles {
		if err := bind(ctx, tx, t.Workspace, t.ID, role); err != nil {
			return err
		}
	}
	return nil
}

// bind makes a role stand for a team and for no other.
func bind(ctx context.Context, tx *Tx, w id.Workspace, t id.Team, role team.Role) error {
	key := []any{int64(w), string(role.Channel), role.ExternalID, int64(t)}
	if _, err := tx.Exec(ctx, robbedSQL, key...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, bindSQL, key...)
	return err
}

// Bind implements team.Repository. Who holds the role is known to its channel
// only: they join, or leave, when they next appear.
func (r *TeamRepository) Bind(ctx context.Context, w id.Workspace, t id.Team, expected int64, role team.Role) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.saved(ctx, row{"teams", int64(t), w}, team.ErrNotFound, `UPDATE teams SET guessed = FALSE, version = version + 1
			WHERE id = ? AND workspace_id = ? AND CAST(? AS BIGINT) IN (0, version) RETURNING version`, int64(t), int64(w), expected)
		if err != nil {
			return err
		}
		if err := bind(ctx, tx, w, t, role); err != nil {
			return err
		}
		return tx.refreshSurfaces(ctx, w)
	})
	return failed("bind role", err)
}

// Unbind implements team.Repository. Who holds the role leaves when they next
// appear.
func (r *TeamRepository) Unbind(ctx context.Context, w id.Workspace, role team.Role) (bool, error) {
	var n int64
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
		key := []any{int64(w), string(role.Channel), role.ExternalID}
		if _, err := tx.Exec(ctx, robbedSQL, append(key, 0)...); err != nil {
			return err
		}
		n, err = tx.Affected(ctx, `DELETE FROM team_roles WHERE workspace_id = ? AND channel = ? AND external_id = ?`, key...)
		if err != nil || n == 0 {
			return err
		}
		return tx.refreshSurfaces(ctx, w)
	})
	return n > 0, failed("unbind role", err)
}

// Get implements team.Repository.
func (r *TeamRepository) Get(ctx context.Context, w id.Workspace, t id.Team) (*team.Team, error) {
	found, err := r.find(ctx, ` AND t.id = ?`, int64(w), int64(t))
	if err == nil && len(found) == 0 {
		err = team.ErrNotFound
	}
	if err != nil {
		return nil, failed("find team", err)
	}
	return found[0], nil
}

// List implements team.Repository.
func (r *TeamRepository) List(ctx context.Context, w id.Workspace) ([]*team.Team, error) {
	all, err := r.find(ctx, ` ORDER BY t.name, t.id`, int64(w))
	return all, failed("list teams", err)
}

// teamPartsSQL gives the lists of all teams of a workspace in one form.
const teamPartsSQL = `SELECT DISTINCT 'member', tm.team_id, tm.member_id, '', '' FROM team_members tm JOIN teams t ON t.id = tm.team_id
		WHERE t.workspace_id = ?
	UNION ALL SELECT 'queue', tq.team_id, tq.queue_id, '', '' FROM team_queues tq JOIN teams t ON t.id = tq.team_id
		WHERE t.workspace_id = ?
	UNION ALL SELECT 'role', tr.team_id, 0, tr.channel, tr.external_id FROM team_roles tr WHERE tr.workspace_id = ?
	ORDER BY 1, 2, 3, 4, 5`

const (
	teamColumns = `t.id, t.workspace_id, t.name, t.guessed, t.version`
	teamFrom    = ` FROM teams t WHERE t.workspace_id = ?`
)

func scanTeam(row scanner) (*team.Team, error) {
	t := &team.Team{}
	err := row.Scan((*int64)(&t.ID), (*int64)(&t.Workspace), &t.Name, &t.Guessed, &t.Version)
	return t, err
}

func (r *TeamRepository) find(ctx context.Context, where string, args ...any) ([]*team.Team, error) {
	c := r.store.Read(ctx)
	teams, err := collect(ctx, c, scanTeam, `SELECT `+teamColumns+teamFrom+where, args...)
	if err != nil {
		return nil, err
	}
	return teams, complete(ctx, c, teams)
}

// complete reads the lists of teams of one workspace.
func complete(ctx context.Context, c Conn, teams []*team.Team) error {
	if len(teams) == 0 {
		return nil
	}
	w := int64(teams[0].Workspace)
	byID := make(map[id.Team]*team.Team, len(teams))
	for _, t := range teams {
		byID[t.ID] = t
	}
	return c.each(ctx, func(row scanner) error { return scanTeamPart(row, byID) }, teamPartsSQL, w, w, w)
}

func scanTeamPart(row scanner, teams map[id.Team]*team.Team) error {
	var kind, channel, external string
	var of id.Team
	var item int64
	if err := row.Scan(&kind, (*int64)(&of), &item, &channel, &external); err != nil {
		return err
	}
	t := teams[of]
	switch {
	case t == nil:
	case kind == "member":
		t.Members = append(t.Members, id.Member(item))
	case kind == "queue":
		t.Queues = append(t.Queues, id.Queue(item))
	default:
		t.Roles = append(t.Roles, team.Role{Channel: event.Channel(channel), ExternalID: external})
	}
	return nil
}
