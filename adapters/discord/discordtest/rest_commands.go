package discordtest

import (
	"fmt"
	"net/http"
	"slices"
)

func (s *Server) commandRoutes(mux router) {
	for _, base := range []string{"/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"} {
		s.route(mux, "GET "+base, needsToken, listCommands)
		s.route(mux, "PUT "+base, needsToken, overwriteCommands)
		s.route(mux, "POST "+base, needsToken, createCommand)
		s.route(mux, "GET "+base+"/{command}", needsToken, getCommand)
		s.route(mux, "PATCH "+base+"/{command}", needsToken, editCommand)
		s.route(mux, "DELETE "+base+"/{command}", needsToken, deleteCommand)
	}
}

// commandScope is the guild of the path, or 0 for global commands.
func (c *call) commandScope() (ID, error) {
	if c.id("app") != c.s.app.id {
		return 0, refuse(http.StatusForbidden, 20012, "You are not authorized to perform this action on this application")
	}
	if c.r.PathValue("guild") == "" {
		return 0, nil
	}
	g := c.s.guild(c.id("guild"))
	if g == nil || c.s.botIn(g) == nil {
		return 0, missingAccess()
	}
	return g.id, nil
}

func (a *application) scoped(guild ID) []*command {
	out := []*command{}
	for _, c := range a.commands {
		if c.GuildID == guild {
			out = append(out, c)
		}
	}
	return out
}

func listCommands(c *call) (any, error) {
	scope, err := c.commandScope()
	if err != nil {
		return nil, err
	}
	return c.s.app.scoped(scope), nil
}

func overwriteCommands(c *call) (any, error) {
	scope, err := c.commandScope()
	if err != nil {
		return nil, err
	}
	var wanted []*command
	if err := c.decode(&wanted); err != nil {
		return nil, err
	}
	if err := checkCommands(wanted); err != nil {
		return nil, err
	}
	old := c.s.app.scoped(scope)
	c.s.app.commands = slices.DeleteFunc(c.s.app.commands, func(o *command) bool { return o.GuildID == scope })
	for _, w := range wanted {
		c.s.addCommand(w, scope, find(old, w))
	}
	return c.s.app.scoped(scope), nil
}

func checkCommands(wanted []*command) error {
	f := &form{}
	seen := map[string]bool{}
	counts := map[int]int{}
	for i, w := range wanted {
		w.check(f, fmt.Sprintf("%d.", i))
		key := fmt.Sprint(w.Type, w.Name)
		if seen[key] {
			f.add("", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		seen[key] = true
		counts[w.Type]++
	}
	if err := f.err(); err != nil {
		return err
	}
	if counts[commandSlash] > maxCommands || counts[commandUser] > 5 || counts[commandMessage] > 5 {
		return refuse(http.StatusBadRequest, 30032, "Maximum number of application commands reached (100)")
	}
	return nil
}

func find(list []*command, like *command) *command {
	for _, c := range list {
		if c.Type == like.Type && c.Name == like.Name {
			return c
		}
	}
	return nil
}

// addCommand registers a command; one of the same name keeps its ID.
func (s *Server) addCommand(c *command, scope ID, old *command) {
	c.ID, c.ApplicationID, c.GuildID, c.Version = s.newID(), s.app.id, scope, s.newID()
	if old != nil {
		c.ID = old.ID
	}
	s.app.commands = append(s.app.commands, c)
}

func createCommand(c *call) (any, error) {
	scope, err := c.commandScope()
	if err != nil {
		return nil, err
	}
	wanted := &command{}
	if err := c.decode(wanted); err != nil {
		return nil, err
	}
	f := &form{}
	wanted.check(f, "")
	if err := f.err(); err != nil {
		return nil, err
	}
	old := find(c.s.app.scoped(scope), wanted)
	if old == nil && len(c.s.app.scoped(scope)) >= maxCommands {
		return nil, refuse(http.StatusBadRequest, 30032, "Maximum number of application commands reached (100)")
	}
	c.s.app.commands = slices.DeleteFunc(c.s.app.commands, func(o *command) bool { return o == old })
	c.s.addCommand(wanted, scope, old)
	if old == nil {
		return created{wanted}, nil
	}
	return wanted, nil
}

func (c *call) command() (*command, error) {
	scope, err := c.commandScope()
	if err != nil {
		return nil, err
	}
	for _, known := range c.s.app.scoped(scope) {
		if known.ID == c.id("command") {
			return known, nil
		}
	}
	return nil, notFound(10063, "application command")
}

func getCommand(c *call) (any, error) { return unwrap(c.command()) }

// unwrap keeps a nil pointer from becoming a non-nil answer.
func unwrap(c *command, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

func editCommand(c *call) (any, error) {
	known, err := c.command()
	if err != nil {
		return nil, err
	}
	changed, err := commandPatch{c.body}.apply(*known)
	if err != nil {
		return nil, err
	}
	f := &form{}
	changed.check(f, "")
	if err := f.err(); err != nil {
		return nil, err
	}
	changed.Version = c.s.newID()
	*known = changed
	return known, nil
}

func deleteCommand(c *call) (any, error) {
	known, err := c.command()
	if err != nil {
		return nil, err
	}
	c.s.app.commands = slices.DeleteFunc(c.s.app.commands, func(o *command) bool { return o == known })
	return nil, nil
}
