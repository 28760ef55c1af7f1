package main

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// samAsks is a ticket from the panel, resolved too early and reopened.
func samAsks() []step {
	return []step{
		{"demo.step.panel_opened", (*day).samOpens},
		{"demo.step.command_claimed", (*day).omarClaims},
		{"demo.step.resolved_early", (*day).omarResolves},
		{"demo.step.reopened", (*day).samReopens},
		{"demo.step.answered_again", (*day).omarAnswersAgain},
	}
}

// yukiAsks is a ticket in a language that has a greeting but no catalogue.
func yukiAsks() []step {
	return []step{
		{"demo.step.opened", (*day).yukiOpens},
		{"demo.step.greeted", (*day).yukiIsGreeted},
	}
}

const (
	helloFromSam  = "I bought the captain's hat twice by accident."
	helloFromYuki = "パスワードを忘れてしまいました。"
	answerToSam   = "Found the second purchase; it is refunded now."
)

func (d *day) samOpens(ctx context.Context) (map[string]any, error) {
	c, err := d.opens(ctx, d.sam, func() *discordtest.Interaction {
		return d.sam.Clicks(ctx, d.panel, d.panel.Components[0].Components[0].CustomID)
	}, "Charged twice", helloFromSam)
	if err != nil {
		return nil, err
	}
	_, err = c.WaitFor(ctx, "Welcome aboard, Sam")
	return map[string]any{"Member": "Sam", "Number": d.tickets["Sam"]}, err
}

func (d *day) sams() *discordtest.Channel { return d.channelOf(d.tickets["Sam"]) }

func (d *day) omarClaims(ctx context.Context) (map[string]any, error) {
	claims := d.command(ctx, d.omar, d.sams(), "/ticket claim", nil)
	return map[string]any{"Agent": "Omar", "Number": d.tickets["Sam"]}, d.moves(ctx, d.sam, "OPEN", claims)
}

func (d *day) omarResolves(ctx context.Context) (map[string]any, error) {
	return map[string]any{"Agent": "Omar"}, d.resolves(ctx, d.sam, d.button(ctx, d.omar, d.sams(), "resolve"))
}

func (d *day) samReopens(ctx context.Context) (map[string]any, error) {
	reopens := d.button(ctx, d.sam, d.sams(), "reopen")
	return map[string]any{"Member": "Sam"}, d.does(ctx, d.tickets["Sam"], "that it was reopened", reopens, func(h *history) bool {
		return h.Status == "OPEN" && h.has("TicketReopened", "Sam")
	})
}

func (d *day) omarAnswersAgain(ctx context.Context) (map[string]any, error) {
	if _, err := d.omar.Posts(d.sams(), answerToSam); err != nil {
		return nil, err
	}
	return map[string]any{"Agent": "Omar"}, d.recorded(ctx, d.tickets["Sam"], "the second answer", func(h *history) bool {
		return h.has("MessagePosted", answerToSam)
	})
}

func (d *day) yukiOpens(ctx context.Context) (map[string]any, error) {
	err := d.opensByCommand(ctx, d.yuki, "ログインできません", helloFromYuki)
	return map[string]any{"Member": d.yuki.Name(), "Number": d.tickets[d.yuki.Name()]}, err
}

func (d *day) yukiIsGreeted(ctx context.Context) (map[string]any, error) {
	m, err := d.channelOf(d.tickets[d.yuki.Name()]).WaitFor(ctx, "ユキさん、ようこそ")
	if err != nil {
		return nil, err
	}
	return map[string]any{"Text": firstLine(m, "ようこそ")}, nil
}
