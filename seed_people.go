package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
)

// Who is made: one member for some tickets, within bounds, and a team of agents.
const (
	seedTicketsPerMember = 20
	fewestSeedMembers    = 20
	mostSeedMembers      = 5000
	seedAgents           = 12
)

// seedPeople are those who ask and those who answer.
type seedPeople struct {
	members    []*member.Member
	agents     []*member.Member
	categories []*category.Category
}

// newSeeding makes the people. Those of an earlier seeding are found again.
func (a *app) newSeeding(ctx context.Context, w id.Workspace, plan seedPlan) (*seeding, error) {
	s := &seeding{app: a, plan: plan, workspace: w, rand: rand.New(rand.NewPCG(plan.seed, uint64(plan.tickets)))} //nolint:gosec // made-up data, the same each time
	call := access.Call{Actor: access.System(w), Now: a.now(), Origin: event.Origin{Channel: event.ChannelSystem}}
	var err error
	if s.people.categories, err = a.categories.List(ctx, call, false); err != nil {
		return nil, err
	}
	for i := range min(max(plan.tickets/seedTicketsPerMember, fewestSeedMembers), mostSeedMembers) {
		m, err := s.enters(ctx, call, fmt.Sprintf("seed/member/%d", i), i)
		if err != nil {
			return nil, err
		}
		s.people.members = append(s.people.members, m)
	}
	for i := range seedAgents {
		m, err := s.enters(ctx, call, fmt.Sprintf("seed/agent/%d", i), mostSeedMembers+i)
		if err != nil {
			return nil, err
		}
		s.people.agents = append(s.people.agents, m)
	}
	return s, s.staff(ctx, call)
}

func (s *seeding) enters(ctx context.Context, c access.Call, external string, i int) (*member.Member, error) {
	languages := seedLanguages()
	language := languages[i%len(languages)]
	name := language.given[i%len(language.given)] + " " + language.family[i/len(language.given)%len(language.family)]
	return s.members.Arrive(ctx, c, member.Arrival{
		Channel: event.ChannelAPI, ExternalID: external, Name: name, Locale: locale.Tag(language.tag),
	})
}

// staff puts the agents into every team, which is what seeing all queues takes.
func (s *seeding) staff(ctx context.Context, c access.Call) error {
	for _, m := range s.people.agents {
		if m.Role.AtLeast(access.RoleAgent) {
			continue
		}
		if err := s.members.SetRole(ctx, c, member.Ref{ID: m.ID}, access.RoleAgent); err != nil {
			return err
		}
	}
	teams, err := s.teams.List(ctx, c)
	if err != nil {
		return err
	}
	for _, t := range teams {
		changed := *t
		changed.Version = 0
		for _, m := range s.people.agents {
			if !slices.Contains(changed.Members, m.ID) {
				changed.Members = append(changed.Members, m.ID)
			}
		}
		if _, err := s.teams.Save(ctx, c, changed); err != nil {
			return err
		}
	}
	return nil
}
