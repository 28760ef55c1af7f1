package discordtest

import (
	"net/http"
	"slices"
)

func (s *Server) threadRoutes(mux router) {
	s.route(mux, "POST /channels/{channel}/threads", needsToken, createThread)
	s.route(mux, "POST /channels/{channel}/messages/{message}/threads", needsToken, threadFromMessage)
	s.threadListRoutes(mux)
	s.threadMemberRoutes(mux)
}

// threadBody is what creating a thread takes; Message and Tags are those of a forum post.
type threadBody struct {
	Name      string       `json:"name"`
	Type      int          `json:"type"`
	Invitable *bool        `json:"invitable"`
	Duration  int          `json:"auto_archive_duration"`
	Slowmode  int          `json:"rate_limit_per_user"`
	Tags      []ID         `json:"applied_tags"`
	Message   *messageBody `json:"message"`
}

func (b *threadBody) check() error {
	f := &form{}
	f.length("name", b.Name, 1, 100)
	switch b.Type {
	case TypeAnnouncementThread, TypePublicThread, TypePrivateThread:
	default:
		f.add("type", "BASE_TYPE_CHOICES", "Value must be one of {10, 11, 12}.")
	}
	if b.Duration != 0 && !slices.Contains(archiveDurations, b.Duration) {
		f.add("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}.")
	}
	return f.err()
}

// archiveDurations are the minutes of silence after which a thread may archive itself.
var archiveDurations = []int{60, 1440, 4320, 10080}

func createThread(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	body := threadBody{Type: TypePrivateThread}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if ch.kind == TypeForum {
		return c.newPost(ch, body)
	}
	need := PermCreatePublicThread
	if body.Type == TypePrivateThread {
		need = PermCreatePrivateThread
	}
	t, err := c.newThread(ch, body, need, 0)
	if err != nil {
		return nil, err
	}
	return created{c.s.channelWire(t)}, nil
}

func threadFromMessage(c *call) (any, error) {
	m, err := c.message(PermReadHistory)
	if err != nil {
		return nil, err
	}
	if c.s.channels[m.id] != nil {
		return nil, refuse(http.StatusBadRequest, 160004, "A thread has already been created for this message")
	}
	body := threadBody{}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	body.Type = TypePublicThread
	if m.channel.kind == TypeAnnouncement {
		body.Type = TypeAnnouncementThread
	}
	t, err := c.newThread(m.channel, body, PermCreatePublicThread, m.id)
	if err != nil {
		return nil, err
	}
	c.s.begins(t, m, c.s.app.bot)
	return created{c.s.channelWire(t)}, nil
}

// begins marks that somebody's thread stands on a message, and shows that in it.
func (s *Server) begins(t *channel, m *message, by *user) {
	m.flags |= flagHasThread
	s.updated(m)
	s.post(t, draft{author: by.wire(), from: by, kind: messageStarter, replied: m})
}

func (c *call) newThread(ch *channel, body threadBody, need Permission, id ID) (*channel, error) {
	if ch.kind != TypeText && ch.kind != TypeAnnouncement {
		return nil, wrongChannelType()
	}
	if err := c.s.allow(ch, need); err != nil {
		return nil, err
	}
	if err := body.check(); err != nil {
		return nil, err
	}
	if err := ch.guild.hasRoomForThread(); err != nil {
		return nil, err
	}
	t := c.s.addThread(ch, body, c.s.app.bot, id)
	c.s.announceThread(t)
	return t, nil
}

// newPost is a thread in a forum, with the message that it begins with.
func (c *call) newPost(forum *channel, body threadBody) (any, error) {
	if err := c.s.allow(forum, PermSendMessages); err != nil {
		return nil, err
	}
	body.Type = TypePublicThread
	if err := body.check(); err != nil {
		return nil, err
	}
	if body.Message == nil || body.Message.empty(len(c.files)) {
		return nil, badForm("message", "BASE_TYPE_REQUIRED", "This field is required")
	}
	if err := body.Message.check(len(c.files)); err != nil {
		return nil, err
	}
	if err := c.s.allowContent(forum, body.Message, len(c.files)); err != nil {
		return nil, err
	}
	if err := c.s.checkTags(forum, body.Tags, c.s.botIn(forum.guild)); err != nil {
		return nil, err
	}
	if err := forum.guild.hasRoomForThread(); err != nil {
		return nil, err
	}
	t := c.s.addThread(forum, body, c.s.app.bot, 0)
	d := body.Message.draft(c.s.app.bot, c.files)
	d.flags &^= flagEphemeral
	d.id = t.id
	c.s.announceThread(t)
	m := c.s.post(t, d)
	out := c.s.channelWire(t)
	out["message"] = c.s.wire(m)
	return created{out}, nil
}

func (s *Server) editThread(ch *channel, body *channelBody) (any, error) {
	t := ch.thread
	onlyOpens := body.Archived.set && !body.Archived.v && !body.Name.set && !body.Locked.set
	if !onlyOpens || t.locked {
		if err := s.allowThread(ch, body); err != nil {
			return nil, err
		}
	}
	if t.archived && body.Archived.or(true) {
		return nil, refuse(http.StatusBadRequest, 50083, "Thread is archived")
	}
	if err := s.checkThread(ch, body); err != nil {
		return nil, err
	}
	if err := s.slowEdit(ch, body); err != nil {
		return nil, err
	}
	s.applyThread(ch, body)
	return s.channelWire(ch), nil
}

func (s *Server) checkThread(ch *channel, body *channelBody) error {
	f := &form{}
	body.check(f)
	if err := f.err(); err != nil {
		return err
	}
	if body.Tags.set && ch.parent.kind == TypeForum {
		if err := s.checkTags(ch.parent, body.Tags.v, s.botIn(ch.guild)); err != nil {
			return err
		}
	}
	if ch.thread.archived && !body.Archived.or(true) {
		return ch.guild.hasRoomForThread()
	}
	return nil
}

func (s *Server) applyThread(ch *channel, body *channelBody) {
	t := ch.thread
	ch.name, ch.slowmode = body.Name.or(ch.name), body.Slowmode.or(ch.slowmode)
	ch.flags = ch.flags&^flagPinnedPost | body.Flags.or(ch.flags)&flagPinnedPost
	t.locked, t.duration, t.invitable = body.Locked.or(t.locked), body.Duration.or(t.duration), body.Invitable.or(t.invitable)
	t.tags = slices.Clone(body.Tags.or(t.tags))
	s.archive(ch, body.Archived.or(t.archived))
}

// allowThread lets a thread's owner change it, and whoever manages threads; only the latter lock it.
func (s *Server) allowThread(ch *channel, body *channelBody) error {
	if ch.thread.owner == s.app.bot.id && !ch.thread.locked && !body.Locked.set && !body.Flags.set {
		return nil
	}
	return s.allow(ch, PermManageThreads)
}
