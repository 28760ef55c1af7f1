package discordtest

import (
	"net/http"
	"strconv"
	"time"
)

func (s *Server) messageRoutes(mux router) {
	const one = "/channels/{channel}/messages/{message}"
	s.route(mux, "POST /channels/{channel}/messages", needsToken, createMessage)
	s.route(mux, "GET /channels/{channel}/messages", needsToken, listMessages)
	s.route(mux, "GET "+one, needsToken, getMessage)
	s.route(mux, "PATCH "+one, needsToken, editMessage)
	s.route(mux, "DELETE "+one, needsToken, deleteMessage)
	s.route(mux, "POST /channels/{channel}/messages/bulk-delete", needsToken, bulkDelete)
	s.route(mux, "POST /channels/{channel}/typing", needsToken, typing)
}

// channel is the channel of the path, where the bot sees it and has the permissions.
func (c *call) channel(need Permission) (*channel, error) {
	ch := c.s.channels[c.id("channel")]
	if ch == nil {
		return nil, unknownChannel()
	}
	return ch, c.s.allow(ch, need)
}

// allow is Missing Access where the bot does not see the channel, Missing Permissions where it lacks one.
func (s *Server) allow(ch *channel, need Permission) error {
	if ch.isDM() {
		return nil
	}
	bot := s.botIn(ch.guild)
	if bot == nil || !s.sees(bot.user, ch) {
		return missingAccess()
	}
	if !bot.in(s, ch).Has(need) {
		return missingPermissions()
	}
	return nil
}

func (s *Server) allowed(ch *channel, need Permission) bool { return s.allow(ch, need) == nil }

func (c *call) message(need Permission) (*message, error) {
	ch, err := c.channel(need)
	if err != nil {
		return nil, err
	}
	m := ch.message(c.id("message"))
	if m == nil || m.ephemeralFor != nil {
		return nil, unknownMessage()
	}
	return m, nil
}

func createMessage(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	if err := c.s.mayPost(ch); err != nil {
		return nil, err
	}
	body, err := c.messageBody()
	if err != nil {
		return nil, err
	}
	if body.empty(len(c.files)) && !body.forwards() {
		return nil, emptyMessage()
	}
	if err := c.s.allowContent(ch, body, len(c.files)); err != nil {
		return nil, err
	}
	return c.s.createOnce(ch, body, c.files)
}

func (s *Server) mayPost(ch *channel) error {
	if !ch.holdsMessages() {
		return refuse(http.StatusBadRequest, 50008, "Cannot send messages in a non-text channel")
	}
	if ch.isDM() {
		return s.mayMessage(ch.recipient)
	}
	if ch.isThread() && ch.thread.locked && ch.thread.archived {
		return refuse(http.StatusBadRequest, 50083, "Thread is archived")
	}
	if ch.isThread() && ch.thread.locked && !s.allowed(ch, PermManageThreads) {
		return refuse(http.StatusBadRequest, 160005, "Thread is locked")
	}
	return s.allow(ch, ch.sendPermission())
}

// mayMessage refuses a DM to a person who shares no guild with the bot or takes none.
func (s *Server) mayMessage(u *user) error {
	for _, g := range s.guilds {
		if g.member(u.id) != nil && s.botIn(g) != nil {
			if u.dmsClosed {
				return refuse(http.StatusForbidden, 50007, "Cannot send messages to this user")
			}
			return nil
		}
	}
	return refuse(http.StatusForbidden, 50278, "Cannot send messages to this user due to having no mutual guilds")
}

func (s *Server) allowContent(ch *channel, body *messageBody, files int) error {
	var need Permission
	if len(body.Embeds.v) > 0 {
		need |= PermEmbedLinks
	}
	if files > 0 {
		need |= PermAttachFiles
	}
	return s.allow(ch, need)
}

// nonceLife is how long Discord remembers a nonce: "the past few minutes".
const nonceLife = 5 * time.Minute

// createOnce posts the message, or returns the one that was made with the same enforced nonce.
func (s *Server) createOnce(ch *channel, body *messageBody, files []upload) (any, error) {
	key := nonceKey{s.app.bot.id, ch.id, body.nonce()}
	if use, ok := s.nonces[key]; ok && body.EnforceNonce && s.now().Sub(use.at) < nonceLife {
		return s.wire(use.message), nil
	}
	d := body.draft(s.app.bot, files)
	d.flags &^= flagEphemeral
	d.poll = body.poll(s.now())
	names, err := s.stickerNames(body.Stickers)
	if err != nil {
		return nil, err
	}
	d.stickers = names
	if err := s.replyTo(&d, ch, body.Reference); err != nil {
		return nil, err
	}
	m := s.post(ch, d)
	if key.nonce != "" {
		s.nonces[key] = nonceUse{m, s.now()}
	}
	return s.wire(m), nil
}

