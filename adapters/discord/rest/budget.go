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
	// perSecond is how many requests are made, and burst how many of them at once,
	// of the 50 that Discord takes from one bot in a second.
	perSecond = 45
	burst     = 5
	// mostHeard is how many Discord may have heard in a second at most. When it
	// heard one, nobody knows but that it was before the answer: a request counts
	// until a second after that.
	mostHeard = 48
	// shortWait is how long a request waits here for its turn; what has to wait
	// longer makes room for others.
	shortWait = time.Second
)

// budget keeps the program within the limits that Discord sets for all of its
// requests together. Answers to interactions are exempt: Discord exempts them
// from its own, and they cannot wait.
type budget struct {
	now func() time.Time

	mu      sync.Mutex
	rate    float64       // requests a second; 0: as many as one likes
	heardOf chan struct{} // holds a place for each request that Discord may have heard within a second
	refused []time.Time   // within the window, oldest first
	tokens  float64
	at      time.Time // when there were so many tokens
}

// newBudget makes a budget; without a clock there is none.
func newBudget(now func() time.Time, rate int) *budget {
	if now == nil {
		return nil
	}
	return &budget{now: now, rate: float64(rate), tokens: burst, at: now(), heardOf: make(chan struct{}, mostHeard)}
}

// begin sets a pace if there was none: the server turned out to have limits.
func (b *budget) begin(rate int) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rate == 0 {
		b.rate, b.at = float64(rate), b.now()
	}
}

// exempt reports whether a path is that of an interaction.
func exempt(path string) bool {
	return strings.HasPrefix(path, "/interactions/") || strings.HasPrefix(path, "/webhooks/")
}

// admit lets a request pass, after a short wait if need be, or tells by a
// refusal when to try again. What it refuses was not sent. done has to be called
// when the request is over.
func (b *budget) admit(ctx context.Context, method, path string) (done func(), err error) {
	if b == nil || exempt(path) {
		return func() {}, nil
	}
	if wait := b.untilTrusted(); wait > 0 {
		return nil, tooEarly(method, wait, "too many refusals lately")
	}
	wait, paced := b.take()
	if wait > shortWait {
		return nil, tooEarly(method, wait, "too many requests at once")
	}
	if !paced {
		return func() {}, nil
	}
	pass, late := time.NewTimer(wait), time.NewTimer(wait+shortWait)
	defer pass.Stop()
	defer late.Stop()
	select {
	case <-pass.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case b.heardOf <- struct{}{}:
		return func() { time.AfterFunc(time.Second, func() { <-b.heardOf }) }, nil
	case <-late.C:
		return nil, tooEarly(method, shortWait, "too many requests at once")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func tooEarly(method string, wait time.Duration, why string) error {
	return &Refusal{Status: http.StatusTooManyRequests, After: wait, Message: why, what: method + " …"}
}

// take uses a token and gives how long to wait for it, or that there is no pace.
// One that comes too late is not used.
func (b *budget) take() (wait time.Duration, paced bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rate == 0 {
		return 0, false
	}
	now := b.now()
	b.tokens = min(burst, b.tokens+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	wait = time.Duration((1 - b.tokens) / b.rate * float64(time.Second))
	if wait > shortWait {
		return wait, true
	}
	b.tokens--
	return max(wait, 0), true
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
