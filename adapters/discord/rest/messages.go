package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// HistoryPage is how many messages History gives at most.
const HistoryPage = 100

func messages(channel wire.ID) string { return "/channels/" + string(channel) + "/messages" }

// History gives messages of a channel that are newer than one, oldest first.
func (c *Client) History(ctx context.Context, channel, after wire.ID) ([]wire.Message, error) {
	if after == "" {
		after = "0"
	}
	list, err := c.history(ctx, channel, "after", after)
	slices.Reverse(list)
	return list, err
}

// HistoryBefore gives messages of a channel that are older than one, newest first.
func (c *Client) HistoryBefore(ctx context.Context, channel, before wire.ID) ([]wire.Message, error) {
	return c.history(ctx, channel, "before", before)
}

// history gives a page as Discord does: newest first.
func (c *Client) history(ctx context.Context, channel wire.ID, side string, of wire.ID) ([]wire.Message, error) {
	var raw []json.RawMessage
	path := messages(channel) + "?limit=" + strconv.Itoa(HistoryPage) + "&" + side + "=" + string(of)
	err := c.do(ctx, http.MethodGet, path, nil, &raw)
	list := make([]wire.Message, 0, len(raw))
	for _, m := range raw {
		list = append(list, readable(m))
	}
	return list, err
}

// readable keeps at least the ID of a message that cannot be read, so that
// whoever pages through a history gets past it.
func readable(raw json.RawMessage) wire.Message {
	if m, err := wire.Read[wire.Message](raw); err == nil {
		return *m
	}
	var only struct {
		ID wire.ID `json:"id"`
	}
	_ = json.Unmarshal(raw, &only)
	return wire.Message{ID: only.ID}
}

// Message gives a message as it is now.
func (c *Client) Message(ctx context.Context, channel, message wire.ID) (wire.Message, error) {
	var m wire.Message
	err := c.do(ctx, http.MethodGet, messages(channel)+"/"+string(message), nil, &m)
	return m, err
}

// Post sends a message and gives its ID.
func (c *Client) Post(ctx context.Context, channel wire.ID, p wire.Post) (wire.ID, error) {
	var m struct {
		ID wire.ID `json:"id"`
	}
	if len(p.Files) > 0 {
		err := c.sendFiles(ctx, http.MethodPost, messages(channel), p, &m)
		return m.ID, err
	}
	return m.ID, c.do(ctx, http.MethodPost, messages(channel), p, &m)
}

// Edit changes a message of the bot.
func (c *Client) Edit(ctx context.Context, channel, message wire.ID, p wire.Post) error {
	path := messages(channel) + "/" + string(message)
	if p.Refiles {
		return c.sendFiles(ctx, http.MethodPatch, path, p, nil)
	}
	return c.do(ctx, http.MethodPatch, path, p, nil)
}

// Delete deletes a message.
func (c *Client) Delete(ctx context.Context, channel, message wire.ID) error {
	return c.do(ctx, http.MethodDelete, messages(channel)+"/"+string(message), nil, nil)
}

// Answer gives the first answer to an interaction, within three seconds.
func (c *Client) Answer(ctx context.Context, i *wire.Interaction, a wire.Answer) error {
	path := "/interactions/" + string(i.ID) + "/" + i.Token + "/callback"
	return c.call(ctx, c.free, http.MethodPost, path, a, nil)
}

// EditAnswer changes the first answer to an interaction, within 15 minutes.
func (c *Client) EditAnswer(ctx context.Context, i *wire.Interaction, p wire.Post) error {
	path := "/webhooks/" + string(i.ApplicationID) + "/" + i.Token + "/messages/@original"
	return c.call(ctx, c.free, http.MethodPatch, path, p, nil)
}
