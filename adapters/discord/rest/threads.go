package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// CreateThread makes a thread in a channel, or a post in a forum.
func (c *Client) CreateThread(ctx context.Context, parent wire.ID, n wire.NewThread) (*wire.Channel, error) {
	var ch wire.Channel
	return &ch, c.do(ctx, http.MethodPost, "/channels/"+string(parent)+"/threads", n, &ch)
}

// ActiveThreads gives the guild's threads that are not archived, as far as the
// bot sees them.
func (c *Client) ActiveThreads(ctx context.Context, guild wire.ID) ([]wire.Channel, error) {
	var out struct {
		Threads wire.List[wire.Channel] `json:"threads"`
	}
	return out.Threads, c.do(ctx, http.MethodGet, "/guilds/"+string(guild)+"/threads/active", nil, &out)
}

// ArchivedThreads gives the newest of a channel's archived threads, of one type.
// Private ones are told to who may manage threads.
func (c *Client) ArchivedThreads(ctx context.Context, channel wire.ID, kind int) ([]wire.Channel, error) {
	which := "public"
	if kind == wire.TypePrivateThread {
		which = "private"
	}
	var out struct {
		Threads wire.List[wire.Channel] `json:"threads"`
	}
	return out.Threads, c.do(ctx, http.MethodGet, "/channels/"+string(channel)+"/threads/archived/"+which, nil, &out)
}

// ThreadMembers gives who is in a thread.
func (c *Client) ThreadMembers(ctx context.Context, thread wire.ID) ([]wire.ThreadMember, error) {
	var members wire.List[wire.ThreadMember]
	return members, c.do(ctx, http.MethodGet, "/channels/"+string(thread)+"/thread-members", nil, &members)
}

// AddToThread lets somebody into a thread.
func (c *Client) AddToThread(ctx context.Context, thread, user wire.ID) error {
	return c.do(ctx, http.MethodPut, "/channels/"+string(thread)+"/thread-members/"+string(user), nil, nil)
}

// RemoveFromThread puts somebody out of a thread.
func (c *Client) RemoveFromThread(ctx context.Context, thread, user wire.ID) error {
	return c.do(ctx, http.MethodDelete, "/channels/"+string(thread)+"/thread-members/"+string(user), nil, nil)
}

// ChangeThread archives, locks or renames a thread, or the reverse. As with a
// channel, its name changes twice in ten minutes at most.
func (c *Client) ChangeThread(ctx context.Context, thread wire.ID, t wire.ThreadChange) error {
	via := c.limited
	if t.Name != "" {
		via = c.free
	}
	return c.call(ctx, via, http.MethodPatch, "/channels/"+string(thread), t, nil)
}
