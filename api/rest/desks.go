package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// Desks are the rooms where staff is told.
type Desks struct {
	Items []Desk `json:"items" nullable:"false" doc:"Those of all queues first."`
}

// Desk is a room of a channel where staff is told of alerts and digests.
type Desk struct {
	Channel    string  `json:"channel" doc:"The channel."`
	QueueID    *string `json:"queueId" doc:"Whose alerts and digests are told there; null: those of every queue that has no desk of its own."`
	ExternalID string  `json:"externalId" doc:"What the channel calls the room: of Discord, the ID of a text channel or thread."`
}

// The inputs of desks.
type (
	// DeskPath names the desk of all queues in a channel.
	DeskPath struct {
		Channel string `path:"channel" enum:"discord" doc:"The channel, of which a place must be linked to the workspace."`
		Keyed
	}
	// QueueDeskPath names a queue's.
	QueueDeskPath struct {
		QueuePath
		DeskPath
	}
	// DeskInput is a desk to set.
	DeskInput struct {
		DeskPath

		Body DeskWish
	}
	// QueueDeskInput is a queue's.
	QueueDeskInput struct {
		QueueDeskPath

		Body DeskWish
	}
	// DeskWish is where a desk is to be.
	DeskWish struct {
		ExternalID string `json:"externalId" doc:"What the channel calls the room, at most 64 characters: of Discord, the ID of a text channel or thread of the linked guild that only staff reads."`
	}
)

// aboutDesks says what becomes of a desk where staff cannot be told.
const aboutDesks = "Nothing is told where others than staff read, or the bot may not write: the capability staff_rooms in the channel reports " +
	"tells that a moment later, with the mend. Administrators only."

func showDesk(d channel.Desk) Desk {
	return Desk{outside(string(d.Channel)), externalOrNone(opaque.Queue, d.Queue), d.ExternalID}
}

// desk names the desk of a queue, or with 0 that of all.
func (p DeskPath) desk(q id.Queue) channel.Desk {
	return channel.Desk{Channel: event.Channel(inside(p.Channel)), Queue: q}
}

func (s *server) setDesk(ctx context.Context, c access.Call, d channel.Desk, w DeskWish) (string, error) {
	d.ExternalID = w.ExternalID
	return "", s.Channels.SetDesk(ctx, c, d)
}

func (s *server) showDesk(ctx context.Context, c access.Call, d channel.Desk) (shown[Desk], error) {
	all, err := s.Channels.Desks(ctx, c, d.Channel)
	if err != nil {
		return shown[Desk]{}, err
	}
	for _, one := range all {
		if one.Queue == d.Queue {
			body := showDesk(one)
			return shown[Desk]{body: &body}, nil
		}
	}
	return shown[Desk]{}, channel.ErrNotFound
}

// desks registers where staff is told.
func (s *server) desks() {
	fetch(s, operation{
		id: "listDesks", path: "/desks", tag: tagHouse, summary: "List where staff is told of alerts and digests", about: "Administrators only.", codes: []fault.Code{fault.Forbidden},
	}, func(ctx context.Context, c access.Call, _ *struct{ Conditional }) (shown[Desks], error) {
		all, err := s.Channels.Desks(ctx, c, event.ChannelDiscord)
		return shown[Desks]{body: &Desks{Items: each(all, showDesk)}}, err
	})
	change(s, operation{
		id: "setDesk", method: http.MethodPut, path: "/desks/{channel}", tag: tagHouse, summary: "Say where staff is told of alerts and digests", codes: configured,
		about: "Of every queue that has no desk of its own. " + aboutDesks,
	}, func(ctx context.Context, c access.Call, in *DeskInput, _ int64) (string, error) {
		return s.setDesk(ctx, c, in.desk(0), in.Body)
	}, func(ctx context.Context, c access.Call, in *DeskInput, _ string) (shown[Desk], error) {
		return s.showDesk(ctx, c, in.desk(0))
	})
	change(s, operation{
		id: "setQueueDesk", method: http.MethodPut, path: "/queues/{queueId}/desks/{channel}", tag: tagHouse, summary: "Say where staff is told of a queue's alerts and digests",
		codes: configured, about: aboutDesks,
	}, func(ctx context.Context, c access.Call, in *QueueDeskInput, _ int64) (string, error) {
		return s.setDesk(ctx, c, in.desk(in.id()), in.Body)
	}, func(ctx context.Context, c access.Call, in *QueueDeskInput, _ string) (shown[Desk], error) {
		return s.showDesk(ctx, c, in.desk(in.id()))
	})
	change[DeskPath, Desk](s, operation{
		id: "removeDesk", method: http.MethodDelete, path: "/desks/{channel}", tag: tagHouse, summary: "Tell staff of alerts and digests in the rooms of queues alone",
		about: "Where there is no desk, that is no error. Administrators only.", codes: configured,
	}, func(ctx context.Context, c access.Call, in *DeskPath, _ int64) (string, error) {
		return "", s.Channels.RemoveDesk(ctx, c, in.desk(0))
	}, nil)
	change[QueueDeskPath, Desk](s, operation{
		id: "removeQueueDesk", method: http.MethodDelete, path: "/queues/{queueId}/desks/{channel}", tag: tagHouse, summary: "Tell staff of a queue's alerts and digests where it is told of all others'",
		about: "Where it has no desk of its own, that is no error. Administrators only.", codes: configured,
	}, func(ctx context.Context, c access.Call, in *QueueDeskPath, _ int64) (string, error) {
		return "", s.Channels.RemoveDesk(ctx, c, in.desk(in.id()))
	}, nil)
}
