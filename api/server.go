// Package api is the helpdesk's HTTP face: routes, who asks, health, metrics,
// and what every request and response has in common. GraphQL and REST are
// served by what it is given.
package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/locales"
)

// Config is what the handler stands on. Auth, GraphQL, Catalogue and Now are needed.
type Config struct {
	Auth      *auth.Service
	GraphQL   http.Handler
	REST      http.Handler                              // of /api/v1; nil: not served
	Files     *file.Service                             // nil: there are none
	Schema    func() []byte                             // GraphQL's schema in its own language; nil: not served
	JWKS      func(ctx context.Context) ([]byte, error) // public keys of access tokens; nil: not served
	Ready     func(ctx context.Context) error           // why no work can be done now; nil: it always can
	Catalogue *locales.Catalogue
	Now       func() time.Time
	Logger    *slog.Logger // nil: nothing is logged
	Metrics   *Metrics     // nil: own ones

	// AllowedOrigins are the web origins whose pages may call the API besides its
	// own, e.g. "https://help.example.org". Empty: none.
	AllowedOrigins []string
	// TrustedProxies are where requests come from that name another's address in
	// X-Forwarded-For. Empty: nobody may.
	TrustedProxies []netip.Prefix
}

// server answers requests.
type server struct{ Config }

// New makes the handler of all routes.
func New(c Config) http.Handler {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = NewMetrics()
	}
	s := &server{c}
	mux := http.NewServeMux()
	graphQL := s.authenticated(c.GraphQL)
	mux.Handle("/graphql", graphQL)
	mux.Handle("/graphql/", graphQL)
	mux.HandleFunc("GET /schema.graphql", s.schema)
	if c.REST != nil {
		mux.Handle("/api/v1/", s.authenticated(c.REST))
		mux.Handle("GET /api/v1/{$}", http.RedirectHandler("/api/v1/docs", http.StatusFound))
	}
	if c.Files != nil {
		mux.HandleFunc("GET /files/{file}", s.download)
		mux.HandleFunc("GET /files/{file}/thumbnail", s.thumbnail)
		mux.HandleFunc("PUT /files/{file}", s.upload)
	}
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", c.Metrics.handler())
	mux.HandleFunc("GET /.well-known/jwks.json", s.jwks)
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("/", s.notFound)
	return s.identified(s.observed(s.recovered(s.crossOrigin(mux))))
}

// Serving bounds. A response must be accepted within writeTimeout from the
// request's header on, so that who stops reading holds nothing; streams set
// themselves a new deadline with each thing they send.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 90 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10 // bytes
)

// NewServer makes the HTTP server of a handler. Requests live as long as ctx does.
func NewServer(ctx context.Context, h http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug), // of clients that misbehave
	}
}
