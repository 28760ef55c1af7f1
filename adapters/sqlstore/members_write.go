package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
)

// write brings the store from what it holds to what it should hold.
func (r *MemberRepository) write(ctx context.Context, tx *Tx, k, want known, a member.Arrival) error {
	if k.account == 0 {
		account, err := r.newAccount(ctx, tx, want.member.CreatedAt)
		if err != nil {
			return err
		}
		want.member.Account = account
		_, err = tx.Exec(ctx, `INSERT INTO identities (channel, external_id, account_id) VALUES (?, ?, ?)`,
			string(a.Channel), a.ExternalID, int64(account))
		if err != nil {
			return err
		}
	}
	switch {
	case k.member == nil:
		want.member.ID = id.Member(r.store.ids.next())
		if err := insertMember(ctx, tx, want); err != nil {
			return err
		}
	case *k.member != *want.member:
		if err := updateMember(ctx, tx, want.member); err != nil {
			return err
		}
		if k.member.Name != want.member.Name {
			if err := tx.nameFound(ctx, want.member.Workspace, want.member.ID, want.member.Name); err != nil {
				return err
			}
		}
	}
	if err := moveTeams(ctx, tx, want.member.ID, string(a.Channel), k.byRole, want.byRole); err != nil {
		return err
	}
	return tx.moved(ctx, k, want, a.Channel)
}

// moved records that a channel gave somebody another role, and refreshes the
// workspace's surfaces if what they see by their role or their teams changed. Who
// is new sees nothing by either unless they are staff.
func (tx *Tx) moved(ctx context.Context, before, after known, ch event.Channel) error {
	role := access.RoleRequester
	if before.member != nil {
		role = before.member.Role
	}
	if role == after.member.Role && slices.Equal(before.byRole, after.byRole) {
		return nil
	}
	if err := tx.record(ctx, tx.roleChange(after.member.Workspace, after.member.ID, ch, role, after.member.Role)); err != nil {
		return err
	}
	return tx.refreshSurfaces(ctx, after.member.Workspace)
}

func (r *MemberRepository) newAccount(ctx context.Context, tx *Tx, now time.Time) (id.Account, error) {
	account := r.store.ids.next()
	_, err := tx.Exec(ctx, `INSERT INTO accounts (id, created_at) VALUES (?, ?)`, account, Micros(now))
	return id.Account(account), err
}

func insertMember(ctx context.Context, tx *Tx, k known) error {
	m := k.member
	_, err := tx.Exec(ctx, `INSERT INTO members
		(id, workspace_id, account_id, name, avatar_url, locale, locale_source, role, role_source, service, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(m.ID), int64(m.Workspace), int64(m.Account), m.Name, m.AvatarURL, string(m.Locale), k.localeSource,
		string(m.Role), k.roleSource, m.Service, Micros(m.CreatedAt))
	if err != nil {
		return err
	}
	return tx.nameFound(ctx, m.Workspace, m.ID, m.Name)
}

func updateMember(ctx context.Context, tx *Tx, m *member.Member) error {
	_, err := tx.Exec(ctx, `UPDATE members SET name = ?, avatar_url = ?, locale = ?, role = ?, version = ?
		WHERE id = ? AND workspace_id = ?`, m.Name, m.AvatarURL, string(m.Locale), string(m.Role), m.Version, int64(m.ID), int64(m.Workspace))
	return err
}

// moveTeams replaces the memberships that come from a channel's roles.
func moveTeams(ctx context.Context, tx *Tx, m id.Member, source string, from, to []id.Team) error {
	for _, t := range from {
		if slices.Contains(to, t) {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM team_members WHERE member_id = ? AND team_id = ? AND source = ?`,
			int64(m), int64(t), source); err != nil {
			return err
		}
	}
	for _, t := range to {
		if slices.Contains(from, t) {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO team_members (member_id, team_id, source) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
			int64(m), int64(t), source); err != nil {
			return err
		}
	}
	return nil
}

// Leave implements member.Repository.
func (r *MemberRepository) Leave(ctx context.Context, w id.Workspace, _ time.Time, ch event.Channel, externalID string) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		k, err := r.known(ctx, tx.Conn, w, ch, externalID, tx.ForUpdate())
		if err != nil || k.member == nil {
			return err
		}
		if err := moveTeams(ctx, tx, k.member.ID, string(ch), k.byRole, nil); err != nil {
			return err
		}
		left, leaver, no := k, *k.member, false
		left.member, left.byRole = &leaver, nil
		left.rank(&no)
		left.raise(k)
		if leaver != *k.member {
			if err := updateMember(ctx, tx, &leaver); err != nil {
				return err
			}
		}
		return tx.moved(ctx, k, left, ch)
	})
	return failed("leave", err)
}

