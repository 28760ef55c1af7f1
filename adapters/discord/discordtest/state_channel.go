package discordtest

import (
	"slices"
	"time"
)

// Channel types, as Discord numbers them.
const (
	TypeText               = 0
	TypeDM                 = 1
	TypeCategory           = 4
	TypeAnnouncement       = 5
	TypeAnnouncementThread = 10
	TypePublicThread       = 11
	TypePrivateThread      = 12
	TypeForum              = 15
)

type channel struct {
	id         ID
	kind       int
	guild      *guild
	parent     *channel
	name       string
	topic      string
	position   int
	slowmode   int
	nsfw       bool
	flags      int
	duration   int   // minutes after which its threads archive themselves
	tags       []Tag // of a forum
	overwrites []Overwrite
	recipient  *user
	messages   []*message
	lastID     ID
	lastPin    time.Time
	edits      []time.Time
	webhooks   []*webhook
	thread     *thread
	gone       bool
}

type thread struct {
	owner     ID
	created   time.Time
	archived  bool
	changed   time.Time
	active    time.Time
	tags      []ID
	duration  int
	locked    bool
	invitable bool
	members   []ID
}

// Overwrite is one permission overwrite of a channel.
type Overwrite struct {
	ID    ID         `json:"id"`
	Type  int        `json:"type"` // 0 role, 1 member
	Allow Permission `json:"allow"`
	Deny  Permission `json:"deny"`
}

func (ch *channel) isThread() bool { return ch.thread != nil }

func (ch *channel) isDM() bool { return ch.kind == TypeDM }

func (ch *channel) holdsMessages() bool {
	return ch.kind == TypeText || ch.kind == TypeDM || ch.kind == TypeAnnouncement || ch.isThread()
}

func (ch *channel) guildID() ID {
	if ch.guild == nil {
		return 0
	}
	return ch.guild.id
}

func (ch *channel) parentID() ID {
	if ch.parent == nil {
		return 0
	}
	return ch.parent.id
}

func (ch *channel) overwrite(id ID) *Overwrite {
	i := slices.IndexFunc(ch.overwrites, func(o Overwrite) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return &ch.overwrites[i]
}

func (ch *channel) message(id ID) *message {
	i := slices.IndexFunc(ch.messages, func(m *message) bool { return m.id == id && !m.deleted })
	if i < 0 {
		return nil
	}
	return ch.messages[i]
}

// public are the messages that stand in the channel's history: no deleted and no ephemeral ones.
func (ch *channel) public() []*message {
	var out []*message
	for _, m := range ch.messages {
		if !m.deleted && m.ephemeralFor == nil {
			out = append(out, m)
		}
	}
	return out
}

func (ch *channel) children() []*channel {
	var out []*channel
	for _, other := range ch.guild.channels {
		if other.parent == ch {
			out = append(out, other)
		}
	}
	return out
}

// plain are the guild's channels without its threads, which count and list apart.
func (g *guild) plain() []*channel {
	var out []*channel
	for _, ch := range g.channels {
		if !ch.isThread() {
			out = append(out, ch)
		}
	}
	return out
}

func (s *Server) dm(u *user) *channel {
	for _, ch := range s.channels {
		if ch.isDM() && ch.recipient == u {
			return ch
		}
	}
	ch := &channel{id: s.newID(), kind: TypeDM, recipient: u}
	s.channels[ch.id] = ch
	return ch
}
