package rest

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// directMessage is what the short word of the domain is called outside.
const directMessage = "direct_message"

// outside gives a word of the domain as it is written here.
func outside(word string) string {
	if word == string(event.ChannelDM) {
		return directMessage
	}
	return word
}

// inside gives a word that was written here as the domain has it.
func inside(word string) string {
	if word == directMessage {
		return string(event.ChannelDM)
	}
	return word
}

// when writes a moment.
func when(t time.Time) string { return t.UTC().Format(opaque.Moment) }

// perhaps writes a moment that may not have come; nil for none.
func perhaps(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := when(t)
	return &s
}

// filled gives a text that may be missing; nil for none.
func filled(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func external[T ~int64](k opaque.Kind, n T) string { return opaque.Encode(k, int64(n)) }

// externalOrNone writes an ID that may be missing; nil for none.
func externalOrNone[T ~int64](k opaque.Kind, n T) *string {
	if n == 0 {
		return nil
	}
	s := external(k, n)
	return &s
}

// each gives what f makes of each; a list, never null.
func each[N, T any](all []N, f func(N) T) []T {
	out := make([]T, len(all))
	for i, v := range all {
		out[i] = f(v)
	}
	return out
}

// statuses are the words for how a ticket stands.
func statuses() []string { return enum(ticket.Statuses()) }

// roles are the words for what a member is.
func roles() []string { return enum(access.Roles()) }

// channels are the words for where something comes from.
func channels() []string {
	return enum([]event.Channel{event.ChannelAPI, event.ChannelDiscord, event.ChannelDM, event.ChannelSystem, event.ChannelPlain})
}
