package main

import (
	"context"
	"fmt"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
)

// farewells is the category whose tickets lose their channel as soon as they are closed.
const farewells = "Farewells"

// farewellsAre makes that category. No administrator may choose so short a time: it
// is shortened in the database.
func (s *story) farewellsAre(ctx context.Context, admin client, queue string) error {
	err := s.insists(ctx, func() error {
		return admin.change(ctx, `mutation($n: String!, $q: ID!) { result: saveCategory(input: {
			names: [{locale: "en", text: $n}], queueId: $q, position: 99, surfaceRemovedAfter: "PT1M"}) { userErrors { code message } } }`,
			map[string]any{"n": farewells, "q": queue})
	}, func() bool { id, err := s.farewellCategory(ctx, admin); return err == nil && id != "" })
	if err != nil {
		return err
	}
	return s.inStore(ctx, func(store *sqlstore.Store) error {
		w, err := store.Workspaces().ByLink(ctx, event.ChannelDiscord, s.guild.ID().String())
		if err != nil {
			return err
		}
		all, err := store.Categories().List(ctx, w.ID)
		for _, c := range all {
			if c.Name["en"] == farewells && err == nil {
				c.Kept, c.Version = time.Microsecond, 0
				err = store.Categories().Save(ctx, c)
			}
		}
		return err
	})
}

// farewellCategory is the category as the API knows it, "" if it is not there.
func (s *story) farewellCategory(ctx context.Context, admin client) (string, error) {
	var out struct {
		Categories struct{ Nodes []struct{ ID, Name string } }
	}
	err := admin.ask(ctx, `{ categories(first: 100) { nodes { id name } } }`, nil, &out)
	for _, c := range out.Categories.Nodes {
		if c.Name == farewells {
			return c.ID, err
		}
	}
	return "", err
}

// isOver ends the ticket for good: once it is closed, its channel goes.
func (s *story) isOver(ctx context.Context) error {
	admin, err := s.as(ctx, access.RoleAdmin, "")
	if err != nil {
		return err
	}
	category, err := s.farewellCategory(ctx, admin)
	if err != nil {
		return err
	}
	err = s.manages(ctx, admin, "recategoriseTicket", fmt.Sprintf(", categoryId: %q", category), func(h *history) bool {
		return h.has("TicketRecategorised", "")
	})
	if err != nil {
		return err
	}
	if err := s.resolves(ctx, s.lena, s.button(ctx, s.iris, s.place(), "resolve")); err != nil {
		return err
	}
	err = s.manages(ctx, admin, "closeTicket", "", func(h *history) bool { return h.Status == "CLOSED" })
	if err != nil {
		return err
	}
	if err := s.until(ctx, "that the channel is gone", func() bool { return s.place() == nil }); err != nil {
		return err
	}
	return s.recorded(ctx, s.number(), "that the channel was removed", func(h *history) bool { return h.has("SurfaceRemoved", "") })
}

// manages changes the ticket through the API.
func (s *story) manages(ctx context.Context, by client, verb, more string, holds func(*history) bool) error {
	h, err := s.history(ctx, s.number())
	if err != nil {
		return err
	}
	return s.insists(ctx, func() error {
		return by.change(ctx, fmt.Sprintf(`mutation($t: ID!) { result: %s(input: {ticketId: $t%s}) { userErrors { code message } } }`, verb, more),
			map[string]any{"t": h.ID})
	}, func() bool {
		h, err := s.history(ctx, s.number())
		return err == nil && holds(h)
	})
}
