package main_test

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// interrupted is a repository of tickets that something happens to.
type interrupted struct {
	ticket.Repository
	opening, updating func()
	failing           func() bool
}

var errAway = errors.New("the database is away")

func (r interrupted) Open(ctx context.Context, t *ticket.Ticket) error {
	if r.opening != nil {
		r.opening()
	}
	return r.Repository.Open(ctx, t)
}

func (r interrupted) Update(ctx context.Context, ref ticket.Ref, o event.Origin, change func(*ticket.Ticket) error) error {
	if r.failing != nil && r.failing() {
		return errAway
	}
	return r.Repository.Update(ctx, ref, o, func(t *ticket.Ticket) error {
		err := change(t)
		if r.updating != nil {
			r.updating()
		}
		return err
	})
}
