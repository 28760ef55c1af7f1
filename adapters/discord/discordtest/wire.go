package discordtest

import "encoding/json"

type userJSON struct {
	ID            ID     `json:"id"`
	Username      string `json:"username"`
	Discriminator string `json:"discriminator"`
	GlobalName    text   `json:"global_name"`
	Avatar        text   `json:"avatar"`
	Bot           bool   `json:"bot,omitempty"`
	PublicFlags   int    `json:"public_flags"`
	Flags         int    `json:"flags"`
	PrimaryGuild  *int   `json:"primary_guild"`
}

func (u *user) wire() userJSON {
	discriminator := "0"
	if u.bot {
		discriminator = "0001"
	}
	return userJSON{
		ID: u.id, Username: u.username, Discriminator: discriminator, GlobalName: text(u.globalName), Avatar: text(u.avatar), Bot: u.bot,
	}
}

type memberJSON struct {
	User         *userJSON   `json:"user,omitempty"`
	Nick         text        `json:"nick"`
	Avatar       text        `json:"avatar"`
	Banner       text        `json:"banner"`
	Roles        []ID        `json:"roles"`
	JoinedAt     stamp       `json:"joined_at"`
	PremiumSince stamp       `json:"premium_since"`
	Deaf         bool        `json:"deaf"`
	Mute         bool        `json:"mute"`
	Flags        int         `json:"flags"`
	Pending      bool        `json:"pending"`
	Timeout      stamp       `json:"communication_disabled_until"`
	Permissions  *Permission `json:"permissions,omitempty"`
	GuildID      ID          `json:"guild_id,omitempty"`
}

// partial is the member without its user, as it stands inside a message.
func (m *member) partial() *memberJSON {
	return &memberJSON{
		Nick: text(m.nick), Roles: append([]ID{}, m.roles...), JoinedAt: stamp(m.joined), Timeout: stamp(m.timeout),
	}
}

func (m *member) wire() *memberJSON {
	out := m.partial()
	u := m.user.wire()
	out.User = &u
	return out
}

func (m *member) event() *memberJSON {
	out := m.wire()
	out.GuildID = m.guild.id
	return out
}

type roleJSON struct {
	ID          ID             `json:"id"`
	Name        string         `json:"name"`
	Color       int            `json:"color"`
	Colors      map[string]any `json:"colors"`
	Hoist       bool           `json:"hoist"`
	Icon        text           `json:"icon"`
	Emoji       text           `json:"unicode_emoji"`
	Position    int            `json:"position"`
	Permissions Permission     `json:"permissions"`
	Managed     bool           `json:"managed"`
	Mentionable bool           `json:"mentionable"`
	Flags       int            `json:"flags"`
	Tags        map[string]ID  `json:"tags,omitempty"`
}

func (r *role) wire() roleJSON {
	out := roleJSON{
		ID: r.id, Name: r.name, Color: r.color, Position: r.position, Permissions: r.permissions,
		Managed: r.managed, Mentionable: r.mentionable,
		Colors: map[string]any{"primary_color": r.color, "secondary_color": nil, "tertiary_color": nil},
	}
	if r.bot != 0 {
		out.Tags = map[string]ID{"bot_id": r.bot}
	}
	return out
}

func (g *guild) rolesJSON() []roleJSON {
	out := []roleJSON{}
	for _, r := range g.roles {
		out = append(out, r.wire())
	}
	return out
}

// wire is the guild as REST and GUILD_CREATE both give it.
func (g *guild) wire() map[string]any {
	return map[string]any{
		"id": g.id, "name": g.name, "icon": nil, "splash": nil, "discovery_splash": nil, "description": nil,
		"owner_id": g.owner.id, "afk_channel_id": nil, "afk_timeout": 300, "verification_level": 0,
		"default_message_notifications": 0, "explicit_content_filter": 0, "roles": g.rolesJSON(),
		"emojis": []any{}, "stickers": []any{}, "features": []string{"COMMUNITY"}, "mfa_level": 0,
		"application_id": nil, "system_channel_id": nil, "system_channel_flags": 0, "rules_channel_id": nil,
		"vanity_url_code": nil, "banner": nil, "premium_tier": g.tier, "premium_subscription_count": 0,
		"preferred_locale": g.locale, "public_updates_channel_id": nil, "nsfw_level": 0,
		"premium_progress_bar_enabled": false, "safety_alerts_channel_id": nil, "max_members": 500000, "region": "deprecated",
		"home_header": nil, "widget_enabled": false, "widget_channel_id": nil, "max_presences": nil, "incidents_data": nil,
		"max_stage_video_channel_users": 50, "max_video_channel_users": 25, "nsfw": false,
	}
}

