package discordtest

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

type allowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []ID     `json:"users"`
	Roles       []ID     `json:"roles"`
	RepliedUser bool     `json:"replied_user"`
}

// mentions are those of a message that were allowed to ping.
type mentions struct {
	users    []*user
	roles    []ID
	everyone bool
	replied  bool
}

var (
	userMention = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<@!?(\d+)>`) })
	roleMention = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<@&(\d+)>`) })
)

func (a *allowedMentions) lets(kind string, listed []ID, id ID) bool {
	return a == nil || slices.Contains(a.Parse, kind) || slices.Contains(listed, id)
}

// resolveMentions finds whom the text, and the reply, pings; from is nil for a webhook.
func (s *Server) resolveMentions(m *message, from *user, allowed *allowedMentions) mentions {
	var out mentions
	var users, roles []ID
	if allowed != nil {
		users, roles = allowed.Users, allowed.Roles
	}
	for _, found := range userMention().FindAllStringSubmatch(m.content, -1) {
		id := parseID(found[1])
		if u := s.user(id); u != nil && allowed.lets("users", users, id) && !slices.Contains(out.users, u) {
			out.users = append(out.users, u)
		}
	}
	s.resolveReply(&out, m, allowed)
	if m.channel.guild == nil {
		return out
	}
	for _, found := range roleMention().FindAllStringSubmatch(m.content, -1) {
		id := parseID(found[1])
		if m.channel.guild.role(id) != nil && allowed.lets("roles", roles, id) {
			out.roles = append(out.roles, id)
		}
	}
	loud := strings.Contains(m.content, "@everyone") || strings.Contains(m.content, "@here")
	out.everyone = loud && allowed.lets("everyone", nil, 0) && s.mayMentionAll(m.channel, from)
	return out
}

func (s *Server) resolveReply(out *mentions, m *message, allowed *allowedMentions) {
	if m.replied == nil || allowed != nil && !allowed.RepliedUser {
		return
	}
	out.replied = true
	if u := s.user(m.replied.author.ID); u != nil && !slices.Contains(out.users, u) {
		out.users = append(out.users, u)
	}
}

func (s *Server) mayMentionAll(ch *channel, from *user) bool {
	if from == nil {
		return true
	}
	m := ch.guild.member(from.id)
	return m != nil && m.in(s, ch).Has(PermMentionEveryone)
}

// pinged are the people whom the message notified.
func (s *Server) pinged(m *message) []*user {
	out := slices.Clone(m.mentions.users)
	if m.channel.guild == nil {
		return out
	}
	for _, member := range m.channel.guild.members {
		hit := m.mentions.everyone || slices.ContainsFunc(m.mentions.roles, func(id ID) bool { return slices.Contains(member.roles, id) })
		if hit && member.user.id != m.author.ID && s.sees(member.user, m.channel) && !slices.Contains(out, member.user) {
			out = append(out, member.user)
		}
	}
	return out
}
