// Package graph serves the helpdesk as GraphQL. Resolvers parse, call a service
// and return; what may be seen and done is the domain's to say.
package graph

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/documents"
	"github.com/ticketsys/ticketsys/graph/generated"
	"github.com/ticketsys/ticketsys/graph/live"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/locales"
)

//go:generate go tool gqlgen generate
//go:generate go run ./lateschema

// Config is what the handler stands on. All down to Now is needed.
type Config struct {
	Tickets     *ticket.Service
	Members     *member.Service
	Teams       *team.Service
	Queues      *queue.Service
	Categories  *category.Service
	Tags        *tag.Service
	Workspaces  *workspace.Service
	Channels    *channel.Service
	Files       *file.Service
	Idempotency *idempotency.Service
	Audit       *audit.Service
	SLA         *sla.Service
	Search      *search.Service
	Digests     *digest.Service
	Auth        *auth.Service // for what comes in a WebSocket's connection_init, and for API keys
	Signals     job.Signals   // wakes subscriptions

	Catalogue *locales.Catalogue
	Now       func() time.Time
	Logger    *slog.Logger // nil: nothing is logged

	Limits        Limits   // zero fields: DefaultLimits
	Origins       []string // from which browsers may open WebSockets, besides the server's own
	Introspection bool
	Documents     *documents.Store // that are trusted; nil: none, and clients may register
	Budget        *budget.Budget   // what callers may spend, by whichever API; nil: one of Rate
	Rate          budget.Rate      // what a token may spend; zero: anything
}

// NewHandler makes the handler. It expects the caller's access.Session in the
// request's context, and serves GraphQL over HTTP (queries by GET, anything by
// POST, streams as server-sent events and WebSocket) and, to a browser, GraphiQL
// with what it needs under assets/.
func NewHandler(c Config) http.Handler {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Documents == nil {
		c.Documents = &documents.Store{}
	}
	c.Limits = c.Limits.orDefault()
	r := &Resolver{config: c, load: load.Services{
		Say:     func(l locale.Tag, key string) string { return c.Catalogue.Text(string(l), key, nil) },
		Tickets: c.Tickets, Members: c.Members, Teams: c.Teams, Queues: c.Queues, Categories: c.Categories, Tags: c.Tags, Files: c.Files,
		Channels: c.Channels, SLA: c.SLA, Digests: c.Digests, Auth: c.Auth,
	}}
	if r.budget = c.Budget; r.budget == nil {
		r.budget = budget.New(c.Rate)
	}
	r.addresses = budget.NewPlaces(c.Limits.AllStreams, c.Limits.Sockets)
	r.members = budget.NewPlaces(c.Limits.AllStreams, c.Limits.Streams)
	r.feed = live.NewFeed(live.Config{Services: r.load, Auth: c.Auth, Signals: c.Signals, Now: c.Now, Review: c.Limits.Review})
	made := sync.OnceValue(r.server) // with the schema, for which a program that nobody asks needs no memory
	return newDoor(r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { made().ServeHTTP(w, r) }))
}

// queryCacheSize is how many parsed documents are kept.
const queryCacheSize = 1000

func (r *Resolver) server() *handler.Server {
	with := generated.Config{Schema: schema(), Resolvers: r, Complexity: costs()}
	s := handler.New(generated.NewExecutableSchema(with))
	s.AddTransport(r.webSocket())
	s.AddTransport(httpTransport{r})
	known := lru.New[*ast.QueryDocument](queryCacheSize)
	s.SetQueryCache(known)
	s.SetErrorPresenter(r.present)
	s.SetRecoverFunc(r.recovered)
	s.SetParserTokenLimit(r.config.Limits.Tokens)
	s.AroundOperations(r.aroundOperation)
	s.AroundResponses(tellCost)
	s.Use(persisted{r})
	s.Use(forms{r.config.Limits, known, with.Schema})
	s.Use(bounds{r.config.Limits, r.config.Introspection})
	s.Use(&extension.ComplexityLimit{Func: r.config.Limits.complexity})
	s.Use(trial{})
	if r.config.Introspection {
		s.Use(extension.Introspection{})
	} else {
		s.SetDisableSuggestion(true)
		s.SetValidationRulesFn(rulesWithoutSuggestions)
	}
	return s
}
