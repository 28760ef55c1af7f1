package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
)

// known is what the store holds of a person when a channel tells of them. Its
// parts are zero where there is nothing.
type known struct {
	account      id.Account
	member       *member.Member // nil: not in the workspace
	localeSource string
	roleSource   string
	byRole       []id.Team // joined by the channel's roles, in order
	otherwise    bool      // in a team for another reason
}

// arriveTries is how often an arrival is tried that another one of the same
// person got ahead of.
const arriveTries = 3

// Arrive implements member.Repository. It looks first, and opens a transaction
// only when there is something to write.
func (r *MemberRepository) Arrive(ctx context.Context, w id.Workspace, now time.Time, a member.Arrival) (*member.Member, error) {
	c := r.store.Read(ctx)
	k, err := r.known(ctx, c, w, a.Channel, a.ExternalID, "")
	if err != nil {
		return nil, failed("arrive", err)
	}
	want, err := r.wanted(ctx, c, w, now, k, a)
	if err != nil {
		return nil, failed("arrive", err)
	}
	if want.equal(k) {
		return k.member, nil
	}
	for try := 1; ; try++ {
		m, err := r.record(ctx, w, now, a)
		if err == nil || try == arriveTries || !UniqueViolation(err) {
			return m, failed("arrive", err)
		}
	}
}

// record looks again, with the member locked, and writes what is new.
func (r *MemberRepository) record(ctx context.Context, w id.Workspace, now time.Time, a member.Arrival) (*member.Member, error) {
	var arrived *member.Member
	err := r.store.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		linked, err := tx.holdsLink(ctx, w, a)
		if err != nil {
			return err
		}
		told := a
		if !linked {
			told.Roles, told.Admin = nil, nil
		}
		k, err := r.known(ctx, tx.Conn, w, a.Channel, a.ExternalID, tx.ForUpdate())
		if err != nil {
			return err
		}
		want, err := r.wanted(ctx, tx.Conn, w, now, k, told)
		if err != nil {
			return err
		}
		arrived = want.member
		return r.write(ctx, tx, k, want, told)
	})
	return arrived, err
}

// holdsLink reports whether the place that tells of somebody may still give them
// anything in the workspace. Until the transaction ends it is not unlinked: what it
// gives is there to be taken back then.
func (tx *Tx) holdsLink(ctx context.Context, w id.Workspace, a member.Arrival) (bool, error) {
	if a.Place == "" || a.Roles == nil && a.Admin == nil {
		return true, nil
	}
	found, err := one(ctx, tx.Conn, nil, number[int64], `SELECT 1 FROM links WHERE channel = ? AND external_id = ? AND workspace_id = ?`+
		tx.dialect.forShare, string(a.Channel), a.Place, int64(w))
	return found == 1, err
}

// known reads what the store holds of a person.
func (r *MemberRepository) known(ctx context.Context, c Conn, w id.Workspace, ch event.Channel, externalID, lock string) (known, error) {
	var k known
	account, err := one(ctx, c, nil, number[id.Account],
		`SELECT account_id FROM identities WHERE channel = ? AND external_id = ?`, string(ch), externalID)
	if err != nil || account == 0 {
		return known{}, err
	}
	k.account = account
	m := &member.Member{}
	into, finish := memberFields(m)
	err = c.QueryRow(ctx, `SELECT `+memberColumns+`, m.locale_source, m.role_source FROM members m
		WHERE m.workspace_id = ? AND m.account_id = ?`+lock, int64(w), int64(account)).
		Scan(append(into, &k.localeSource, &k.roleSource)...)
	if errors.Is(err, sql.ErrNoRows) {
		return k, nil
	}
	if err != nil {
		return known{}, err
	}
	finish()
	k.member = m
	return k, k.memberships(ctx, c, ch)
}

// memberships reads the teams that the member is in.
func (k *known) memberships(ctx context.Context, c Conn, ch event.Channel) error {
	return c.each(ctx, func(row scanner) error {
		var t id.Team
		var source string
		if err := row.Scan((*int64)(&t), &source); err != nil {
			return err
		}
		if source == string(ch) {
			k.byRole = append(k.byRole, t)
		} else {
			k.otherwise = true
		}
		return nil
	}, `SELECT team_id, source FROM team_members WHERE member_id = ? ORDER BY team_id`, int64(k.member.ID))
}

// wanted is what the store should hold after the arrival.
func (r *MemberRepository) wanted(ctx context.Context, c Conn, w id.Workspace, now time.Time, k known, a member.Arrival) (known, error) {
	want := k
	if k.member == nil {
		fallback, err := r.localeFor(ctx, w, a)
		if err != nil {
			return known{}, err
		}
		want.localeSource, want.roleSource = byChannel, byChannel
		want.member = &member.Member{Workspace: w, Account: k.account, Locale: fallback, Role: access.RoleRequester, CreatedAt: now, Version: 1}
	} else {
		copied := *k.member
		want.member = &copied
	}
	if a.Name != "" {
		want.member.Name = a.Name
	}
	want.member.AvatarURL = a.AvatarURL
	if a.Locale != "" && want.localeSource != byHand {
		want.member.Locale = a.Locale
	}
	if a.Roles != nil {
		teams, err := teamsOfRoles(ctx, c, w, a)
		if err != nil {
			return known{}, err
		}
		want.byRole = teams
	}
	want.rank(a.Admin)
	want.raise(k)
	return want, nil
}

// byChannel is the source of what follows a channel.
const byChannel = "channel"

func (r *MemberRepository) localeFor(ctx context.Context, w id.Workspace, a member.Arrival) (locale.Tag, error) {
	found, err := r.store.Workspaces().Get(ctx, w)
	if err != nil {
		return "", err
	}
	if a.Locale != "" {
		return a.Locale, nil
	}
	return found.Locale, nil
}

func teamsOfRoles(ctx context.Context, c Conn, w id.Workspace, a member.Arrival) ([]id.Team, error) {
	these, list := amongTexts(c, "external_id", a.Roles)
	return collect(ctx, c, number[id.Team], `SELECT DISTINCT team_id FROM team_roles
		WHERE workspace_id = ? AND channel = ? AND `+these+` ORDER BY team_id`, int64(w), string(a.Channel), list)
}

// rank gives the role that follows from the teams and from what the channel
// says, unless it was given by hand. Nil admin: as it was.
func (k *known) rank(admin *bool) {
	if k.roleSource == byHand {
		return
	}
	isAdmin := k.member.Role == access.RoleAdmin
	if admin != nil {
		isAdmin = *admin
	}
	switch {
	case isAdmin:
		k.member.Role = access.RoleAdmin
	case len(k.byRole) > 0 || k.otherwise:
		k.member.Role = access.RoleAgent
	default:
		k.member.Role = access.RoleRequester
	}
}

// raise gives the member the next version if something changed that raises it.
func (k *known) raise(before known) {
	if was := before.member; was != nil && (was.Role != k.member.Role || was.Locale != k.member.Locale) {
		k.member.Version = was.Version + 1
	}
}

func (k *known) equal(other known) bool {
	return other.member != nil && *k.member == *other.member && slices.Equal(k.byRole, other.byRole)
}
