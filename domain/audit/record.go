package audit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Recorder is what a store owes wherever it keeps what is configured.
type Recorder interface {
	// Recorded runs a caller's change in a transaction and appends the entries that
	// it gives. No other recorded change of the workspace runs between its beginning
	// and its end. It may run more than once, each time in a new transaction. What
	// follows from the change by itself, such as roles of who joins a team, is
	// recorded by the store as the same caller's doing.
	Recorded(ctx context.Context, c access.Call, change func(ctx context.Context) ([]Entry, error)) error
}

// Record makes a change of what is configured, and tells in the same transaction
// how what read gives differs afterwards. A change that alters nothing leaves no
// entry, nor does one that fails.
func Record(ctx context.Context, r Recorder, c access.Call, read func(context.Context) (State, error), change func(context.Context) error) error {
	return r.Recorded(ctx, c, func(ctx context.Context) ([]Entry, error) {
		before, err := read(ctx)
		if err != nil {
			return nil, err
		}
		if err := change(ctx); err != nil {
			return nil, err
		}
		after, err := read(ctx)
		return Between(c, before, after), err
	})
}

// Role gives what the record tells of a member.
func Role(m id.Member, r access.Role) State {
	return State{{Kind: Member, ID: int64(m)}: {"role": Text(r)}}
}

// Between tells how objects differ, in their order, as done by the caller.
func Between(c access.Call, before, after State) []Entry {
	all := maps.Clone(after)
	if all == nil {
		all = State{}
	}
	for o := range before {
		all[o] = nil
	}
	var entries []Entry
	for _, o := range slices.SortedFunc(maps.Keys(all), order) {
		was, old := before[o]
		is, still := after[o]
		changes := differences(was, is)
		action := Changed
		switch {
		case !old:
			action = Created
		case !still:
			action = Removed
		case len(changes) == 0:
			continue
		}
		entries = append(entries, entry(c, o, action, changes))
	}
	return entries
}

// Refusal is the entry that what was presented to come in was refused, for the reason.
func Refusal(w id.Workspace, o Object, at time.Time, reason string) Entry {
	return Entry{
		Workspace: w, Channel: event.ChannelAPI, At: at, Object: o, Action: Refused,
		Changes: []Change{{Field: "reason", After: Text(reason)}},
	}
}

func order(a, b Object) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) }

func entry(c access.Call, o Object, a Action, changes []Change) Entry {
	e := Entry{
		Workspace: c.Actor.Workspace, Actor: c.Actor.Member, Channel: c.Origin.Channel, At: c.Now,
		Object: o, Action: a, Changes: changes,
	}
	if e.Channel == "" {
		e.Channel = event.ChannelSystem
	}
	return e
}

// differences gives what became of each field.
func differences(before, after Facts) []Change {
	all := maps.Clone(after)
	if all == nil {
		all = Facts{}
	}
	for field := range before {
		all[field] = Value{}
	}
	var changes []Change
	for _, field := range slices.Sorted(maps.Keys(all)) {
		if was, is := before[field], after[field]; !slices.Equal(was.Items, is.Items) {
			changes = append(changes, Change{Field: field, Before: was, After: is})
		}
	}
	return changes
}
