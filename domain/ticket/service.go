package ticket

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// Service is what one may do with tickets. A ticket that the actor may not see
// is not_found to them, whatever they try; one that they may see but not change
// is forbidden.
type Service struct {
	repo       Repository
	categories category.Repository
	members    member.Repository
	queues     queue.Repository
	workspaces workspace.Repository
	promises   *sla.Service // nil: nothing is promised
	words      Words
	habits     habits
	ids        id.Source
}

// NewService makes the service.
func NewService(r Repository, c category.Repository, m member.Repository, q queue.Repository, w workspace.Repository, ids id.Source) *Service {
	return &Service{repo: r, categories: c, members: m, queues: q, workspaces: w, ids: ids}
}

func (s *Service) cause(c access.Call) Cause {
	return Cause{By: c.Actor.Member, Now: c.Now, Origin: c.Origin, IDs: s.ids}
}

// authorise asks the access table about a ticket. Codes: unauthenticated,
// forbidden, not_found.
func authorise(a access.Actor, p access.Permission, t *Ticket) error {
	scope := t.Scope(a)
	if err := access.Require(a, access.TicketSee, scope); err != nil {
		if errors.Is(err, access.ErrForbidden) {
			return ErrNotFound
		}
		return err
	}
	return access.Require(a, p, scope)
}

// change is the way of every change of one ticket.
func (s *Service) change(ctx context.Context, c access.Call, r Ref, p access.Permission, do func(Cause, *Ticket) error) (*Ticket, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	r.Workspace = c.Actor.Workspace
	var changed *Ticket
	err := s.update(ctx, c, r, func(t *Ticket) error {
		if err := authorise(c.Actor, p, t); err != nil {
			return err
		}
		changed = t
		return do(s.cause(c), t)
	})
	if errors.Is(err, ErrDuplicate) {
		return s.current(ctx, c, r.ID)
	}
	if err != nil {
		return nil, s.discreet(ctx, c, r, err)
	}
	return changed, nil
}

// update is the repository's Update of a change after which the clocks go on.
func (s *Service) update(ctx context.Context, c access.Call, r Ref, change func(*Ticket) error) error {
	cause := s.cause(c)
	return s.keeping(ctx, c, func(b *sla.Book) error {
		return s.repo.Update(ctx, r, cause.Origin, s.kept(cause, b, s.settled(cause, b, change)))
	})
}

// discreet turns what a repository refuses before anybody was authorised into
// not_found for those who may not see the ticket.
func (s *Service) discreet(ctx context.Context, c access.Call, r Ref, err error) error {
	if !errors.Is(err, ErrVersion) && !errors.Is(err, ErrMessageNotFound) {
		return err
	}
	if _, unseen := s.Get(ctx, c, r.ID); unseen != nil {
		return unseen
	}
	return err
}

func (s *Service) current(ctx context.Context, c access.Call, t id.Ticket) (*Ticket, error) {
	v, err := s.Get(ctx, c, t)
	if err != nil {
		return nil, err
	}
	return v.Ticket, nil
}

// OpenInput is what it takes to open a ticket.
type OpenInput struct {
	Category  id.Category
	Subject   string
	Body      string
	Answers   map[string]category.Given // by field key
	Requester id.Member                 // 0: the actor
}

