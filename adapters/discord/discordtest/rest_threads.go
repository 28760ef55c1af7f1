package discordtest

import (
	"net/http"
	"slices"
)

func (s *Server) threadRoutes(mux *http.ServeMux) {
	s.route(mux, "POST /channels/{channel}/threads", needsToken, createThread)
	s.route(mux, "POST /channels/{channel}/messages/{message}/threads", needsToken, threadFromMessage)
	s.route(mux, "GET /guilds/{guild}/threads/active", needsToken, activeThreads)
	s.route(mux, "GET /channels/{channel}/thread-members", needsToken, listThreadMembers)
	s.route(mux, "PUT /channels/{channel}/thread-members/{user}", needsToken, addThreadMember)
	s.route(mux, "DELETE /channels/{channel}/thread-members/{user}", needsToken, removeThreadMember)
}

type threadBody struct {
	Name      string
	Type      int
	Invitable *bool
	Duration  int `json:"auto_archive_duration"`
}

func createThread(c *call) (any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	body := threadBody{Type: TypePrivateThread}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	need := PermCreatePublicThread
	if body.Type == TypePrivateThread {
		need = PermCreatePrivateThread
	}
	return c.newThread(ch, body, need, 0)
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
	return c.newThread(m.channel, body, PermCreatePublicThread, m.id)
}

