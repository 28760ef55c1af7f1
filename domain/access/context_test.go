package access_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
)

func TestSessionIsRefusedUnlessSomebodyAsksInTime(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	somebody := access.Actor{Workspace: 1, Member: 2, Role: access.RoleAgent}
	outage := errors.New("store is down")
	for name, c := range map[string]struct {
		session access.Session
		want    error
	}{
		"valid":             {access.Session{Actor: somebody, ExpiresAt: noon.Add(time.Second)}, nil},
		"over at this time": {access.Session{Actor: somebody, ExpiresAt: noon}, access.ErrExpired},
		"nobody":            {access.Session{ExpiresAt: noon.Add(time.Hour)}, access.ErrNobody},
		"refused":           {access.Session{Actor: somebody, ExpiresAt: noon.Add(time.Hour), Refusal: outage}, outage},
	} {
		if err := c.session.Check(noon); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestContextCarriesTheSession(t *testing.T) {
	s := access.Session{Actor: access.Actor{Workspace: 1, Member: 2, Role: access.RoleAdmin}}
	if got := access.FromContext(access.NewContext(t.Context(), s)); got.Actor.Member != 2 {
		t.Errorf("the session was lost: %+v", got)
	}
	if err := access.FromContext(t.Context()).Check(time.Time{}); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("a request without a session is somebody: %v", err)
	}
}

func TestBearer(t *testing.T) {
	for value, want := range map[string]string{
		"Bearer abc": "abc", "bearer abc": "abc", "  BEARER   a.b-c  ": "a.b-c",
		"": "", "Bearer": "", "Bearer ": "", "Basic abc": "", "abc": "", "Bearerabc": "",
	} {
		if token, ok := access.Bearer(value); ok != (want != "") || ok && token != want {
			t.Errorf("%q gives %q, %v, want %q", value, token, ok, want)
		}
	}
}
