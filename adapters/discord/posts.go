package discord

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// unfinished is the version of a text of which not all stands in the channel.
const unfinished int64 = -1

// awaiting is the version of a text of which all stands in the channel but files
// that are still being copied.
func awaiting(version int64) int64 { return unfinished - version }

// posts shows, changes and takes away what was said elsewhere, in order.
func (r *run) posts(ctx context.Context) error {
	for _, p := range r.facts.Posts {
		if r.isDirect() && (byForm(p.Message) || p.Message.Template == ticket.StaffReminder) {
			continue
		}
		var err error
		if r.silent {
			err = r.undelivered(ctx, p)
		} else {
			err = r.onePost(ctx, p)
		}
		if r.isDirect() && closedDM(err) {
			err = r.undelivered(ctx, p)
		}
		if rest.TooLarge(err) && !r.bare[p.Message.ID] {
			return r.withoutFiles(ctx, p.Message.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// withoutFiles goes on with a message whose files Discord does not take, though each
// is as small as it says to take: they are named instead.
func (r *run) withoutFiles(ctx context.Context, m id.Message) error {
	if r.bare == nil {
		r.bare = map[id.Message]bool{}
	}
	r.bare[m] = true
	r.Logger.Warn("Discord does not take the files of a message", "ticket", r.ticket, "message", m)
	if err := r.read(ctx); err != nil {
		return err
	}
	return r.posts(ctx)
}

func (r *run) onePost(ctx context.Context, p channel.Post) error {
	m, have := p.Message, r.deliveredIDs(p.Message.ID)
	if !m.DeletedAt.IsZero() {
		if err := r.drop(ctx, have); err != nil {
			return err
		}
		return r.delivered(ctx, m.ID, have, m.Version, true)
	}
	if err := r.drop(ctx, r.goingIDs(m.ID)); err != nil {
		return err
	}
	copying := slices.ContainsFunc(p.Carried(), func(a *file.Attachment) bool { return a.State == file.Pending })
	if copying && p.Delivery != nil && p.Delivery.Version == awaiting(m.Version) {
		return nil // the end of the copying has it looked at again
	}
	want, err := r.shownPost(ctx, p)
	if err != nil {
		return err
	}
	if err := r.refile(ctx, p, have, want); err != nil {
		return err
	}
	return r.bring(ctx, shownText{
		kind: kindPost, message: m.ID, have: have, want: want,
		record: func(ctx context.Context, have []wire.ID, whole bool) error {
			version := unfinished
			switch {
			case whole && copying:
				version = awaiting(m.Version)
			case whole:
				version = m.Version
			}
			return r.delivered(ctx, m.ID, have, version, false)
		},
		going: func(ctx context.Context, have, surplus []wire.ID) error {
			return r.recordDelivery(ctx, m.ID, strings.TrimSpace(join(have)+" "+going(surplus)), unfinished, false)
		},
	})
}

// refile has the messages of a text that stands there already get their files anew
// if others are to be seen, or the same in other messages.
func (r *run) refile(ctx context.Context, p channel.Post, have []wire.ID, want []wire.Post) error {
	if p.Delivery == nil || len(p.Files) == 0 {
		return nil
	}
	stands := p.Delivery.Version
	others := stands < 1 || len(have) != len(want) || slices.ContainsFunc(p.Files, func(a *file.Attachment) bool {
		return a.In(stands) != a.In(p.Message.Version)
	})
	for i := range want {
		if !others && len(want[i].Files) > 0 {
			m, err := r.rest.Message(ctx, r.channel(), have[i])
			if err != nil && !rest.Is(err, rest.UnknownMessage) {
				return err
			}
			others = len(m.Attachments) != len(want[i].Files) // Discord did not take them before
		}
	}
	for i := range want {
		want[i].Refiles = others
	}
	return nil
}

// shownPost gives the messages in which a message of the ticket stands. A file
// that cannot be sent, or not yet, is named.
func (r *run) shownPost(ctx context.Context, p channel.Post) ([]wire.Post, error) {
	var sent []*file.Attachment
	var missing []string
	limit, err := r.uploadLimit(ctx, p.Carried())
	if err != nil {
		return nil, err
	}
	for _, a := range p.Carried() {
		if r.bare[p.Message.ID] {
			missing = append(missing, r.speech.FileLine(a, limit))
			continue
		}
		there, err := r.sendable(ctx, a, limit)
		if err != nil {
			return nil, err
		}
		if there {
			sent = append(sent, a)
		} else {
			missing = append(missing, r.speech.FileLine(a, limit))
		}
	}
	return render.Calling(render.Message(p, missing, sent, r.content), r.facts.Called(p.Message, r.isDirect())), nil
}

// sendable reports whether the file is there, and no larger than the limit.
func (r *run) sendable(ctx context.Context, a *file.Attachment, limit int64) (bool, error) {
	if a.State != file.Stored || a.Size > limit {
		return false, nil
	}
	_, content, err := r.Files.Open(ctx, r.call, a.ID)
	if fault.CodeOf(err) == fault.NotFound {
		r.Logger.Error("a file is not in the store", "ticket", r.ticket, "attachment", a.ID, "error", err)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, content.Close()
}

// content opens what is in a file.
func (r *run) content(ctx context.Context, a *file.Attachment) (io.ReadCloser, error) {
	_, content, err := r.Files.Open(ctx, r.call, a.ID)
	return content, err
}

// deliveredIDs are the messages in which a message of the ticket stands.
func (r *run) deliveredIDs(m id.Message) []wire.ID {
	for _, p := range r.facts.Posts {
		if p.Message.ID == m && p.Delivery != nil {
			return ids(p.Delivery.ExternalID)
		}
	}
	return nil
}

// goingIDs are those of them that were about to be deleted when a run ended.
func (r *run) goingIDs(m id.Message) []wire.ID {
	for _, p := range r.facts.Posts {
		if p.Message.ID == m && p.Delivery != nil {
			return goingOf(p.Delivery.ExternalID)
		}
	}
	return nil
}

func (r *run) delivered(ctx context.Context, m id.Message, have []wire.ID, version int64, deleted bool) error {
	return r.recordDelivery(ctx, m, join(have), version, deleted)
}

func (r *run) recordDelivery(ctx context.Context, m id.Message, external string, version int64, deleted bool) error {
	return r.Channels.Delivered(ctx, r.call, r.surface, channel.Delivery{
		Message: m, ExternalID: external, Version: version, Deleted: deleted,
	})
}
