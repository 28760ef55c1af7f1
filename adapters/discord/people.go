package discord

import (
	"context"
	"strings"
	"unicode"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
)

// person is somebody as Discord just described them.
type person struct {
	guild  wire.ID
	user   *wire.User
	member *wire.Member // nil: unknown
	locale string       // of their client, "" if unknown
	admin  *bool        // may manage the guild; nil: as member says, if it does
}

// arrive records somebody as Discord describes them.
func (a *Adapter) arrive(ctx context.Context, c access.Call, p person) (*member.Member, error) {
	return a.Members.Arrive(ctx, c, arrivalOf(p))
}

func arrivalOf(p person) member.Arrival {
	arrival := member.Arrival{
		Channel: event.ChannelDiscord, ExternalID: string(p.user.ID), Place: string(p.guild),
		Name: p.member.Name(p.user), AvatarURL: p.member.AvatarURL(p.guild, p.user), Locale: locale.Tag(p.locale),
	}
	if p.member != nil {
		arrival.Roles = p.member.RoleIDs()
		arrival.Admin = p.admin
		if may := p.member.Permissions; may != nil {
			admin := mayManage(*may)
			arrival.Admin = &admin
		}
	}
	return arrival
}

// actor records somebody and gives them as who acts now.
func (a *Adapter) actor(ctx context.Context, c access.Call, p person) (*member.Member, access.Actor, error) {
	as := arrivalOf(p)
	known, turn := a.known.find(c.Actor.Workspace, as)
	if known != nil {
		return known.member, known.actor, nil
	}
	m, err := a.Members.Arrive(ctx, c, as)
	if err != nil {
		return nil, access.Actor{}, err
	}
	actor, err := a.Members.ActorOf(ctx, c, m.ID)
	if err == nil {
		a.known.meet(c.Actor.Workspace, turn, acquaintance{as: as, member: m, actor: actor})
	}
	return m, actor, err
}

// memberAdd follows also who was here before.
func (in *inbox) memberAdd(ctx context.Context, m *wire.Member) error {
	if err := in.memberUpdate(ctx, m); err != nil || m.User == nil {
		return err
	}
	c, ok, err := in.callIn(ctx, m.GuildID)
	if !ok {
		return err
	}
	return in.returned(ctx, c, m)
}

// memberUpdate follows the changes of those who are known, and of those who
// become staff.
func (in *inbox) memberUpdate(ctx context.Context, m *wire.Member) error {
	if m.User == nil {
		return nil
	}
	if me, err := in.me(ctx); err == nil && m.User.ID == me {
		return in.rightsChanged(ctx, &guildEvent{GuildID: m.GuildID})
	}
	c, ok, err := in.callIn(ctx, m.GuildID)
	if !ok || m.User.Bot {
		return err
	}
	was, concerns, err := in.concerns(ctx, c, m)
	if err != nil || !concerns {
		return err
	}
	now, err := in.arriveRanked(ctx, c, person{guild: m.GuildID, user: m.User, member: m})
	if err != nil || was == nil || was.Role == now.Role {
		return err
	}
	return in.wishAll(ctx, c)
}

// concerns gives the member as the helpdesk knows them, nil if not yet, and
// reports whether it has to know them.
func (in *inbox) concerns(ctx context.Context, c access.Call, m *wire.Member) (*member.Member, bool, error) {
	was, err := in.Members.ByIdentity(ctx, c, event.ChannelDiscord, string(m.User.ID))
	if fault.CodeOf(err) != fault.NotFound {
		return was, err == nil, err
	}
	teams, err := in.Teams.List(ctx, c)
	return nil, err == nil && holdsOne(m, boundRoles(teams)), err
}

// callIn is a call of the helpdesk itself in the guild's workspace; false if it
// has none.
func (a *Adapter) callIn(ctx context.Context, guild wire.ID) (access.Call, bool, error) {
	w, err := a.workspaceOf(ctx, guild)
	if fault.CodeOf(err) == fault.NotFound {
		return access.Call{}, false, nil
	}
	if err != nil {
		return access.Call{}, false, err
	}
	return a.system(w), true, nil
}

// staffRole reports whether a role is named like support staff, in any of the
// catalogues' languages.
func (a *Adapter) staffRole(name string) bool {
	words := strings.FieldsFunc(fold(name), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, list := range a.Catalogue.All("discord.roles.staff") {
		for known := range strings.SplitSeq(list, ",") {
			known = fold(strings.TrimSpace(known))
			for _, w := range words {
				if w == known || w == known+"s" {
					return true
				}
			}
		}
	}
	return false
}

// fold makes names comparable: without case and without the accents of Latin letters.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		if i := strings.IndexRune(accented, r); i >= 0 {
			return rune(plain[len([]rune(accented[:i]))])
		}
		return r
	}, s)
}

const (
	accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿčďěňřšťžąćęłńśźż"
	plain    = "aaaaaaceeeeiiiinoooooouuuuyycdenrstzacelnszz"
)
