package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// Member is a person, or a program, in the workspace.
type Member struct {
	ID        string  `json:"id" doc:"Identifies the member."`
	Name      string  `json:"name" doc:"What others call them here."`
	AvatarURL *string `json:"avatarUrl" format:"uri" doc:"Their picture; null if there is none."`
	Locale    string  `json:"locale" doc:"The language in which they are answered."`
	TimeZone  *string `json:"timeZone" doc:"The IANA time zone by whose clocks they are told moments; null: not known, or the caller is neither they nor staff."`
	Role      string  `json:"role" enum:"requester,agent,supervisor,admin" doc:"What they are here; each role may do all that those before it may."`
	IsService bool    `json:"isService" doc:"Whether this stands for a program and not for a person."`
	CreatedAt string  `json:"createdAt" format:"date-time" doc:"When the helpdesk first heard of them."`
	Version   int64   `json:"version" doc:"Rises with each change of role, language, time zone or agent profile; for If-Match."`
}

// showMember shows a member as the actor may see them.
func showMember(a access.Actor, m *member.Member) Member {
	return Member{
		ID: external(opaque.Member, m.ID), Name: m.Name, AvatarURL: filled(m.AvatarURL), Locale: string(m.Locale), Role: string(m.Role),
		TimeZone: filled(m.ZoneFor(a)), IsService: m.Service, CreatedAt: when(m.CreatedAt), Version: m.Version,
	}
}

// MyChange is what is to be different about the caller. What is left out stays as it is.
type MyChange struct {
	Expecting

	Body struct {
		Locale   *string       `json:"locale,omitempty" doc:"A language tag such as en, fr or pt-BR; channels don't change it any more."`
		TimeZone Field[string] `json:"timeZone,omitzero" doc:"An IANA time zone, e.g. Europe/Paris; null: not known, so that moments are told by the clocks of the queue."`
	} `nameHint:"MyChange"`
}

func (in *MyChange) choice() (c member.Choice) {
	if in.Body.Locale != nil {
		c.Locale = new(locale.Tag(*in.Body.Locale))
	}
	if in.Body.TimeZone.Set {
		c.Zone = &in.Body.TimeZone.Value
	}
	return c
}

// me registers what concerns the caller.
func (s *server) me() {
	myself := func(ctx context.Context, c access.Call) (shown[Member], error) {
		m, err := s.Members.Get(ctx, c, c.Actor.Member)
		if err != nil {
			return shown[Member]{}, err
		}
		body := showMember(c.Actor, m)
		return shown[Member]{&body, m.Version}, nil
	}
	fetch(s, operation{id: "getMe", path: "/me", tag: tagPeople, summary: "Show the caller", about: "Whom the access token names, or as whom the API key acts."},
		func(ctx context.Context, c access.Call, _ *struct{ Conditional }) (shown[Member], error) {
			return myself(ctx, c)
		})
	change(s, operation{id: "changeMe", method: http.MethodPatch, path: "/me", tag: tagPeople, summary: "Choose the caller's language and time zone", codes: []fault.Code{fault.Conflict, fault.Forbidden}},
		func(ctx context.Context, c access.Call, in *MyChange, version int64) (string, error) {
			return external(opaque.Member, c.Actor.Member), s.Members.Choose(ctx, c, version, in.choice())
		},
		func(ctx context.Context, c access.Call, _ *MyChange, _ string) (shown[Member], error) {
			return myself(ctx, c)
		})
}
