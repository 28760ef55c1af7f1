package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/live"
	"github.com/ticketsys/ticketsys/graph/model"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// follow begins a subscription. Codes: unauthenticated, forbidden, not_found, invalid.
func follow[E any](ctx context.Context, r *Resolver, w live.Wish, after page.Cursor, show func(live.Item) (E, error)) (<-chan E, error) {
	var from *int64
	if after != nil {
		if _, err := (page.Request{After: after}).Window(page.Number); err != nil {
			return nil, err
		}
		sequence, _ := after[0].(int64)
		from = &sequence
	}
	follower, err := r.feed.Follow(ctx, access.FromContext(ctx), w, from)
	if err != nil {
		return nil, err
	}
	h, ok := ctx.Value(hearingKey{}).(*hearing)
	if !ok {
		return nil, errNoStream
	}
	if ctx.Value(webSocketKey{}) != nil {
		return awaited(ctx, follower, h, r.present, show), nil
	}
	return heard(ctx, follower, h, show), nil
}

// errNoStream is a mistake in the program.
var errNoStream = errors.New("a subscription goes over a transport that streams nothing")

// heard lets the goroutine of a hearing follow. What it is told is there before
// the operation asks for it, and it asks before it is told more.
func heard[E any](ctx context.Context, follower *live.Follower, h *hearing, show func(live.Item) (E, error)) <-chan E {
	out := make(chan E, 1)
	h.follow = func(idle live.Idle, answered func() error) error {
		defer close(out)
		return follower.Run(ctx, idle, func(_ context.Context, i live.Item) error {
			edge, err := show(i)
			if err != nil {
				return err
			}
			out <- edge
			return answered()
		})
	}
	return out
}

// awaited lets who asks the operation for its next response wait for what that is
// made of. What goes wrong is told as the protocol wants it.
func awaited[E any](ctx context.Context, follower *live.Follower, h *hearing, present func(context.Context, error) *gqlerror.Error, show func(live.Item) (E, error)) <-chan E {
	out := make(chan E, 1)
	following, leave := follower.Begin(ctx)
	h.wait = func() bool {
		i, err := follower.Next(following)
		if err == nil && i != nil {
			var edge E
			if edge, err = show(*i); err == nil {
				out <- edge
				return true
			}
		}
		if err != nil {
			transport.AddSubscriptionError(ctx, present(ctx, err))
		}
		leave()
		return false
	}
	return out
}

func timelineEdge(i live.Item) (*model.TimelineEdge, error) {
	return model.NewTimelineEdge(i.Rows, i.Envelope)
}

func ticketEventEdge(i live.Item) (*model.TicketEventEdge, error) {
	return model.NewTicketEventEdge(i.Rows, i.Envelope, i.View)
}

func alertEventEdge(i live.Item) (*model.AlertEventEdge, error) {
	return model.NewAlertEventEdge(i.Rows, i.Envelope, i.View)
}

func digestEventEdge(i live.Item) (*model.DigestEventEdge, error) {
	return model.NewDigestEventEdge(i.Rows, i.Envelope), nil
}

// ofQueue is the wish for events of a kind in a queue. Codes: not_found.
func (r *Resolver) ofQueue(ctx context.Context, queueID string, only event.Type) (live.Wish, error) {
	q := scalar.Of[id.Queue](scalar.Queue, queueID)
	_, err := r.config.Queues.Get(ctx, r.call(ctx), q)
	return live.Wish{Queue: q, Only: only}, err
}
