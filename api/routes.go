package api

import (
	"context"
	"net/http"
	"time"
)

// readyTimeout is how long a look at readiness may take.
const readyTimeout = 3 * time.Second

// alive says that the process runs.
func (s *server) alive(w http.ResponseWriter, _ *http.Request) { text(w, http.StatusOK, "ok\n") }

// ready says whether work can be done. Why not is for the log only.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	if s.Ready == nil {
		text(w, http.StatusOK, "ready\n")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		s.Logger.WarnContext(ctx, "not ready", "error", err)
		text(w, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	text(w, http.StatusOK, "ready\n")
}

// jwks gives the public keys of access tokens.
func (s *server) jwks(w http.ResponseWriter, r *http.Request) {
	if s.JWKS == nil {
		s.notFound(w, r)
		return
	}
	document, err := s.JWKS(r.Context())
	if err != nil {
		s.problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(document)
}

// schema gives GraphQL's schema.
func (s *server) schema(w http.ResponseWriter, r *http.Request) {
	if s.Schema == nil {
		s.notFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/graphql; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(s.Schema())
}

// home sends a person who opens the address in a browser to where there is
// something to see.
func (s *server) home(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/graphql", http.StatusFound)
}

func (s *server) notFound(w http.ResponseWriter, r *http.Request) { s.problem(w, r, errNoRoute) }

func text(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}
