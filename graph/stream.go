package graph

import (
	"context"
	"io"
	"iter"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/access"
)

// ending is how a stream of events tells why it ended before its time.
type ending struct{ err error }

type endingKey struct{}

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
	var end ending
	ctx, cancel := context.WithCancel(context.WithValue(ctx, endingKey{}, &end))
	defer cancel()
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("Cache-Control", "no-cache, no-transform")
	w.Header().Set("X-Accel-Buffering", "no") // or a proxy would keep events back
	w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // a stream lasts longer than any request
	_ = send(w, control, ":\n\n")
	idle := func() {
		if send(w, control, ":\n\n") != nil {
			cancel()
		}
	}
	for response := range t.responses(ctx, exec, op, idle) {
		if send(w, control, response) != nil {
			return
		}
	}
	if end.err != nil {
		_ = send(w, control, nextEvent(t.errorResponse(ctx, end.err)))
	}
	_ = send(w, control, "event: complete\ndata:\n\n")
}

// responses gives the operation's responses one by one as events, and calls idle
// whenever none came for a while. A response is written out before the next one
// is awaited, which uses the same memory.
func (t httpTransport) responses(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext, idle func()) iter.Seq[string] {
	next := make(chan string)
	go func() {
		defer close(next)
		respond, ctx := exec.DispatchOperation(ctx, op)
		for response := respond(ctx); response != nil; response = respond(ctx) {
			select {
			case next <- nextEvent(response):
			case <-ctx.Done():
				return
			}
		}
	}()
	return func(yield func(string) bool) {
		ping := time.NewTicker(t.config.Limits.Ping)
		defer ping.Stop()
		for {
			select {
			case response, ok := <-next:
				if !ok || !yield(response) {
					return
				}
			case <-ping.C:
				idle()
			case <-ctx.Done():
				return
			}
		}
	}
}

func nextEvent(r *graphql.Response) string { return "event: next\ndata: " + string(encode(r)) + "\n\n" }

// send writes to a client who has writeTimeout to accept it.
func send(w io.Writer, c *http.ResponseController, s string) error {
	_ = c.SetWriteDeadline(writeDeadline()) // a writer without deadlines waits for nobody
	if _, err := io.WriteString(w, s); err != nil {
		return err
	}
	return c.Flush()
}
