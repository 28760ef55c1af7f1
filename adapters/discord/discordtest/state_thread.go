package discordtest

import (
	"net/http"
	"slices"
	"time"
)

const (
	maxActiveThreads = 1000
	maxThreadMembers = 1000

	flagHasThread  = 1 << 5
	flagPinnedPost = 1 << 1
	flagNeedsTag   = 1 << 4
)

func (g *guild) activeThreads() int {
	n := 0
	for _, ch := range g.channels {
		if ch.isThread() && !ch.thread.archived {
			n++
		}
	}
	return n
}

func (g *guild) hasRoomForThread() error {
	if g.activeThreads() < maxActiveThreads {
		return nil
	}
	return refuse(http.StatusBadRequest, 160006, "Maximum number of active threads reached")
}

// addThread makes a thread, of which its owner is the first member; announceThread tells of it.
func (s *Server) addThread(ch *channel, body threadBody, owner *user, id ID) *channel {
	if id == 0 {
		id = s.newID()
	}
	if body.Duration == 0 {
		body.Duration = 4320
		if ch.duration != 0 {
			body.Duration = ch.duration
		}
	}
	t := &channel{id: id, kind: body.Type, guild: ch.guild, parent: ch, name: body.Name, slowmode: body.Slowmode, thread: &thread{
		owner: owner.id, created: s.now(), changed: s.now(), active: s.now(), duration: body.Duration, members: []ID{owner.id},
		invitable: body.Invitable == nil || *body.Invitable, tags: slices.Clone(body.Tags),
	}}
	ch.guild.channels = append(ch.guild.channels, t)
	ch.guild.threaded = true
	s.channels[id] = t
	return t
}

// announceThread tells of a new thread; one without a message of its own leaves a notice in its channel.
func (s *Server) announceThread(t *channel) {
	data := s.channelWire(t)
	data["newly_created"] = true
	s.send(event{name: "THREAD_CREATE", channel: t, data: data})
	if t.parent.kind == TypeForum {
		t.parent.lastID = t.id
		return
	}
	if t.kind == TypePublicThread && t.parent.message(t.id) == nil {
		owner := s.user(t.thread.owner)
		s.post(t.parent, draft{
			author: owner.wire(), from: owner, kind: messageThread, content: t.name,
			reference: &reference{ChannelID: t.id, GuildID: t.guild.id},
		})
	}
}

func (s *Server) archive(ch *channel, archived bool) {
	t := ch.thread
	if t.archived != archived {
		t.archived, t.changed, t.active = archived, s.now(), s.now()
	}
	s.send(event{name: "THREAD_UPDATE", channel: ch, data: s.channelWire(ch), forced: s.inThread(ch)})
}

// inThread reports whether the bot is a member of the thread.
func (s *Server) inThread(ch *channel) bool { return slices.Contains(ch.thread.members, s.app.bot.id) }

// stir keeps a thread in which something is written, opens one that is archived and not locked, and lets its writer
// and those who are mentioned in it join.
func (s *Server) stir(m *message) {
	ch := m.channel
	if !ch.isThread() {
		return
	}
	ch.thread.active = s.now()
	if ch.thread.archived && !ch.thread.locked {
		s.archive(ch, false)
	}
	if m.webhook == 0 && s.user(m.author.ID) != nil {
		s.joinThread(ch, m.author.ID)
	}
	for _, u := range m.mentions.users {
		if s.mayBeBrought(ch, u, m.author.ID) {
			s.joinThread(ch, u.id)
		}
	}
}

// mayBeBrought reports whether a mention brings a person into the thread: who sees its channel, and into a private one
// only where its members may invite or the writer manages threads.
func (s *Server) mayBeBrought(ch *channel, u *user, by ID) bool {
	m := ch.guild.member(u.id)
	if m == nil || !m.in(s, ch.parent).Has(PermViewChannel) {
		return false
	}
	writer := ch.guild.member(by)
	return ch.kind != TypePrivateThread || ch.thread.invitable || ch.thread.owner == by ||
		writer != nil && writer.in(s, ch.parent).Has(PermManageThreads)
}

// joinThread adds a member and tells of it; the bot itself hears of a private thread that it did not know.
func (s *Server) joinThread(ch *channel, id ID) {
	if slices.Contains(ch.thread.members, id) || len(ch.thread.members) >= maxThreadMembers {
		return
	}
	ch.thread.members = append(ch.thread.members, id)
	if id == s.app.bot.id {
		s.send(event{name: "THREAD_CREATE", channel: ch, data: s.channelWire(ch)})
	}
	s.threadMembersChanged(ch, []any{ch.threadMember(id)}, nil)
}

func (s *Server) leaveThread(ch *channel, id ID) {
	had := s.inThread(ch)
	ch.thread.members = slices.DeleteFunc(ch.thread.members, func(o ID) bool { return o == id })
	s.tellThreadMembers(ch, nil, []ID{id}, had)
}

func (s *Server) threadMembersChanged(ch *channel, added []any, removed []ID) {
	s.tellThreadMembers(ch, added, removed, s.inThread(ch))
}

// tellThreadMembers reaches every session about the bot itself, and about others those that hear of members.
func (s *Server) tellThreadMembers(ch *channel, added []any, removed []ID, forced bool) {
	data := map[string]any{"id": ch.id, "guild_id": ch.guild.id, "member_count": min(len(ch.thread.members), 50)}
	if added != nil {
		data["added_members"] = added
	}
	if removed != nil {
		data["removed_member_ids"] = removed
	}
	s.send(event{name: "THREAD_MEMBERS_UPDATE", channel: ch, data: data, forced: forced})
}

func (ch *channel) threadMember(id ID) map[string]any {
	return map[string]any{"id": ch.id, "user_id": id, "join_timestamp": stamp(ch.thread.created), "flags": 0}
}

// sleep archives the threads in which nothing was written for as long as they take.
func (s *Server) sleep() {
	now := s.now()
	for _, g := range s.guilds {
		if !g.threaded {
			continue // which every request finds out of every guild
		}
		for _, ch := range g.channels {
			if ch.isThread() && !ch.thread.archived && now.Sub(ch.thread.active) >= time.Duration(ch.thread.duration)*time.Minute {
				s.archive(ch, true)
			}
		}
	}
}

// syncThreads tells the bot of the threads of a channel that it sees now and did not before.
func (s *Server) syncThreads(ch *channel) {
	var list []*channel
	for _, t := range ch.guild.channels {
		if t.parent == ch && t.isThread() && !t.thread.archived && s.sees(s.app.bot, t) {
			list = append(list, t)
		}
	}
	if list == nil {
		return
	}
	s.send(event{name: "THREAD_LIST_SYNC", channel: ch, data: map[string]any{
		"guild_id": ch.guild.id, "channel_ids": []ID{ch.id}, "threads": s.channelsWire(list), "members": s.ownMemberships(list),
	}})
}

func (s *Server) ownMemberships(list []*channel) []any {
	out := []any{}
	for _, t := range list {
		if s.inThread(t) {
			out = append(out, t.threadMember(s.app.bot.id))
		}
	}
	return out
}
