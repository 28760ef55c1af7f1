package discord

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// registryDelay is the wait before commands that could not be registered are
// tried again.
const registryDelay = 10 * time.Second

// keepCommands registers the application's commands, again until it succeeds.
func (in *inbox) keepCommands(ctx context.Context, app wire.ID) {
	err := in.register(ctx, app)
	in.standing.noCommands.Store(rest.RefusalOf(err) != nil)
	if err == nil || ctx.Err() != nil {
		return
	}
	in.Logger.Error("the slash commands could not be registered; trying again", "error", err)
	time.AfterFunc(registryDelay, func() {
		in.lanes.put(ctx, "ready", func(ctx context.Context) {
			in.safely("register", func() { in.keepCommands(ctx, app) })
		})
	})
}

// register brings the application's commands to what they should be.
func (in *inbox) register(ctx context.Context, app wire.ID) error {
	want := in.commands()
	have, err := in.rest.Commands(ctx, app)
	if err != nil {
		return err
	}
	if same(have, want) {
		return nil
	}
	if err := in.rest.SetCommands(ctx, app, want); err != nil {
		return err
	}
	in.Logger.Info("the slash commands were registered")
	return nil
}

// same compares commands as their JSON, in which both have the same form; their
// order means nothing.
func same(have, want []wire.Command) bool {
	byName := func(x, y wire.Command) int { return strings.Compare(x.Name, y.Name) }
	have, want = slices.SortedFunc(slices.Values(have), byName), slices.SortedFunc(slices.Values(want), byName)
	x, err := json.Marshal(have)
	if err != nil {
		return false
	}
	y, err := json.Marshal(want)
	return err == nil && string(x) == string(y)
}
