package main

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
)

const (
	// bridge is the channel in which the engineers are told of what is theirs alone.
	bridge = "bridge"
	// alarm is what they are told there.
	alarm = "Somebody drifts and cannot wait."
)

// bridgeIsManned makes that channel, and the policy by which they are told of what is urgent
// a second after it became so.
func (s *story) bridgeIsManned(ctx context.Context, admin client) error {
	const talk = discordtest.PermViewChannel | discordtest.PermSendMessages | discordtest.PermReadHistory | discordtest.PermEmbedLinks
	s.bridge = s.guild.Text(bridge, nil,
		discordtest.Overwrite{ID: s.guild.ID(), Deny: discordtest.PermViewChannel},
		discordtest.Overwrite{ID: s.engineers.ID(), Allow: talk},
		discordtest.Overwrite{ID: s.guild.Bot().ID(), Type: 1, Allow: talk})
	err := s.insists(ctx, func() error {
		return answered(ctx, s.olga.Runs(ctx, s.bridge, "/setup staff", discordtest.Args{"queue": repairs}))
	}, never)
	if err != nil {
		return err
	}
	return s.insists(ctx, func() error {
		return admin.change(ctx, `mutation($t: String!) { result: saveSlaPolicy(input: {name: "Urgent", idempotencyKey: "urgent", match: {priorities: [URGENT]},
			promises: [{target: RESOLUTION, within: "PT1H", steps: [{before: "PT59M59S", action: ALERT, text: $t}]}]}) { userErrors { code message } } }`,
			map[string]any{"t": alarm})
	}, never)
}

// isUrgent lets the ticket be urgent, of which those are told and called who work it.
func (s *story) isUrgent(ctx context.Context) error {
	admin, err := s.as(ctx, access.RoleAdmin, "")
	if err != nil {
		return err
	}
	err = s.manages(ctx, admin, "setTicketPriority", ", priority: URGENT", func(h *history) bool { return h.has("PriorityChanged", "") })
	if err != nil {
		return err
	}
	err = s.recorded(ctx, s.number(), "the alert", func(h *history) bool { return h.has("AlertRaised", "") })
	if err != nil {
		return err
	}
	told, err := s.bridge.WaitFor(ctx, alarm)
	if err == nil && !slices.Contains(told.Pinged, s.iris.Name()) {
		err = notSeen("that the alert calls %s", s.iris.Name())
	}
	return err
}
