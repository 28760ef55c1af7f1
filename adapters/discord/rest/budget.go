package rest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// Discord bans an address for an hour that gets 10 000 answers of 401, 403 or
	// 429 within ten minutes. A tenth of that is where work stops.
	refusedWindow = 10 * time.Minute
	mostRefused   = 1000
	// perSecond is how many requests Discord takes from one bot, less some for
	// what else runs with its token.
	perSecond = 45
	// shortWait is how long a request waits here for its turn; what has to wait
	// longer makes room for others.
	shortWait = time.Second
)

// budget keeps the program within the limits that Discord sets for all of its
// requests together. Answers to interactions are exempt: Discord exempts them
// from its own, and they cannot wait.
type budget struct {
	now  func() time.Time
	rate float64 // requests a second; 0: as many as one likes

	mu      sync.Mutex
	refused []time.Time // within the window, oldest first
	tokens  float64
	at      time.Time // when there were so many tokens
}

// newBudget makes a budget; without a clock there is none.
func newBudget(now func() time.Time, rate int) *budget {
	if now == nil {
		return nil
	}
	return &budget{now: now, rate: float64(rate), tokens: float64(rate), at: now()}
}

// exempt reports whether a path is that of an interaction.
func exempt(path string) bool {
	return strings.HasPrefix(path, "/interactions/") || strings.HasPrefix(path, "/webhooks/")
}

// admit lets a request pass, after a short wait if need be, or tells by a
// refusal when to try again. What it refuses was not sent.
func (b *budget) admit(ctx context.Context, method, path string) error {
	if b == nil || exempt(path) {
		return nil
	}
	if wait := b.untilTrusted(); wait > 0 {
		return &Refusal{Status: http.StatusTooManyRequests, After: wait, Message: "too many refusals lately", what: method + " …"}
	}
	wait := b.take()
	if wait == 0 {
		return nil
	}
	if wait > shortWait {
		return &Refusal{Status: http.StatusTooManyRequests, After: wait, Message: "too many requests at once", what: method + " …"}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take uses a token and gives how long to wait for it. One that comes too late
// is not used.
func (b *budget) take() time.Duration {
	if b.rate == 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.tokens = min(b.rate, b.tokens+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	wait := time.Duration((1 - b.tokens) / b.rate * float64(time.Second))
	if wait > shortWait {
		return wait
	}
	b.tokens--
	return max(wait, 0)
}

// heard counts an answer that counts against the program.
func (b *budget) heard(err error) {
	r := RefusalOf(err)
	if b == nil || r == nil {
		return
	}
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		b.mu.Lock()
		defer b.mu.Unlock()
		b.forget()
		b.refused = append(b.refused, b.now())
	}
}

// untilTrusted is how long no work may be done since too much was refused.
func (b *budget) untilTrusted() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget()
	if len(b.refused) < mostRefused {
		return 0
	}
	return b.refused[len(b.refused)-mostRefused].Add(refusedWindow).Sub(b.now())
}

func (b *budget) forget() {
	old, now := 0, b.now()
	for old < len(b.refused) && now.Sub(b.refused[old]) >= refusedWindow {
		old++
	}
	b.refused = b.refused[old:]
}