// Open opens a ticket for the actor, or by staff for another member, and greets
// the requester in their language. The same origin again gives the same ticket.
// Codes: unauthenticated, forbidden, invalid, not_found.
func (s *Service) Open(ctx context.Context, c access.Call, in OpenInput) (*Ticket, error) {
	p := access.TicketOpen
	if in.Requester != 0 && in.Requester != c.Actor.Member {
		p = access.TicketOpenFor
	}
	if err := access.Require(c.Actor, p, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	if in.Requester == 0 {
		in.Requester = c.Actor.Member
	}
	var t *Ticket
	err := s.keeping(ctx, c, func(b *sla.Book) (err error) {
		if t, err = s.draft(ctx, c, b, in); err != nil {
			return err
		}
		if err := s.kept(s.cause(c), b, func(*Ticket) error { return nil })(t); err != nil {
			return err
		}
		return s.repo.Open(ctx, t)
	})
	if errors.Is(err, ErrDuplicate) {
		return s.opened(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// draft makes the ticket of an opening, with its greeting.
func (s *Service) draft(ctx context.Context, c access.Call, b *sla.Book, in OpenInput) (*Ticket, error) {
	w, err := s.workspaces.Get(ctx, c.Actor.Workspace)
	if err != nil {
		return nil, err
	}
	cats, err := s.categories.Get(ctx, c.Actor.Workspace, in.Category)
	if err != nil {
		return nil, err
	}
	if len(cats) == 0 {
		return nil, category.ErrNotFound.On("categoryId")
	}
	requester, err := s.member(ctx, c, in.Requester, "requesterId")
	if err != nil {
		return nil, err
	}
	people, err := s.named(ctx, c, in.Answers)
	if err != nil {
		return nil, err
	}
	o := Opening{Subject: in.Subject, Body: in.Body, Answers: in.Answers, People: people, Channel: w.Channel}
	if err := s.expect(ctx, c, b.Calendar(cats[0].Queue), cats[0], &o); err != nil {
		return nil, err
	}
	t, err := Begin(s.cause(c), cats[0], requester, o)
	if t != nil {
		t.Promised = w.Promises
	}
	return t, err
}

// expect finds out what a greeting may tell of when somebody will answer.
func (s *Service) expect(ctx context.Context, c access.Call, hours *sla.Calendar, cat *category.Category, o *Opening) (err error) {
	o.Say = s.words
	if !hours.Open(c.Now) {
		o.Closed = hours.NextOpening(c.Now).In(hours.Zone())
	}
	if s.words != nil && cat.GreetsWithWaitingTime() {
		o.Usual, err = s.usualWait(ctx, c, cat.Queue, hours)
	}
	return err
}

func (s *Service) opened(ctx context.Context, c access.Call) (*Ticket, error) {
	t, err := s.repo.Opened(ctx, c.Actor.Workspace, c.Origin)
	if err != nil {
		return nil, err
	}
	return s.current(ctx, c, t)
}

func (s *Service) member(ctx context.Context, c access.Call, m id.Member, field string) (*member.Member, error) {
	found, err := s.members.Get(ctx, c.Actor.Workspace, m)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, member.ErrNotFound.On(field)
	}
	return found[0], nil
}

// side tells for whom the actor speaks in the ticket: staff is who may write
// notes in it, be it not by this key.
func side(a access.Actor, t *Ticket) Side {
	scope := t.Scope(a)
	if !scope.Requester && access.Allowed(a.Within(nil), access.NoteWrite, scope) {
		return FromStaff
	}
	return FromRequester
}

// Reply says something in public, perhaps with files: uploads of the actor's
// own, or copies. The same origin again gives the same message.
// Codes: unauthenticated, forbidden, invalid, not_found, invalid_transition.
func (s *Service) Reply(ctx context.Context, c access.Call, r Ref, body string, with ...file.Enclosure) (*Message, error) {
	return s.say(ctx, c, r, access.TicketReply, func(cause Cause, t *Ticket) (*Message, error) {
		return t.Reply(cause, side(c.Actor, t), c.Actor.Locale, body, with...)
	})
}

// AddNote says something among staff, perhaps with files, as Reply does.
// Codes: unauthenticated, forbidden, invalid, not_found.
func (s *Service) AddNote(ctx context.Context, c access.Call, r Ref, body string, with ...file.Enclosure) (*Message, error) {
	return s.say(ctx, c, r, access.NoteWrite, func(cause Cause, t *Ticket) (*Message, error) {
		return t.AddNote(cause, c.Actor.Locale, body, with...)
	})
}

func (s *Service) say(ctx context.Context, c access.Call, r Ref, p access.Permission, do func(Cause, *Ticket) (*Message, error)) (*Message, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	r.Workspace = c.Actor.Workspace
	var said *Message
	err := s.update(ctx, c, r, func(t *Ticket) error {
		err := authorise(c.Actor, p, t)
		if err == nil {
			said, err = do(s.cause(c), t)
		}
		return err
	})
	if errors.Is(err, ErrDuplicate) {
		return s.said(ctx, c)
	}
	if err != nil {
		return nil, s.discreet(ctx, c, r, err)
	}
	return said, nil
}

// said finds the message that the call's origin brought before, if the actor may
// read it: an origin alone proves nothing.
func (s *Service) said(ctx context.Context, c access.Call) (*Message, error) {
	m, err := s.repo.MessageFrom(ctx, c.Actor.Workspace, c.Origin)
	if err != nil {
		return nil, err
	}
	return s.message(ctx, c, m.ID)
}

// EditMessage gives a message of the actor's own a new text. Codes:
// unauthenticated, forbidden, invalid, not_found, conflict, invalid_transition.
func (s *Service) EditMessage(ctx context.Context, c access.Call, r Ref, m id.Message, body string) (*Message, error) {
	return s.changeOwn(ctx, c, r, m, func(cause Cause, t *Ticket, m *Message) error { return t.Edit(cause, m, body) })
}

// changeOwn changes a message that is the actor's own.
func (s *Service) changeOwn(ctx context.Context, c access.Call, r Ref, m id.Message, do func(Cause, *Ticket, *Message) error) (*Message, error) {
	return s.changeMessage(ctx, c, r, m, func(cause Cause, t *Ticket, m *Message) error {
		if m.Author == 0 || m.Author != c.Actor.Member {
			return ErrNotAuthor
		}
		if err := access.RequireScope(c.Actor, m.scope()); err != nil {
			return err
		}
		return do(cause, t, m)
	})
}

// DeleteMessage takes a message out of sight: the actor's own, or as staff
// anybody's. Codes: unauthenticated, forbidden, not_found, conflict.
func (s *Service) DeleteMessage(ctx context.Context, c access.Call, r Ref, m id.Message) (*Message, error) {
	return s.changeMessage(ctx, c, r, m, func(cause Cause, t *Ticket, m *Message) error {
		if m.Author == 0 || m.Author != c.Actor.Member {
			if err := authorise(c.Actor, access.MessageRemove, t); err != nil {
				return err
			}
		} else if err := access.RequireScope(c.Actor, m.scope()); err != nil {
			return err
		}
		t.Delete(cause, m)
		return nil
	})
}

func (s *Service) changeMessage(ctx context.Context, c access.Call, r Ref, m id.Message, do func(Cause, *Ticket, *Message) error) (*Message, error) {
	if !c.Actor.Known() {
		return nil, access.ErrNobody
	}
	r.Workspace = c.Actor.Workspace
	var changed *Message
	change := func(t *Ticket, msg *Message) error {
		p := access.TicketSee
		if !msg.Public() {
			p = access.NoteSee
		}
		if err := authorise(c.Actor, p, t); err != nil {
			if errors.Is(err, access.ErrForbidden) {
				return ErrMessageNotFound
			}
			return err
		}
		if r.MessageVersion != 0 && r.MessageVersion != msg.Version {
			return ErrMessageVersion.With(fault.CurrentVersion, msg.Version)
		}
		changed = msg
		return do(s.cause(c), t, msg)
	}
	err := s.repo.UpdateMessage(ctx, r, m, c.Origin, change)
	if errors.Is(err, ErrDuplicate) {
		return s.message(ctx, c, m)
	}
	if err != nil {
		return nil, s.discreet(ctx, c, r, err)
	}
	return changed, nil
}

// FromChannel finds the message that a channel calls by the ID. Only the
// helpdesk itself may ask. Codes: unauthenticated, forbidden, not_found.
func (s *Service) FromChannel(ctx context.Context, c access.Call, ch event.Channel, externalID string) (*Message, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.MessageFrom(ctx, c.Actor.Workspace, event.Origin{Channel: ch, ExternalID: externalID})
}

func (s *Service) message(ctx context.Context, c access.Call, m id.Message) (*Message, error) {
	found, err := s.MessagesByID(ctx, c, m)
	if err != nil {
		return nil, err
	}
	if found[m] == nil {
		return nil, ErrMessageNotFound
	}
	return found[m], nil
}

// agent finds the member to whom a ticket may be given.
func (s *Service) agent(ctx context.Context, c access.Call, m id.Member) error {
	target, err := s.member(ctx, c, m, "assigneeId")
	if err != nil {
		return err
	}
	if !target.Role.AtLeast(access.RoleAgent) {
		return member.ErrNotAgent.On("assigneeId")
	}
	return nil
}

// unknownQueue refuses a queue that is not in the actor's workspace.
func (s *Service) unknownQueue(ctx context.Context, c access.Call, q id.Queue) error {
	found, err := s.queues.Get(ctx, c.Actor.Workspace, q)
	if err == nil && len(found) == 0 {
		return queue.ErrNotFound.On("queueId")
	}
	return err
}
