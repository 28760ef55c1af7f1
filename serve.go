package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/ticketsys/ticketsys/api"
)

// shutdownGrace is how long requests may go on once the program is to end.
const shutdownGrace = 5 * time.Second

func (p process) logger(c Config) *slog.Logger {
	return slog.New(slog.NewTextHandler(p.Err, &slog.HandlerOptions{Level: c.LogLevel}))
}

// serve runs the helpdesk until ctx ends.
func (p process) serve(ctx context.Context, _ *cli.Command) error {
	c, err := Environment(p.Getenv)
	if err != nil {
		return err
	}
	l, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	settled := p.starting()
	a, err := newApp(ctx, c, appOptions{Logger: p.logger(c), Exclusive: true})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	p.welcome(a, l)
	defer time.AfterFunc(settling, settled).Stop()
	return errors.Join(a.Run(ctx, l), a.Close())
}

// settling is how long after the start everything has run once.
const settling = 500 * time.Millisecond

// starting lets the start go by without collecting garbage in between, most of
// which would be found in use still. When the start is over, settled gives back
// what it alone needed.
func (p process) starting() (settled func()) {
	usual := debug.SetGCPercent(400)
	return func() {
		debug.SetGCPercent(usual)
		debug.FreeOSMemory()
		releasePages()
	}
}

// listen takes the address before anything else is touched: who starts the
// program twice is told at once.
func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("can't listen on %s: %w", address, err)
	}
	return l, nil
}

// welcome says where the program can be reached.
func (p process) welcome(a *app, l net.Listener) {
	if a.fresh {
		fmt.Fprintln(p.Out, "This is a first start: the database and the workspace \"default\" were made.")
		fmt.Fprintln(p.Out, "Get a token for its GraphQL API with: ticketsys token --role admin")
	}
	fmt.Fprintf(p.Out, "GraphQL, and GraphiQL in a browser: %s/graphql\n", baseURL(a.config, l))
	if a.config.DiscordToken == "" {
		fmt.Fprintln(p.Out, "Discord is off: set TICKETSYS_DISCORD_TOKEN to be a bot as well.")
	}
}

// baseURL is how people reach HTTP.
func baseURL(c Config, l net.Listener) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	return "http://" + l.Addr().String()
}

// serveHTTP answers on the listener until ctx ends, then lets requests finish.
// Streams end with ctx at once: they would never finish by themselves.
func (a *app) serveHTTP(ctx context.Context, l net.Listener) error {
	server := api.NewServer(ctx, a.handler(), a.logger)
	l = api.Limit(l, api.MaxConnections, api.MaxConnectionsPerAddress, a.config.TrustedProxies)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("http: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return server.Close()
	}
	return nil
}
