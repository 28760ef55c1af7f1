package discordtest

import (
	"context"
	"math"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Match picks requests.
type Match func(Request) bool

// Any matches every request.
func Any(Request) bool { return true }

// On matches a method ("" is any) and a path without version, in which * stands for one segment
// and ** at the end for the rest: On("POST", "/channels/*/messages").
func On(method, pattern string) Match {
	return func(r Request) bool {
		if method != "" && method != r.Method {
			return false
		}
		if prefix, ok := strings.CutSuffix(pattern, "**"); ok {
			return strings.HasPrefix(r.Path, prefix)
		}
		ok, err := path.Match(pattern, r.Path)
		return ok && err == nil
	}
}

// And narrows m to requests whose body contains text.
func (m Match) And(text string) Match {
	return func(r Request) bool { return m(r) && strings.Contains(string(r.Body), text) }
}

// Fault is what happens to a request; make one with the functions of this package.
type Fault struct {
	early *apiError
	late  *apiError
	drop  Phase
	drops bool
	until <-chan struct{}
}

// FailBefore answers a 5xx without the effect.
func FailBefore(status int) Fault { return Fault{early: gatewayError(status)} }

// FailAfter answers a 5xx although the request had its effect.
func FailAfter(status int) Fault { return Fault{late: gatewayError(status)} }

// Refuse answers an error of Discord's, such as 403 50013, without the effect.
func Refuse(status, code int, message string) Fault {
	return Fault{early: refuse(status, code, message)}
}

// Unauthorized answers 401 as if the token had been reset.
func Unauthorized() Fault { return Fault{early: unauthorized()} }

// Drop cuts the connection before or after the effect.
func Drop(when Phase) Fault { return Fault{drop: when, drops: true} }

// Slow holds the request until the channel is closed, then serves it.
func Slow(until <-chan struct{}) Fault { return Fault{until: until} }

// Scope is whom a rate limit counts.
type Scope string

// The scopes of a 429.
const (
	ScopeUser   Scope = "user"
	ScopeShared Scope = "shared"
	ScopeGlobal Scope = "global"
)

// RateLimited answers 429 without the effect.
func RateLimited(scope Scope, retryAfter time.Duration) Fault {
	return Fault{early: rateLimited(scope, retryAfter, 1)}
}

func gatewayError(status int) *apiError {
	return refuse(status, 0, strconv.Itoa(status)+": "+http.StatusText(status))
}

// rateLimited is the 429 of a bucket that holds limit requests.
func rateLimited(scope Scope, after time.Duration, limit int) *apiError {
	message := "You are being rate limited."
	if scope == ScopeShared {
		message = "The resource is being rate limited."
	}
	e := refuse(http.StatusTooManyRequests, 0, message)
	e.extra = map[string]any{"retry_after": after.Seconds(), "global": scope == ScopeGlobal}
	e.header = http.Header{
		"Retry-After":       {strconv.Itoa(int(math.Ceil(after.Seconds())))},
		"X-Ratelimit-Scope": {string(scope)},
	}
	if scope == ScopeGlobal {
		e.header.Set("X-RateLimit-Global", "true")
		return e
	}
	e.header.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	e.header.Set("X-RateLimit-Remaining", "0")
	e.header.Set("X-RateLimit-Reset-After", strconv.FormatFloat(after.Seconds(), 'f', 3, 64))
	e.header.Set("X-RateLimit-Bucket", "bucket-"+string(scope))
	return e
}

// stampReset tells when a rate limit ends by the server's clock.
func (s *Server) stampReset(out answer) {
	fields, ok := out.body.(map[string]any)
	if !ok || out.status != http.StatusTooManyRequests || out.header == nil {
		return
	}
	after, _ := fields["retry_after"].(float64)
	end := s.now().Add(time.Duration(after * float64(time.Second)))
	out.header.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(end.UnixMilli())/1000, 'f', 3, 64))
}

// Failure is a fault that is armed for some matching requests.
type Failure struct {
	s     *Server
	match Match
	fault Fault
	left  int
	hits  int
}

// Fail arms a fault for the next request that matches.
func (s *Server) Fail(m Match, f Fault) *Failure { return s.FailTimes(m, f, 1) }

// FailTimes arms a fault for the next n requests that match.
func (s *Server) FailTimes(m Match, f Fault, n int) *Failure {
	armed := &Failure{s: s, match: m, fault: f, left: n}
	s.read(func() { s.failures = append(s.failures, armed) })
	return armed
}

// Hits is how many requests met the fault.
func (f *Failure) Hits() int {
	f.s.mu.Lock()
	defer f.s.mu.Unlock()
	return f.hits
}

// Disarm ends the fault.
func (f *Failure) Disarm() { f.s.read(func() { f.left = 0 }) }

// faultFor runs the matchers unlocked: they may look at the server.
func (s *Server) faultFor(r Request) Fault {
	var armed []*Failure
	s.read(func() { armed = slices.Clone(s.failures) })
	for _, f := range armed {
		if f.match(r) && f.take() {
			return f.fault
		}
	}
	return Fault{}
}

// take uses the fault once, unless it is used up.
func (f *Failure) take() (taken bool) {
	f.s.read(func() {
		if taken = f.left > 0; taken {
			f.left--
			f.hits++
		}
	})
	return taken
}

// before is the answer that forestalls the effect, if any, and whether the connection stays.
func (f Fault) before(ctx context.Context) (answer, bool) {
	if f.until != nil {
		select {
		case <-f.until:
		case <-ctx.Done():
			return answer{}, false
		}
	}
	if f.drops && f.drop == Before {
		return answer{}, false
	}
	if f.early != nil {
		return answerTo(f.early), true
	}
	return answer{}, true
}

// after replaces the answer of a request that had its effect.
func (f Fault) after(out answer, kept bool) (answer, bool) {
	if !kept {
		return answer{}, false
	}
	if f.drops && f.drop == After {
		return answer{}, false
	}
	if f.late != nil {
		return answerTo(f.late), true
	}
	return out, true
}
