package discordtest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"sync"
)

type webhook struct {
	id      ID
	channel *channel
	name    string
	avatar  string
	token   string
	creator *user
}

const maxWebhooks = 15

func (s *Server) webhookRoutes(mux router) {
	s.route(mux, "POST /channels/{channel}/webhooks", needsToken, createWebhook)
	s.route(mux, "GET /channels/{channel}/webhooks", needsToken, listWebhooks)
	s.route(mux, "GET /guilds/{guild}/webhooks", needsToken, guildWebhooks)
	s.route(mux, "GET /webhooks/{webhook}", needsToken, getWebhook)
	s.route(mux, "PATCH /webhooks/{webhook}", needsToken, editWebhook)
	s.route(mux, "DELETE /webhooks/{webhook}", needsToken, deleteWebhook)
	const tokened = "/webhooks/{webhook}/{token}"
	s.route(mux, "GET "+tokened, needsNothing, getTokenWebhook)
	s.route(mux, "POST "+tokened, needsNothing, executeWebhook)
	s.route(mux, "GET "+tokened+"/messages/{message}", needsNothing, getWebhookMessage)
	s.route(mux, "PATCH "+tokened+"/messages/{message}", needsNothing, editWebhookMessage)
	s.route(mux, "DELETE "+tokened+"/messages/{message}", needsNothing, deleteWebhookMessage)
}

// wire shows the token only to the application that made the webhook, or to who knows it.
func (w *webhook) wire(s *Server) map[string]any {
	out := map[string]any{
		"id": w.id, "type": 1, "name": w.name, "avatar": text(w.avatar), "channel_id": w.channel.id,
		"guild_id": w.channel.guildID(), "application_id": nil, "user": w.creator.wire(),
	}
	if w.creator == s.app.bot {
		out["application_id"], out["token"] = s.app.id, w.token
	}
	return out
}

