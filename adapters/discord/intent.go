package discord

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// The kinds of message that the bot posts in a ticket's channel.
const (
	kindMarker = "marker"
	kindCard   = "card"
	kindPost   = "post"
	kindNotice = "notice"
	// kindWarning tells staff what did not reach the requester.
	kindWarning = "warning"
	// kindUnlinked tells that a place is the ticket's no more.
	kindUnlinked = "ended"
)

// step names a post: its kind, which part of it, and a fingerprint of its words
// by which it is found again.
func step(kind string, part int, p wire.Post) string {
	return kind + ":" + strconv.Itoa(part) + ":" + render.Words(p.Content, p.Embeds)
}

// post sends a message of which it was written down before that it would be.
// After an unknown outcome the intent stays, and the next run resolves it. The
// caller records the message together with the end of the intent.
func (r *run) post(ctx context.Context, kind string, m id.Message, part int, p wire.Post) (wire.ID, error) {
	name := step(kind, part, p)
	if in := r.surface.Intent; in.Step != name || in.Message != m {
		now := r.Now()
		r.surface.Intent = channel.Intent{
			Step: name, Message: m, After: string(r.newest()), At: now,
			Nonce: nonce(kind, max(int64(m), int64(r.ticket)), part, now),
		}
		if err := r.save(ctx); err != nil {
			return "", err
		}
	}
	p.Nonce, p.EnforceNonce = r.surface.Intent.Nonce, true
	sent, err := r.rest.Post(ctx, r.channel(), p)
	if rest.RefusalOf(err) != nil {
		r.surface.Intent = channel.Intent{}
		if err := r.save(ctx); err != nil {
			return "", err
		}
	}
	if err != nil {
		return "", err
	}
	r.surface.Intent = channel.Intent{}
	return sent, nil
}

// nonce names an intent within the 25 characters that Discord takes. Discord
// remembers it for minutes, also for a message that was deleted meanwhile: a new
// intent needs a new one.
func nonce(kind string, of int64, part int, now time.Time) string {
	const sevenDigits = 36 * 36 * 36 * 36 * 36 * 36 * 36
	return kind[:1] + strconv.FormatInt(of, 36) + "." + strconv.FormatInt(int64(part), 36) + "." +
		strconv.FormatInt(now.UnixMilli()%sevenDigits, 36)
}

// newest is the newest message of the channel that was recorded.
func (r *run) newest() wire.ID {
	newest := r.channel()
	ids := append(ids(r.surface.CardID), wire.ID(r.surface.SeenID), parseShown(r.surface.Card).notice)
	for _, i := range ids {
		if i.Newer(newest) {
			newest = i
		}
	}
	return newest
}

// resolve finds out what became of an intent whose outcome is not known. What
// is found is recorded; what is not stays intended, and keeps its nonce if it is
// still wanted.
func (r *run) resolve(ctx context.Context) error {
	in := r.surface.Intent
	switch {
	case in.Step == "":
		return nil
	case in.Step == stepChannel:
		found, err := r.findPlace(ctx)
		if err != nil || found.id == "" {
			return err
		}
		return r.have(ctx, found)
	case r.channel() == "":
		return nil
	case in.Step == stepRemove:
		return r.resolveRemoval(ctx)
	}
	found, err := r.findPost(ctx, in)
	if err != nil || found == "" {
		return err
	}
	r.surface.Intent = channel.Intent{}
	if err := r.adopt(ctx, in, found); err != nil {
		return err
	}
	return r.read(ctx)
}

// adopt records a post that turned out to have been made.
func (r *run) adopt(ctx context.Context, in channel.Intent, found wire.ID) error {
	kind, _, _ := strings.Cut(in.Step, ":")
	now := parseShown(r.surface.Card)
	switch kind {
	case kindCard:
		r.surface.CardID, now.card = join(append(ids(r.surface.CardID), found)), ""
	case kindNotice:
		now.notice, now.said, now.of = found, "", ""
	case kindMarker:
		r.surface.State, now.before = channel.Ready, ""
	case kindUnlinked:
		r.surface.State = channel.Unlinked
	case kindWarning:
		return r.told(ctx, in)
	case kindPost:
		return r.delivered(ctx, in.Message, append(r.deliveredIDs(in.Message), found), unfinished, false)
	}
	r.surface.Card = now.String()
	return r.save(ctx)
}

// findPost looks in the channel for what was to be posted; "" if it is not there.
func (r *run) findPost(ctx context.Context, in channel.Intent) (wire.ID, error) {
	me, err := r.me(ctx)
	if err != nil {
		return "", err
	}
	words := in.Step[strings.LastIndexByte(in.Step, ':')+1:]
	for after := wire.ID(in.After); ; {
		page, err := r.rest.History(ctx, r.channel(), after)
		if err != nil {
			return "", err
		}
		for i := range page {
			m := &page[i]
			after = m.ID
			if r.isDirect() && m.ID.Time().Before(in.At.Add(-clockSkew)) {
				continue // of another ticket
			}
			if m.Author == nil || m.Author.ID != me || render.Words(m.Content, m.Embeds) != words {
				continue
			}
			known, err := r.known(ctx, m.ID)
			if err != nil || !known {
				return m.ID, err
			}
		}
		if len(page) < rest.HistoryPage {
			return "", nil
		}
	}
}

// known reports whether a message of the channel is recorded as one of ours.
func (r *run) known(ctx context.Context, m wire.ID) (bool, error) {
	if slices.Contains(ids(r.surface.CardID), m) || parseShown(r.surface.Card).notice == m {
		return true, nil
	}
	_, err := r.Channels.DeliveryOf(ctx, r.call, r.ticket, string(m))
	if fault.CodeOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// goes marks a message in a list that is about to be deleted.
const goes = "-"

// ids reads a list of messages; a text that is too long for one stands in several.
// Those that are about to be deleted are not among them.
func ids(s string) []wire.ID {
	var list []wire.ID
	for i := range strings.FieldsSeq(s) {
		if !strings.HasPrefix(i, goes) {
			list = append(list, wire.ID(i))
		}
	}
	return list
}

// goingOf reads those that are about to be deleted.
func goingOf(s string) []wire.ID {
	var list []wire.ID
	for i := range strings.FieldsSeq(s) {
		if m, ok := strings.CutPrefix(i, goes); ok {
			list = append(list, wire.ID(m))
		}
	}
	return list
}

// going writes them.
func going(list []wire.ID) string {
	parts := make([]string, len(list))
	for i, m := range list {
		parts[i] = goes + string(m)
	}
	return strings.Join(parts, " ")
}

func join(list []wire.ID) string {
	parts := make([]string, len(list))
	for i, m := range list {
		parts[i] = string(m)
	}
	return strings.Join(parts, " ")
}
