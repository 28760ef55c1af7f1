package discordtest

import (
	"net/http"
	"slices"
	"time"
)

func (s *Server) channelRoutes(mux router) {
	s.route(mux, "GET /guilds/{guild}/channels", needsToken, listChannels)
	s.route(mux, "POST /guilds/{guild}/channels", needsToken, createChannel)
	s.route(mux, "GET /channels/{channel}", needsToken, getChannel)
	s.route(mux, "PATCH /channels/{channel}", needsToken, editChannel)
	s.route(mux, "DELETE /channels/{channel}", needsToken, deleteChannel)
	s.route(mux, "PUT /channels/{channel}/permissions/{overwrite}", needsToken, putOverwrite)
	s.route(mux, "DELETE /channels/{channel}/permissions/{overwrite}", needsToken, deleteOverwrite)
}

// channelBody is what creating and changing a channel take.
type channelBody struct {
	Name       opt[string]      `json:"name"`
	Type       int              `json:"type"`
	Topic      opt[string]      `json:"topic"`
	Position   opt[int]         `json:"position"`
	ParentID   opt[ID]          `json:"parent_id"`
	Slowmode   opt[int]         `json:"rate_limit_per_user"`
	NSFW       opt[bool]        `json:"nsfw"`
	Overwrites opt[[]Overwrite] `json:"permission_overwrites"`
	Archived   opt[bool]        `json:"archived"`
	Locked     opt[bool]        `json:"locked"`
	Invitable  opt[bool]        `json:"invitable"`
	Duration   opt[int]         `json:"auto_archive_duration"`
	Flags      opt[int]         `json:"flags"`
	Tags       opt[[]ID]        `json:"applied_tags"`
	Available  opt[[]Tag]       `json:"available_tags"`
	Default    opt[int]         `json:"default_auto_archive_duration"`
}

func (b *channelBody) check(f *form) {
	if b.Name.set {
		f.length("name", b.Name.v, 1, 100)
	}
	f.length("topic", b.Topic.v, 0, 1024)
	if b.Slowmode.v < 0 || b.Slowmode.v > 21600 {
		f.add("rate_limit_per_user", "NUMBER_TYPE_MAX", "int value should be between 0 and 21600.")
	}
	if b.Duration.set && !slices.Contains(archiveDurations, b.Duration.v) {
		f.add("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}.")
	}
	f.tags(b.Available.v)
}

func listChannels(c *call) (any, error) {
	g, _, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	return channelsJSON(g.plain()), nil
}

func getChannel(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	return c.s.channelWire(ch), nil
}

func createChannel(c *call) (any, error) {
	g, bot, err := c.guild(PermManageChannels)
	if err != nil {
		return nil, err
	}
	var body channelBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := body.checkNew(g); err != nil {
		return nil, err
	}
	parent := c.s.channels[body.ParentID.v]
	if err := bot.mayGrantNew(c.s, body.Overwrites.v, parent); err != nil {
		return nil, err
	}
	ch := &channel{
		kind: body.Type, name: channelName(body.Type, body.Name.v), topic: body.Topic.v, parent: parent,
		slowmode: body.Slowmode.v, nsfw: body.NSFW.v, overwrites: slices.Clone(body.Overwrites.v),
		position: body.Position.or(len(g.plain())), tags: c.s.numbered(body.Available.v), duration: body.Default.v,
		flags: body.Flags.v & flagNeedsTag,
	}
	if !body.Overwrites.set && parent != nil {
		ch.overwrites = slices.Clone(parent.overwrites)
	}
	c.s.addChannel(g, ch)
	return created{ch.wire()}, nil
}

func (b *channelBody) checkNew(g *guild) error {
	f := &form{}
	if !b.Name.set {
		f.add("name", "BASE_TYPE_REQUIRED", "This field is required")
	}
	b.check(f)
	switch b.Type {
	case TypeText, TypeCategory, TypeForum, TypeAnnouncement:
	default:
		f.add("type", "BASE_TYPE_CHOICES", "Value must be one of {0, 2, 4, 5, 13, 14, 15, 16}.")
	}
	if err := f.err(); err != nil {
		return err
	}
	if len(g.plain()) >= maxGuildChannels {
		return refuse(http.StatusBadRequest, 30013, "Maximum number of server channels reached (500)")
	}
	checkParent(f, g, b.ParentID.v)
	return f.err()
}

// addChannel puts a new channel into the guild and tells of it.
func (s *Server) addChannel(g *guild, ch *channel) {
	ch.id, ch.guild = s.newID(), g
	g.channels = append(g.channels, ch)
	s.channels[ch.id] = ch
	s.send(event{name: "CHANNEL_CREATE", channel: ch, data: ch.wire()})
}

