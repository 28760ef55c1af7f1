package discord

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/duration"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// snooze puts the ticket off for a length of time, or without one until its
// requester answers.
func (q *asked) snooze(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
	typed, given := q.args["for"]
	if !given {
		return q.Tickets.Snooze(ctx, q.call, r, time.Time{})
	}
	d, ok := length(typed.Text())
	if !ok {
		return nil, errLength
	}
	return q.Tickets.Snooze(ctx, q.call, r, q.call.Now.Add(d))
}

var lengthForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{1,4})\s*(m|min|h|d|j|w|sem)$`)
})

// length reads what people type for a length of time: 30m, 4h, 2d, 1w, also in
// French (2j, 1sem); or PT4H, as the API has it.
func length(typed string) (time.Duration, bool) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	m := lengthForm().FindStringSubmatch(typed)
	if m == nil {
		d, err := duration.Parse(strings.ToUpper(typed))
		return d, err == nil
	}
	n, _ := strconv.Atoi(m[1]) // at most four digits
	unit := map[string]time.Duration{"m": time.Minute, "min": time.Minute, "h": time.Hour, "d": day, "j": day, "w": week, "sem": week}[m[2]]
	return time.Duration(n) * unit, true
}

// lengths offers lengths of time: what is typed already, or some that are common.
func (q *asked) lengths(typed string) []wire.Choice {
	common := []time.Duration{time.Hour, 4 * time.Hour, day, 3 * day, week}
	if d, ok := length(typed); ok {
		common = []time.Duration{d}
	} else if strings.TrimSpace(typed) != "" {
		return nil
	}
	offer := make([]wire.Choice, 0, len(common))
	for _, d := range common {
		offer = append(offer, wire.Choice{Name: q.speech.Length(d), Value: duration.Format(d)})
	}
	return offer
}

// lengthArgument is how long something is put off.
func (a *Adapter) lengthArgument() wire.CommandOption {
	o := a.argument(wire.OptionText, slash{"for", "discord.command.for", "discord.describe.for"})
	o.Required, o.Autocomplete = false, true
	return o
}
