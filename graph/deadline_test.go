package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/graph"
)

// stalled is a client of whom it is known how long each write may wait.
type stalled struct {
	*httptest.ResponseRecorder

	deadline  time.Time
	writes    int
	unbounded int
	fails     bool // after the first write
}

func (s *stalled) SetWriteDeadline(t time.Time) error { s.deadline = t; return nil }

func (s *stalled) Write(b []byte) (int, error) {
	if s.writes++; s.fails && s.writes > 1 {
		return 0, errors.New("i/o timeout")
	}
	if wait := time.Until(s.deadline); wait <= 0 || wait > time.Minute {
		s.unbounded++
	}
	s.deadline = time.Time{} // the next write needs one of its own
	return s.ResponseRecorder.Write(b)
}

func (s *stalled) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

func (h *house) stalls(t *testing.T, s *stalled, who *member.Member, query, accept string, v vars) {
	t.Helper()
	body, _ := json.Marshal(map[string]any{"query": query, "variables": v})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", accept)
	r.Header.Set("Authorization", "Bearer "+who.Name)
	h.ServeHTTP(s, r)
	if ctx.Err() != nil {
		t.Error("it does not end by itself")
	}
}

func TestNoWriteWaitsForAClientForEver(t *testing.T) {
	h := sqlite(t)
	for _, accept := range []string{"application/json", "text/event-stream"} {
		s := &stalled{ResponseRecorder: httptest.NewRecorder()}
		h.stalls(t, s, h.Lea, `{ viewer { name } }`, accept, nil)
		if s.writes == 0 || s.unbounded > 0 {
			t.Errorf("%s: %d of %d writes may wait for ever", accept, s.unbounded, s.writes)
		}
	}
}

func TestAStreamEndsWhenItsClientAcceptsNothing(t *testing.T) {
	h := sqlite(t)
	h.services.Limits.Ping = 10 * time.Millisecond
	h.handler = graph.NewHandler(h.services)
	tk := h.Opens(t, h.Lea, h.Help)
	s := &stalled{ResponseRecorder: httptest.NewRecorder(), fails: true}
	h.stalls(t, s, h.Lea, follow, "text/event-stream", vars{"t": ticketID(tk)})
	if s.writes != 2 { // the beginning, and a sign of life that is not accepted
		t.Errorf("%d writes", s.writes)
	}
}
