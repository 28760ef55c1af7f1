package discordtest

import (
	"encoding/json"
	"time"
)

// Message types, as Discord numbers them.
const (
	messageDefault   = 0
	messagePinned    = 6
	messageJoin      = 7
	messageThread    = 18
	messageStarter   = 21
	messageReply     = 19
	messageSlash     = 20
	messageMenuReply = 23
)

type message struct {
	id           ID
	channel      *channel
	author       userJSON
	webhook      ID
	kind         int
	flags        int
	content      string
	embeds       []Embed
	components   json.RawMessage
	attachments  []attachment
	reference    *reference
	replied      *message
	nonce        json.RawMessage
	tts          bool
	pinned       bool
	reactions    []reaction
	at           time.Time
	edited       time.Time
	mentions     mentions
	allowed      *allowedMentions // of who wrote it; nil: all
	invoked      *invocation
	stickers     []sticker
	snapshot     *message // which this one forwards
	poll         *poll
	ephemeralFor *user
	deleted      bool
}

// invocation is what interaction_metadata says of the interaction that a message answers.
type invocation struct {
	id      ID
	kind    int
	user    *user
	name    string
	guild   ID
	message ID          // that was interacted with
	trigger *invocation // which opened the modal
}

type reference struct {
	Type            int   `json:"type"`
	MessageID       ID    `json:"message_id,omitempty"`
	ChannelID       ID    `json:"channel_id,omitempty"`
	GuildID         ID    `json:"guild_id,omitempty"`
	FailIfNotExists *bool `json:"fail_if_not_exists,omitempty"`
}

type reaction struct {
	emoji string
	users []*user
}

type nonceKey struct {
	author, channel ID
	nonce           string
}

type nonceUse struct {
	message *message
	at      time.Time
}

// draft is a message on its way into a channel.
type draft struct {
	id           ID // of a post's first message, which is its thread's
	author       userJSON
	from         *user
	webhook      ID
	kind         int
	flags        int
	content      string
	embeds       []Embed
	components   json.RawMessage
	files        []upload
	described    []attachmentRef
	replied      *message
	reference    *reference
	nonce        json.RawMessage
	tts          bool
	allowed      *allowedMentions
	invoked      *invocation
	stickers     []string
	snapshot     *message
	poll         *poll
	ephemeralFor *user
}

// post puts the message into the channel and tells those who may see it.
func (s *Server) post(ch *channel, d draft) *message {
	if d.id == 0 {
		d.id = s.newID()
	}
	m := &message{
		id: d.id, channel: ch, author: d.author, webhook: d.webhook, kind: d.kind, flags: d.flags,
		stickers: s.stickersNamed(d.stickers), snapshot: d.snapshot, poll: d.poll,
		content: d.content, embeds: d.embeds, components: d.components, attachments: s.store(ch.id, d.files),
		replied: d.replied, reference: d.reference, nonce: d.nonce, tts: d.tts, at: s.now(), invoked: d.invoked, ephemeralFor: d.ephemeralFor,
		allowed: d.allowed,
	}
	m.poll.begin(m.at)
	describe(m.attachments, d.files, d.described)
	if d.replied != nil {
		m.reference = &reference{MessageID: d.replied.id, ChannelID: d.replied.channel.id, GuildID: ch.guildID()}
	}
	m.mentions = s.resolveMentions(m, d.from, d.allowed)
	ch.messages = append(ch.messages, m)
	if m.ephemeralFor == nil {
		ch.lastID = m.id
		s.stir(m)
		s.sendMessage("MESSAGE_CREATE", m)
	}
	return m
}

func describe(list []attachment, files []upload, refs []attachmentRef) {
	for i, f := range files {
		for _, ref := range refs {
			if int(ref.ID) == f.index {
				list[i].Description = ref.Description
			}
		}
	}
}

func (s *Server) edited(m *message) {
	m.edited = s.now()
	s.updated(m)
}

// updated tells of a message that changed without being edited by its author, such as a pin.
func (s *Server) updated(m *message) {
	if m.ephemeralFor == nil {
		s.sendMessage("MESSAGE_UPDATE", m)
	}
}

func (s *Server) remove(m *message) {
	s.destroy(m)
	if m.ephemeralFor != nil {
		return
	}
	s.send(event{name: "MESSAGE_DELETE", channel: m.channel, data: deletion(m.channel, "id", m.id)})
}

// destroy takes the message and its files away.
func (s *Server) destroy(m *message) {
	m.deleted = true
	for _, a := range m.attachments {
		delete(s.files, a.path)
	}
}

func deletion(ch *channel, key string, value any) map[string]any {
	out := map[string]any{key: value, "channel_id": ch.id}
	if ch.guild != nil {
		out["guild_id"] = ch.guild.id
	}
	return out
}
