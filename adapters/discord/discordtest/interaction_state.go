package discordtest

import (
	"encoding/json"
	"time"
)

// Interaction types, as Discord numbers them.
const (
	interactionCommand   = 2
	interactionComponent = 3
	interactionComplete  = 4
	interactionModal     = 5
)

// Callback types, as Discord numbers them.
const (
	callbackMessage       = 4
	callbackDeferred      = 5
	callbackDeferUpdate   = 6
	callbackUpdate        = 7
	callbackChoices       = 8
	callbackModal         = 9
	interactionAckTime    = 3 * time.Second
	interactionTokenLife  = 15 * time.Minute
	interactionAttachment = 10 << 20
)

// interaction is what happened between a click or command and the bot's last word on it.
type interaction struct {
	id       ID
	token    string
	kind     int
	name     string
	user     *user
	member   *member
	channel  *channel
	at       time.Time
	source   *message
	sequel   bool // a modal that was opened from a message's component
	parent   *interaction
	acked    bool
	callback int
	modal    *Modal
	choices  []Choice
	original *message
	followUp []*message
}

func (s *Server) newInteraction(kind int, name string, u *user, ch *channel) *interaction {
	in := &interaction{id: s.newID(), kind: kind, name: name, user: u, channel: ch, at: s.now()}
	in.token = "interaction-token-" + in.id.String()
	if ch.guild != nil {
		in.member = ch.guild.member(u.id)
	}
	s.interactions[in.token] = in
	return in
}

// emit tells the bot of the interaction. It needs no intent and no sight of the channel.
func (s *Server) emit(in *interaction, data any) {
	s.send(event{name: "INTERACTION_CREATE", channel: in.channel, forced: true, data: s.interactionJSON(in, data)})
}

func (s *Server) interactionJSON(in *interaction, data any) map[string]any {
	out := map[string]any{
		"id": in.id, "application_id": s.app.id, "type": in.kind, "data": data, "token": in.token, "version": 1,
		"channel_id": in.channel.id, "channel": in.channel.wire(), "locale": in.user.locale, "entitlements": []any{},
		"app_permissions": s.appPermissions(in.channel), "attachment_size_limit": interactionAttachment,
		"authorizing_integration_owners": map[string]ID{"0": in.channel.guildID()},
	}
	if in.source != nil {
		out["message"] = s.wire(in.source)
	}
	g := in.channel.guild
	if g == nil {
		out["user"], out["context"] = in.user.wire(), 1
		return out
	}
	m := in.member.wire()
	p := in.member.in(s, in.channel)
	m.Permissions = &p
	out["member"], out["context"] = m, 0
	out["guild_id"], out["guild_locale"] = g.id, g.locale
	out["guild"] = map[string]any{"id": g.id, "locale": g.locale, "features": []string{"COMMUNITY"}}
	return out
}

func (s *Server) appPermissions(ch *channel) Permission {
	if ch.guild == nil {
		return DefaultPermissions
	}
	bot := s.botIn(ch.guild)
	if bot == nil {
		return 0
	}
	return bot.in(s, ch)
}

func (in *interaction) invocation() *invocation {
	out := &invocation{id: in.id, kind: in.kind, user: in.user, name: in.name, guild: in.channel.guildID()}
	if in.source != nil {
		out.message = in.source.id
	}
	if in.parent != nil {
		out.trigger = in.parent.invocation()
	}
	return out
}

// draft is the bot's answer to the interaction.
func (in *interaction) draft(s *Server, body *messageBody, files []upload) draft {
	d := body.draft(s.app.bot, files)
	d.invoked = in.invocation()
	d.nonce = json.RawMessage(nil)
	if d.flags&flagEphemeral != 0 {
		d.ephemeralFor = in.user
	}
	if d.allowed == nil {
		d.allowed = &allowedMentions{Parse: []string{"users"}}
	}
	return d
}
