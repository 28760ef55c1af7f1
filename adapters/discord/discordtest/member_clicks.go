package discordtest

import (
	"context"
	"fmt"
	"slices"
)

// Clicks a button of a message, by custom ID or label. It waits until the message has it enabled.
func (m *Member) Clicks(ctx context.Context, msg *Message, key string) *Interaction {
	return m.touch(ctx, msg, key, func(c Component) (map[string]any, error) {
		if c.Type != ComponentButton || c.Style == 5 {
			return nil, fmt.Errorf("%w: %q is no button to click", ErrNotAllowed, key)
		}
		return map[string]any{"custom_id": c.CustomID, "component_type": c.Type, "id": c.ID}, nil
	})
}

// Selects options of a select menu, which is found by custom ID or placeholder; an option by value or label, or a
// *Member, *Role or *Channel in the menus for those.
func (m *Member) Selects(ctx context.Context, msg *Message, key string, options ...any) *Interaction {
	return m.touch(ctx, msg, key, func(c Component) (map[string]any, error) {
		if !c.isSelect() {
			return nil, fmt.Errorf("%w: %q is no select", ErrNotAllowed, key)
		}
		found := resolved{}
		values, err := m.s.chosen(c, msg.m.channel, options, found)
		if err != nil {
			return nil, err
		}
		data := map[string]any{"custom_id": c.CustomID, "component_type": c.Type, "id": c.ID, "values": values}
		if len(found) > 0 {
			data["resolved"] = found
		}
		return data, nil
	})
}

// chosen are the values of the options that a person picks.
func (s *Server) chosen(c Component, ch *channel, options []any, found resolved) ([]string, error) {
	values := []string{}
	for _, option := range options {
		switch v := option.(type) {
		case *Member:
			s.resolveUser(ch, v.u, found)
			values = append(values, v.u.id.String())
			if !c.offers(ComponentUserSelect) {
				return nil, errNoOption(v, c)
			}
		case *Role:
			found.put("roles", v.r.id, v.r.wire())
			values = append(values, v.r.id.String())
			if !c.offers(ComponentRoleSelect) {
				return nil, errNoOption(v, c)
			}
		case *Channel:
			found.put("channels", v.c.id, v.c.wire())
			values = append(values, v.c.id.String())
			if c.Type != ComponentChannelSelect || len(c.Kinds) > 0 && !slices.Contains(c.Kinds, v.c.kind) {
				return nil, errNoOption(v, c)
			}
		default:
			i := slices.IndexFunc(c.Options, func(o Option) bool { return o.Value == v || o.Label == v })
			if i < 0 {
				return nil, errNoOption(v, c)
			}
			values = append(values, c.Options[i].Value)
		}
	}
	least, most := bounds(c)
	if len(values) < least || len(values) > most {
		return nil, fmt.Errorf("%w: %d values where %d to %d are wanted", ErrNotAllowed, len(values), least, most)
	}
	return values, nil
}

// offers reports whether a select is of that kind, or of mentionables.
func (c Component) offers(kind int) bool { return c.Type == kind || c.Type == ComponentMentionable }

func errNoOption(v any, c Component) error {
	return fmt.Errorf("%w: %v is no option of %q", ErrNotAllowed, v, c.CustomID)
}

func bounds(c Component) (least, most int) {
	least, most = 1, 1
	if c.MinValues != nil {
		least = *c.MinValues
	}
	if c.MaxValues != nil {
		most = *c.MaxValues
	}
	return least, most
}

func (m *Member) touch(ctx context.Context, msg *Message, key string, data func(Component) (map[string]any, error)) *Interaction {
	return m.when(ctx, func() (*interaction, error) {
		c, err := m.enabled(msg.m, key)
		if err != nil {
			return nil, err
		}
		body, err := data(c)
		if err != nil {
			return nil, err
		}
		in := m.s.newInteraction(interactionComponent, "", m.u, msg.m.channel)
		in.source = msg.m
		m.s.emit(in, body)
		return in, nil
	})
}

// enabled is the component that the person can use, on a message that they see.
func (m *Member) enabled(msg *message, key string) (Component, error) {
	if msg.deleted || !m.s.may(m, msg.channel).Has(PermViewChannel) || msg.ephemeralFor != nil && msg.ephemeralFor != m.u {
		return Component{}, fmt.Errorf("%w: %s does not see that message", ErrNotAllowed, m.u.displayName())
	}
	c, ok := m.s.view(msg).Component(key)
	if !ok {
		return c, errNotYet{fmt.Errorf("%w: the message has no component %q", ErrNotAllowed, key)}
	}
	if c.Disabled {
		return c, errNotYet{fmt.Errorf("%w: %q is disabled", ErrNotAllowed, key)}
	}
	return c, nil
}

// Uses a message command (context menu) on a message.
func (m *Member) Uses(ctx context.Context, msg *Message, command string) *Interaction {
	return m.menu(ctx, msg.Channel, commandMessage, command, func(data map[string]any) {
		data["target_id"] = msg.m.id
		data["resolved"] = resolved{"messages": {msg.m.id.String(): m.s.wire(msg.m)}}
	})
}

// UsesOn uses a user command (context menu) on a person, in a channel.
func (m *Member) UsesOn(ctx context.Context, ch *Channel, who *Member, command string) *Interaction {
	return m.menu(ctx, ch, commandUser, command, func(data map[string]any) {
		found := resolved{}
		m.s.resolveUser(ch.c, who.u, found)
		data["target_id"], data["resolved"] = who.u.id, found
	})
}

func (m *Member) menu(ctx context.Context, ch *Channel, kind int, name string, target func(map[string]any)) *Interaction {
	return m.when(ctx, func() (*interaction, error) {
		i := slices.IndexFunc(m.s.app.commands, func(c *command) bool {
			scoped := c.GuildID == 0 || c.GuildID == ch.c.guildID()
			return c.Type == kind && scoped && named(name, c.Name, c.NameLocalizations, m.u.locale)
		})
		if i < 0 {
			return nil, errNotYet{fmt.Errorf("%w: %q", ErrNoCommand, name)}
		}
		c := m.s.app.commands[i]
		if err := m.s.mayInvoke(m, ch.c, c); err != nil {
			return nil, err
		}
		data := map[string]any{"id": c.ID, "name": c.Name, "type": c.Type}
		target(data)
		in := m.s.newInteraction(interactionCommand, c.Name, m.u, ch.c)
		m.s.emit(in, data)
		return in, nil
	})
}
