package discordtest

import (
	"fmt"
	"slices"
	"strings"
)

// Forum creates a forum channel whose posts may carry the tags; parent may be nil.
func (g *Guild) Forum(name string, parent *Channel, tags ...string) *Channel {
	ch := &channel{kind: TypeForum, name: name}
	for _, tag := range tags {
		ch.tags = append(ch.tags, Tag{Name: tag})
	}
	g.s.read(func() { ch.tags = g.s.numbered(ch.tags) })
	return g.create(ch, parent)
}

// OpensThread starts a thread in a text channel, a private one with TypePrivateThread, a public one with
// TypePublicThread.
func (m *Member) OpensThread(ch *Channel, name string, kind int) (*Channel, error) {
	need := PermCreatePublicThread
	if kind == TypePrivateThread {
		need = PermCreatePrivateThread
	}
	var out *Channel
	err := m.act(ch.c, PermViewChannel|need, func() error {
		body := threadBody{Name: name, Type: kind}
		if err := firstError(body.check(), ch.c.guild.hasRoomForThread()); err != nil {
			return err
		}
		t := m.s.addThread(ch.c, body, m.u, 0)
		m.s.announceThread(t)
		out = &Channel{m.s, t}
		return nil
	})
	return out, err
}

// OpensPost starts a post in a forum: its title, its text, and the names of its tags.
func (m *Member) OpensPost(forum *Channel, title, content string, tags []string, opts ...PostOption) (*Channel, error) {
	var out *Channel
	err := m.act(forum.c, PermViewChannel|PermSendMessages, func() error {
		if forum.c.kind != TypeForum {
			return fmt.Errorf("%w: #%s is no forum", ErrNotAllowed, forum.c.name)
		}
		ids, err := forum.c.tagged(tags)
		if err != nil {
			return err
		}
		body := threadBody{Name: title, Type: TypePublicThread, Tags: ids}
		if err := firstError(body.check(), m.s.checkTags(forum.c, ids, m.in()), forum.c.guild.hasRoomForThread()); err != nil {
			return err
		}
		t := m.s.addThread(forum.c, body, m.u, 0)
		d := draft{id: t.id, author: m.u.wire(), from: m.u, content: strings.TrimSpace(content)}
		for _, opt := range opts {
			opt(&d)
		}
		m.s.announceThread(t)
		m.s.post(t, d)
		out = &Channel{m.s, t}
		return nil
	})
	return out, err
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (ch *channel) tagged(names []string) ([]ID, error) {
	var out []ID
	for _, name := range names {
		i := slices.IndexFunc(ch.tags, func(t Tag) bool { return t.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("%w: #%s has no tag %q", ErrNotAllowed, ch.name, name)
		}
		out = append(out, ch.tags[i].ID)
	}
	return out, nil
}

// JoinsThread makes the person a member of a thread that they see.
func (m *Member) JoinsThread(t *Channel) error {
	return m.act(t.c, PermViewChannel, func() error {
		m.s.joinThread(t.c, m.u.id)
		return nil
	})
}

// LeavesThread ends that.
func (m *Member) LeavesThread(t *Channel) error {
	return m.act(t.c, PermViewChannel, func() error {
		m.s.leaveThread(t.c, m.u.id)
		return nil
	})
}

// BringsIn adds another person to a thread, as with an @mention that says nothing else.
func (m *Member) BringsIn(t *Channel, who *Member) error {
	return m.act(t.c, PermViewChannel|PermSendInThreads, func() error {
		if !m.s.mayBeBrought(t.c, who.u, m.u.id) {
			return fmt.Errorf("%w: %s cannot be brought into #%s", ErrNotAllowed, who.u.displayName(), t.c.name)
		}
		m.s.joinThread(t.c, who.u.id)
		return nil
	})
}

// TakesOut removes another person from a thread.
func (m *Member) TakesOut(t *Channel, who *Member) error {
	return m.act(t.c, PermViewChannel|PermManageThreads, func() error {
		m.s.leaveThread(t.c, who.u.id)
		return nil
	})
}

// Archives closes a thread: the person's own, or any with the permission to manage threads.
func (m *Member) Archives(t *Channel) error {
	return m.changesThread(t, func() { m.s.archive(t.c, true) })
}

// Unarchives opens a thread again.
func (m *Member) Unarchives(t *Channel) error {
	return m.act(t.c, PermViewChannel|PermSendInThreads, func() error {
		if t.c.thread.locked && !m.in().in(m.s, t.c).Has(PermManageThreads) {
			return fmt.Errorf("%w: #%s is locked", ErrNotAllowed, t.c.name)
		}
		m.s.archive(t.c, false)
		return nil
	})
}

// Locks a thread or unlocks it; that takes the permission to manage threads.
func (m *Member) Locks(t *Channel, locked bool) error {
	return m.act(t.c, PermViewChannel|PermManageThreads, func() error {
		t.c.thread.locked = locked
		m.s.archive(t.c, t.c.thread.archived)
		return nil
	})
}

func (m *Member) changesThread(t *Channel, f func()) error {
	need := PermViewChannel
	if t.c.isThread() && t.c.thread.owner != m.u.id {
		need |= PermManageThreads
	}
	return m.act(t.c, need, func() error {
		f()
		return nil
	})
}

// Threads are the channel's threads or posts, archived ones included, in the order of their making.
func (c *Channel) Threads() []*Channel {
	return look(c, func() []*Channel {
		var out []*Channel
		for _, t := range c.c.children() {
			if t.isThread() {
				out = append(out, &Channel{c.s, t})
			}
		}
		return out
	})
}

// ThreadMembers are the names of a thread's members, sorted, the bot's left out.
func (c *Channel) ThreadMembers() []string {
	return look(c, func() []string {
		var out []string
		for _, id := range c.c.thread.members {
			if m := c.c.guild.member(id); m != nil && !m.user.bot {
				out = append(out, m.displayName())
			}
		}
		slices.Sort(out)
		return out
	})
}

// Tags are the names of the tags that a forum offers, or a post carries.
func (c *Channel) Tags() []string {
	return look(c, func() []string {
		var out []string
		forum := c.c
		if c.c.isThread() {
			forum = c.c.parent
		}
		for _, t := range forum.tags {
			if forum == c.c || slices.Contains(c.c.thread.tags, t.ID) {
				out = append(out, t.Name)
			}
		}
		return out
	})
}

// OpensThreadOn starts a public thread on a message. It has the message's ID.
func (m *Member) OpensThreadOn(msg *Message, name string) (*Channel, error) {
	var out *Channel
	err := m.act(msg.m.channel, PermViewChannel|PermCreatePublicThread, func() error {
		body := threadBody{Name: name, Type: TypePublicThread}
		if m.s.channels[msg.m.id] != nil || msg.m.deleted {
			return fmt.Errorf("%w: a thread on a message that has one, or is deleted", ErrNotAllowed)
		}
		if err := firstError(body.check(), msg.m.channel.guild.hasRoomForThread()); err != nil {
			return err
		}
		t := m.s.addThread(msg.m.channel, body, m.u, msg.m.id)
		m.s.announceThread(t)
		m.s.begins(t, msg.m, m.u)
		out = &Channel{m.s, t}
		return nil
	})
	return out, err
}
