package discordtest

import (
	"encoding/json"
	"slices"
)

type mentionJSON struct {
	userJSON
	Member *memberJSON `json:"member,omitempty"`
}

type messageJSON struct {
	ID              ID               `json:"id"`
	ChannelID       ID               `json:"channel_id"`
	GuildID         ID               `json:"guild_id,omitempty"`
	Author          userJSON         `json:"author"`
	Member          *memberJSON      `json:"member,omitempty"`
	Content         string           `json:"content"`
	Timestamp       stamp            `json:"timestamp"`
	Edited          stamp            `json:"edited_timestamp"`
	TTS             bool             `json:"tts"`
	MentionEveryone bool             `json:"mention_everyone"`
	Mentions        []mentionJSON    `json:"mentions"`
	MentionRoles    []ID             `json:"mention_roles"`
	Attachments     []attachment     `json:"attachments"`
	Embeds          []Embed          `json:"embeds"`
	Components      json.RawMessage  `json:"components"`
	Reactions       []map[string]any `json:"reactions,omitempty"`
	Nonce           json.RawMessage  `json:"nonce,omitempty"`
	Pinned          bool             `json:"pinned"`
	WebhookID       ID               `json:"webhook_id,omitempty"`
	ApplicationID   ID               `json:"application_id,omitempty"`
	Type            int              `json:"type"`
	Flags           int              `json:"flags"`
	Reference       *reference       `json:"message_reference,omitempty"`
	Referenced      *messageJSON     `json:"referenced_message,omitempty"`
	Metadata        map[string]any   `json:"interaction_metadata,omitempty"`
	Interaction     map[string]any   `json:"interaction,omitempty"`
	Stickers        []sticker        `json:"sticker_items,omitempty"`
	Snapshots       []map[string]any `json:"message_snapshots,omitempty"`
	Poll            map[string]any   `json:"poll,omitempty"`
}

// wire is the message as REST gives it: without guild and member.
func (s *Server) wire(m *message) *messageJSON {
	out := s.bare(m)
	out.Poll, out.Snapshots = m.poll.wire(s.now()), s.snapshots(m)
	if m.replied != nil && !m.replied.deleted {
		out.Referenced = s.bare(m.replied)
		out.Referenced.Reactions = nil
	}
	return out
}

func (s *Server) bare(m *message) *messageJSON {
	out := &messageJSON{
		ID: m.id, ChannelID: m.channel.id, Author: m.author, Content: m.content, Timestamp: stamp(m.at),
		Edited: stamp(m.edited), TTS: m.tts, MentionEveryone: m.mentions.everyone, Mentions: []mentionJSON{},
		MentionRoles: append([]ID{}, m.mentions.roles...), Attachments: s.signedAll(m.attachments),
		Embeds: rich(m.embeds), Components: orNull(s.arranged(m), "[]"), Nonce: m.nonce, Pinned: m.pinned,
		WebhookID: m.webhook, Type: m.kind, Flags: m.flags, Reference: m.reference,
		Stickers: m.stickers,
	}
	for _, u := range m.mentions.users {
		out.Mentions = append(out.Mentions, mentionJSON{userJSON: u.wire()})
	}
	for _, r := range m.reactions {
		out.Reactions = append(out.Reactions, map[string]any{
			"emoji": map[string]any{"id": nil, "name": r.emoji}, "count": len(r.users),
			"me": hasUser(r.users, s.app.bot), "burst_colors": []any{}, "me_burst": false,
			"count_details": map[string]int{"burst": 0, "normal": len(r.users)},
		})
	}
	if m.webhook != 0 {
		out.ApplicationID = s.app.id // all webhooks here are the application's
	}
	if m.invoked != nil {
		out.ApplicationID, out.WebhookID = s.app.id, s.app.id
		out.Metadata, out.Interaction = m.invoked.metadata(), m.invoked.legacy()
	}
	return out
}

func (i *invocation) metadata() map[string]any {
	out := map[string]any{
		"id": i.id, "type": i.kind, "user": i.user.wire(), "authorizing_integration_owners": map[string]ID{"0": i.guild},
	}
	if i.guild == 0 {
		out["authorizing_integration_owners"] = map[string]string{"0": "0"}
	}
	if i.kind == interactionComponent {
		out["interacted_message_id"] = i.message
	}
	if i.trigger != nil {
		out["triggering_interaction_metadata"] = i.trigger.metadata()
	}
	return out
}

func (i *invocation) legacy() map[string]any {
	if i.kind != interactionCommand {
		return nil
	}
	return map[string]any{"id": i.id, "type": i.kind, "name": i.name, "user": i.user.wire()}
}

func rich(embeds []Embed) []Embed {
	out := []Embed{}
	for _, e := range embeds {
		if e.Type == "" {
			e.Type = "rich"
		}
		out = append(out, e)
	}
	return out
}

func hasUser(list []*user, u *user) bool { return slices.Contains(list, u) }

// eventWire is the message as the gateway gives it: with guild, and the author's membership.
func (s *Server) eventWire(m *message) *messageJSON {
	out := s.wire(m)
	g := m.channel.guild
	if g == nil {
		return out
	}
	out.GuildID = g.id
	if author := g.member(m.author.ID); author != nil && m.webhook == 0 {
		out.Member = author.partial()
	}
	for i, mention := range out.Mentions {
		if member := g.member(mention.ID); member != nil {
			out.Mentions[i].Member = member.partial()
		}
	}
	return out
}

// tellsContent reports whether the bot learns the text without the MESSAGE_CONTENT intent.
func (s *Server) tellsContent(m *message) bool {
	bot := s.app.bot
	return m.channel.isDM() || m.author.ID == bot.id || m.invoked != nil || hasUser(m.mentions.users, bot) // as one that answers the bot does, unless it pings nobody
}

// withoutContent is the message as an application sees it that may not read content.
func (out *messageJSON) withoutContent() *messageJSON {
	hidden := *out
	hidden.Content, hidden.Components = "", json.RawMessage("[]")
	hidden.Embeds, hidden.Attachments, hidden.Poll = []Embed{}, []attachment{}, nil
	hidden.Snapshots = nil
	for range out.Snapshots {
		hidden.Snapshots = append(hidden.Snapshots, map[string]any{"message": map[string]any{
			"type": 0, "content": "", "embeds": []any{}, "attachments": []any{}, "components": []any{}, "mentions": []any{},
			"mention_roles": []any{}, "flags": 0, "timestamp": out.Timestamp, "edited_timestamp": nil,
		}})
	}
	return &hidden
}

// forBot is the message as REST shows it to the bot.
func (s *Server) forBot(m *message) *messageJSON {
	out := s.wire(m)
	if !s.app.granted.Has(IntentMessageContent) && !s.tellsContent(m) {
		out = out.withoutContent()
	}
	if r := out.Referenced; r != nil && !s.app.granted.Has(IntentMessageContent) && !s.tellsContent(m.replied) {
		out.Referenced = r.withoutContent()
	}
	return out
}
