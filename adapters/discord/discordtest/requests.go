package discordtest

import (
	"net/http"
	"slices"
	"time"
)

// Phase says whether a request had its effect.
type Phase int

// The two moments at which OnRequest calls its hook.
const (
	Before Phase = iota // received, nothing has happened
	After               // the effect is there, the answer is not sent
)

// Request is one REST request as the server saw it.
type Request struct {
	// Seq counts requests from 1.
	Seq    int
	Method string
	// Path is the path without /api/vN.
	Path  string
	Query string
	Body  []byte
	// Reason is the audit log reason.
	Reason string
	Phase  Phase
	// Status is the answer's, 0 before it is known or when the connection was dropped.
	Status int
	At     time.Time
}

type hook struct{ f func(Request) }

// OnRequest has f called for every request, before and after its effect, on the request's own goroutine:
// as long as f runs, the request goes no further. A request whose sender dies meanwhile still has its effect, as on
// Discord; f may arm a fault, such as Drop(Before), to have it lost. The result removes the hook.
func (s *Server) OnRequest(f func(Request)) (remove func()) {
	h := &hook{f}
	s.read(func() { s.hooks = append(s.hooks, h) })
	return func() {
		s.read(func() { s.hooks = slices.DeleteFunc(s.hooks, func(o *hook) bool { return o == h }) })
	}
}

// Requests are all requests that were answered or dropped, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// Count is the number of logged requests that match.
func (s *Server) Count(m Match) int {
	n := 0
	for _, r := range s.Requests() {
		if m(r) {
			n++
		}
	}
	return n
}

func (s *Server) arrived(r *http.Request, body []byte) Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	return Request{
		Seq: s.requests, Method: r.Method, Path: apiPath(r.URL.Path), Query: r.URL.RawQuery,
		Body: body, Reason: r.Header.Get("X-Audit-Log-Reason"), At: s.now(),
	}
}

func (s *Server) answered(r Request) {
	s.change(func() { s.log = append(s.log, r) })
}

func (s *Server) tell(r Request) {
	var hooks []*hook
	s.read(func() { hooks = slices.Clone(s.hooks) })
	for _, h := range hooks {
		h.f(r)
	}
}
