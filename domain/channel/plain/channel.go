package plain

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Channel shows tickets on a Server. It serves the roles of no team: everybody
// has a line of their own.
type Channel struct {
	server  *Server
	records *channel.Service
	now     func() time.Time
}

var _ channel.Port = (*Channel)(nil)

// New makes the channel.
func New(s *Server, records *channel.Service, now func() time.Time) *Channel {
	return &Channel{server: s, records: records, now: now}
}

// run is one bringing of a surface to its desired state.
type run struct {
	*Channel

	call    access.Call
	facts   *channel.Facts
	surface *channel.Surface
}

// Sync implements channel.Port.
func (c *Channel) Sync(ctx context.Context, w id.Workspace, t id.Ticket) (job.Outcome, error) {
	r := &run{Channel: c, call: access.Call{
		Actor: access.System(w), Now: c.now(), Origin: event.Origin{Channel: event.ChannelPlain},
	}}
	var err error
	if r.facts, err = c.records.Facts(ctx, r.call, t, event.ChannelPlain); err != nil {
		return job.Outcome{}, err
	}
	r.surface = &r.facts.Surface
	if !r.facts.Stands(c.now()) {
		return job.Outcome{}, r.remove(ctx)
	}
	for _, step := range []func(context.Context) error{r.room, r.rights, r.posts} {
		if err := step(ctx); err != nil {
			return job.Outcome{}, err
		}
	}
	return job.Outcome{Again: r.facts.RemovedAt()}, nil
}

// remove takes the room of a closed ticket away. What is said there is heard at
// once, so that nothing is left in it.
func (r *run) remove(ctx context.Context) error {
	if r.surface.ExternalID == "" {
		return nil
	}
	if err := r.server.RemoveRoom(r.surface.ExternalID); err != nil {
		return fmt.Errorf("remove the room: %w", err)
	}
	r.surface.ExternalID, r.surface.State, r.surface.Applied = "", channel.Cleared, ""
	return r.records.Save(ctx, r.call, r.surface)
}

// intend writes down what is about to be made, unless that was done before a
// crash; then it tells so, and what was made must be looked for.
func (r *run) intend(ctx context.Context, i channel.Intent) (before bool, err error) {
	if had := r.surface.Intent; had.Step == i.Step && had.Message == i.Message {
		return true, nil
	}
	i.At = r.call.Now
	r.surface.Intent = i
	return false, r.records.Save(ctx, r.call, r.surface)
}

// room makes sure that there is a room.
func (r *run) room(ctx context.Context) error {
	if r.surface.State == channel.Ready {
		return nil
	}
	nonce := r.surface.Ticket.String()
	before, err := r.intend(ctx, channel.Intent{Step: "room", Nonce: nonce})
	if err != nil {
		return err
	}
	var made string
	if found := r.server.FindRooms(nonce); before && len(found) > 0 {
		made = found[0]
	} else if made, err = r.server.MakeRoom(nonce); err != nil {
		return fmt.Errorf("make room: %w", err)
	}
	r.surface.ExternalID, r.surface.State, r.surface.Intent = made, channel.Ready, channel.Intent{}
	return r.records.Save(ctx, r.call, r.surface)
}

// rights lets the ticket's audience in, if it changed.
func (r *run) rights(ctx context.Context) error {
	audience := r.facts.Audience()
	wanted := fmt.Sprint(audience)
	if r.surface.Applied == wanted {
		return nil
	}
	if err := r.server.Admit(r.surface.ExternalID, audience); err != nil {
		return fmt.Errorf("admit the audience: %w", err)
	}
	r.surface.Applied = wanted
	return r.records.Save(ctx, r.call, r.surface)
}

// posts brings each message that is not as it should be to what it should be,
// oldest first; what fails holds up the later ones, so that order is kept.
func (r *run) posts(ctx context.Context) error {
	for _, p := range r.facts.Posts {
		shown, err := r.post(ctx, p)
		if err != nil {
			return err
		}
		r.surface.Intent = channel.Intent{}
		err = r.records.Delivered(ctx, r.call, r.surface, channel.Delivery{
			Message: p.Message.ID, ExternalID: shown, Version: p.Message.Version, Deleted: !p.Message.DeletedAt.IsZero(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// post shows, changes or takes away one message and gives what the server
// calls it.
func (r *run) post(ctx context.Context, p channel.Post) (string, error) {
	in, gone := r.surface.ExternalID, !p.Message.DeletedAt.IsZero()
	switch {
	case p.Delivery == nil && gone:
		return "", nil
	case p.Delivery == nil:
		return r.say(ctx, p)
	case gone:
		return p.Delivery.ExternalID, r.server.Delete(in, p.Delivery.ExternalID)
	}
	return p.Delivery.ExternalID, r.server.Edit(in, p.Delivery.ExternalID, p.Message.Body)
}

func (r *run) say(ctx context.Context, p channel.Post) (string, error) {
	nonce := strconv.FormatInt(int64(p.Message.ID), 10)
	before, err := r.intend(ctx, channel.Intent{Step: "post", Message: p.Message.ID, Nonce: nonce})
	if err != nil {
		return "", err
	}
	if before {
		if made := r.server.FindPost(r.surface.ExternalID, nonce); made != "" {
			return made, r.mend(made, p.Message)
		}
	}
	post := Post{Nonce: nonce, Text: p.Message.Body}
	if p.Author != nil {
		post.Author = p.Author.Name
	}
	return r.server.Say(r.surface.ExternalID, post)
}

// mend gives a post that was made before a crash the text of today.
func (r *run) mend(post string, m *ticket.Message) error {
	return r.server.Edit(r.surface.ExternalID, post, m.Body)
}
