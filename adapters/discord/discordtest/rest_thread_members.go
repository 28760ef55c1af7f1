package discordtest

import (
	"net/http"
	"slices"
)

func (s *Server) threadMemberRoutes(mux router) {
	const one = "/channels/{channel}/thread-members/{user}"
	s.route(mux, "GET /channels/{channel}/thread-members", needsToken, listThreadMembers)
	s.route(mux, "GET "+one, needsToken, getThreadMember)
	s.route(mux, "PUT "+one, needsToken, addThreadMember)
	s.route(mux, "DELETE "+one, needsToken, removeThreadMember)
}

func (c *call) threadChannel() (*channel, error) {
	ch, err := c.channel(0)
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

// listThreadMembers needs the privileged intent of members, as all lists of people do.
func listThreadMembers(c *call) (any, error) {
	ch, err := c.threadChannel()
	if err != nil {
		return nil, err
	}
	if !c.s.app.granted.Has(IntentGuildMembers) {
		return nil, missingAccess()
	}
	query := c.r.URL.Query()
	full := query.Get("with_member") == "true"
	ids := slices.Clone(ch.thread.members)
	if full {
		slices.Sort(ids)
	}
	out := []map[string]any{}
	for _, id := range ids {
		if full && (id <= parseID(query.Get("after")) || len(out) >= c.limit(100, 100)) {
			continue
		}
		out = append(out, c.threadMember(ch, id))
	}
	return out, nil
}

// threadMember is a member of the thread, with the guild's membership where it is asked for.
func (c *call) threadMember(ch *channel, id ID) map[string]any {
	out := ch.threadMember(id)
	if m := ch.guild.member(id); m != nil && c.r.URL.Query().Get("with_member") == "true" {
		out["member"] = m.wire()
	}
	return out
}

func getThreadMember(c *call) (any, error) {
	ch, err := c.threadChannel()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(ch.thread.members, c.threadUser()) {
		return nil, notFound(10007, "Member")
	}
	return c.threadMember(ch, c.threadUser()), nil
}

func addThreadMember(c *call) (any, error) {
	ch, err := c.threadChannel()
	if err != nil {
		return nil, err
	}
	if err := c.s.frozen(ch); err != nil {
		return nil, err
	}
	id := c.threadUser()
	if id != c.s.app.bot.id {
		if err := c.s.allowInvite(ch); err != nil {
			return nil, err
		}
	}
	m := ch.guild.member(id)
	switch {
	case m == nil:
		return nil, notFound(10007, "Member")
	case !m.in(c.s, ch.parent).Has(PermViewChannel):
		return nil, missingAccess()
	case slices.Contains(ch.thread.members, id):
		return nil, nil
	case len(ch.thread.members) >= maxThreadMembers:
		return nil, refuse(http.StatusBadRequest, 30033, "Maximum number of thread participants has been reached (1000)")
	}
	c.s.joinThread(ch, id)
	return nil, nil
}

// allowInvite wants the right to write in the thread, and to manage threads where members of a private one may not
// invite.
func (s *Server) allowInvite(ch *channel) error {
	need := PermSendInThreads
	if ch.kind == TypePrivateThread && !ch.thread.invitable && ch.thread.owner != s.app.bot.id {
		need |= PermManageThreads
	}
	return s.allow(ch, need)
}

func removeThreadMember(c *call) (any, error) {
	ch, err := c.threadChannel()
	if err != nil {
		return nil, err
	}
	if err := c.s.frozen(ch); err != nil {
		return nil, err
	}
	id := c.threadUser()
	owns := ch.kind == TypePrivateThread && ch.thread.owner == c.s.app.bot.id
	if id != c.s.app.bot.id && !owns {
		if err := c.s.allow(ch, PermManageThreads); err != nil {
			return nil, err
		}
	}
	if !slices.Contains(ch.thread.members, id) {
		return nil, notFound(10007, "Member")
	}
	c.s.leaveThread(ch, id)
	return nil, nil
}
