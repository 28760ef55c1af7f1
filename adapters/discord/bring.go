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
	if err := r.drop(ctx, t.have[len(t.want):]); err != nil {
		return err
	}
	return t.record(ctx, t.have[:len(t.want)], true)
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
