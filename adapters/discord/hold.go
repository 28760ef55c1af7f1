package discord

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ticketsys/ticketsys/adapters/discord/gateway"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// hold runs a session with the gateway until ctx ends or Discord ends it.
func (a *Adapter) hold(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c, err := a.session(ctx)
	if err != nil {
		return err
	}
	ctx = rest.Patient(ctx) // what is heard has nothing else to do than to be taken in
	in := newInbox(a)
	c.Event = func(name string, raw []byte) { in.accept(ctx, name, raw) }
	c.Missed = func() { in.missedAll() }
	var reading sync.WaitGroup
	reading.Go(func() { in.catchUp(ctx) })
	reading.Go(func() { in.readBacklog(ctx) })
	reading.Go(func() { in.recordSights(ctx) })
	err = gateway.Run(ctx, c)
	cancel()
	reading.Wait()
	a.lanes.wait()
	in.recordSeen(ctx)
	a.known.end()
	a.guilds.deafen()
	a.guilds.unwatch()
	return err
}

// session prepares a session: where the gateway is, and which intents to ask for.
func (a *Adapter) session(ctx context.Context) (gateway.Config, error) {
	app, err := a.rest.Application(ctx)
	if rest.Unauthorized(err) {
		return gateway.Config{}, ErrToken
	}
	if err != nil {
		return gateway.Config{}, fmt.Errorf("ask Discord about the application: %w", err)
	}
	address := a.GatewayURL
	if address == "" {
		if address, err = a.rest.Gateway(ctx); err != nil {
			return gateway.Config{}, fmt.Errorf("ask Discord for the gateway: %w", err)
		}
	}
	if address == "" {
		return gateway.Config{}, errors.New("discord named no gateway")
	}
	return gateway.Config{
		URL: address, Token: a.Token, Intents: a.intents(app.Flags), Events: eventNames(), Logger: a.Logger,
	}, nil
}

// intents are those that do without a grant, and of the others those that the
// application was granted: to ask for more would end the session.
func (a *Adapter) intents(flags int64) gateway.Intents {
	a.standing.content.Store(flags&(wire.FlagContent|wire.FlagContentLimited) != 0)
	a.standing.members.Store(flags&(wire.FlagMembers|wire.FlagMembersLimited) != 0)
	want := gateway.Guilds | gateway.GuildModeration | gateway.GuildMessages | gateway.DirectMessages
	if flags&(wire.FlagContent|wire.FlagContentLimited) != 0 {
		want |= gateway.MessageContent
	} else {
		a.Logger.Warn("the application lacks the message content intent: only what people tell the bot itself can be read")
	}
	if flags&(wire.FlagMembers|wire.FlagMembersLimited) != 0 {
		want |= gateway.GuildMembers
	} else {
		a.Logger.Warn("the application lacks the server members intent: agents become known when they first act")
	}
	return want
}