// Service implements member.Repository.
func (r *MemberRepository) Service(ctx context.Context, w id.Workspace, role access.Role, now time.Time) (*member.Member, error) {
	const find = memberSQL + ` WHERE m.workspace_id = ? AND m.role = ? AND m.service`
	m, err := one(ctx, r.store.Read(ctx), member.ErrNotFound, scanMember, find, int64(w), string(role))
	if err == nil {
		return m, nil
	}
	err = r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		m, err = one(ctx, tx.Conn, nil, scanMember, find, int64(w), string(role))
		if err != nil || m != nil {
			return err
		}
		m, err = r.newService(ctx, tx, w, role, now)
		return err
	})
	if UniqueViolation(err) { // another process was first
		m, err = one(ctx, r.store.Read(ctx), member.ErrNotFound, scanMember, find, int64(w), string(role))
	}
	if err != nil {
		return nil, failed("service member", err)
	}
	return m, nil
}

func (r *MemberRepository) newService(ctx context.Context, tx *Tx, w id.Workspace, role access.Role, now time.Time) (*member.Member, error) {
	home, err := r.store.Workspaces().Get(ctx, w)
	if err != nil {
		return nil, err
	}
	account, err := r.newAccount(ctx, tx, now)
	if err != nil {
		return nil, err
	}
	m := &member.Member{
		ID: id.Member(r.store.ids.next()), Workspace: w, Account: account, Name: "API (" + string(role) + ")",
		Locale: home.Locale, Role: role, Service: true, CreatedAt: now, Version: 1,
	}
	return m, insertMember(ctx, tx, known{member: m, localeSource: byHand, roleSource: byHand})
}

// SetRole implements member.Repository. A service member keeps the role that it
// stands for: it is not found.
func (r *MemberRepository) SetRole(ctx context.Context, ref member.Ref, role access.Role) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		before, err := lockMember(ctx, tx, ref)
		if err == nil && before.Service {
			err = member.ErrNotFound
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE members SET role = ?, role_source = 'hand', version = version + 1 WHERE id = ?`,
			string(role), int64(ref.ID)); err != nil {
			return err
		}
		if before.Role == role {
			return nil
		}
		return tx.refreshSurfaces(ctx, ref.Workspace)
	})
	return failed("set role", err)
}

// lockMember reads a member, who is then the transaction's own.
func lockMember(ctx context.Context, tx *Tx, r member.Ref) (*member.Member, error) {
	m, err := one(ctx, tx.Conn, member.ErrNotFound, scanMember,
		memberSQL+` WHERE m.id = ? AND m.workspace_id = ?`+tx.ForUpdate(), int64(r.ID), int64(r.Workspace))
	switch {
	case err != nil:
		return nil, err
	case r.Version != 0 && r.Version != m.Version:
		return nil, fault.Outdated(m.Version)
	}
	return m, nil
}

// Choose implements member.Repository.
func (r *MemberRepository) Choose(ctx context.Context, ref member.Ref, choice member.Choice) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		m, err := lockMember(ctx, tx, ref)
		if err != nil || choice == (member.Choice{}) {
			return err
		}
		set, values := "version = version + 1", []any{}
		if choice.Locale != nil {
			set, values = set+", locale = ?, locale_source = 'hand'", append(values, string(*choice.Locale))
		}
		if choice.Zone != nil {
			set, values = set+", time_zone = ?", append(values, *choice.Zone)
		}
		tx.Signal(access.Topic(ref.Workspace)) // what is known of an actor has the language and the zone, too
		_, err = tx.Exec(ctx, `UPDATE members SET `+set+` WHERE id = ?`, append(values, int64(m.ID))...)
		return err
	})
	return failed("store what a member chose", err)
}

// SaveAgent implements member.Repository.
func (r *MemberRepository) SaveAgent(ctx context.Context, ref member.Ref, a *member.Agent) error {
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := lockMember(ctx, tx, ref); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE members SET version = version + 1 WHERE id = ?`, int64(ref.ID)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO agents (member_id, skills, languages, availability, capacity) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (member_id) DO UPDATE SET skills = excluded.skills, languages = excluded.languages,
				availability = excluded.availability, capacity = excluded.capacity`,
			int64(ref.ID), listText(a.Skills), listText(a.Languages), string(a.Availability), a.Capacity)
		return err
	})
	return failed("save agent", err)
}

// Agents implements member.Repository.
func (r *MemberRepository) Agents(ctx context.Context, w id.Workspace, ids ...id.Member) (map[id.Member]*member.Agent, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "m.id", ids)
	found := make(map[id.Member]*member.Agent, len(ids))
	err := c.each(ctx, func(row scanner) error {
		a := &member.Agent{}
		var skills, languages string
		if err := row.Scan((*int64)(&a.Member), &skills, &languages, (*string)(&a.Availability), &a.Capacity); err != nil {
			return err
		}
		found[a.Member] = a
		if err := fromJSON(skills, &a.Skills); err != nil {
			return err
		}
		return fromJSON(languages, &a.Languages)
	}, `SELECT a.member_id, a.skills, a.languages, a.availability, a.capacity
		FROM agents a JOIN members m ON m.id = a.member_id WHERE m.workspace_id = ? AND `+these, int64(w), list)
	return found, failed("find agents", err)
}
