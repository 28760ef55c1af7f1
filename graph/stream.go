package graph

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// ending is how a stream of events tells why it ended before its time.
type ending struct{ err error }

type endingKey struct{}

// stream answers with server-sent events in the form of "GraphQL over Server-Sent
// Events", distinct connections: one "next" for each response, then "complete".
func (t httpTransport) stream(ctx context.Context, w http.ResponseWriter, exec graphql.GraphExecutor, op *graphql.OperationContext) {
	var end ending
	ctx, cancel := context.WithCancel(context.WithValue(ctx, endingKey{}, &end))
	defer cancel()
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("Cache-Control", "no-cache, no-transform")
	w.Header().Set("X-Accel-Buffering", "no") // or a proxy would keep events back
	w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // a stream lasts longer than any request
	_ = control.SetWriteDeadline(time.Time{})
	_ = send(w, control, ":\n\n")
	for response := range t.responses(ctx, exec, op, func() { _ = send(w, control, ":\n\n") }) {
		if sendNext(w, control, response) != nil {
			return
		}
	}
	if end.err != nil {
		_ = sendNext(w, control, t.errorResponse(ctx, end.err))
	}
	_ = send(w, control, "event: complete\ndata:\n\n")
}

// responses gives the operation's responses one by one, and calls idle whenever
// none came for a while.
func (t httpTransport) responses(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext, idle func()) func(func(*graphql.Response) bool) {
	next := make(chan *graphql.Response)
	go func() {
		defer close(next)
		respond, ctx := exec.DispatchOperation(ctx, op)
		for response := respond(ctx); response != nil; response = respond(ctx) {
			select {
			case next <- response:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func(yield func(*graphql.Response) bool) {
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

func sendNext(w io.Writer, c *http.ResponseController, response *graphql.Response) error {
	body, err := json.Marshal(response)
	if err != nil {
		return err
	}
	return send(w, c, "event: next\ndata: "+string(body)+"\n\n")
}

func send(w io.Writer, c *http.ResponseController, s string) error {
	if _, err := io.WriteString(w, s); err != nil {
		return err
	}
	return c.Flush()
}
