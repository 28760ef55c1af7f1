package main

import (
	"context"
	"net/http"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest/web"
)

// membersPage serves, until the context ends, the page on which a person acts as the members
// of the demo's Discord, and gives its address.
func membersPage(ctx context.Context, d *discordtest.Server) (string, error) {
	l, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	page := &http.Server{Handler: web.New(d).Handler(), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = page.Close() })
	go func() { _ = page.Serve(l) }() // it can only end with the context
	return "http://" + l.Addr().String() + "/", nil
}
