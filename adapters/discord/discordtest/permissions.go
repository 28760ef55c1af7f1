package discordtest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Permission is a set of Discord's permission bits; in JSON a string of digits.
type Permission uint64

// The permission bits that this server looks at.
const (
	PermCreateInvite        Permission = 1 << 0
	PermKickMembers         Permission = 1 << 1
	PermBanMembers          Permission = 1 << 2
	PermAdministrator       Permission = 1 << 3
	PermManageChannels      Permission = 1 << 4
	PermManageGuild         Permission = 1 << 5
	PermAddReactions        Permission = 1 << 6
	PermViewAuditLog        Permission = 1 << 7
	PermViewChannel         Permission = 1 << 10
	PermSendMessages        Permission = 1 << 11
	PermSendTTS             Permission = 1 << 12
	PermManageMessages      Permission = 1 << 13
	PermEmbedLinks          Permission = 1 << 14
	PermAttachFiles         Permission = 1 << 15
	PermReadHistory         Permission = 1 << 16
	PermMentionEveryone     Permission = 1 << 17
	PermExternalEmojis      Permission = 1 << 18
	PermChangeNickname      Permission = 1 << 26
	PermManageNicknames     Permission = 1 << 27
	PermManageRoles         Permission = 1 << 28
	PermManageWebhooks      Permission = 1 << 29
	PermUseCommands         Permission = 1 << 31
	PermManageThreads       Permission = 1 << 34
	PermCreatePublicThread  Permission = 1 << 35
	PermCreatePrivateThread Permission = 1 << 36
	PermSendInThreads       Permission = 1 << 38
	PermModerateMembers     Permission = 1 << 40
	PermPinMessages         Permission = 1 << 51

	permAll Permission = 1<<53 - 1
)

// DefaultPermissions are what @everyone may in a new guild.
const DefaultPermissions = PermCreateInvite | PermAddReactions | PermViewChannel | PermSendMessages | PermEmbedLinks |
	PermAttachFiles | PermReadHistory | PermMentionEveryone | PermExternalEmojis | PermChangeNickname | PermUseCommands |
	PermCreatePublicThread | PermCreatePrivateThread | PermSendInThreads

// BotPermissions are what a helpdesk bot asks for when it is invited without administrator rights.
const BotPermissions = DefaultPermissions | PermManageChannels | PermManageRoles | PermManageMessages |
	PermManageWebhooks | PermManageThreads | PermPinMessages

// Has reports whether all bits of want are in p.
func (p Permission) Has(want Permission) bool { return p&want == want }

// MarshalJSON writes the bits as a string, as Discord does.
func (p Permission) MarshalJSON() ([]byte, error) {
	return strconv.AppendQuote(nil, strconv.FormatUint(uint64(p), 10)), nil
}

// UnmarshalJSON reads a string or a number; null is no permission.
func (p *Permission) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "null" || text == "" {
		*p = 0
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return &json.UnmarshalTypeError{Value: "string", Field: "permissions"}
	}
	*p = Permission(n)
	return nil
}

// base are the member's permissions in the guild: the owner and administrators have all.
func (m *member) base() Permission {
	if m.guild.owner == m.user {
		return permAll
	}
	p := m.guild.everyone().permissions
	for _, id := range m.roles {
		if r := m.guild.role(id); r != nil {
			p |= r.permissions
		}
	}
	if p.Has(PermAdministrator) {
		return permAll
	}
	return p
}

// in are the member's permissions in a channel, by the documented algorithm.
func (m *member) in(s *Server, ch *channel) Permission {
	p := m.base()
	if p.Has(PermAdministrator) {
		return p
	}
	place := ch
	if ch.isThread() {
		place = ch.parent
	}
	p = m.withOverwrites(p, place)
	p = m.withImplicitDenies(p, ch)
	if m.timeout.After(s.now()) {
		p &= PermViewChannel | PermReadHistory
	}
	return p
}

// withOverwrites applies those of @everyone, then those of all the member's roles together, then the member's own.
func (m *member) withOverwrites(p Permission, ch *channel) Permission {
	if o := ch.overwrite(m.guild.id); o != nil {
		p = p&^o.Deny | o.Allow
	}
	var allow, deny Permission
	for _, id := range m.roles {
		if o := ch.overwrite(id); o != nil {
			allow |= o.Allow
			deny |= o.Deny
		}
	}
	p = p&^deny | allow
	if o := ch.overwrite(m.user.id); o != nil {
		p = p&^o.Deny | o.Allow
	}
	return p
}

func (m *member) withImplicitDenies(p Permission, ch *channel) Permission {
	if !p.Has(PermViewChannel) {
		return 0
	}
	if ch.kind == TypePrivateThread && !p.Has(PermManageThreads) && !slices.Contains(ch.thread.members, m.user.id) {
		return 0
	}
	if ch.isThread() && ch.thread.locked && !p.Has(PermManageThreads) {
		p &^= PermSendInThreads
	}
	send := PermSendMessages
	if ch.isThread() {
		send = PermSendInThreads
	}
	if !p.Has(send) {
		p &^= PermMentionEveryone | PermSendTTS | PermAttachFiles | PermEmbedLinks
	}
	return p
}

// sees reports whether a user can view the channel; in a DM that is its two people.
func (s *Server) sees(u *user, ch *channel) bool {
	if ch.isDM() {
		return u == ch.recipient || u == s.app.bot
	}
	m := ch.guild.member(u.id)
	return m != nil && m.in(s, ch).Has(PermViewChannel)
}

// sendPermission is the bit that posting in the channel needs.
func (ch *channel) sendPermission() Permission {
	if ch.isThread() {
		return PermSendInThreads
	}
	return PermSendMessages
}
