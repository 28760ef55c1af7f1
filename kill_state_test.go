package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// state is all that people can find when the day is over, line by line: each
// ticket's history as GraphQL tells it, and each channel that the guild has or had,
// with what stands or stood in it and who sees it.
func (d *day) state(ctx context.Context) (string, error) {
	var b strings.Builder
	for n := int64(1); ; n++ {
		h, err := d.history(ctx, n)
		if err != nil {
			if n > int64(len(d.tickets)) && strings.Contains(err.Error(), errNotSeen.Error()) {
				break
			}
			return "", err
		}
		h.tell(&b)
	}
	return b.String() + d.places(), nil
}

// places are the channels' part of the state.
func (d *day) places() string {
	var b strings.Builder
	channels := slices.Concat(d.guild.Channels(), d.guild.Removed())
	slices.SortStableFunc(channels, func(x, y *discordtest.Channel) int { return strings.Compare(x.Name(), y.Name()) })
	for _, c := range channels {
		d.tell(&b, c)
	}
	return b.String()
}

func (h *history) tell(b *strings.Builder) {
	assignee := "nobody"
	if h.Assignee != nil {
		assignee = h.Assignee.Name
	}
	fmt.Fprintf(b, "ticket %d %q of %s, %s, assigned to %s\n", h.Number, h.Subject, h.Requester.Name, h.Status, assignee)
	slices.SortStableFunc(h.Lines, func(x, y line) int { return x.At.Compare(y.At) }) // some were heard of late
	for _, l := range h.Lines {
		fmt.Fprintf(b, "  %s %s\n", l.What, l.Detail)
	}
}

// tell writes down what a channel shows, deleted messages included: they were seen.
func (d *day) tell(b *strings.Builder, c *discordtest.Channel) {
	parent := "-"
	if p := c.Parent(); p != nil {
		parent = p.Name()
	}
	var writers []string
	for _, m := range append([]*discordtest.Member{d.olga, d.nadia, d.omar, d.camille, d.sam, d.yuki}, d.others...) {
		if c.CanSend(m) {
			writers = append(writers, m.Name())
		}
	}
	if c.Exists() {
		fmt.Fprintf(b, "channel #%s of %s, seen by %v, written by %v\n", c.Name(), parent, c.Viewers(), writers)
	} else {
		fmt.Fprintf(b, "channel #%s, which was removed\n", c.Name())
	}
	for _, m := range c.History() {
		if m.Ephemeral {
			continue
		}
		gone := ""
		if m.Deleted {
			gone = " (deleted)"
		}
		called := ""
		if len(m.Pinged) > 0 {
			called = fmt.Sprintf(" (calls %v)", m.Pinged)
		}
		fmt.Fprintf(b, "  %s%s%s: %s\n", m.Author, gone, called, snowflakes.ReplaceAllString(strings.ReplaceAll(m.Text(), "\n", " / "), "*"))
	}
}

// difference shows what is missing and what is too much.
func difference(got, want string) string {
	left, right := strings.Split(got, "\n"), strings.Split(want, "\n")
	var b strings.Builder
	for len(left) > 0 || len(right) > 0 {
		switch {
		case len(left) > 0 && len(right) > 0 && left[0] == right[0]:
			left, right = left[1:], right[1:]
		case len(right) > 0 && (len(left) == 0 || !slices.Contains(left, right[0])):
			fmt.Fprintln(&b, "  missing: "+right[0])
			right = right[1:]
		default:
			fmt.Fprintln(&b, "  too much: "+left[0])
			left = left[1:]
		}
	}
	return b.String()
}
