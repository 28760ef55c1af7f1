package rest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/event"
)

// deadline is how long a request may be worked on.
const deadline = 20 * time.Second

// adapter has an operation that is registered served by the server.
type adapter struct {
	server  *server
	serving http.HandlerFunc // the operation that was registered last
}

// Handle implements huma.Adapter.
func (a *adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	a.serving = func(w http.ResponseWriter, r *http.Request) { a.server.serve(op, handler, w, r) }
}

// ServeHTTP implements huma.Adapter.
func (a *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.serving(w, r) }

// register adds an operation. It is made when it is first asked for, in an API of its
// own: all of them together are as much work and memory as a program has that does
// nothing, and a request needs one.
func (s *server) register(o operation, in func(huma.API)) {
	s.operations = append(s.operations, in)
	made := sync.OnceValue(func() http.Handler {
		a := &adapter{server: s}
		in(huma.NewAPI(s.description(), a))
		return a
	})
	s.mux.HandleFunc(o.method+" "+Prefix+o.path, func(w http.ResponseWriter, r *http.Request) { made().ServeHTTP(w, r) })
}

// base is what an exchange does as huma does it.
type base huma.Context

// exchange is a request and what is known of it so far.
type exchange struct {
	base

	ctx    context.Context
	op     *huma.Operation
	w      http.ResponseWriter
	r      *http.Request
	call   access.Call
	body   *bytes.Buffer // as it came; nil if none was read
	status int           // that is answered with whatever huma thinks; 0: that
}

type exchangeKey struct{}

// exchangeOf gives the exchange of the request that is served.
func exchangeOf(ctx context.Context) *exchange {
	e, _ := ctx.Value(exchangeKey{}).(*exchange)
	return e
}

// Context implements huma.Context.
func (e *exchange) Context() context.Context { return e.ctx }

// BodyReader implements huma.Context.
func (e *exchange) BodyReader() io.Reader {
	e.body = &bytes.Buffer{}
	return io.TeeReader(e.r.Body, e.body)
}

// SetReadDeadline implements huma.Context. The server's own bound on reading a
// request stays: huma's would be left on the connection, where net/http goes on
// reading while a request is answered. When it passed, it would end every slow
// change, and all that comes on the connection afterwards.
func (e *exchange) SetReadDeadline(time.Time) error { return nil }

// SetStatus implements huma.Context.
func (e *exchange) SetStatus(code int) {
	if e.status != 0 {
		code = e.status
	}
	e.base.SetStatus(code)
}

// serve lets an operation answer whom it may, as long as they can pay.
func (s *server) serve(op *huma.Operation, handler func(huma.Context), w http.ResponseWriter, r *http.Request) {
	session, ok := s.admit(w, r, price(op, r), op.Metadata[open] == true)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), deadline)
	defer cancel()
	e := &exchange{base: humago.NewContext(op, r, w), op: op, w: w, r: r, call: access.Call{
		Actor: session.Actor, Now: s.Now(), Origin: event.Origin{Channel: event.ChannelAPI},
	}}
	e.ctx = context.WithValue(ctx, exchangeKey{}, e)
	handler(e)
}

// admit finds out whether the caller is somebody and can pay, and answers those
// who are not or can't. Who guesses tokens pays as well. Nobody has to be somebody for
// what is open.
func (s *server) admit(w http.ResponseWriter, r *http.Request, cost int, open bool) (access.Session, bool) {
	session, now := access.FromContext(r.Context()), s.Now()
	refused := session.Check(now)
	if open {
		refused = nil
	}
	if refused != nil {
		cost = 1
	}
	standings, ok := s.Budget.Spend(now, budget.PayerOf(session), cost)
	budget.Tell(now, standings, w.Header().Set)
	if !ok {
		refused = errRate.with("Seconds", budget.Seconds(budget.Wait(standings)))
	}
	if refused != nil {
		s.refuse(w, r, refused)
		return session, false
	}
	return session, true
}
