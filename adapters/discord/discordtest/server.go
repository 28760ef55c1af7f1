package discordtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest/openapi"
)

// Options say what kind of Discord starts; only Now is required.
type Options struct {
	// Now is the clock of every deadline, ID and timestamp.
	Now func() time.Time
	// Address to listen on; 127.0.0.1 on a free port by default.
	Address string
	// BotName is the bot user's name, "Ticket.sys" by default.
	BotName string
	// RefuseIntents are privileged intents that the application was not granted; it has all three by default.
	RefuseIntents Intent
	// Description judges every request and every answer; nil judges none.
	Description *openapi.Description
	// Wrong is told of each exchange that does not conform to the Description, while its request waits.
	Wrong func(Nonconformity)
	// RateLimits has buckets and the global limit told in headers and enforced, by Now.
	RateLimits bool
	// InvalidRequests in ten minutes ban the address; 10 000 by default.
	InvalidRequests int
	// HeartbeatInterval is asked of gateway clients, 41.25 s by default.
	HeartbeatInterval time.Duration
	// AckTime is how long a person waits for an interaction's acknowledgement, Discord's three seconds by default. What
	// is not about that limit, and runs by the real clock on a machine that may be busy, gives more.
	AckTime time.Duration
}

// Server is one Discord: its guilds, people and one application with its bot. All methods are safe for concurrent use.
type Server struct {
	now       func() time.Time
	heartbeat time.Duration
	ackTime   time.Duration
	listener  net.Listener
	http      *http.Server
	app       *application
	judge     *openapi.Description
	wrong     func(Nonconformity)

	mu       sync.Mutex
	changed  chan struct{}
	closed   bool
	lastID   ID
	guilds   []*guild
	users    []*user
	channels map[ID]*channel

	interactions map[string]*interaction
	webhooks     map[ID]*webhook
	nonces       map[nonceKey]nonceUse
	files        map[string][]byte
	stickers     map[string]sticker

	sessions   []*session
	gateway    gatewayFaults
	failures   []*Failure
	limits     limits
	hooks      []*hook
	eventHooks []*eventHook
	log        []Request
	requests   int
}

// Start listens and serves until Close. It fails without a clock or when the address cannot be had.
func Start(opts Options) (*Server, error) {
	if opts.Now == nil {
		return nil, errors.New("discordtest: Options.Now is required")
	}
	s := newServer(opts)
	address := opts.Address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("discordtest: %w", err)
	}
	s.listener = listener
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(listener) }()
	return s, nil
}

func newServer(opts Options) *Server {
	s := &Server{
		now:          opts.Now,
		heartbeat:    opts.HeartbeatInterval,
		ackTime:      cmp.Or(opts.AckTime, interactionAckTime),
		judge:        opts.Description,
		wrong:        opts.Wrong,
		changed:      make(chan struct{}),
		channels:     map[ID]*channel{},
		interactions: map[string]*interaction{},
		webhooks:     map[ID]*webhook{},
		nonces:       map[nonceKey]nonceUse{},
		files:        map[string][]byte{},
		stickers:     map[string]sticker{},
	}
	s.limits = limits{enforced: opts.RateLimits, most: opts.InvalidRequests, buckets: map[string]*bucket{}}
	if s.limits.most == 0 {
		s.limits.most = invalidLimit
	}
	if s.heartbeat == 0 {
		s.heartbeat = 41250 * time.Millisecond
	}
	s.app = s.newApplication(opts)
	return s
}

// Close drops every connection and stops listening.
func (s *Server) Close() {
	s.change(func() {
		s.closed = true
		for _, l := range s.gateway.links {
			l.cut()
		}
	})
	_ = s.http.Close()
}

// APIURL is the base of the REST API, without a version: "http://127.0.0.1:port".
func (s *Server) APIURL() string { return "http://" + s.listener.Addr().String() }

// GatewayURL is where bots connect: "ws://127.0.0.1:port/gateway".
func (s *Server) GatewayURL() string { return "ws://" + s.listener.Addr().String() + "/gateway" }

// Token is the bot's valid token, without the "Bot " prefix.
func (s *Server) Token() string { return s.app.token }

// ApplicationID is the bot's application.
func (s *Server) ApplicationID() ID { return s.app.id }

// BotID is the bot's user.
func (s *Server) BotID() ID { return s.app.bot.id }

// change runs f with the state locked, then wakes everyone who waits for a change.
func (s *Server) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.wake()
	f()
}

func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// read runs f with the state locked.
func (s *Server) read(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Changed is closed at the server's next change of state or next answered request. Take it before looking.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// Wake has every waiting condition tried again: call it after moving the injected clock.
func (s *Server) Wake() { s.change(s.sleep) }

// Until waits until cond holds, trying it again whenever something changes in this Discord.
// It returns the context's error when that ends first. cond may call any method of this package.
func (s *Server) Until(ctx context.Context, cond func() bool) error {
	for {
		next := s.Changed()
		if cond() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("discordtest: waiting: %w", context.Cause(ctx))
		}
	}
}