func editChannel(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	if ch.isDM() {
		return nil, refuse(http.StatusForbidden, 50003, "Cannot execute action on a DM channel")
	}
	var body channelBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if ch.isThread() {
		return c.s.editThread(ch, &body)
	}
	if err := c.s.allow(ch, PermManageChannels); err != nil {
		return nil, err
	}
	if err := c.s.checkEdit(ch, &body); err != nil {
		return nil, err
	}
	c.s.applyChannel(ch, &body)
	return ch.wire(), nil
}

func (s *Server) checkEdit(ch *channel, body *channelBody) error {
	f := &form{}
	body.check(f)
	if body.ParentID.v != ch.parentID() {
		checkParent(f, ch.guild, body.ParentID.v)
	}
	if err := f.err(); err != nil {
		return err
	}
	if body.Overwrites.set {
		if err := s.allow(ch, PermManageRoles); err != nil {
			return err
		}
		if err := s.botIn(ch.guild).mayReplace(s, ch, body.Overwrites.v); err != nil {
			return err
		}
	}
	return s.slowEdit(ch, body)
}

func (s *Server) applyChannel(ch *channel, body *channelBody) {
	could := s.sees(s.app.bot, ch)
	if body.Name.set {
		ch.name = channelName(ch.kind, body.Name.v)
	}
	ch.topic = body.Topic.or(ch.topic)
	ch.position = body.Position.or(ch.position)
	ch.slowmode = body.Slowmode.or(ch.slowmode)
	ch.nsfw = body.NSFW.or(ch.nsfw)
	ch.duration = body.Default.or(ch.duration)
	if ch.kind == TypeForum {
		ch.tags = s.numbered(body.Available.or(ch.tags))
		ch.flags = body.Flags.or(ch.flags) & flagNeedsTag
	}
	ch.overwrites = slices.Clone(body.Overwrites.or(ch.overwrites))
	if body.ParentID.set {
		ch.parent = s.channels[body.ParentID.v]
	}
	s.channelChanged(ch, could)
}

// channelChanged tells of a change, also to a bot that lost its sight of the channel by it.
func (s *Server) channelChanged(ch *channel, could bool) {
	s.send(event{name: "CHANNEL_UPDATE", channel: ch, data: ch.wire(), forced: could})
	if !could && s.sees(s.app.bot, ch) {
		s.syncThreads(ch)
	}
}

const (
	renameLimit  = 2
	renameWindow = 10 * time.Minute
)

// slowEdit counts changes of name and topic, of which a channel takes two in ten minutes.
func (s *Server) slowEdit(ch *channel, body *channelBody) error {
	name := channelName(ch.kind, body.Name.or(ch.name))
	if name == ch.name && body.Topic.or(ch.topic) == ch.topic {
		return nil
	}
	now := s.now()
	ch.edits = slices.DeleteFunc(ch.edits, func(at time.Time) bool { return now.Sub(at) >= renameWindow })
	if len(ch.edits) >= renameLimit {
		return rateLimited(ScopeShared, ch.edits[0].Add(renameWindow).Sub(now), renameLimit)
	}
	ch.edits = append(ch.edits, now)
	return nil
}

func deleteChannel(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	if ch.isDM() {
		return ch.wire(), nil
	}
	need := PermManageChannels
	if ch.isThread() {
		need = PermManageThreads
	}
	if err := c.s.allow(ch, need); err != nil {
		return nil, err
	}
	out := ch.wire()
	c.s.removeChannel(ch)
	return out, nil
}

// removeChannel deletes a channel with its threads; a category's channels stay, without a parent.
func (s *Server) removeChannel(ch *channel) {
	for _, child := range ch.children() {
		if child.isThread() {
			s.removeChannel(child)
			continue
		}
		child.parent = nil
		s.channelChanged(child, false)
	}
	name, data := "CHANNEL_DELETE", ch.wire()
	if ch.isThread() {
		name = "THREAD_DELETE"
		data = map[string]any{"id": ch.id, "guild_id": ch.guild.id, "parent_id": ch.parentID(), "type": ch.kind}
	}
	s.send(event{name: name, channel: ch, data: data})
	for _, m := range ch.messages {
		for _, a := range m.attachments {
			delete(s.files, a.path)
		}
	}
	ch.gone = true
	if len(ch.messages) > 0 {
		ch.guild.removed = append(ch.guild.removed, ch)
	}
	for _, w := range ch.webhooks {
		delete(s.webhooks, w.id)
	}
	delete(s.channels, ch.id)
	ch.guild.channels = slices.DeleteFunc(ch.guild.channels, func(o *channel) bool { return o == ch })
}
