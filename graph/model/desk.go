package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Desk is a room of a channel where staff is told of alerts and digests.
type Desk struct {
	channel.Desk

	rows *load.Rows
}

// NewDesks makes desks.
func NewDesks(rows *load.Rows, all []channel.Desk) []*Desk {
	made := make([]*Desk, len(all))
	for i, d := range all {
		if d.Queue != 0 {
			rows.Queues.Want(d.Queue)
		}
		made[i] = &Desk{d, rows}
	}
	return made
}

// Queue gives whose alerts and digests are told there; nil: every other queue's.
func (d *Desk) Queue(ctx context.Context) (*queue.Queue, error) {
	if d.Desk.Queue == 0 {
		return nil, nil
	}
	return queueOf(ctx, d.rows, d.Desk.Queue)
}

// RemoveDeskInput names a desk.
type RemoveDeskInput struct {
	Keyed

	Channel event.Channel
	QueueID *string
}

// Desk gives the desk that is named.
func (in RemoveDeskInput) Desk() channel.Desk {
	d := channel.Desk{Channel: in.Channel}
	if in.QueueID != nil {
		d.Queue = scalar.Of[id.Queue](scalar.Queue, *in.QueueID)
	}
	return d
}

// SetDeskInput is a desk to set.
type SetDeskInput struct {
	RemoveDeskInput

	ExternalID string
}

// Desk gives the desk to set.
func (in SetDeskInput) Desk() channel.Desk {
	d := in.RemoveDeskInput.Desk()
	d.ExternalID = in.ExternalID
	return d
}
