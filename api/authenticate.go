package api

import (
	"net/http"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// authenticated finds out who asks, once, and leaves it in the request's context
// for what serves the request. Whoever is nobody goes through: what is behind
// refuses them in its own form.
func (s *server) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := access.NewContext(r.Context(), s.session(r))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (s *server) session(r *http.Request) access.Session {
	session := access.Session{Actor: access.Actor{Locale: preferred(r)}, Address: s.client(r)}
	token, ok := access.Bearer(r.Header.Get("Authorization"))
	if !ok {
		session.Refusal = access.ErrNobody
		return session
	}
	known, err := s.Auth.Authenticate(r.Context(), token, s.Now())
	if err != nil {
		session.Refusal = err
		return session
	}
	known.Address = session.Address
	return known
}

// preferred gives the language that a client names first, for answers to nobody.
func preferred(r *http.Request) locale.Tag {
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	first, _, _ = strings.Cut(first, ";")
	if tag := locale.Tag(strings.TrimSpace(first)); tag.Valid() {
		return tag
	}
	return locale.Fallback
}
