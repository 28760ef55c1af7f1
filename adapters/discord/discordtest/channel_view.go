package discordtest

import (
	"context"
	"slices"
	"strings"
)

// Channel is a channel, thread or DM as the people of a story see it.
type Channel struct {
	s *Server
	c *channel
}

// ChannelByID is a channel that exists, nil where there is none.
func (s *Server) ChannelByID(id ID) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[id]; ch != nil {
		return &Channel{s, ch}
	}
	return nil
}

func look[T any](c *Channel, f func() T) T {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return f()
}

// ID is the channel's snowflake.
func (c *Channel) ID() ID { return c.c.id }

// Type is the channel's type, such as TypeText.
func (c *Channel) Type() int { return c.c.kind }

// Mention is the text that links to the channel.
func (c *Channel) Mention() string { return "<#" + c.c.id.String() + ">" }

// Name is the channel's name.
func (c *Channel) Name() string { return look(c, func() string { return c.c.name }) }

// Topic is the channel's topic.
func (c *Channel) Topic() string { return look(c, func() string { return c.c.topic }) }

// Exists is false after the channel was deleted.
func (c *Channel) Exists() bool { return look(c, func() bool { return !c.c.gone }) }

// Archived reports whether it is a thread that is archived.
func (c *Channel) Archived() bool {
	return look(c, func() bool { return c.c.isThread() && c.c.thread.archived })
}

// Locked reports whether it is a thread that only moderators may open again.
func (c *Channel) Locked() bool {
	return look(c, func() bool { return c.c.isThread() && c.c.thread.locked })
}

// Parent is the channel's category, or the thread's channel; nil where there is none.
func (c *Channel) Parent() *Channel {
	return look(c, func() *Channel {
		if c.c.parent == nil {
			return nil
		}
		return &Channel{c.s, c.c.parent}
	})
}

// Overwrites are the channel's permission overwrites.
func (c *Channel) Overwrites() []Overwrite {
	return look(c, func() []Overwrite { return slices.Clone(c.c.overwrites) })
}

// Permissions are what the member may do in the channel; nothing after it was deleted.
func (c *Channel) Permissions(m *Member) Permission {
	return look(c, func() Permission { return c.s.may(m, c.c) })
}

// may is 0 for who is no member, and in a channel that is gone.
func (s *Server) may(m *Member, ch *channel) Permission {
	if ch.gone {
		return 0
	}
	if ch.isDM() {
		if m.u == ch.recipient || m.u == s.app.bot {
			return DefaultPermissions
		}
		return 0
	}
	in := ch.guild.member(m.u.id)
	if in == nil {
		return 0
	}
	return in.in(s, ch)
}

// SeenBy reports whether the member sees the channel.
func (c *Channel) SeenBy(m *Member) bool { return c.Permissions(m).Has(PermViewChannel) }

// CanSend reports whether the member can write in the channel.
func (c *Channel) CanSend(m *Member) bool {
	return look(c, func() bool { return c.s.maySend(m, c.c) })
}

// maySend leaves a locked thread to those who manage threads, and a forum to its posts.
func (s *Server) maySend(m *Member, ch *channel) bool {
	p := s.may(m, ch)
	open := !ch.isThread() || !ch.thread.locked || p.Has(PermManageThreads) && !ch.thread.archived
	return open && ch.holdsMessages() && p.Has(PermViewChannel|ch.sendPermission())
}

// Viewers are the names of the people who see the channel, sorted; bots are left out.
func (c *Channel) Viewers() []string {
	return look(c, func() []string {
		var out []string
		for _, m := range c.c.guild.members {
			if !m.user.bot && !c.c.gone && m.in(c.s, c.c).Has(PermViewChannel) {
				out = append(out, m.displayName())
			}
		}
		slices.Sort(out)
		return out
	})
}

// Messages are those that stand in the channel, oldest first: neither deleted nor ephemeral ones.
func (c *Channel) Messages() []*Message {
	return look(c, func() []*Message { return c.s.views(c.c.public()) })
}

// History is everything ever posted, deleted messages included and marked.
func (c *Channel) History() []*Message {
	return look(c, func() []*Message { return c.s.views(c.c.messages) })
}

// VisibleTo are the messages on the member's screen, ephemeral ones for them included.
func (c *Channel) VisibleTo(m *Member) []*Message {
	return look(c, func() []*Message {
		if !c.s.may(m, c.c).Has(PermViewChannel) {
			return nil
		}
		return c.s.views(slices.DeleteFunc(slices.Clone(c.c.messages), func(o *message) bool {
			return o.deleted || o.ephemeralFor != nil && o.ephemeralFor != m.u
		}))
	})
}

// Last is the newest message, nil in an empty channel.
func (c *Channel) Last() *Message {
	all := c.Messages()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// Find is the newest message whose text, embeds and components included, contains the words; nil where none does.
func (c *Channel) Find(words string) *Message {
	for _, m := range slices.Backward(c.Messages()) {
		if strings.Contains(m.Text(), words) {
			return m
		}
	}
	return nil
}

// WaitFor waits for a message whose text contains the words.
func (c *Channel) WaitFor(ctx context.Context, words string) (*Message, error) {
	var found *Message
	err := c.s.Until(ctx, func() bool {
		found = c.Find(words)
		return found != nil
	})
	return found, err
}

// Pins are the pinned messages, newest first.
func (c *Channel) Pins() []*Message {
	return look(c, func() []*Message { return c.s.views(c.c.pins()) })
}
