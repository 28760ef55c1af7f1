package discordtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNoCommand is that Discord does not offer the person such a command.
var ErrNoCommand = errors.New("discordtest: no such command")

// Args are the options of a command by name: string, int, float64, bool, *Member, *Channel or *Role.
type Args map[string]any

// Runs a slash command such as "/ticket open", by its name or its name in the person's language. It waits until the
// command is registered, and returns when it was sent; a failure is the interaction's Err.
func (m *Member) Runs(ctx context.Context, ch *Channel, command string, args Args) *Interaction {
	return m.invoke(ctx, ch, interactionCommand, command, args, "")
}

// Completes asks for the suggestions of the focused option while the person types a command.
func (m *Member) Completes(ctx context.Context, ch *Channel, command string, args Args, focused string) *Interaction {
	return m.invoke(ctx, ch, interactionComplete, command, args, focused)
}

func (m *Member) invoke(ctx context.Context, ch *Channel, kind int, command string, args Args, focused string) *Interaction {
	return m.when(ctx, func() (*interaction, error) {
		call, err := m.s.lookup(m, ch.c, command)
		if errors.Is(err, ErrNoCommand) {
			return nil, errNotYet{err}
		}
		if err != nil {
			return nil, err
		}
		data, err := call.data(m.s, ch.c, args, focused)
		if err != nil {
			return nil, err
		}
		in := m.s.newInteraction(kind, call.command.Name, m.u, ch.c)
		m.s.emit(in, data)
		return in, nil
	})
}

// errNotYet is a failure that may pass: what the person wants is not there yet.
type errNotYet struct{ error }

func (e errNotYet) Unwrap() error { return e.error }

// when tries until try succeeds, fails for good, or the context ends.
func (m *Member) when(ctx context.Context, try func() (*interaction, error)) *Interaction {
	out := &Interaction{s: m.s, by: m}
	err := m.s.Until(ctx, func() bool {
		m.s.mu.Lock()
		defer m.s.mu.Unlock()
		out.in, out.err = try()
		return !errors.As(out.err, &errNotYet{})
	})
	if err != nil {
		out.err = errors.Join(err, out.err)
	}
	if out.in != nil {
		m.s.change(func() {})
	}
	return out
}

// invoked is a command that was found, with the way to its subcommand.
type invokedCommand struct {
	command *command
	path    []commandOption
	options []commandOption
}

func (s *Server) lookup(who *Member, ch *channel, text string) (invokedCommand, error) {
	words := strings.Fields(strings.TrimPrefix(text, "/"))
	if len(words) == 0 {
		return invokedCommand{}, fmt.Errorf("%w: %q", ErrNoCommand, text)
	}
	for _, c := range s.app.commands {
		scoped := c.GuildID == 0 || c.GuildID == ch.guildID()
		if c.Type != commandSlash || !scoped || !named(words[0], c.Name, c.NameLocalizations, who.u.locale) {
			continue
		}
		if err := s.mayInvoke(who, ch, c); err != nil {
			return invokedCommand{}, err
		}
		return descend(c, words[1:], who.u.locale)
	}
	return invokedCommand{}, fmt.Errorf("%w: %q", ErrNoCommand, text)
}

func named(word, name string, localized map[string]string, locale string) bool {
	return word == name || word == localized[locale]
}

// mayInvoke checks the right to use commands here, and the command's own default permissions.
func (s *Server) mayInvoke(who *Member, ch *channel, c *command) error {
	if ch.guild != nil && s.botIn(ch.guild) == nil {
		return fmt.Errorf("%w: the bot is not here", ErrNoCommand)
	}
	need := PermViewChannel | PermUseCommands
	have := s.may(who, ch)
	if c.DefaultMemberPermissions != nil && ch.guild != nil {
		need |= *c.DefaultMemberPermissions
		if *c.DefaultMemberPermissions == 0 {
			need |= PermAdministrator
		}
	}
	if !have.Has(need) {
		return fmt.Errorf("%w: %s may not use /%s in #%s", ErrNotAllowed, who.u.displayName(), c.Name, ch.name)
	}
	return nil
}

func descend(c *command, words []string, locale string) (invokedCommand, error) {
	out := invokedCommand{command: c, options: c.Options}
	for _, word := range words {
		i := slices.IndexFunc(out.options, func(o commandOption) bool {
			return o.Type <= optionGroup && named(word, o.Name, o.NameLocalizations, locale)
		})
		if i < 0 {
			return out, fmt.Errorf("%w: /%s has no %q", ErrNoCommand, c.Name, word)
		}
		out.path = append(out.path, out.options[i])
		out.options = out.options[i].Options
	}
	if len(out.options) > 0 && out.options[0].Type <= optionGroup {
		return out, fmt.Errorf("%w: /%s needs a subcommand", ErrNoCommand, c.Name)
	}
	return out, nil
}
