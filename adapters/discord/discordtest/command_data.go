package discordtest

import (
	"fmt"
	"slices"
)

// resolved are the objects that a command's or select's values name.
type resolved map[string]map[string]any

func (r resolved) put(kind string, id ID, v any) {
	if r[kind] == nil {
		r[kind] = map[string]any{}
	}
	r[kind][id.String()] = v
}

// data is the interaction's data: the options with their values, inside their subcommands.
func (c invokedCommand) data(s *Server, ch *channel, args Args, focused string) (map[string]any, error) {
	found := resolved{}
	var options []map[string]any
	for _, o := range c.options {
		value, given := args[o.Name]
		if !given && o.Name != focused {
			if o.Required && focused == "" {
				return nil, fmt.Errorf("%w: /%s needs the option %q", ErrNotAllowed, c.command.Name, o.Name)
			}
			continue
		}
		wire, err := o.value(s, ch, value, found, focused != "")
		if err != nil {
			return nil, err
		}
		option := map[string]any{"name": o.Name, "type": o.Type, "value": wire}
		if o.Name == focused {
			option["focused"] = true
		}
		options = append(options, option)
	}
	if err := c.unknown(args); err != nil {
		return nil, err
	}
	return c.wrap(options, found), nil
}

func (c invokedCommand) unknown(args Args) error {
	for name := range args {
		if !slices.ContainsFunc(c.options, func(o commandOption) bool { return o.Name == name }) {
			return fmt.Errorf("%w: /%s has no option %q", ErrNotAllowed, c.command.Name, name)
		}
	}
	return nil
}

func (c invokedCommand) wrap(options []map[string]any, found resolved) map[string]any {
	for _, step := range slices.Backward(c.path) {
		inner := map[string]any{"name": step.Name, "type": step.Type, "options": append([]map[string]any{}, options...)}
		options = []map[string]any{inner}
	}
	out := map[string]any{"id": c.command.ID, "name": c.command.Name, "type": c.command.Type}
	if len(options) > 0 {
		out["options"] = options
	}
	if len(found) > 0 {
		out["resolved"] = found
	}
	if c.command.GuildID != 0 {
		out["guild_id"] = c.command.GuildID
	}
	return out
}

// value is the wire form of an option's value, checked as Discord's client does; typing leaves it unchecked.
func (o commandOption) value(s *Server, ch *channel, v any, found resolved, typing bool) (any, error) {
	switch v := v.(type) {
	case *Member:
		s.resolveUser(ch, v.u, found)
		return v.u.id, o.want(optionUser, optionMention)
	case *Role:
		found.put("roles", v.r.id, v.r.wire())
		return v.r.id, o.want(optionRole, optionMention)
	case *Channel:
		found.put("channels", v.c.id, v.c.wire())
		return v.c.id, o.want(optionChannel)
	case Upload:
		return s.upload(v, found), o.want(optionAttachment)
	case string:
		if typing {
			return v, nil
		}
		return v, o.checkText(v)
	case bool:
		return v, o.want(optionBoolean)
	case int, float64:
		return v, o.want(optionInteger, optionNumber)
	case nil:
		return "", nil
	default:
		return nil, fmt.Errorf("%w: option %q cannot be a %T", ErrNotAllowed, o.Name, v)
	}
}

func (s *Server) resolveUser(ch *channel, u *user, found resolved) {
	found.put("users", u.id, u.wire())
	if ch.guild == nil {
		return
	}
	if m := ch.guild.member(u.id); m != nil {
		p := m.in(s, ch)
		out := m.partial()
		out.Permissions = &p
		found.put("members", u.id, out)
	}
}

func (o commandOption) want(types ...int) error {
	if slices.Contains(types, o.Type) {
		return nil
	}
	return fmt.Errorf("%w: option %q is of another type", ErrNotAllowed, o.Name)
}

func (o commandOption) checkText(v string) error {
	if err := o.want(optionString); err != nil {
		return err
	}
	n := len([]rune(v))
	if o.MinLength != nil && n < *o.MinLength || o.MaxLength != nil && n > *o.MaxLength || n > 6000 {
		return fmt.Errorf("%w: option %q has %d characters", ErrNotAllowed, o.Name, n)
	}
	fits := slices.ContainsFunc(o.Choices, func(c Choice) bool { return c.Value == v })
	if len(o.Choices) > 0 && !fits {
		return fmt.Errorf("%w: %q is no choice of option %q", ErrNotAllowed, v, o.Name)
	}
	return nil
}
