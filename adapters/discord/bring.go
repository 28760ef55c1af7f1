package discord

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/id"
)

// shownText is a text that stands in one or more messages of the channel.
type shownText struct {
	kind    string
	message id.Message // 0: the bot's own
	have    []wire.ID
	want    []wire.Post
	repost  bool // what somebody deleted is posted again
	// record notes what stands there now; whole when that is all.
	record func(ctx context.Context, have []wire.ID, whole bool) error
	// going notes which of them are about to be deleted; nil: it makes no difference.
	going func(ctx context.Context, have, surplus []wire.ID) error
}

// bring makes the messages of a text say what they should: changes those that
// are there, posts those that are not, deletes those that are too many.
func (r *run) bring(ctx context.Context, t shownText) error {
	whole := false
	for part, p := range t.want {
		if part < len(t.have) {
			stands, err := r.edit(ctx, t, part, p)
			if err != nil {
				return err
			}
			if stands {
				continue
			}
			t.have = t.have[:part]
		}
		sent, err := r.post(ctx, t.kind, t.message, part, p)
		if err != nil {
			return err
		}
		t.have = append(t.have, sent)
		whole = len(t.have) == len(t.want)
		if err := t.record(ctx, t.have, whole); err != nil {
			return err
		}
	}
	if whole {
		return nil
	}
	if surplus := t.have[len(t.want):]; len(surplus) > 0 {
		if err := r.dropSurplus(ctx, t, surplus); err != nil {
			return err
		}
	}
	return t.record(ctx, t.have[:len(t.want)], true)
}

// dropSurplus deletes the parts that a text needs no more. What is about to go is
// recorded as such before, so that nobody takes it for deleted by hand.
func (r *run) dropSurplus(ctx context.Context, t shownText, surplus []wire.ID) error {
	if t.going != nil {
		if err := t.going(ctx, t.have[:len(t.want)], surplus); err != nil {
			return err
		}
	}
	return r.drop(ctx, surplus)
}

// edit changes one message of the text; false if it has to be posted anew, for
// which those behind it are taken away.
func (r *run) edit(ctx context.Context, t shownText, part int, p wire.Post) (bool, error) {
	err := r.rest.Edit(ctx, r.channel(), t.have[part], p)
	if !rest.Is(err, rest.UnknownMessage) {
		return true, err
	}
	if !t.repost {
		return true, nil
	}
	return false, r.drop(ctx, t.have[part+1:])
}

// drop deletes messages; those that are not there are no trouble.
func (r *run) drop(ctx context.Context, messages []wire.ID) error {
	for _, m := range messages {
		if err := r.rest.Delete(ctx, r.channel(), m); err != nil && !rest.Is(err, rest.UnknownMessage) {
			return err
		}
	}
	return nil
}
