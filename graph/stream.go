package graph

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/graph/live"
)

// hearing is a stream of events on its way to whoever hears them. Its goroutine
// does all of it: it follows, asks the operation for the response to each event,
// and writes it. One that waits holds little else than its stack.
type hearing struct {
	// follow hands on events until there are no more, and lets each be answered
	// for; nil: the operation follows nothing.
	follow func(idle live.Idle, answered func() error) error
	// wait, on a WebSocket, waits for what the next response is made of; false: there
	// is none; nil: the operation follows nothing.
	wait func() bool
}

// Why a stream ends, other than what its hearer is told.
var (
	errOver    = errors.New("there are no more responses")
	errUnheard = errors.New("nobody hears the stream any more")
)

type hearingKey struct{}

// stream answers with server-sent events in the form of "GraphQL over Server-Sent
// Events", distinct connections: one "next" for each response, then "complete".
func (t httpTransport) stream(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, op *graphql.OperationContext) {
	ctx := r.Context()
	leave, err := t.enterStream(access.FromContext(ctx))
	if err != nil {
		t.refuseHTTP(w, r, err)
		return
	}
	defer leave()
	var h hearing
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("Cache-Control", "no-cache, no-transform")
	w.Header().Set("X-Accel-Buffering", "no") // or a proxy would keep events back
	w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // a stream lasts longer than any request
	_ = send(w, control, ":\n\n")
	respond, ctx := exec.DispatchOperation(context.WithValue(ctx, hearingKey{}, &h), op)
	err = h.hear(live.Idle{Every: t.config.Limits.Ping, Do: func() error { return send(w, control, ":\n\n") }}, func() error {
		if response := respond(ctx); response != nil {
			return send(w, control, nextEvent(response))
		}
		return errOver
	})
	switch {
	case errors.Is(err, errUnheard):
		return
	case !errors.Is(err, errOver) && err != nil:
		_ = send(w, control, nextEvent(t.errorResponse(ctx, err)))
	}
	_ = send(w, control, "event: complete\ndata:\n\n")
}

// hear lets each event be answered for, until there are no more.
func (h *hearing) hear(idle live.Idle, answered func() error) (err error) {
	if h.follow != nil {
		return h.follow(idle, answered)
	}
	for err == nil {
		err = answered()
	}
	return err
}

func nextEvent(r *graphql.Response) string { return "event: next\ndata: " + string(encode(r)) + "\n\n" }

// send writes to a client who has writeTimeout to accept it, and is not heard
// otherwise.
func send(w io.Writer, c *http.ResponseController, s string) error {
	_ = c.SetWriteDeadline(writeDeadline()) // a writer without deadlines waits for nobody
	_, err := io.WriteString(w, s)
	if err == nil {
		err = c.Flush()
	}
	if err != nil {
		return errUnheard
	}
	return nil
}
