package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"
)

type requestIDKey struct{}

// requestID gives the ID by which a request is found in the log.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// traceable is a request ID that a proxy may have given.
var traceable = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// identified gives each request an ID, the proxy's if that gave one, and tells it.
func (s *server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-ID")
		if !traceable.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set("X-Request-ID", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// observed logs and counts each request when it ends. Of the address only the
// path is kept: what comes after it can hold what people wrote.
func (s *server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.Now()
		seen := &observer{ResponseWriter: w}
		done := s.Metrics.began()
		defer func() {
			took := s.Now().Sub(began)
			done(r, seen.code(), took)
			s.log(r, seen, took)
		}()
		next.ServeHTTP(seen, r)
	})
}

func (s *server) log(r *http.Request, seen *observer, took time.Duration) {
	s.Logger.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("request_id", requestID(r.Context())),
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", seen.code()),
		slog.Int64("bytes", seen.bytes), slog.Duration("took", took))
}

// recovered makes a plain error of a panic and logs the rest.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.catch(w, r)
		next.ServeHTTP(w, r)
	})
}

// catch is deferred. A panic by which a handler breaks a connection off goes on.
func (s *server) catch(w http.ResponseWriter, r *http.Request) {
	switch v := recover(); v {
	case nil:
	case http.ErrAbortHandler:
		panic(v)
	default:
		s.Logger.LogAttrs(r.Context(), slog.LevelError, "request panicked", slog.String("request_id", requestID(r.Context())),
			slog.String("panic", fmt.Sprint(v)), slog.String("stack", string(debug.Stack())))
		s.problem(w, r, errPanicked)
	}
}

var errPanicked = errors.New("the handler panicked")
