package auth_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
)

// notes are tokens that anybody can read, and that end as real ones do.
type notes struct{ issued map[string]auth.Subject }

func (n notes) Issue(_ context.Context, s auth.Subject, _ time.Time) (string, error) {
	n.issued["token"] = s
	return "token", nil
}

func (n notes) Verify(_ context.Context, token string, now time.Time) (auth.Subject, error) {
	s, ok := n.issued[token]
	switch {
	case !ok:
		return auth.Subject{}, auth.ErrToken
	case !now.Before(s.ExpiresAt):
		return auth.Subject{}, access.ErrExpired
	}
	return s, nil
}

// crew knows the actors of one workspace and the service members of roles; any
// other call is a mistake.
type crew struct {
	member.Repository

	actors map[id.Member]access.Actor
}

func (c crew) Actor(_ context.Context, w id.Workspace, m id.Member) (access.Actor, error) {
	if a, ok := c.actors[m]; ok && a.Workspace == w {
		return a, nil
	}
	return access.Actor{}, member.ErrNotFound
}

func (c crew) Service(_ context.Context, w id.Workspace, r access.Role, _ time.Time) (*member.Member, error) {
	m := id.Member(100)
	c.actors[m] = access.Actor{Workspace: w, Member: m, Role: r}
	return &member.Member{ID: m, Workspace: w, Role: r, Service: true}, nil
}

const home id.Workspace = 1

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func door() (*auth.Service, crew) {
	c := crew{actors: map[id.Member]access.Actor{7: {Workspace: home, Member: 7, Role: access.RoleAgent}}}
	return auth.NewService(notes{issued: map[string]auth.Subject{}}, c, nil, nil, nil), c
}

func TestATokenOpensTheDoorToItsMember(t *testing.T) {
	service, _ := door()
	token, err := service.IssueFor(t.Context(), home, 7, "", time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	let, err := service.Authenticate(t.Context(), token, now.Add(time.Minute))
	actor, until := let.Actor, let.ExpiresAt
	if err != nil || actor.Member != 7 || actor.Role != access.RoleAgent || !until.Equal(now.Add(time.Hour)) {
		t.Errorf("the token is %+v's until %v, %v", actor, until, err)
	}
}

func TestARoleHasAServiceMember(t *testing.T) {
	service, _ := door()
	token, err := service.IssueFor(t.Context(), home, 0, access.RoleAdmin, auth.DefaultTTL, now)
	if err != nil {
		t.Fatal(err)
	}
	if let, err := service.Authenticate(t.Context(), token, now); err != nil || let.Actor.Role != access.RoleAdmin || let.Actor.Member != 100 {
		t.Errorf("the token is %+v's, %v", let.Actor, err)
	}
}

func TestATokenOfNobodyOpensNothing(t *testing.T) {
	service, people := door()
	token, err := service.IssueFor(t.Context(), home, 7, "", time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what, token string, at time.Time, want error) {
		t.Helper()
		let, err := service.Authenticate(t.Context(), token, at)
		actor, until := let.Actor, let.ExpiresAt
		if !errors.Is(err, want) || fault.CodeOf(err) != fault.Unauthenticated || actor.Known() || !until.IsZero() {
			t.Errorf("%s gives %+v until %v, %v; want %v", what, actor, until, err, want)
		}
	}
	refused("a forged token", "forged", now, auth.ErrToken)
	refused("an old token", token, now.Add(time.Hour), access.ErrExpired)
	delete(people.actors, 7)
	refused("the token of a member who is gone", token, now, auth.ErrToken)
}

func TestTokensThatMakeNoSenseAreNotIssued(t *testing.T) {
	service, _ := door()
	for name, try := range map[string]struct {
		in   id.Workspace
		m    id.Member
		role access.Role
		ttl  time.Duration
		want fault.Code
	}{
		"no time":                    {home, 7, "", 0, fault.Invalid},
		"less than no time":          {home, 7, "", -time.Second, fault.Invalid},
		"for ever":                   {home, 7, "", auth.MaxTTL + 1, fault.Invalid},
		"an unknown role":            {home, 0, "owner", time.Hour, fault.Invalid},
		"an unknown member":          {home, 8, "", time.Hour, fault.NotFound},
		"another workspace's member": {home + 1, 7, "", time.Hour, fault.NotFound},
	} {
		if token, err := service.IssueFor(t.Context(), try.in, try.m, try.role, try.ttl, now); fault.CodeOf(err) != try.want || token != "" {
			t.Errorf("%s: %q, %v; want %s", name, token, err, try.want)
		}
	}
}
