package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// spot is a point of a ticket's life at which a fault may strike: the nth
// time within an act that the program asks something, or that it is told something.
type spot struct {
	step string // whose it is
	act  string // in which it comes
	// One of the two is given.
	method, path string
	event        string
	nth          int
}

func (m spot) String() string {
	what := m.event
	if what == "" {
		what = m.method + " " + m.path
	}
	return fmt.Sprintf("%s/%s %d", m.step, strings.ReplaceAll(strings.TrimPrefix(what, "/"), "/", "∕"), m.nth)
}

func (m spot) point() discordtest.Point {
	at := discordtest.Point{Event: m.event, Nth: m.nth}
	if m.event == "" {
		at.Request = discordtest.On(m.method, m.path)
	}
	return at
}

// unfinished reports whether an act ends while the program still works on what
// the next one waits for.
func unfinished(act string) bool { return act == "open" || act == "greet" }

// passing notes the spots that a life passes.
type passing struct {
	end func()

	mu     sync.Mutex
	act    string
	counts map[spot]int
	seen   []spot
}

func newPassing(d *discordtest.Server) *passing {
	p := &passing{counts: map[spot]int{}}
	quiet := d.OnRequest(func(r discordtest.Request) {
		if r.Phase == discordtest.Before {
			p.passes(spot{method: r.Method, path: route(r.Path)}, string(r.Body))
		}
	})
	deaf := d.OnEvent(func(name string) { p.passes(spot{event: name}, "") })
	p.end = func() { quiet(); deaf() }
	return p
}

// route is the path of a request with a star for what differs from life to life.
func route(path string) string {
	return snowflakes.ReplaceAllString(tokens.ReplaceAllString(path, "*"), "*")
}

// enters begins an act. Those that only look at what the one before set going
// have no spots of their own: what is theirs is told by what it says.
func (p *passing) enters(act string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.act == "open" && (act == "greet" || act == "card") {
		return
	}
	p.act = act
}

func (p *passing) passes(m spot, body string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.act = p.act
	p.counts[m]++
	m.nth = p.counts[m]
	m.step = m.act
	if m.act == "open" {
		m.step = openingStep(m, body)
	}
	p.seen = append(p.seen, m)
}

// openingStep tells what belongs to the card and the greeting, which is posted
// below it, from what belongs to the opening.
func openingStep(m spot, body string) string {
	posts := m.event == "MESSAGE_CREATE" || m.method == "POST" && strings.HasSuffix(m.path, "/messages")
	switch {
	case !posts:
		return "open"
	case strings.Contains(body, greetingForLena), m.event != "" && m.nth > 1:
		return "greet"
	}
	return "card"
}

// leaves gives the spots that were passed.
func (p *passing) leaves() []spot {
	p.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// rest waits until the program has nothing to do.
func (f *faulty) rest(ctx context.Context) {
	_ = f.eventually(ctx, "rest", func() bool { return f.idle(ctx) })
}

// blackout is how long a fault lasts that lasts.
const blackout = 1500 * time.Millisecond

// passes ends a fault that lasts, a while after it struck.
func (f *faulty) passes(ctx context.Context, armed *discordtest.Failure) {
	if f.discord.Until(ctx, func() bool { return armed.Hits() > 0 }) != nil {
		return
	}
	timer := time.NewTimer(blackout)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	armed.Disarm()
}
