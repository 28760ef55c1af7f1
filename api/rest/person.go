package rest

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// Person is a member as others meet them.
type Person struct {
	ID        string  `json:"id" doc:"Identifies the member."`
	Name      string  `json:"name" doc:"What others call them here."`
	AvatarURL *string `json:"avatarUrl" format:"uri" doc:"Their picture; null if there is none."`
	IsService bool    `json:"isService" doc:"Whether this stands for a program and not for a person."`
}

// person shows a member; nil of nil.
func person(m *member.Member) *Person {
	if m == nil {
		return nil
	}
	return &Person{ID: external(opaque.Member, m.ID), Name: m.Name, AvatarURL: filled(m.AvatarURL), IsService: m.Service}
}

// people finds members for what names them.
type people map[id.Member]*member.Member

// meet finds the members whom a list names, all at once.
func (s *server) meet(ctx context.Context, c access.Call, named []id.Member) (people, error) {
	var wanted []id.Member
	known := people{}
	for _, m := range named {
		if _, twice := known[m]; m != 0 && !twice {
			known[m] = nil
			wanted = append(wanted, m)
		}
	}
	if len(wanted) == 0 {
		return known, nil
	}
	found, err := s.Members.Profiles(ctx, c, wanted...)
	for _, m := range found {
		known[m.ID] = m
	}
	return known, err
}

// of shows one of them; nil for the helpdesk itself.
func (p people) of(m id.Member) *Person { return person(p[m]) }
