package discordtest

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// Scope is whom a rate limit counts.
type Scope string

// The scopes of a 429.
const (
	ScopeUser   Scope = "user"
	ScopeShared Scope = "shared"
	ScopeGlobal Scope = "global"
)

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
		"Via":               {"1.1 google"},
	}
	if scope == ScopeGlobal {
		e.header.Set("X-RateLimit-Global", "true")
		return e
	}
	e.header.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	e.header.Set("X-RateLimit-Remaining", "0")
	e.header.Set("X-RateLimit-Reset-After", seconds(after))
	e.header.Set("X-RateLimit-Bucket", "bucket-"+string(scope))
	return e
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// addressBanned has no Via header, by which it is told from a 429 of the API.
func addressBanned(after time.Duration) *apiError {
	e := refuse(http.StatusTooManyRequests, 0, "You are being blocked from accessing our API temporarily.")
	e.header = http.Header{"Retry-After": {strconv.Itoa(int(math.Ceil(after.Seconds())))}}
	e.page = "<!doctype html>\n<html lang=\"en-US\"><head><title>Access denied | discord.com used Cloudflare to restrict access" +
		"</title></head><body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>\n"
	return e
}

// stampReset tells when a rate limit ends by the server's clock.
func (s *Server) stampReset(out answer) {
	fields, ok := out.body.(map[string]any)
	if !ok || out.status != http.StatusTooManyRequests || out.page != nil {
		return
	}
	after, _ := fields["retry_after"].(float64)
	end := s.now().Add(time.Duration(after * float64(time.Second)))
	out.header.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(end.UnixMilli())/1000, 'f', 3, 64))
}
