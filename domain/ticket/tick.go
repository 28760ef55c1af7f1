package ticket

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/sla"
)

// Due names a ticket that is to be looked at, and from when on.
type Due struct {
	Workspace id.Workspace
	Ticket    id.Ticket
	At        time.Time
}

// errOtherPromises tells that a change was prepared with a book that is not the
// workspace's newest any more.
var errOtherPromises = errors.New("what is promised has changed")

// promiseTries is how often a change is prepared anew because what is promised
// changed meanwhile.
const promiseTries = 5

// Promising lets the service keep what policies promise, and close tickets by
// themselves. say writes what the helpdesk says then. It is called while the program
// is put together.
func (s *Service) Promising(p *sla.Service, say Words) *Service {
	s.promises, s.words = p, say
	return s
}

// keeping prepares a change with the newest book that is known, and again with a
// newer one if the ticket says that there is one.
func (s *Service) keeping(ctx context.Context, c access.Call, change func(*sla.Book) error) error {
	if s.promises == nil {
		return change(nil)
	}
	book, err := s.promises.Known(c)
	for try := 1; err == nil; try++ {
		err = change(book)
		if try == promiseTries || !errors.Is(err, errOtherPromises) {
			return err
		}
		book, err = s.promises.Read(ctx, c)
	}
	return err
}

// kept makes a change of a locked ticket, and then moves its clocks on.
func (s *Service) kept(c Cause, b *sla.Book, change func(*Ticket) error) func(*Ticket) error {
	return func(t *Ticket) error {
		if s.promises != nil && t.Promised != b.Version() {
			return errOtherPromises
		}
		if err := change(t); err != nil {
			return err
		}
		t.respond(c, b, s.words)
		t.Keep(c, b)
		return nil
	}
}

// settled does what was due in a locked ticket, and then makes a change of it.
func (s *Service) settled(c Cause, b *sla.Book, change func(*Ticket) error) func(*Ticket) error {
	return func(t *Ticket) error {
		if s.promises != nil {
			if err := t.settle(c, b); err != nil {
				return err
			}
		}
		return change(t)
	}
}

// errOverdue tells that something was due in a ticket of many that are to be changed.
var errOverdue = errors.New("something is due in a ticket")

// keptAll is the repository's UpdateAll of a change after which the clocks go on. What
// is due is done in each ticket by itself first, since it may write notes.
func (s *Service) keptAll(ctx context.Context, c access.Call, b *sla.Book, ids []id.Ticket, all bool, change func(*Ticket) error) ([]error, error) {
	cause := s.cause(c)
	refused, err := s.repo.UpdateAll(ctx, c.Actor.Workspace, ids, all, s.kept(cause, b, func(t *Ticket) error {
		if s.promises != nil && t.overdue(cause, b) {
			return errOverdue
		}
		return change(t)
	}))
	if !errors.Is(err, errOverdue) {
		return refused, err
	}
	own := s.cause(system(c.Actor.Workspace, c.Now))
	for _, one := range ids {
		r := Ref{Workspace: c.Actor.Workspace, ID: one}
		err := s.repo.Update(ctx, r, own.Origin, s.kept(own, b, s.settled(own, b, func(*Ticket) error { return nil })))
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return nil, err
		}
	}
	return s.repo.UpdateAll(ctx, c.Actor.Workspace, ids, all, s.kept(cause, b, change))
}

// ticketsAtOnce is how many due tickets are fetched and worked on together.
const ticketsAtOnce = 64

// Tick does what is due in tickets at now, the oldest first: promises that are
// broken, and steps of escalation. Any number of processes may tick at once: what
// is due is looked for again once a ticket is locked. A ticket that fails is tried
// again by the next tick, and keeps no other one waiting.
func (s *Service) Tick(ctx context.Context, now time.Time) error {
	var failed []error
	var last Due
	for {
		due, err := s.repo.Due(ctx, now, last, ticketsAtOnce)
		if err != nil || len(due) == 0 {
			return errors.Join(append(failed, err)...)
		}
		failed = append(failed, s.elapseAll(ctx, now, due)...)
		last = due[len(due)-1]
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (s *Service) elapseAll(ctx context.Context, now time.Time, due []Due) []error {
	errs := make([]error, len(due))
	var working sync.WaitGroup
	for i, d := range due {
		working.Go(func() { errs[i] = s.elapse(ctx, now, d) })
	}
	working.Wait()
	return errs
}

// system is a call of the helpdesk itself.
func system(w id.Workspace, now time.Time) access.Call {
	return access.Call{Actor: access.System(w), Now: now, Origin: event.Origin{Channel: event.ChannelSystem}}
}

func (s *Service) elapse(ctx context.Context, now time.Time, d Due) error {
	c := system(d.Workspace, now)
	return s.keeping(ctx, c, func(b *sla.Book) error {
		return s.repo.Update(ctx, Ref{Workspace: d.Workspace, ID: d.Ticket}, c.Origin, func(t *Ticket) error {
			if t.DueAt.IsZero() || t.DueAt.After(now) {
				return nil // another process was here, or the reason is gone
			}
			if s.promises != nil && t.Promised != b.Version() {
				return errOtherPromises
			}
			return t.Elapse(s.cause(c), b, s.words)
		})
	})
}

// settling is how long after a change of what is promised the tickets are looked
// through once more, for those that were opened by who did not know of it yet.
const settling = time.Minute

// reconsideredAtOnce is how many tickets follow changed promises in one transaction:
// as few as hold nobody up who writes in one of them, or after them on SQLite.
const reconsideredAtOnce = 25

// Reconsider brings the clocks of a workspace's tickets that are not closed in line
// with what is promised now. It is the handler of sla.Consumer's work. It goes on
// where it was interrupted: a ticket tells by which promises its clocks were kept.
func (s *Service) Reconsider(ctx context.Context, c access.Call, claim job.Claim) (job.Outcome, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return job.Outcome{}, err
	}
	var after id.Ticket
	changed := false
	for {
		ids, err := s.repo.KeptByOld(ctx, c.Actor.Workspace, after, reconsideredAtOnce)
		if err != nil {
			return job.Outcome{}, err
		}
		if len(ids) == 0 {
			break
		}
		if err := s.reconsider(ctx, c, ids); err != nil {
			return job.Outcome{}, err
		}
		after, changed = ids[len(ids)-1], true
	}
	if !changed && claim.Cursor != 0 {
		return job.Outcome{}, nil
	}
	return job.Outcome{Cursor: 1, Again: c.Now.Add(settling)}, nil
}

func (s *Service) reconsider(ctx context.Context, c access.Call, ids []id.Ticket) error {
	return s.keeping(ctx, c, func(b *sla.Book) error {
		_, err := s.keptAll(ctx, c, b, ids, false, func(*Ticket) error { return nil })
		return err
	})
}

// Foresee tells what a policy would mean for a ticket that the actor may see, if it
// held from now on. Only who manages the workspace may. Codes: unauthenticated,
// forbidden, invalid, not_found.
func (s *Service) Foresee(ctx context.Context, c access.Call, t id.Ticket, p sla.Policy) (Forecast, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return Forecast{}, err
	}
	if err := p.Clean(); err != nil {
		return Forecast{}, err
	}
	found, err := s.current(ctx, c, t)
	if err != nil {
		return Forecast{}, err
	}
	book, err := s.promises.Read(ctx, c)
	if err != nil {
		return Forecast{}, err
	}
	return found.forecast(s.cause(c), book, &p), nil
}
