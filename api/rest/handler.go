// Package rest serves the helpdesk as plain HTTP resources under /api/v1. It
// reads a request, calls a service and shows the result; what may be seen and
// done is the domain's to say. The description of all of it, in OpenAPI's form,
// is made of the same Go types that requests are read into and answers written
// from.
package rest

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/locales"
)

// Prefix is where the resources are.
const Prefix = "/api/v1"

// Config is what the handler stands on. All down to Now is needed.
type Config struct {
	Tickets     *ticket.Service
	Members     *member.Service
	Teams       *team.Service
	Queues      *queue.Service
	Categories  *category.Service
	Workspaces  *workspace.Service
	Files       *file.Service
	Idempotency *idempotency.Service
	Audit       *audit.Service
	Auth        *auth.Service
	Tags        *tag.Service
	SLA         *sla.Service
	Digests     *digest.Service
	Channels    *channel.Service
	Search      *search.Service

	Catalogue *locales.Catalogue
	Now       func() time.Time
	Logger    *slog.Logger // nil: nothing is logged

	Version string         // of the program, for the description
	Budget  *budget.Budget // what callers may spend, by whichever API; nil: anything
}

// server answers requests.
type server struct {
	Config

	mux        *http.ServeMux
	operations []func(huma.API) // each registers one
}

// NewHandler makes the handler. It expects the caller's access.Session in the
// request's context. What an operation is served by is made when it is first asked
// for: a program needs no memory for what nobody uses.
func NewHandler(c Config) http.Handler {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Budget == nil {
		c.Budget = budget.New(budget.Rate{})
	}
	made := sync.OnceValue(func() *server { return newServer(c) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { made().mux.ServeHTTP(w, r) })
}

func newServer(c Config) *server {
	s := &server{Config: c, mux: http.NewServeMux()}
	s.tickets()
	s.verbs()
	s.bulk()
	s.conversation()
	s.uploads()
	s.me()
	s.members()
	s.teams()
	s.workspace()
	s.queues()
	s.categories()
	s.grants()
	s.desks()
	s.audit()
	s.keys()
	s.sessions()
	s.vocabulary()
	s.locales()
	s.hours()
	s.holidays()
	s.policies()
	s.clocks()
	s.compliance()
	s.digests()
	s.links()
	s.channelReports()
	s.search()
	s.document()
	s.mux.HandleFunc("/", s.elsewhere)
	return s
}

// elsewhere answers what no operation does.
func (s *server) elsewhere(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.admit(w, r, 1, false); !ok {
		return
	}
	if allowed := s.methods(r); allowed != "" {
		w.Header().Set("Allow", allowed)
		s.refuse(w, r, errMethod)
		return
	}
	s.refuse(w, r, errNoRoute)
}

// methods names the methods by which the address can be asked for.
func (s *server) methods(r *http.Request) string {
	all := ""
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.mux.Handler(other); pattern != "/" && pattern != "" {
			if all != "" {
				all += ", "
			}
			all += m
		}
	}
	return all
}
