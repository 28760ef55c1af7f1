package rest

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// mostRoutes bounds how many routes are remembered; beyond, those at rest are forgotten.
const mostRoutes = 4096

// routes keep the program within the limit that Discord sets for each route: for
// each channel and each guild by itself. A request that would have to wait for
// longer than a moment is given back to its caller, so that nobody's work is held
// up by that of a route that is exhausted.
type routes struct {
	now      func() time.Time
	patience time.Duration // of who is patient
	mu       sync.Mutex
	by       map[string]*route
	all      time.Time // until when Discord refuses everything
}

// route is what is known of a limit.
type route struct {
	known  bool
	limit  int // in a window; 0: none
	left   int
	window time.Duration
	resets time.Time
	asking chan struct{} // somebody asks who will learn the limit; closed when they did
}

// newRoutes makes them; without a clock there are none.
func newRoutes(now func() time.Time, patience time.Duration) *routes {
	if now == nil {
		return nil
	}
	return &routes{now: now, patience: patience, by: map[string]*route{}}
}

// routeOf gives the route of a request: its path without what is no part of it, and
// with the IDs of all but what has limits of its own left out.
func routeOf(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i := 3; i < len(parts); i++ {
		if strings.Trim(parts[i], "0123456789") == "" {
			parts[i] = "*"
		}
	}
	return method + " " + strings.Join(parts, "/")
}

// patient marks calls that wait for a route for as long as they have time.
type patient struct{}

// Patient lets requests under the context wait for their route, for as long as one
// request may take, where whoever makes them has nothing else to do.
func Patient(ctx context.Context) context.Context { return context.WithValue(ctx, patient{}, true) }

// admit lets a request of the route pass, after a short wait if need be, or tells
// by a refusal when to try again. What it refuses was not sent; of what it lets
// pass heard has to be called.
func (r *routes) admit(ctx context.Context, method, key string) error {
	if r == nil {
		return nil
	}
	longest := shortWait
	if ctx.Value(patient{}) != nil {
		longest = r.patience
	}
	for waited := time.Duration(0); ; {
		wait, learned := r.take(key)
		if wait == 0 {
			return nil
		}
		if wait > longest-waited {
			return &Refusal{Status: http.StatusTooManyRequests, After: wait, Message: "the limit of the route", what: method + " …"}
		}
		began := r.now()
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
			waited += wait
		case <-learned:
			waited += r.now().Sub(began)
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		timer.Stop()
	}
}

// take lets a request pass with 0, or gives how long to wait, and what ends the
// wait sooner. While somebody asks a route that nobody knows, others wait for them.
func (r *routes) take(key string) (wait time.Duration, learned <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if now.Before(r.all) {
		return r.all.Sub(now), nil
	}
	return r.route(key, now).take(now)
}

func (at *route) take(now time.Time) (wait time.Duration, learned <-chan struct{}) {
	early := now.Before(at.resets)
	switch {
	case !at.known && !early && at.asking != nil:
		return shortWait, at.asking
	case !at.known && !early:
		at.asking = make(chan struct{})
		return 0, nil
	case at.limit == 0 && !early:
		return 0, nil
	case !early:
		at.left, at.resets = at.limit, now.Add(at.window)
	}
	if at.left <= 0 {
		return at.resets.Sub(now), nil
	}
	at.left--
	return 0, nil
}

func (r *routes) route(key string, now time.Time) *route {
	if at, ok := r.by[key]; ok {
		return at
	}
	if len(r.by) >= mostRoutes {
		for other, at := range r.by {
			if at.asking == nil && !now.Before(at.resets) {
				delete(r.by, other)
			}
		}
	}
	at := &route{}
	r.by[key] = at
	return at
}

// heard notes what the answer to a request told of its route; nil: there was no
// answer.
func (r *routes) heard(key string, header http.Header, refused *Refusal) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	at := r.route(key, now)
	if at.asking != nil {
		close(at.asking)
		at.asking = nil
	}
	if limit, left, after, ok := announced(header); ok {
		if at.limit == 0 {
			at.left = left
		}
		at.known = true
		at.limit, at.left = limit, min(at.left, left)
		at.window, at.resets = max(at.window, after), now.Add(after)
	}
	if header != nil && !at.known {
		at.known = refused == nil || refused.Status != http.StatusTooManyRequests
	}
	if refused == nil || refused.Status != http.StatusTooManyRequests {
		return
	}
	until := now.Add(max(refused.After, time.Second))
	if header.Get("X-RateLimit-Scope") == "global" || header.Get("X-RateLimit-Global") != "" {
		r.all = until
		return
	}
	at.left, at.resets = 0, until
}

// announced reads a limit as answers tell it.
func announced(h http.Header) (limit, left int, after time.Duration, ok bool) {
	limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	if err != nil || limit <= 0 {
		return 0, 0, 0, false
	}
	left, err = strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	seconds, err2 := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || err2 != nil || seconds < 0 || seconds > 1e6 {
		return 0, 0, 0, false
	}
	return limit, left, time.Duration(seconds * float64(time.Second)), true
}
