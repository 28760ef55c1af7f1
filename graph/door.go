package graph

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
)

// subprotocol is the one that WebSockets speak here.
const subprotocol = "graphql-transport-ws"

// door sends a request to who serves its kind.
type door struct {
	*Resolver

	graphql http.Handler
	page    http.Handler // GraphiQL
}

func newDoor(r *Resolver, graphql http.Handler) http.Handler {
	return &door{Resolver: r, graphql: graphql, page: graphiql()}
}

// ServeHTTP implements http.Handler.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Upgrade") != "":
		d.upgrade(w, r)
	case strings.Contains(r.URL.Path, assetsPath), wantsPage(r):
		d.page.ServeHTTP(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		w.Header().Set("Allow", "GET, POST")
		d.refuseHTTP(w, r, errMethod)
	default:
		if err := access.FromContext(r.Context()).Check(d.config.Now()); err != nil && !mayComeIn(r) {
			if _, poor := d.spend(r.Context(), 1); poor != nil { // who guesses tokens does not do so for ever
				err = poor
			}
			d.refuseHTTP(w, r, err)
			return
		}
		d.graphql.ServeHTTP(w, r)
	}
}

// upgrade opens a WebSocket, over which the caller may still say who they are.
func (d *door) upgrade(w http.ResponseWriter, r *http.Request) {
	offered := strings.Split(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",")
	if !slices.ContainsFunc(offered, func(name string) bool { return strings.TrimSpace(name) == subprotocol }) {
		d.refuseHTTP(w, r, errStream)
		return
	}
	if !d.sameOrigin(r) {
		d.refuseHTTP(w, r, errOrigin)
		return
	}
	leave, err := d.enterAddress(access.FromContext(r.Context()))
	if err != nil {
		d.refuseHTTP(w, r, err)
		return
	}
	defer leave()
	r = r.Clone(r.Context())
	r.Header.Set("Sec-WebSocket-Protocol", subprotocol) // of all that gqlgen would take
	d.graphql.ServeHTTP(w, r)
}

// sameOrigin tells whether a WebSocket is opened by a page of this program or of
// an allowed origin, or by no page at all: browsers do not keep others from it.
func (d *door) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(d.config.Origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

// wantsPage tells a browser that a person points here from a program.
func wantsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && !r.URL.Query().Has("query") &&
		strings.Contains(r.Header.Get("Accept"), "text/html")
}