type threadMetadata struct {
	Archived  bool  `json:"archived"`
	Duration  int   `json:"auto_archive_duration"`
	ChangedAt stamp `json:"archive_timestamp"`
	Locked    bool  `json:"locked"`
	Invitable *bool `json:"invitable,omitempty"`
	CreatedAt stamp `json:"create_timestamp"`
}

// wire is the channel with the fields that its type has.
func (ch *channel) wire() map[string]any {
	out := map[string]any{"id": ch.id, "type": ch.kind, "flags": ch.flags}
	if ch.holdsMessages() {
		out["last_message_id"] = ch.lastID
		out["last_pin_timestamp"] = stamp(ch.lastPin)
	}
	if ch.isDM() {
		out["recipients"] = []userJSON{ch.recipient.wire()}
		return out
	}
	out["guild_id"], out["name"], out["parent_id"] = ch.guild.id, ch.name, ch.parentID()
	if ch.isThread() {
		ch.threadWire(out)
		return out
	}
	out["position"], out["nsfw"], out["rate_limit_per_user"] = ch.position, ch.nsfw, ch.slowmode
	out["permission_overwrites"] = append([]Overwrite{}, ch.overwrites...)
	out["topic"] = text(ch.topic)
	if ch.duration != 0 {
		out["default_auto_archive_duration"] = ch.duration
	}
	if ch.kind == TypeForum {
		ch.forumWire(out)
	}
	return out
}

func (ch *channel) forumWire(out map[string]any) {
	out["available_tags"] = append([]Tag{}, ch.tags...)
	out["default_reaction_emoji"], out["default_sort_order"], out["default_forum_layout"] = nil, nil, 0
	out["default_thread_rate_limit_per_user"], out["last_message_id"] = 0, ch.lastID
}

// channelWire is the channel as the bot reads it: a thread with its own membership.
func (s *Server) channelWire(ch *channel) map[string]any {
	out := ch.wire()
	if ch.isThread() && s.inThread(ch) {
		out["member"] = ch.threadMember(s.app.bot.id)
	}
	return out
}

func (s *Server) channelsWire(list []*channel) []map[string]any {
	out := []map[string]any{}
	for _, ch := range list {
		out = append(out, s.channelWire(ch))
	}
	return out
}

func (ch *channel) threadWire(out map[string]any) {
	t := ch.thread
	out["owner_id"], out["member_count"] = t.owner, min(len(t.members), 50)
	out["message_count"], out["total_message_sent"] = ch.counted(), len(ch.messages)
	out["rate_limit_per_user"] = ch.slowmode
	if ch.parent.kind == TypeForum {
		out["applied_tags"] = append([]ID{}, t.tags...)
	}
	meta := threadMetadata{t.archived, t.duration, stamp(t.changed), t.locked, nil, stamp(t.created)}
	if ch.kind == TypePrivateThread {
		meta.Invitable = &t.invitable
	}
	out["thread_metadata"] = meta
}

// counted are the thread's messages without the one that it begins with.
func (ch *channel) counted() int {
	n := 0
	for _, m := range ch.public() {
		if m.id != ch.id && m.kind != messageStarter {
			n++
		}
	}
	return n
}

func channelsJSON(list []*channel) []map[string]any {
	out := []map[string]any{}
	for _, ch := range list {
		out = append(out, ch.wire())
	}
	return out
}

func orNull(raw json.RawMessage, empty string) json.RawMessage {
	if len(raw) == 0 || string(raw) == "null" {
		return json.RawMessage(empty)
	}
	return raw
}
