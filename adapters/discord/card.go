package discord

import (
	"context"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// shown is what the bot's own messages in a channel say: a fingerprint of the
// card, and the notice with its fingerprint and the end of the ticket that it tells of.
type shown struct {
	card   string
	notice wire.ID
	said   string
	before string // what became of the place before, which is still to be said
	of     string // "" where it is not known
}

// What became of the place before.
const (
	wasLost     = "lost"
	wasLeft     = "left"
	wasCleared  = "cleared"
	wasUnlinked = "parted"
)

func (s shown) String() string {
	text := s.card + "|" + string(s.notice) + "|" + s.said
	switch {
	case s.of != "":
		text += "|" + s.before + "|" + s.of
	case s.before != "":
		text += "|" + s.before
	}
	return text
}

func parseShown(s string) shown {
	parts := append(strings.Split(s, "|"), "", "", "", "")
	return shown{card: parts[0], notice: wire.ID(parts[1]), said: parts[2], before: parts[3], of: parts[4]}
}

// marker says in a channel that took the place of a lost one why it begins in
// the middle.
func (r *run) marker(ctx context.Context) error {
	now := parseShown(r.surface.Card)
	if r.surface.State != channel.Gone && now.before == "" {
		return nil
	}
	why := r.speech.Rebuilt()
	switch now.before {
	case wasLeft:
		why = r.speech.Moved()
	case wasCleared:
		why = r.speech.Resumed(r.facts.Ticket)
	case wasUnlinked:
		why = r.speech.Relinked()
	}
	if _, err := r.post(ctx, kindMarker, 0, 0, why); err != nil {
		return err
	}
	now.before = ""
	r.surface.State, r.surface.Detail, r.surface.Card = channel.Ready, "", now.String()
	return r.save(ctx)
}

// card keeps the message that shows what the ticket is and how it stands.
func (r *run) card(ctx context.Context) error {
	opening, err := r.opening(ctx)
	if err != nil {
		return err
	}
	want := r.cardOf(opening)
	mark, have := render.Fingerprint(want), ids(r.surface.CardID)
	if parseShown(r.surface.Card).card == mark && len(have) == len(want) {
		return nil
	}
	return r.bring(ctx, shownText{
		kind: kindCard, have: have, want: want, repost: true,
		record: func(ctx context.Context, have []wire.ID, whole bool) error {
			now := parseShown(r.surface.Card)
			now.card = ""
			if whole {
				now.card = mark
			}
			r.surface.CardID, r.surface.Card = join(have), now.String()
			return r.save(ctx)
		},
	})
}

// openingWithin is how far into a ticket its form's message is looked for.
const openingWithin = 5

// opening gives the message that was written in the form, nil if none was.
func (r *run) opening(ctx context.Context) (*ticket.Message, error) {
	pages, err := r.Tickets.Messages(ctx, r.call, query.Query{}, page.Request{First: openingWithin}, r.ticket)
	if err != nil {
		return nil, err
	}
	for _, m := range pages[r.ticket].Items {
		if m.Channel == event.ChannelDiscord && strings.HasPrefix(m.ExternalID, interactionOrigin) {
			return m, nil
		}
	}
	return nil, nil
}

// notice keeps the message that asks whether the ticket is solved, or tells that
// it is closed. It is posted where the talk has come to, so that it is seen;
// when the work goes on it says so, and the next end gets a new one.
func (r *run) notice(ctx context.Context) error {
	want, now := r.noticeOf(), parseShown(r.surface.Card)
	if want == nil {
		return r.endNotice(ctx, now)
	}
	mark, of := render.Fingerprint(want), endOf(r.facts.Ticket)
	if now.notice != "" && now.of != "" && now.of != of { // the work went on in between
		if err := r.endNotice(ctx, now); err != nil {
			return err
		}
		now = parseShown(r.surface.Card)
	}
	if now.notice != "" && now.said == mark {
		return nil
	}
	var have []wire.ID
	if now.notice != "" {
		have = []wire.ID{now.notice}
	}
	return r.bring(ctx, shownText{
		kind: kindNotice, have: have, want: []wire.Post{*want}, repost: true,
		record: func(ctx context.Context, have []wire.ID, _ bool) error {
			now := parseShown(r.surface.Card)
			now.notice, now.said, now.of = have[0], mark, of
			r.surface.Card = now.String()
			return r.save(ctx)
		},
	})
}

// endOf tells the ends of a ticket apart that was reopened.
func endOf(t *ticket.Ticket) string {
	at := t.ResolvedAt
	if at.IsZero() {
		at = t.ClosedAt
	}
	return strconv.FormatInt(at.UnixMicro(), 36)
}

func (r *run) endNotice(ctx context.Context, now shown) error {
	if now.notice == "" {
		return nil
	}
	err := r.rest.Edit(ctx, r.channel(), now.notice, r.speech.TakenUp())
	if err != nil && !rest.Is(err, rest.UnknownMessage) {
		return err
	}
	now.notice, now.said, now.of = "", "", ""
	r.surface.Card = now.String()
	return r.save(ctx)
}
