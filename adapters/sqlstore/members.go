package sqlstore

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// MemberRepository stores accounts, identities, members and agent profiles.
type MemberRepository struct{ recorder }

var _ member.Repository = (*MemberRepository)(nil)

// Members gives the store's members.
func (s *Store) Members() *MemberRepository { return &MemberRepository{recorder{s}} }

const (
	memberColumns = `m.id, m.workspace_id, m.account_id, m.name, m.avatar_url, m.locale, m.time_zone, m.role, m.service, m.created_at, m.version`
	memberSQL     = `SELECT ` + memberColumns + ` FROM members m`
)

// memberFields gives where memberColumns go, and what is to be done then.
func memberFields(m *member.Member) (into []any, finish func()) {
	var created int64
	into = []any{
		(*int64)(&m.ID), (*int64)(&m.Workspace), (*int64)(&m.Account), &m.Name, &m.AvatarURL,
		(*string)(&m.Locale), &m.Zone, (*string)(&m.Role), &m.Service, &created, &m.Version,
	}
	return into, func() { m.CreatedAt = Moment(created) }
}

func scanMember(row scanner) (*member.Member, error) {
	m := &member.Member{}
	into, finish := memberFields(m)
	if err := row.Scan(into...); err != nil {
		return nil, err
	}
	finish()
	return m, nil
}

// Get implements member.Repository.
func (r *MemberRepository) Get(ctx context.Context, w id.Workspace, ids ...id.Member) ([]*member.Member, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "m.id", ids)
	found, err := collect(ctx, c, scanMember, memberSQL+` WHERE m.workspace_id = ? AND `+these, int64(w), list)
	return found, failed("find members", err)
}

// ByIdentity implements member.Repository.
func (r *MemberRepository) ByIdentity(ctx context.Context, w id.Workspace, c event.Channel, externalID string) (*member.Member, error) {
	m, err := one(ctx, r.store.Read(ctx), member.ErrNotFound, scanMember, memberSQL+` JOIN identities i ON i.account_id = m.account_id
		WHERE i.channel = ? AND i.external_id = ? AND m.workspace_id = ?`, string(c), externalID, int64(w))
	if err != nil {
		return nil, failed("find member", err)
	}
	return m, nil
}

// Identities implements member.Repository.
func (r *MemberRepository) Identities(ctx context.Context, w id.Workspace, ch event.Channel, ids ...id.Member) (map[id.Member]string, error) {
	c := r.store.Read(ctx)
	these, list := among(c, "m.id", ids)
	found := make(map[id.Member]string, len(ids))
	err := c.each(ctx, func(row scanner) error {
		var of id.Member
		var external string
		err := row.Scan((*int64)(&of), &external)
		found[of] = external
		return err
	}, `SELECT m.id, MIN(i.external_id) FROM members m JOIN identities i ON i.account_id = m.account_id AND i.channel = ?
		WHERE m.workspace_id = ? AND `+these+` GROUP BY m.id`, string(ch), int64(w), list)
	return found, failed("find identities", err)
}

var memberAspects = map[query.Field]aspect{
	query.FieldID:         {column: "m.id", ordered: true},
	member.FieldName:      {column: "m.name", text: true},
	member.FieldRole:      {column: "m.role", text: true},
	member.FieldLocale:    {column: "m.locale", text: true},
	member.FieldService:   {column: "CASE WHEN m.service THEN 1 ELSE 0 END"},
	member.FieldCreatedAt: {column: "m.created_at", ordered: true},
	member.FieldTeam:      {column: "tm.team_id", list: "m.id IN (SELECT tm.member_id FROM team_members tm WHERE "},
	member.FieldAvailability: {
		column: "a.availability", text: true, list: "m.id IN (SELECT a.member_id FROM agents a WHERE ",
	},
}

func memberList() listing[*member.Member] {
	return listing[*member.Member]{
		terms: terms{aspects: memberAspects}, columns: memberColumns, from: ` FROM members m WHERE m.workspace_id = ?`,
		scan: scanMember, order: member.Terms(),
	}
}

// Page implements member.Repository.
func (r *MemberRepository) Page(ctx context.Context, w id.Workspace, q query.Query, p page.Window) (page.Page[*member.Member], error) {
	found, err := memberList().page(ctx, r.store.Read(ctx), q, p, int64(w))
	return found, failed("list members", err)
}

// Count implements member.Repository.
func (r *MemberRepository) Count(ctx context.Context, w id.Workspace, where query.Where) (int, error) {
	n, err := memberList().count(ctx, r.store.Read(ctx), where, int64(w))
	return n, failed("count members", err)
}
