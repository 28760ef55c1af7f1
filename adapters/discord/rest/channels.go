package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// Channels gives the guild's channels, threads aside.
func (c *Client) Channels(ctx context.Context, guild wire.ID) ([]wire.Channel, error) {
	var channels wire.List[wire.Channel]
	return channels, c.do(ctx, http.MethodGet, "/guilds/"+string(guild)+"/channels", nil, &channels)
}

// Channel gives a channel.
func (c *Client) Channel(ctx context.Context, channel wire.ID) (*wire.Channel, error) {
	var ch wire.Channel
	return &ch, c.do(ctx, http.MethodGet, "/channels/"+string(channel), nil, &ch)
}

// CreateChannel makes a channel.
func (c *Client) CreateChannel(ctx context.Context, guild wire.ID, n wire.NewChannel) (*wire.Channel, error) {
	var ch wire.Channel
	return &ch, c.do(ctx, http.MethodPost, "/guilds/"+string(guild)+"/channels", n, &ch)
}

// DeleteChannel removes a channel or a thread.
func (c *Client) DeleteChannel(ctx context.Context, channel wire.ID) error {
	return c.do(ctx, http.MethodDelete, "/channels/"+string(channel), nil, nil)
}

// OpenDM gives the channel of direct messages with somebody.
func (c *Client) OpenDM(ctx context.Context, user wire.ID) (wire.ID, error) {
	var ch wire.Channel
	err := c.do(ctx, http.MethodPost, "/users/@me/channels", map[string]wire.ID{"recipient_id": user}, &ch)
	return ch.ID, err
}

// Rename changes a channel's name and topic. Discord lets that happen twice in
// ten minutes, and tells with a 429 that would hold up every other change of the
// channel if the limits that are waited for counted it.
func (c *Client) Rename(ctx context.Context, channel wire.ID, r wire.Renaming) error {
	return c.call(ctx, c.free, http.MethodPatch, "/channels/"+string(channel), r, nil)
}

// SetOverwrite puts an overwrite in place of the one of the same target.
func (c *Client) SetOverwrite(ctx context.Context, channel wire.ID, o wire.Overwrite) error {
	body := map[string]any{"type": o.Type, "allow": o.Allow, "deny": o.Deny}
	return c.do(ctx, http.MethodPut, "/channels/"+string(channel)+"/permissions/"+string(o.ID), body, nil)
}

// DeleteOverwrite takes an overwrite away.
func (c *Client) DeleteOverwrite(ctx context.Context, channel, target wire.ID) error {
	return c.do(ctx, http.MethodDelete, "/channels/"+string(channel)+"/permissions/"+string(target), nil, nil)
}
