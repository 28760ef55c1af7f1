package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// FilesConsumers are the names under which HandleFile is registered for durable
// work: of files in channels, and of those in direct messages.
func FilesConsumers() []job.Consumer {
	return []job.Consumer{file.Consumer(event.ChannelDiscord), file.Consumer(event.ChannelDM)}
}

// copyPatience is how long a file is asked for that Discord does not give.
const copyPatience = 24 * time.Hour

// errGone tells that the original is not there any more.
var errGone = errors.New("what was attached is gone from Discord")

// source is where Discord has the original of a file. The address works for a
// time; a new one stands in the message.
type source struct {
	Channel    wire.ID `json:"channel"`
	Message    wire.ID `json:"message"`
	Attachment wire.ID `json:"attachment"`
	URL        string  `json:"url"`
}

func (s source) String() string {
	raw, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(raw)
}

// HandleFile does the durable work of copying what people attached.
func (a *Adapter) HandleFile(ctx context.Context, c job.Claim) (job.Outcome, error) {
	n, err := strconv.ParseInt(c.Key.Key, 10, 64)
	if err != nil {
		return job.Outcome{}, fmt.Errorf("work of no file: %w", err)
	}
	call := a.system(c.Workspace)
	f, err := a.Files.Pending(ctx, call, id.Attachment(n))
	if f == nil || err != nil {
		return job.Outcome{}, err
	}
	b, err := a.copyFile(ctx, call, f)
	if err == nil {
		return job.Outcome{}, a.copyEnded(ctx, call, f, a.Tickets.Copied(ctx, call, f, b))
	}
	if why := a.hopeless(f, err); why != "" {
		a.Logger.Warn("a file could not be copied", "ticket", f.Ticket, "attachment", f.ID, "reason", string(why), "error", err)
		return job.Outcome{}, a.copyEnded(ctx, call, f, a.Tickets.CopyFailed(ctx, call, f, why))
	}
	if wait, ok := rest.Limited(err); ok {
		return job.Outcome{Again: a.Now().Add(wait)}, nil
	}
	return job.Outcome{}, err
}

// copyEnded has the ticket's place looked after, which may have waited for it. A
// message that is gone waits for nothing.
func (a *Adapter) copyEnded(ctx context.Context, c access.Call, f *file.Attachment, err error) error {
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return err
	}
	return a.Channels.Wish(ctx, c, f.Ticket, event.ChannelDiscord)
}

// hopeless tells why it is no use to try again; "" if it is some.
func (a *Adapter) hopeless(f *file.Attachment, err error) file.Failure {
	switch {
	case file.IsTooLarge(err):
		return file.TooLarge
	case errors.Is(err, errGone):
		return file.Gone
	case errors.Is(err, rest.ErrForeign), a.Now().Sub(f.AddedAt) > copyPatience:
		return file.Unreachable
	}
	return ""
}

// copyFile stores a file as Discord has it.
func (a *Adapter) copyFile(ctx context.Context, c access.Call, f *file.Attachment) (*file.Blob, error) {
	var s source
	if err := json.Unmarshal([]byte(f.Source), &s); err != nil {
		return nil, errors.Join(errGone, err)
	}
	if f.Size > file.MaxSize {
		return nil, file.ErrTooLarge
	}
	content, err := a.cdn.Get(ctx, s.URL)
	if errors.Is(err, rest.ErrExpired) {
		content, err = a.again(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return a.Files.Receive(ctx, c, content)
}

// again opens a file whose address has expired: the message has a new one.
func (a *Adapter) again(ctx context.Context, s source) (io.ReadCloser, error) {
	m, err := a.rest.Message(ctx, s.Channel, s.Message)
	if rest.Is(err, rest.UnknownMessage, rest.UnknownChannel) {
		return nil, errGone
	}
	if err != nil {
		return nil, err
	}
	for _, f := range filesOf(&m) {
		if f.ID != s.Attachment {
			continue
		}
		content, err := a.cdn.Get(ctx, f.URL)
		if errors.Is(err, rest.ErrExpired) {
			return nil, errGone
		}
		return content, err
	}
	return nil, errGone
}

// filesOf lists what is attached to a message, and to those that it forwards.
func filesOf(m *wire.Message) []wire.Attachment {
	all := slices.Clip(m.Attachments)
	for _, s := range m.Snapshots {
		all = append(all, s.Message.Attachments...)
	}
	return all
}

// enclosures are the copies that are to be made of what is attached to a message.
func enclosures(m *wire.Message) []file.Enclosure {
	var with []file.Enclosure
	for _, f := range filesOf(m) {
		if len(with) == file.MaxPerMessage {
			break
		}
		with = append(with, file.Enclosure{
			Name: f.Name(), ContentType: f.ContentType, Size: f.Size, ExternalID: string(f.ID),
			Source: source{Channel: m.ChannelID, Message: m.ID, Attachment: f.ID, URL: f.URL}.String(),
		})
	}
	return with
}
