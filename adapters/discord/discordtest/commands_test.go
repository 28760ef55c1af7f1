package discordtest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func TestCommandsAreOverwrittenInBulk(t *testing.T) {
	w := newWorld(t)
	w.register()
	first := w.call("GET", w.commandsPath(), nil).list(200)
	same(t, "commands", len(first), 4)
	same(t, "offered", strings.Join(w.guild.Commands(), " "), "/setup /ticket")
	w.register()
	same(t, "ID after the same again", w.call("GET", w.commandsPath(), nil).list(200)[0]["id"], first[0]["id"])
	w.call("PUT", w.commandsPath(), []object{}).want(200)
	same(t, "commands left", len(w.guild.Commands()), 0)
}

func TestGuildCommands(t *testing.T) {
	w := newWorld(t)
	path := fmt.Sprintf("/applications/%s/guilds/%s/commands", w.srv.ApplicationID(), w.guild.ID())
	made := w.call("POST", path, object{"name": "here", "description": "Only here"}).object(201)
	w.call("POST", path, object{"name": "here", "description": "Changed"}).want(200)
	same(t, "changed", w.call("GET", path+"/"+made["id"].(string), nil).object(200)["description"], any("Changed"))
	w.call("PATCH", path+"/"+made["id"].(string), object{"description": "Again", "options": []object{}}).want(200)
	w.call("PATCH", path+"/"+made["id"].(string), object{"description": ""}).formError("BASE_TYPE_REQUIRED", "description")
	other := w.srv.Guild("Other")
	other.AddBot()
	same(t, "elsewhere", other.Offers(other.Owner(), "/here"), false)
	same(t, "here", w.guild.Offers(w.ana, "/here"), true)
	w.call("DELETE", path+"/"+made["id"].(string), nil).want(204)
	w.call("GET", path+"/"+made["id"].(string), nil).refused(404, 10063)
	w.call("GET", "/applications/1/commands", nil).refused(403, 20012)
	foreign := w.srv.Guild("Foreign")
	w.call("GET", fmt.Sprintf("/applications/%s/guilds/%s/commands", w.srv.ApplicationID(), foreign.ID()), nil).refused(403, 50001)
}

func TestCommandLimits(t *testing.T) {
	w := newWorld(t)
	option := func(more object) object {
		out := object{"type": 3, "name": "o", "description": "d"}
		maps.Copy(out, more)
		return out
	}
	var options, choices []object
	for n := range 26 {
		options = append(options, option(object{"name": fmt.Sprint("o", n)}))
		choices = append(choices, object{"name": fmt.Sprint(n), "value": fmt.Sprint(n)})
	}
	long := strings.Repeat("x", 101)
	for name, c := range map[string]struct {
		change object
		code   string
		path   []string
	}{
		"no name":         {object{"name": ""}, "BASE_TYPE_REQUIRED", []string{"name"}},
		"upper case":      {object{"name": "Ticket"}, "APPLICATION_COMMAND_INVALID_NAME", []string{"name"}},
		"a space":         {object{"name": "my ticket"}, "APPLICATION_COMMAND_INVALID_NAME", []string{"name"}},
		"description":     {object{"description": long}, "BASE_TYPE_BAD_LENGTH", []string{"description"}},
		"locale":          {object{"name_localizations": object{"xx": "a"}}, "BASE_TYPE_CHOICES", []string{"name_localizations"}},
		"localized":       {object{"description_localizations": object{"fr": long}}, "BASE_TYPE_BAD_LENGTH", []string{"description_localizations", "fr"}},
		"26 options":      {object{"options": options}, "BASE_TYPE_MAX_LENGTH", []string{"options"}},
		"26 choices":      {object{"options": []object{option(object{"choices": choices})}}, "BASE_TYPE_MAX_LENGTH", []string{"options", "0", "choices"}},
		"same option":     {object{"options": []object{option(nil), option(nil)}}, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", []string{"options", "1", "name"}},
		"required second": {object{"options": []object{option(nil), option(object{"name": "p", "required": true})}}, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", []string{"options", "1", "required"}},
		"option type":     {object{"options": []object{option(object{"type": 12})}}, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", []string{"options", "0", "type"}},
	} {
		t.Run(name, func(t *testing.T) {
			inner := *w
			inner.T = t
			body := object{"name": "ticket", "description": "Tickets"}
			maps.Copy(body, c.change)
			inner.call("POST", w.commandsPath(), body).formError(c.code, c.path...)
			inner.call("PUT", w.commandsPath(), []object{body}).formError(c.code, append([]string{"0"}, c.path...)...)
		})
	}
	same := object{"name": "a", "description": "a"}
	w.call("PUT", w.commandsPath(), []object{same, same}).formError("APPLICATION_COMMANDS_DUPLICATE_NAME")
	var many []object
	for n := range 101 {
		many = append(many, object{"name": fmt.Sprint("c", n), "description": "d"})
	}
	w.call("PUT", w.commandsPath(), many).refused(400, 30032)
	w.call("POST", w.commandsPath(), object{"name": "问题-คำถาม", "description": "any script"}).want(201)
}

func TestPeopleAreOfferedWhatTheyMayUse(t *testing.T) {
	w := newWorld(t)
	w.register()
	same(t, "a member may not set up", w.guild.Offers(w.ana, "/setup"), false)
	same(t, "the owner may", w.guild.Offers(w.guild.Owner(), "/setup"), true)
	if err := w.ana.Runs(w.ctx, w.general, "/setup", nil).Err(); !errors.Is(err, discordtest.ErrNotAllowed) {
		t.Fatalf("Runs = %v", err)
	}
	short, cancel := context.WithCancel(w.ctx)
	cancel()
	for _, command := range []string{"/unknown", "/ticket", "/ticket close", ""} {
		in := w.ana.Runs(short, w.general, command, nil)
		if !errors.Is(in.Err(), discordtest.ErrNoCommand) || in.Wait(w.ctx) == nil || in.Reply() != nil || in.ID() != 0 {
			t.Errorf("%q: %v", command, in.Err())
		}
	}
	for what, args := range map[string]discordtest.Args{
		"too long":   {"subject": "12345678901"},
		"wrong type": {"subject": 5},
		"unknown":    {"other": "x"},
	} {
		if err := w.ana.Runs(w.ctx, w.general, "/ticket open", args).Err(); !errors.Is(err, discordtest.ErrNotAllowed) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestRunsWaitsForTheCommand(t *testing.T) {
	w := newWorld(t)
	sent := make(chan error)
	go func() { sent <- w.ana.Runs(w.ctx, w.general, "/ticket open", nil).Err() }()
	w.register()
	noError(t, <-sent)
}
