package discord

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/id"
)

// identity is who the bot is. It never changes for a token, so it is asked once.
type identity struct {
	mu   sync.Mutex
	user wire.ID
}

// me gives the bot's own user ID.
func (a *Adapter) me(ctx context.Context) (wire.ID, error) {
	a.self.mu.Lock()
	defer a.self.mu.Unlock()
	if a.self.user != "" {
		return a.self.user, nil
	}
	u, err := a.rest.Me(ctx)
	if err != nil {
		return "", err
	}
	a.self.user = u.ID
	return u.ID, nil
}

func parseTicket(key string) (id.Ticket, error) {
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%q is no ticket's key of work", key)
	}
	return id.Ticket(n), nil
}