func (c *call) newThread(ch *channel, body threadBody, need Permission, id ID) (any, error) {
	if ch.kind != TypeText && ch.kind != TypeAnnouncement {
		return nil, wrongChannelType()
	}
	if err := c.s.allow(ch, need); err != nil {
		return nil, err
	}
	f := &form{}
	f.length("name", body.Name, 1, 100)
	if body.Type != TypePublicThread && body.Type != TypePrivateThread {
		f.add("type", "BASE_TYPE_CHOICES", "Value must be one of {10, 11, 12}.")
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	if ch.guild.activeThreads() >= maxActiveThreads {
		return nil, refuse(http.StatusBadRequest, 160006, "Maximum number of active threads reached")
	}
	return created{c.s.addThread(ch, body, id).wire()}, nil
}

const maxActiveThreads = 1000

func (g *guild) activeThreads() int {
	n := 0
	for _, ch := range g.channels {
		if ch.isThread() && !ch.thread.archived {
			n++
		}
	}
	return n
}

func (s *Server) addThread(ch *channel, body threadBody, id ID) *channel {
	if id == 0 {
		id = s.newID()
	}
	if body.Duration == 0 {
		body.Duration = 1440
	}
	bot := s.app.bot.id
	t := &channel{id: id, kind: body.Type, guild: ch.guild, parent: ch, name: body.Name, thread: &thread{
		owner: bot, created: s.now(), changed: s.now(), duration: body.Duration, members: []ID{bot},
		invitable: body.Invitable == nil || *body.Invitable,
	}}
	ch.guild.channels = append(ch.guild.channels, t)
	s.channels[id] = t
	data := t.wire()
	data["newly_created"] = true
	s.send(event{name: "THREAD_CREATE", channel: t, data: data})
	return t
}

func (s *Server) editThread(ch *channel, body *channelBody) (any, error) {
	onlyOpens := body.Archived.set && !body.Archived.v && !body.Name.set && !body.Locked.set
	if !onlyOpens || ch.thread.locked {
		if err := s.allowThread(ch); err != nil {
			return nil, err
		}
	}
	if ch.thread.archived && body.Archived.or(true) {
		return nil, refuse(http.StatusBadRequest, 50083, "Thread is archived")
	}
	f := &form{}
	body.check(f)
	if err := f.err(); err != nil {
		return nil, err
	}
	t := ch.thread
	ch.name, ch.slowmode = body.Name.or(ch.name), body.Slowmode.or(ch.slowmode)
	t.locked, t.duration, t.invitable = body.Locked.or(t.locked), body.Duration.or(t.duration), body.Invitable.or(t.invitable)
	s.archive(ch, body.Archived.or(t.archived))
	return ch.wire(), nil
}

// allowThread lets a thread's owner change it, and whoever manages threads.
func (s *Server) allowThread(ch *channel) error {
	if ch.thread.owner == s.app.bot.id && !ch.thread.locked {
		return nil
	}
	return s.allow(ch, PermManageThreads)
}

func (s *Server) archive(ch *channel, archived bool) {
	if ch.thread.archived != archived {
		ch.thread.archived, ch.thread.changed = archived, s.now()
	}
	s.send(event{name: "THREAD_UPDATE", channel: ch, data: ch.wire()})
}

// unarchive opens an archived thread again when someone writes in it.
func (s *Server) unarchive(ch *channel) {
	if ch.isThread() && ch.thread.archived && !ch.thread.locked {
		s.archive(ch, false)
	}
}

func activeThreads(c *call) (any, error) {
	g, bot, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	var list []*channel
	for _, ch := range g.channels {
		if ch.isThread() && !ch.thread.archived && c.s.sees(bot.user, ch) {
			list = append(list, ch)
		}
	}
	return map[string]any{"threads": channelsJSON(list), "members": []any{}, "has_more": false}, nil
}

func (ch *channel) threadMember(id ID) map[string]any {
	return map[string]any{"id": ch.id, "user_id": id, "join_timestamp": stamp(ch.thread.created), "flags": 0}
}

func listThreadMembers(c *call) (any, error) {
	ch, err := c.threadChannel(0)
	if err != nil {
		return nil, err
	}
	out := []map[string]any{}
	for _, id := range ch.thread.members {
		out = append(out, ch.threadMember(id))
	}
	return out, nil
}

func (c *call) threadChannel(need Permission) (*channel, error) {
	ch, err := c.channel(need)
	if err == nil && !ch.isThread() {
		err = wrongChannelType()
	}
	return ch, err
}

func (c *call) threadUser() ID {
	if c.r.PathValue("user") == "@me" {
		return c.s.app.bot.id
	}
	return c.id("user")
}

const maxThreadMembers = 1000

func addThreadMember(c *call) (any, error) {
	ch, err := c.threadChannel(0)
	if err != nil {
		return nil, err
	}
	if err := c.s.frozen(ch); err != nil {
		return nil, err
	}
	id := c.threadUser()
	if ch.guild.member(id) == nil {
		return nil, notFound(10007, "Member")
	}
	if id != c.s.app.bot.id {
		if err := c.s.allow(ch, PermSendInThreads); err != nil {
			return nil, err
		}
	}
	if slices.Contains(ch.thread.members, id) {
		return nil, nil
	}
	if len(ch.thread.members) >= maxThreadMembers {
		return nil, refuse(http.StatusBadRequest, 30033, "Maximum number of thread participants has been reached (1000)")
	}
	ch.thread.members = append(ch.thread.members, id)
	c.s.threadMembersChanged(ch, []any{ch.threadMember(id)}, nil)
	return nil, nil
}

func removeThreadMember(c *call) (any, error) {
	ch, err := c.threadChannel(0)
	if err != nil {
		return nil, err
	}
	id := c.threadUser()
	if id != c.s.app.bot.id && ch.thread.owner != c.s.app.bot.id {
		if err := c.s.allow(ch, PermManageThreads); err != nil {
			return nil, err
		}
	}
	if !slices.Contains(ch.thread.members, id) {
		return nil, notFound(10007, "Member")
	}
	ch.thread.members = slices.DeleteFunc(ch.thread.members, func(o ID) bool { return o == id })
	c.s.threadMembersChanged(ch, nil, []ID{id})
	return nil, nil
}

func (s *Server) threadMembersChanged(ch *channel, added []any, removed []ID) {
	data := map[string]any{"id": ch.id, "guild_id": ch.guild.id, "member_count": min(len(ch.thread.members), 50)}
	if added != nil {
		data["added_members"] = added
	}
	if removed != nil {
		data["removed_member_ids"] = removed
	}
	s.send(event{name: "THREAD_MEMBERS_UPDATE", channel: ch, data: data, forced: true})
}
