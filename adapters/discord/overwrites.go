package discord

import (
	"context"
	"errors"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
)

// overwrites are the rights that the channel should have.
func (r *run) overwrites(ctx context.Context) ([]wire.Overwrite, error) {
	me, err := r.me(ctx)
	if err != nil {
		return nil, err
	}
	held, err := r.held(ctx, r.guild())
	if err != nil {
		return nil, err
	}
	if !held.Has(render.Needed) {
		return nil, errHeldTooLittle
	}
	return render.Overwrites(r.guild(), me, held, r.facts.Audience()), nil
}

// errHeldTooLittle stops a run before a channel would stand open to everybody.
var errHeldTooLittle = errors.New("the bot lacks a permission that a private channel needs")

// shape brings rights, name and topic of the channel to what they should be.
// Discord lets a name change twice in ten minutes: it may come later, rights
// may not.
func (r *run) shape(ctx context.Context) error {
	if r.inThread() {
		return r.shapeThread(ctx)
	}
	want, err := r.overwrites(ctx)
	if err != nil {
		return err
	}
	did := parseApplied(r.surface.Applied)
	if rights := render.Fingerprint(want); rights != did.rights {
		if err := r.applyRights(ctx, want); err != nil {
			return err
		}
		did.rights = rights
		r.surface.Applied = did.String()
		if err := r.save(ctx); err != nil {
			return err
		}
	}
	return r.rename(ctx, func(at wire.Renaming) error { return r.rest.Rename(ctx, r.channel(), at) })
}

// shapeThread brings a thread to who should be in it, and to its name. One of a
// ticket that goes on is opened.
func (r *run) shapeThread(ctx context.Context) error {
	if did := parseApplied(r.surface.Applied); did.sealed && r.closed() {
		return nil // nobody can be let in or put out any more
	} else if did.sealed {
		if err := r.open(ctx); err != nil {
			return err
		}
	}
	if r.surface.Kind == category.InThread {
		if err := r.company(ctx); err != nil {
			return err
		}
	}
	return r.rename(ctx, func(at wire.Renaming) error {
		return r.rest.ChangeThread(ctx, r.channel(), wire.ThreadChange{Name: at.Name})
	})
}

// rename gives the place its name, later if Discord does not let it yet.
func (r *run) rename(ctx context.Context, do func(wire.Renaming) error) error {
	at, did := render.Place(r.facts.Ticket), parseApplied(r.surface.Applied)
	if did.name == render.Fingerprint(at) {
		return nil
	}
	err := do(at)
	if wait, ok := rest.Limited(err); ok {
		r.lookAgain(r.Now().Add(wait))
		return nil
	}
	if err != nil {
		return err
	}
	did.name = render.Fingerprint(at)
	r.surface.Applied = did.String()
	return r.save(ctx)
}

// applyRights makes the difference between the channel's overwrites and the
// wanted ones: first what keeps the bot in, then what shuts others out, then
// what lets them in.
func (r *run) applyRights(ctx context.Context, want []wire.Overwrite) error {
	ch, err := r.rest.Channel(ctx, r.channel())
	if err != nil {
		return err
	}
	have := []wire.Overwrite(ch.Overwrites)
	if err := r.put(ctx, have, want[1]); err != nil {
		return err
	}
	for _, o := range have {
		if slices.ContainsFunc(want, func(w wire.Overwrite) bool { return w.ID == o.ID }) {
			continue
		}
		err := r.rest.DeleteOverwrite(ctx, r.channel(), o.ID)
		if err != nil && !rest.Is(err, rest.UnknownOverwrite) {
			return err
		}
	}
	for _, o := range want {
		if err := r.put(ctx, have, o); err != nil {
			return err
		}
	}
	return nil
}

// put sets one overwrite, unless it stands already. Somebody who is not there
// any more needs none.
func (r *run) put(ctx context.Context, have []wire.Overwrite, o wire.Overwrite) error {
	if slices.Contains(have, o) {
		return nil
	}
	err := r.rest.SetOverwrite(ctx, r.channel(), o)
	if someTargetGone(err) {
		r.Logger.Info("nobody is behind a ticket's overwrite", "ticket", r.ticket, "target", string(o.ID))
		return nil
	}
	return err
}
