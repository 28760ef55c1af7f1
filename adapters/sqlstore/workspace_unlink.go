package sqlstore

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// Unlink implements workspace.Repository. Work is wished for every open ticket, also
// those that have no place: one may just be made for them.
func (r *WorkspaceRepository) Unlink(ctx context.Context, l workspace.Link, by id.Member, expected int64) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if err := r.takeLink(ctx, tx, l, by, expected); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO unlinked (channel, external_id, workspace_id, unlinked_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (channel, external_id) DO UPDATE SET workspace_id = excluded.workspace_id, unlinked_at = excluded.unlinked_at`,
			string(l.Channel), l.ExternalID, int64(l.Workspace), Micros(l.At))
		if err != nil {
			return err
		}
		return tx.refresh(ctx, `SELECT ticket_id, channel FROM surfaces WHERE workspace_id = ? AND channel = ? AND place = ?
			UNION SELECT id, channel FROM tickets WHERE workspace_id = ? AND channel = ? AND status <> 'closed'`,
			l.Workspace, string(l.Channel), l.ExternalID, int64(l.Workspace), string(l.Channel))
	})
	return failed("unlink workspace", err)
}

// Release implements workspace.Repository.
func (r *WorkspaceRepository) Release(ctx context.Context, l workspace.Link, by id.Member) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		used, err := number[int64](tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE workspace_id = ? LIMIT 1) t`, int64(l.Workspace)))
		if err != nil {
			return err
		}
		if used > 0 {
			return workspace.ErrLinked
		}
		return r.takeLink(ctx, tx, l, by, 0)
	})
	return failed("release a place", err)
}

// takeLink takes a link away, and with it what the place gave. The workspace shows
// new tickets nowhere then, and has nothing to tell of the channel.
func (r *WorkspaceRepository) takeLink(ctx context.Context, tx *Tx, l workspace.Link, by id.Member, expected int64) error {
	tx.Signal(workspace.LinksTopic)
	n, err := tx.Affected(ctx, `DELETE FROM links WHERE channel = ? AND external_id = ? AND workspace_id = ?`,
		string(l.Channel), l.ExternalID, int64(l.Workspace))
	if err := changed(n, err, workspace.ErrNoLink); err != nil {
		return err
	}
	n, err = tx.Affected(ctx, `UPDATE workspaces SET version = version + 1, channel = CASE WHEN channel = ? THEN 'api' ELSE channel END
		WHERE id = ? AND CAST(? AS BIGINT) IN (0, version)`, string(l.Channel), int64(l.Workspace), expected)
	if err != nil {
		return err
	}
	if n == 0 {
		found, err := r.Get(ctx, l.Workspace)
		if err != nil {
			return err
		}
		return fault.Outdated(found.Version)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM channel_reports WHERE workspace_id = ? AND channel = ?`, int64(l.Workspace), string(l.Channel)); err != nil {
		return err
	}
	return tx.withdraw(ctx, l.Workspace, l.Channel, by)
}

// withdraw takes back what a channel's place gave the workspace's people: the teams
// that its roles stood for, the roles in the helpdesk that followed from it, and the
// codes of who is no administrator any more. Who does it stays what they are, and is
// so by hand from now on: somebody has to administer the workspace.
func (tx *Tx) withdraw(ctx context.Context, w id.Workspace, ch event.Channel, by id.Member) error {
	tx.Signal(access.Topic(w))
	if _, err := tx.Exec(ctx, `UPDATE members SET role_source = ? WHERE id = ? AND workspace_id = ? AND role = 'admin'`,
		byHand, int64(by), int64(w)); err != nil {
		return err
	}
	people, err := collect(ctx, tx.Conn, number[id.Member], `SELECT m.id FROM members m WHERE m.workspace_id = ? AND (
		m.role_source = ? AND m.role <> 'requester' OR EXISTS (SELECT 1 FROM team_members tm WHERE tm.member_id = m.id AND tm.source = ?))`,
		int64(w), byChannel, string(ch))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM team_members WHERE source = ? AND team_id IN (SELECT id FROM teams WHERE workspace_id = ?)`,
		string(ch), int64(w)); err != nil {
		return err
	}
	none := false
	if err := rerank(ctx, tx, w, people, &none); err != nil {
		return err
	}
	if err := tx.unbindAll(ctx, w, ch); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM link_codes WHERE workspace_id = ? AND NOT EXISTS (SELECT 1 FROM members m
		WHERE m.id = link_codes.member_id AND m.workspace_id = link_codes.workspace_id AND m.role = 'admin')`, int64(w))
	return err
}

// unbindAll lets no role of the channel stand for a team of the workspace any more.
func (tx *Tx) unbindAll(ctx context.Context, w id.Workspace, ch event.Channel) error {
	teams, err := tx.store.Teams().List(ctx, w)
	if err != nil {
		return err
	}
	before, after := audit.State{}, audit.State{}
	for _, t := range teams {
		left := slices.DeleteFunc(slices.Clone(t.Roles), func(r team.Role) bool { return r.Channel == ch })
		if len(left) < len(t.Roles) {
			o := audit.Object{Kind: audit.Team, ID: int64(t.ID)}
			before[o], after[o] = audit.Facts{"roles": team.RolesText(t.Roles)}, audit.Facts{"roles": team.RolesText(left)}
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE teams SET version = version + 1 WHERE id IN (SELECT team_id FROM team_roles
		WHERE workspace_id = ? AND channel = ?)`, int64(w), string(ch)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM team_roles WHERE workspace_id = ? AND channel = ?`, int64(w), string(ch)); err != nil {
		return err
	}
	if tx.caller == nil {
		return nil
	}
	return tx.record(ctx, audit.Between(*tx.caller, before, after))
}
