package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Node is an object with an ID: a type of the schema that says so. Some are the
// domain's own, which know nothing of the schema.
type Node any

func memberOf(ctx context.Context, rows *load.Rows, m id.Member) (*Member, error) {
	if m == 0 {
		return nil, nil
	}
	found, err := rows.Members.Get(ctx, m)
	return NewMember(rows.OfMembers(), found), err
}

func queueOf(ctx context.Context, rows *load.Rows, q id.Queue) (*queue.Queue, error) {
	if q == 0 {
		return nil, nil
	}
	return rows.Queues.Get(ctx, q)
}

func categoryOf(ctx context.Context, rows *load.Rows, c id.Category) (*Category, error) {
	if c == 0 {
		return nil, nil
	}
	found, err := rows.Categories.Get(ctx, c)
	return NewCategory(rows, found), err
}

func messageOf(ctx context.Context, rows *load.Rows, m id.Message) (*Message, error) {
	if m == 0 {
		return nil, nil
	}
	found, err := rows.Messages.Get(ctx, m)
	return NewMessage(rows.OfMessages(), found), err
}