var webhookBanned = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)clyde|discord`) })

func createWebhook(c *call) (any, error) {
	ch, err := c.channel(PermManageWebhooks)
	if err != nil {
		return nil, err
	}
	if ch.kind != TypeText && ch.kind != TypeAnnouncement && ch.kind != TypeForum {
		return nil, wrongChannelType()
	}
	var body struct{ Name string }
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := checkWebhookName(body.Name, "name", 1); err != nil {
		return nil, err
	}
	if len(ch.webhooks) >= maxWebhooks {
		return nil, refuse(http.StatusBadRequest, 30007, "Maximum number of webhooks reached (15)")
	}
	id := c.s.newID()
	w := &webhook{id, ch, body.Name, "", "webhook-token-" + id.String(), c.s.app.bot}
	ch.webhooks = append(ch.webhooks, w)
	c.s.webhooks[id] = w
	c.s.webhooksChanged(ch)
	return w.wire(c.s), nil
}

func checkWebhookName(name, field string, least int) error {
	f := &form{}
	f.length(field, name, least, 80)
	if found := webhookBanned().FindString(name); found != "" {
		f.add(field, "USERNAME_INVALID_CONTAINS", "Username cannot contain \""+found+"\"")
	}
	return f.err()
}

func (s *Server) webhooksChanged(ch *channel) {
	s.send(event{name: "WEBHOOKS_UPDATE", channel: ch, data: map[string]any{"guild_id": ch.guild.id, "channel_id": ch.id}})
}

func (s *Server) webhooksJSON(list []*webhook) []map[string]any {
	out := []map[string]any{}
	for _, w := range list {
		out = append(out, w.wire(s))
	}
	return out
}

func listWebhooks(c *call) (any, error) {
	ch, err := c.channel(PermManageWebhooks)
	if err != nil {
		return nil, err
	}
	return c.s.webhooksJSON(ch.webhooks), nil
}

func guildWebhooks(c *call) (any, error) {
	g, _, err := c.guild(PermManageWebhooks)
	if err != nil {
		return nil, err
	}
	var all []*webhook
	for _, ch := range g.channels {
		all = append(all, ch.webhooks...)
	}
	return c.s.webhooksJSON(all), nil
}

// webhook is the webhook of the path, where the bot may manage it.
func (c *call) webhook() (*webhook, error) {
	w := c.s.webhooks[c.id("webhook")]
	if w == nil {
		return nil, unknownWebhook()
	}
	return w, c.s.allow(w.channel, PermManageWebhooks)
}

func unknownWebhook() error { return notFound(10015, "Webhook") }

func getWebhook(c *call) (any, error) {
	w, err := c.webhook()
	if err != nil {
		return nil, err
	}
	return w.wire(c.s), nil
}

func editWebhook(c *call) (any, error) {
	w, err := c.webhook()
	if err != nil {
		return nil, err
	}
	var body struct {
		Name    opt[string]
		Channel opt[ID] `json:"channel_id"`
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	w.name = body.Name.or(w.name)
	if to := c.s.channels[body.Channel.v]; to != nil {
		w.channel.webhooks = slices.DeleteFunc(w.channel.webhooks, func(o *webhook) bool { return o == w })
		to.webhooks = append(to.webhooks, w)
		w.channel = to
	}
	c.s.webhooksChanged(w.channel)
	return w.wire(c.s), nil
}

func deleteWebhook(c *call) (any, error) {
	w, err := c.webhook()
	if err != nil {
		return nil, err
	}
	delete(c.s.webhooks, w.id)
	w.channel.webhooks = slices.DeleteFunc(w.channel.webhooks, func(o *webhook) bool { return o == w })
	c.s.webhooksChanged(w.channel)
	return nil, nil
}

// tokenWebhook is the webhook of a path with its token, which needs no other right.
func (c *call) tokenWebhook() (*webhook, error) {
	w := c.s.webhooks[c.id("webhook")]
	if w == nil {
		return nil, unknownWebhook()
	}
	if w.token != c.r.PathValue("token") {
		return nil, refuse(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	}
	return w, nil
}

func getTokenWebhook(c *call) (any, error) {
	w, err := c.tokenWebhook()
	if err != nil {
		return nil, err
	}
	out := w.wire(c.s)
	delete(out, "user")
	return out, nil
}

func executeWebhook(c *call) (any, error) {
	if c.id("webhook") == c.s.app.id {
		return followUp(c)
	}
	w, err := c.tokenWebhook()
	if err != nil {
		return nil, err
	}
	body, err := c.messageBody()
	if err != nil {
		return nil, err
	}
	if body.empty(len(c.files)) {
		return nil, emptyMessage()
	}
	if err := checkWebhookName(body.Username, "username", 0); err != nil {
		return nil, err
	}
	ch, err := c.webhookPlace(w)
	if err != nil {
		return nil, err
	}
	m := c.s.post(ch, w.draft(body, c.files))
	if c.r.URL.Query().Get("wait") != "true" {
		return nil, nil
	}
	return c.s.wire(m), nil
}

// webhookPlace is the webhook's channel, or the thread of it that thread_id names.
func (c *call) webhookPlace(w *webhook) (*channel, error) {
	id := parseID(c.r.URL.Query().Get("thread_id"))
	if id == 0 {
		return w.channel, nil
	}
	t := c.s.channels[id]
	if t == nil || t.parent != w.channel || !t.isThread() {
		return nil, unknownChannel()
	}
	return t, nil
}

// draft speaks as the webhook, under the name and avatar of the request where it gives them.
func (w *webhook) draft(body *messageBody, files []upload) draft {
	d := body.draft(&user{id: w.id, username: w.name, avatar: w.avatar, bot: true}, files)
	d.from, d.webhook, d.nonce = nil, w.id, json.RawMessage(nil)
	d.author.Discriminator = "0000"
	d.flags &^= flagEphemeral
	if body.Username != "" {
		d.author.Username = body.Username
	}
	if body.AvatarURL != "" {
		d.author.Avatar = text(body.AvatarURL)
	}
	if d.allowed == nil {
		d.allowed = &allowedMentions{Parse: []string{"users"}}
	}
	return d
}

func (c *call) webhookMessage() (*message, error) {
	w, err := c.tokenWebhook()
	if err != nil {
		return nil, err
	}
	ch, err := c.webhookPlace(w)
	if err != nil {
		return nil, err
	}
	m := ch.message(c.id("message"))
	if m == nil || m.webhook != w.id {
		return nil, unknownMessage()
	}
	return m, nil
}

func getWebhookMessage(c *call) (any, error) {
	if c.id("webhook") == c.s.app.id {
		return getFollowUp(c)
	}
	m, err := c.webhookMessage()
	if err != nil {
		return nil, err
	}
	return c.s.wire(m), nil
}

func editWebhookMessage(c *call) (any, error) {
	if c.id("webhook") == c.s.app.id {
		return editFollowUp(c)
	}
	m, err := c.webhookMessage()
	if err != nil {
		return nil, err
	}
	body, err := c.editBody(m)
	if err != nil {
		return nil, err
	}
	if err := body.apply(c.s, m, c.files); err != nil {
		return nil, err
	}
	c.s.edited(m)
	return c.s.wire(m), nil
}

func deleteWebhookMessage(c *call) (any, error) {
	if c.id("webhook") == c.s.app.id {
		return deleteFollowUp(c)
	}
	m, err := c.webhookMessage()
	if err != nil {
		return nil, err
	}
	c.s.remove(m)
	return nil, nil
}
