package discordtest

import (
	"strings"
	"time"
)

// Message is what a message looked like when it was read; Now reads it again.
type Message struct {
	ID          ID
	Channel     *Channel
	Author      string // the name that people see
	AuthorID    ID
	Avatar      string // hash, or the URL that a webhook gave
	FromBot     bool
	FromWebhook bool
	System      bool // a notice of Discord's, such as "pinned a message"
	Content     string
	Embeds      []Embed
	Components  []Component
	Attachments []Attachment
	Stickers    []string
	Poll        string // its question
	Forwarded   string // the text of the message that it forwards
	ReplyTo     ID
	Pinged      []string // names of the people whom it notified
	Reactions   map[string]int
	At          time.Time
	Edited      bool
	Deleted     bool
	Pinned      bool
	Ephemeral   bool
	Loading     bool // "Bot is thinking…"

	m *message
}

// Attachment is a file of a message.
type Attachment struct {
	ID          ID
	Filename    string
	ContentType string
	Size        int
	URL         string
}

func (s *Server) views(list []*message) []*Message {
	var out []*Message
	for _, m := range list {
		out = append(out, s.view(m))
	}
	return out
}

func (s *Server) view(m *message) *Message {
	if m == nil {
		return nil
	}
	components, _ := parseComponents(s.arranged(m))
	out := &Message{
		ID: m.id, Channel: &Channel{s, m.channel}, Author: s.authorName(m), AuthorID: m.author.ID,
		Avatar: string(m.author.Avatar), FromBot: m.author.Bot, FromWebhook: m.webhook != 0,
		System: m.kind == messagePinned || m.kind == messageJoin || m.kind == messageThread, Content: m.content,
		Embeds: rich(m.embeds), Components: components, Reactions: map[string]int{}, At: m.at,
		Edited: !m.edited.IsZero(), Deleted: m.deleted, Pinned: m.pinned, Ephemeral: m.ephemeralFor != nil,
		Loading: m.flags&flagLoading != 0, m: m,
	}
	if m.reference != nil {
		out.ReplyTo = m.reference.MessageID
	}
	for _, one := range m.stickers {
		out.Stickers = append(out.Stickers, one.Name)
	}
	if m.poll != nil {
		out.Poll = m.poll.question
	}
	if m.snapshot != nil {
		out.Forwarded = m.snapshot.content
	}
	for _, a := range s.signedAll(m.attachments) {
		out.Attachments = append(out.Attachments, Attachment{a.ID, a.Filename, a.ContentType, a.Size, a.URL})
	}
	for _, u := range s.pinged(m) {
		out.Pinged = append(out.Pinged, u.displayName())
	}
	for _, r := range m.reactions {
		out.Reactions[r.emoji] = len(r.users)
	}
	return out
}

func (s *Server) authorName(m *message) string {
	if m.webhook != 0 {
		return m.author.Username
	}
	if g := m.channel.guild; g != nil {
		if author := g.member(m.author.ID); author != nil {
			return author.displayName()
		}
	}
	if m.author.GlobalName != "" {
		return string(m.author.GlobalName)
	}
	return m.author.Username
}

// Now is the message as it is at present.
func (m *Message) Now() *Message {
	s := m.Channel.s
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view(m.m)
}

// Text is all text of the message in reading order: content, embeds, text components, button labels.
func (m *Message) Text() string {
	parts := []string{m.Content}
	for _, e := range m.Embeds {
		parts = append(parts, e.text()...)
	}
	for _, c := range leaves(m.Components) {
		parts = append(parts, c.Content, c.Label)
	}
	var out []string
	for _, part := range parts {
		if part != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, "\n")
}

func (e Embed) text() []string {
	var out []string
	if e.Author != nil {
		out = append(out, e.Author.Name)
	}
	out = append(out, e.Title, e.Description)
	for _, f := range e.Fields {
		out = append(out, f.Name, f.Value)
	}
	if e.Footer != nil {
		out = append(out, e.Footer.Text)
	}
	return out
}

// Component finds a button or select by custom ID, label or placeholder.
func (m *Message) Component(key string) (Component, bool) {
	for _, c := range leaves(m.Components) {
		if c.CustomID != "" && (c.CustomID == key || c.Label == key || c.Placeholder == key) {
			return c, true
		}
	}
	return Component{}, false
}
