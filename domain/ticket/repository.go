package ticket

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
)

// ErrDuplicate tells that the change was made already: another one with the
// same channel and external ID came before. The service turns it into the
// result of that first one; nobody outside sees it.
var ErrDuplicate = fault.New(fault.Conflict, "fault.ticket.duplicate")

// Ref names a ticket and, if the caller wants to be sure that nothing happened
// since they looked, its version.
type Ref struct {
	Workspace id.Workspace
	ID        id.Ticket
	Version   int64 // 0: any
	// MessageVersion is the version of the message that is changed; 0: any.
	MessageVersion int64
}

// View is a ticket with what its row in a list shows.
type View struct {
	*Ticket
	RequesterMember *member.Member
	AssigneeMember  *member.Member // nil: nobody
	InQueue         *queue.Queue
	Last            *Message // newest public message; nil: none
}

// Repository is the port to stored tickets. Whatever a Ticket's changes hold is
// saved in the same transaction as the ticket: its events in the workspace's
// history, and the jobs of whoever must hear of them.
type Repository interface {
	// Open stores a new ticket with the workspace's next number, which it gives
	// to t.Numbered before it saves. The origin of its first event, if it has an
	// external ID, makes it happen once. Codes: conflict (ErrDuplicate).
	Open(ctx context.Context, t *Ticket) error
	// Update locks the ticket, lets change change it, and saves; nothing is
	// saved when change fails. A change that leaves nothing to save is no error.
	// The ticket's Promised is what its workspace's promises are at then.
	// The Version of the ticket that change got is raised by one if Aspects
	// changed, in the store and in that same object.
	//
	// The origin, if it has an external ID, makes the change happen once in its
	// workspace: the second time change is not called, whatever version the Ref
	// names. A change that failed may be tried again.
	// Codes: not_found, conflict (ErrVersion; ErrDuplicate), those of change.
	Update(ctx context.Context, r Ref, o event.Origin, change func(*Ticket) error) error
	// UpdateAll is Update for several tickets of a workspace, each at most once, in
	// one transaction, whatever their versions and origins are. change is called
	// for each in the order of the IDs. The faults that refuse it are given in the
	// same order, nil for those that were changed; a ticket that is not there is
	// refused with ErrNotFound. When all must be changed and one is refused, none
	// is saved. Any other error is returned, and nothing is saved. change may do
	// all but send files, change messages, move participants and fill in fields.
	UpdateAll(ctx context.Context, w id.Workspace, ids []id.Ticket, all bool, change func(*Ticket) error) ([]error, error)
	// UpdateMessage is Update with one message of the ticket. Codes: not_found
	// (ErrNotFound, ErrMessageNotFound), those of Update.
	UpdateMessage(ctx context.Context, r Ref, m id.Message, o event.Origin, change func(*Ticket, *Message) error) error

	// Due gives up to limit tickets that are to be looked at at now, of all
	// workspaces, the longest due first, from after the given one on.
	Due(ctx context.Context, now time.Time, after Due, limit int) ([]Due, error)
	// KeptByOld gives up to limit tickets of the workspace that are not closed and
	// whose clocks are not kept by what is promised now, by ID from after the given
	// one on.
	KeptByOld(ctx context.Context, w id.Workspace, after id.Ticket, limit int) ([]id.Ticket, error)
	// FirstReplies gives how long after their opening tickets of the queue that were
	// opened in one of the stretches were first answered; those that were not are left out.
	FirstReplies(ctx context.Context, w id.Workspace, q id.Queue, opened []Stretch) ([]time.Duration, error)
	// TagNames gives what the workspace's vocabulary calls the tags that have or had
	// the names, by tag.Key; others are left out. What a change adds to a ticket's
	// Tags and the vocabulary does not know enters it when the ticket is saved.
	TagNames(ctx context.Context, w id.Workspace, names ...string) (map[string]string, error)

	// Opened finds the ticket that an origin opened. Codes: not_found.
	Opened(ctx context.Context, w id.Workspace, o event.Origin) (id.Ticket, error)
	// MessageFrom finds the message that came from an origin. Codes: not_found.
	MessageFrom(ctx context.Context, w id.Workspace, o event.Origin) (*Message, error)

	// Find gives the tickets that pass the filter, in the order of the IDs,
	// others left out.
	Find(ctx context.Context, f access.TicketFilter, ids ...id.Ticket) ([]*View, error)
	// ByNumber finds a ticket that passes the filter. Codes: not_found.
	ByNumber(ctx context.Context, f access.TicketFilter, n int64) (*View, error)
	// List pages through the tickets that see and the query let pass. A condition
	// on tags holds only where notes passes too.
	List(ctx context.Context, v Visibility, q Query, w page.Window) (page.Page[*View], error)
	// Count counts what List would give in all.
	Count(ctx context.Context, v Visibility, q Query) (int, error)

	// Messages pages through what a query finds of what was said in each of the
	// tickets: of the public messages where see passes, of the notes where notes
	// passes too. The cursor is that of MessageTerms.
	Messages(ctx context.Context, v Visibility, q query.Query, w page.Window, tickets ...id.Ticket) (map[id.Ticket]page.Page[*Message], error)
	// MessageCounts counts what Messages would give of each ticket in all.
	MessageCounts(ctx context.Context, v Visibility, where query.Where, tickets ...id.Ticket) (map[id.Ticket]int, error)
	// MessagesByID finds messages of tickets, by the same rule; others are left out.
	MessagesByID(ctx context.Context, v Visibility, ids ...id.Message) (map[id.Message]*Message, error)
	// Versions gives all texts of messages that may be read, oldest first, where f
	// passes too.
	Versions(ctx context.Context, v Visibility, f access.TicketFilter, ids ...id.Message) (map[id.Message][]Version, error)
	// Timeline pages through what a query finds of each ticket's events: of the
	// internal ones only where notes passes. The cursor is that of TimelineTerms.
	Timeline(ctx context.Context, v Visibility, q query.Query, w page.Window, tickets ...id.Ticket) (map[id.Ticket]page.Page[event.Envelope], error)
	// TimelineCounts counts what Timeline would give of each ticket in all.
	TimelineCounts(ctx context.Context, v Visibility, where query.Where, tickets ...id.Ticket) (map[id.Ticket]int, error)
	// Log gives up to limit events of the workspace after a sequence, in order: of
	// the given tickets, or of all if none is given.
	Log(ctx context.Context, w id.Workspace, after int64, limit int, tickets ...id.Ticket) ([]event.Envelope, error)
	// Moves gives the events of some types that the tickets had after a sequence,
	// in order.
	Moves(ctx context.Context, w id.Workspace, after int64, types []event.Type, tickets ...id.Ticket) ([]event.Envelope, error)
	// Head gives the sequence of the workspace's last event, 0 if there is none.
	Head(ctx context.Context, w id.Workspace) (int64, error)
	// Participants gives the members who take part, by name, where f passes.
	Participants(ctx context.Context, f access.TicketFilter, tickets ...id.Ticket) (map[id.Ticket][]*member.Member, error)
}

// Visibility is what an actor may read in tickets.
type Visibility struct {
	See   access.TicketFilter
	Notes access.TicketFilter
}
