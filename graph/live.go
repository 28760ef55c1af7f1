package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/live"
	"github.com/ticketsys/ticketsys/graph/model"
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
	if h, ok := ctx.Value(hearingKey{}).(*hearing); ok {
		return heard(ctx, follower, h, show), nil
	}
	out := make(chan E)
	go func() {
		defer close(out)
		err := follower.Run(ctx, live.Idle{}, func(ctx context.Context, i live.Item) error {
			edge, err := show(i)
			if err != nil {
				return err
			}
			select {
			case out <- edge:
			case <-ctx.Done():
			}
			return nil
		})
		if err != nil && ctx.Value(webSocketKey{}) != nil {
			transport.AddSubscriptionError(ctx, r.present(ctx, err))
		}
	}()
	return out, nil
}

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

func timelineEdge(i live.Item) (*model.TimelineEdge, error) {
	return model.NewTimelineEdge(i.Rows, i.Envelope)
}

func ticketEventEdge(i live.Item) (*model.TicketEventEdge, error) {
	return model.NewTicketEventEdge(i.Rows, i.Envelope, i.View)
}
