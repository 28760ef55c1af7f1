package discordtest

import (
	"crypto/md5"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rate is how many requests a bucket holds, and in what time.
type rate struct {
	limit int
	per   time.Duration
}

// rateOf is the limit of a route. Discord publishes none of them and tells each in its headers; these are what they
// told of late, and a cautious one for the rest.
func rateOf(pattern string) rate {
	switch pattern {
	case "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}":
		return rate{5, 5 * time.Second}
	case "DELETE /channels/{channel}/messages/{message}":
		return rate{5, time.Second}
	case "POST /channels/{channel}/messages/bulk-delete":
		return rate{1, time.Second}
	case "PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me":
		return rate{4, time.Second}
	}
	if strings.Contains(pattern, "/webhooks/{webhook}/{token}") {
		return rate{5, 2 * time.Second}
	}
	return rate{10, 5 * time.Second}
}

const (
	globalLimit   = 50
	globalWindow  = time.Second
	invalidLimit  = 10000
	invalidWindow = 10 * time.Minute
)

type bucket struct {
	left   int
	resets time.Time
}

// limits count what the bot asks.
type limits struct {
	enforced bool
	buckets  map[string]*bucket
	global   bucket
	invalid  []time.Time
	most     int // invalid requests in ten minutes
}

// LimitsRates has buckets and the global limit told and enforced from now on, as Options.RateLimits does from the start.
func (s *Server) LimitsRates() { s.change(func() { s.limits.enforced = true }) }

// free reports whether no limit but its own applies to a route: interactions are answered at any rate.
func free(pattern string) bool {
	return strings.Contains(pattern, "/interactions/") || strings.Contains(pattern, "/webhooks/{webhook}/{token}")
}

// limited is the refusal of a request that comes too soon, and the headers of one that does not.
func (s *Server) limited(r *http.Request, pattern string) (*apiError, http.Header) {
	now := s.now()
	if s.limits.banned(now) {
		return addressBanned(s.limits.invalid[0].Add(invalidWindow).Sub(now)), nil
	}
	if !s.limits.enforced || strings.Contains(pattern, "/interactions/") {
		return nil, nil
	}
	if !free(pattern) && !s.limits.global.take(rate{globalLimit, globalWindow}, now) {
		return rateLimited(ScopeGlobal, s.limits.global.resets.Sub(now), globalLimit), nil
	}
	per := rateOf(pattern)
	b := s.limits.bucket(pattern + " " + major(r))
	taken := b.take(per, now)
	header := b.header(pattern, per, now)
	if taken {
		return nil, header
	}
	e := rateLimited(ScopeUser, b.resets.Sub(now), per.limit)
	maps.Copy(e.header, header)
	return e, nil
}

// major is the part of a path that has buckets of its own: its guild, channel or webhook.
func major(r *http.Request) string {
	return r.PathValue("channel") + r.PathValue("guild") + r.PathValue("webhook") + r.PathValue("token")
}

func (l *limits) bucket(key string) *bucket {
	if l.buckets[key] == nil {
		l.buckets[key] = &bucket{}
	}
	return l.buckets[key]
}

func (b *bucket) take(per rate, now time.Time) bool {
	if !now.Before(b.resets) {
		b.left, b.resets = per.limit, now.Add(per.per)
	}
	b.left--
	return b.left >= 0
}

func (b *bucket) header(pattern string, per rate, now time.Time) http.Header {
	sum := md5.Sum([]byte(pattern))
	out := http.Header{}
	out.Set("X-RateLimit-Limit", strconv.Itoa(per.limit))
	out.Set("X-RateLimit-Remaining", strconv.Itoa(max(b.left, 0)))
	out.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(b.resets.UnixMilli())/1000, 'f', 3, 64))
	out.Set("X-RateLimit-Reset-After", seconds(b.resets.Sub(now)))
	out.Set("X-RateLimit-Bucket", hex.EncodeToString(sum[:]))
	return out
}

// banned reports whether the address asked too much that was refused.
func (l *limits) banned(now time.Time) bool {
	l.invalid = slices.DeleteFunc(l.invalid, func(at time.Time) bool { return now.Sub(at) >= invalidWindow })
	return len(l.invalid) >= l.most
}

// count notes an answer that counts as an invalid request: 401, 403, and 429 of any limit but a shared one.
func (l *limits) count(out answer, now time.Time) {
	switch out.status {
	case http.StatusUnauthorized, http.StatusForbidden:
	case http.StatusTooManyRequests:
		if out.header.Get("X-RateLimit-Scope") == string(ScopeShared) || out.page != nil {
			return
		}
	default:
		return
	}
	l.invalid = append(l.invalid, now)
}