// forwardTo forwards what the bot can read.
func (s *Server) forwardTo(d *draft, ref *reference) error {
	from := s.channels[ref.ChannelID]
	if from == nil {
		return unknownChannel()
	}
	if err := s.allow(from, PermReadHistory); err != nil {
		return err
	}
	m := from.message(ref.MessageID)
	if m == nil {
		return unknownMessage()
	}
	s.forward(d, m)
	return nil
}

func (s *Server) replyTo(d *draft, ch *channel, ref *reference) error {
	if ref == nil {
		return nil
	}
	if ref.Type == referenceForward {
		return s.forwardTo(d, ref)
	}
	if !s.allowed(ch, PermReadHistory) {
		return refuse(http.StatusBadRequest, 160002, "Cannot reply without permission to read message history")
	}
	d.replied = ch.message(ref.MessageID)
	if d.replied != nil {
		d.kind = messageReply
		return nil
	}
	if ref.FailIfNotExists == nil || *ref.FailIfNotExists {
		return badForm("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
	}
	return nil
}

func listMessages(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	limit := 50
	if text := c.r.URL.Query().Get("limit"); text != "" {
		limit, err = strconv.Atoi(text)
		if err != nil || limit < 1 || limit > 100 {
			return nil, badForm("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
		}
	}
	out := []*messageJSON{}
	if !c.s.allowed(ch, PermReadHistory) {
		return out, nil
	}
	for _, m := range c.page(ch.public(), limit) {
		out = append(out, c.s.forBot(m))
	}
	return out, nil
}

// page is the asked part of a channel's messages, newest first.
func (c *call) page(all []*message, limit int) []*message {
	query := c.r.URL.Query()
	var from, to int
	switch {
	case query.Has("after"):
		from = firstFrom(all, parseID(query.Get("after"))+1)
		to = min(from+limit, len(all))
	case query.Has("around"):
		middle := firstFrom(all, parseID(query.Get("around")))
		from = max(middle-limit/2, 0)
		to = min(from+limit, len(all))
	case query.Has("before"):
		to = firstFrom(all, parseID(query.Get("before")))
		from = max(to-limit, 0)
	default:
		to = len(all)
		from = max(to-limit, 0)
	}
	out := make([]*message, 0, to-from)
	for i := to - 1; i >= from; i-- {
		out = append(out, all[i])
	}
	return out
}

// firstFrom is the index of the first message whose ID is at least id.
func firstFrom(all []*message, id ID) int {
	for i, m := range all {
		if m.id >= id {
			return i
		}
	}
	return len(all)
}

func getMessage(c *call) (any, error) {
	m, err := c.message(PermReadHistory)
	if err != nil {
		return nil, err
	}
	return c.s.forBot(m), nil
}

func editMessage(c *call) (any, error) {
	m, err := c.message(0)
	if err != nil {
		return nil, err
	}
	if m.author.ID != c.s.app.bot.id || m.webhook != 0 {
		return nil, refuse(http.StatusForbidden, 50005, "Cannot edit a message authored by another user")
	}
	body, err := c.editBody(m)
	if err != nil {
		return nil, err
	}
	if err := c.s.frozen(m.channel); err != nil {
		return nil, err
	}
	if err := body.apply(c.s, m, c.files); err != nil {
		return nil, err
	}
	c.s.edited(m)
	return c.s.wire(m), nil
}

// frozen refuses changes in an archived thread.
func (s *Server) frozen(ch *channel) error {
	if ch.isThread() && ch.thread.archived {
		return refuse(http.StatusBadRequest, 50083, "Thread is archived")
	}
	return nil
}

func deleteMessage(c *call) (any, error) {
	m, err := c.message(0)
	if err != nil {
		return nil, err
	}
	if m.author.ID != c.s.app.bot.id {
		if m.channel.isDM() {
			return nil, refuse(http.StatusForbidden, 50003, "Cannot execute action on a DM channel")
		}
		if err := c.s.allow(m.channel, PermManageMessages); err != nil {
			return nil, err
		}
	}
	c.s.remove(m)
	return nil, nil
}

const bulkDeleteAge = 14 * 24 * time.Hour

func bulkDelete(c *call) (any, error) {
	ch, err := c.channel(PermManageMessages)
	if err != nil {
		return nil, err
	}
	var body struct{ Messages []ID }
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if len(body.Messages) < 2 || len(body.Messages) > 100 {
		return nil, refuse(http.StatusBadRequest, 50016,
			"Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete")
	}
	for _, id := range body.Messages {
		if c.s.now().Sub(id.Time()) > bulkDeleteAge {
			return nil, refuse(http.StatusBadRequest, 50034, "You can only bulk delete messages that are under 14 days old.")
		}
	}
	for _, id := range body.Messages {
		if m := ch.message(id); m != nil {
			c.s.destroy(m)
		}
	}
	c.s.send(event{name: "MESSAGE_DELETE_BULK", channel: ch, data: deletion(ch, "ids", body.Messages)})
	return nil, nil
}

func typing(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	return nil, c.s.mayPost(ch)
}
