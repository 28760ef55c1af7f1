package discordtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNotAllowed is what a person's client would not let them do.
var ErrNotAllowed = errors.New("discordtest: not allowed")

// PostOption adds to a message that a person posts: ReplyTo or File.
type PostOption func(*draft)

// ReplyTo makes the message a reply, which pings the author.
func ReplyTo(m *Message) PostOption {
	return func(d *draft) { d.replied, d.kind = m.m, messageReply }
}

// Quietly keeps the message's reply from pinging its author, now and when it is edited.
func Quietly() PostOption {
	return func(d *draft) { d.allowed = &allowedMentions{Parse: []string{"users", "roles", "everyone"}} }
}

// File attaches a file.
func File(name string, data []byte) PostOption {
	return func(d *draft) { d.files = append(d.files, upload{index: len(d.files), name: name, data: data}) }
}

// act runs f with the state locked and the member still in the guild, and with the permissions in the channel.
func (m *Member) act(ch *channel, need Permission, f func() error) (err error) {
	m.s.change(func() {
		if missing := need &^ m.s.may(m, ch); missing != 0 {
			err = fmt.Errorf("%w: %s lacks permission %d in #%s", ErrNotAllowed, m.u.displayName(), missing, ch.name)
			return
		}
		err = f()
	})
	return err
}

// Posts writes a message.
func (m *Member) Posts(ch *Channel, content string, opts ...PostOption) (*Message, error) {
	var out *Message
	err := m.act(ch.c, PermViewChannel|ch.c.sendPermission(), func() error {
		if !m.s.maySend(m, ch.c) {
			return fmt.Errorf("%w: #%s is locked, or takes no messages", ErrNotAllowed, ch.c.name)
		}
		d := draft{author: m.u.wire(), from: m.u, content: strings.TrimSpace(content)}
		for _, opt := range opts {
			opt(&d)
		}
		if d.content == "" && len(d.files)+len(d.stickers) == 0 && d.poll == nil {
			return fmt.Errorf("%w: an empty message", ErrNotAllowed)
		}
		out = m.s.view(m.s.post(ch.c, d))
		return nil
	})
	return out, err
}

// Edits changes the text of an own message. Files may come to those that it has:
// Discord's API takes them, though no client of people offers it.
func (m *Member) Edits(msg *Message, content string, opts ...PostOption) error {
	return m.edits(msg, func() error {
		var d draft
		for _, opt := range opts {
			opt(&d)
		}
		if len(msg.m.attachments)+len(d.files) > maxFiles {
			return fmt.Errorf("%w: too many files", ErrNotAllowed)
		}
		msg.m.content = strings.TrimSpace(content)
		msg.m.attachments = slices.Concat(msg.m.attachments, m.s.store(msg.m.channel.id, d.files))
		return nil
	})
}

// TakesAway removes a file of an own message, which must not be all that it has.
func (m *Member) TakesAway(msg *Message, file string) error {
	return m.edits(msg, func() error {
		at := slices.IndexFunc(msg.m.attachments, func(a attachment) bool { return a.Filename == file })
		if at < 0 || msg.m.content == "" && len(msg.m.attachments) == 1 {
			return fmt.Errorf("%w: taking away %q, which is not there or all there is", ErrNotAllowed, file)
		}
		delete(m.s.files, msg.m.attachments[at].path)
		msg.m.attachments = slices.Delete(slices.Clone(msg.m.attachments), at, at+1)
		return nil
	})
}

// edits changes an own message, and tells of it.
func (m *Member) edits(msg *Message, change func() error) error {
	return m.act(msg.m.channel, PermViewChannel, func() error {
		if msg.m.author.ID != m.u.id || msg.m.deleted {
			return fmt.Errorf("%w: editing another's or a deleted message", ErrNotAllowed)
		}
		if err := change(); err != nil {
			return err
		}
		msg.m.mentions = m.s.resolveMentions(msg.m, m.u, msg.m.allowed)
		m.s.edited(msg.m)
		return nil
	})
}

// Deletes removes a message: an own one, or another's with the permission to manage messages.
func (m *Member) Deletes(msg *Message) error {
	need := PermViewChannel
	if msg.m.author.ID != m.u.id {
		need |= PermManageMessages
	}
	return m.act(msg.m.channel, need, func() error {
		if msg.m.deleted {
			return fmt.Errorf("%w: deleted already", ErrNotAllowed)
		}
		m.s.remove(msg.m)
		return nil
	})
}

// Reacts adds a reaction.
func (m *Member) Reacts(msg *Message, emoji string) error {
	return m.act(msg.m.channel, PermViewChannel|PermAddReactions, func() error {
		m.s.react(msg.m, m.u, emoji)
		return nil
	})
}

// DeletesChannel deletes a channel by hand.
func (m *Member) DeletesChannel(ch *Channel) error {
	return m.act(ch.c, PermManageChannels, func() error {
		m.s.removeChannel(ch.c)
		return nil
	})
}

// RenamesChannel renames a channel by hand; it counts against the same limit as the bot's.
func (m *Member) RenamesChannel(ch *Channel, name string) error {
	return m.act(ch.c, PermManageChannels, func() error {
		body := &channelBody{Name: opt[string]{true, name}}
		if err := m.s.slowEdit(ch.c, body); err != nil {
			return err
		}
		m.s.applyChannel(ch.c, body)
		return nil
	})
}

// SetsOverwrite sets a permission overwrite by hand.
func (m *Member) SetsOverwrite(ch *Channel, o Overwrite) error {
	return m.act(ch.c, PermManageRoles, func() error {
		m.s.setOverwrite(ch.c, o)
		return nil
	})
}
