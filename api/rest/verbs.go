package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// TicketInput names a ticket that something is done to, and no more.
type TicketInput struct {
	TicketPath
	Expecting
}

// named is the input of what is done to a ticket.
type named interface {
	id() id.Ticket
	ref(version int64) ticket.Ref
}

// verb is a change of a ticket that needs nothing but the ticket.
type verb func(context.Context, access.Call, ticket.Ref) (*ticket.Ticket, error)

// act registers something that is done to a ticket.
func act[I any](s *server, o operation, do func(ctx context.Context, c access.Call, in *I, r ticket.Ref) error) {
	o.tag = tagVerbs
	if o.codes == nil {
		o.codes = changed
	}
	of := func(in *I) named { return any(in).(named) } //nolint:errcheck,forcetypeassert // each input embeds TicketPath: any other is found by the first test that asks for it
	change(s, o, func(ctx context.Context, c access.Call, in *I, version int64) (string, error) {
		return external(opaque.Ticket, of(in).id()), do(ctx, c, in, of(in).ref(version))
	}, func(ctx context.Context, c access.Call, in *I, _ string) (shown[Ticket], error) {
		return s.ticket(ctx, c, of(in).id())
	})
}

// plain registers a verb.
func plain(s *server, id, path, summary, about string, v verb) {
	act(s, operation{id: id, path: "/tickets/{ticketId}/" + path, summary: summary, about: about},
		func(ctx context.Context, c access.Call, _ *TicketInput, r ticket.Ref) error {
			_, err := v(ctx, c, r)
			return err
		})
}

// verbs registers what is done to tickets.
func (s *server) verbs() {
	plain(s, "claimTicket", "claim", "Claim a ticket", "The caller becomes its assignee.", s.Tickets.Claim)
	plain(s, "unassignTicket", "unassign", "Unassign a ticket", "Leaves it to its queue's teams.", s.Tickets.Unassign)
	plain(s, "pendTicket", "pend", "Let a ticket wait for its requester", "", s.Tickets.Pend)
	plain(s, "holdTicket", "hold", "Let a ticket wait for something else", "", s.Tickets.Hold)
	plain(s, "resolveTicket", "resolve", "Resolve a ticket", "The work is done; a requester may say so of their own.", s.Tickets.Resolve)
	plain(s, "confirmTicket", "confirm", "Confirm a resolution", "The requester agrees that it is resolved; that closes it.", s.Tickets.Confirm)
	plain(s, "closeTicket", "close", "Close a ticket", "Ends a resolved one, as staff.", s.Tickets.Close)
	plain(s, "reopenTicket", "reopen", "Reopen a ticket", "Takes the work up again.", s.Tickets.Reopen)
	plain(s, "wakeTicket", "wake", "End the snooze of a ticket", "Ending what is over is no error.", s.Tickets.Wake)
	act(s, operation{
		id: "snoozeTicket", path: "/tickets/{ticketId}/snooze", summary: "Put a ticket off",
		about: "Takes it from staff's work until a moment, or until the requester or a participant says something, which ends it in any case. What is promised runs on.",
	},
		func(ctx context.Context, c access.Call, in *SnoozeInput, r ticket.Ref) error {
			_, err := s.Tickets.Snooze(ctx, c, r, in.Body.Until)
			return err
		})
	act(s, operation{id: "assignTicket", path: "/tickets/{ticketId}/assign", summary: "Give a ticket to an agent"},
		func(ctx context.Context, c access.Call, in *AssignInput, r ticket.Ref) error {
			_, err := s.Tickets.Assign(ctx, c, r, opaque.Of[id.Member](opaque.Member, in.Body.AssigneeID))
			return err
		})
	act(s, operation{id: "transferTicket", path: "/tickets/{ticketId}/transfer", summary: "Move a ticket to another queue"},
		func(ctx context.Context, c access.Call, in *TransferInput, r ticket.Ref) error {
			_, err := s.Tickets.Transfer(ctx, c, r, opaque.Of[id.Queue](opaque.Queue, in.Body.QueueID))
			return err
		})
	act(s, operation{id: "recategoriseTicket", path: "/tickets/{ticketId}/recategorise", summary: "Put a ticket into another category", about: "It goes to that category's queue as well."},
		func(ctx context.Context, c access.Call, in *RecategoriseInput, r ticket.Ref) error {
			_, err := s.Tickets.Recategorise(ctx, c, r, opaque.Of[id.Category](opaque.Category, in.Body.CategoryID))
			return err
		})
	s.tagging()
	s.participating()
}

// The inputs of verbs that need more than the ticket.
type (
	// AssignInput names an agent.
	AssignInput struct {
		TicketInput

		Body struct {
			AssigneeID string `json:"assigneeId" doc:"The agent."`
		} `nameHint:"Assignment"`
	}
	// SnoozeInput tells until when a ticket is put off.
	SnoozeInput struct {
		TicketInput

		Body struct {
			Until time.Time `json:"until,omitzero" doc:"When the snooze ends: in the future, in 366 days at most. Without it: when the requester or a participant says something."`
		} `nameHint:"SnoozeWish"`
	}
	// TransferInput names a queue.
	TransferInput struct {
		TicketInput

		Body struct {
			QueueID string `json:"queueId" doc:"The queue."`
		} `nameHint:"TransferWish"`
	}
	// RecategoriseInput names a category.
	RecategoriseInput struct {
		TicketInput

		Body struct {
			CategoryID string `json:"categoryId" doc:"The category."`
		} `nameHint:"RecategoriseWish"`
	}
	// TagsInput names tags.
	TagsInput struct {
		TicketInput

		Body struct {
			Tags []string `json:"tags" nullable:"false" doc:"The tags, 1 to 40 characters each."`
		} `nameHint:"TagsWish"`
	}
	// TagInput names a tag.
	TagInput struct {
		TicketInput

		Tag string `path:"tag" doc:"The tag."`
	}
	// ParticipantInput names a member.
	ParticipantInput struct {
		TicketInput

		Body struct {
			MemberID string `json:"memberId" doc:"The member."`
		} `nameHint:"ParticipantWish"`
	}
	// ParticipantPath names a member who takes part.
	ParticipantPath struct {
		TicketInput

		MemberID string `path:"memberId" doc:"The member."`
	}
)

// Tags are staff's marks on a ticket.
type Tags struct {
	Tags []string `json:"tags" nullable:"false" doc:"The marks, in alphabetical order; none for who may not see notes."`
}

func (s *server) tagging() {
	fetch(s, operation{id: "listTags", path: "/tickets/{ticketId}/tags", tag: tagVerbs, summary: "List the tags of a ticket", codes: []fault.Code{fault.NotFound}},
		func(ctx context.Context, c access.Call, in *struct {
			TicketPath
			Conditional
		},
		) (shown[Tags], error) {
			found, err := s.ticket(ctx, c, in.id())
			if err != nil {
				return shown[Tags]{}, err
			}
			return shown[Tags]{&Tags{found.body.Tags}, found.version}, nil
		})
	act(s, operation{id: "addTags", path: "/tickets/{ticketId}/tags", summary: "Mark a ticket", about: "With all of the tags, or none."},
		func(ctx context.Context, c access.Call, in *TagsInput, r ticket.Ref) error {
			_, err := s.Tickets.AddTags(ctx, c, r, in.Body.Tags...)
			return err
		})
	act(s, operation{id: "removeTag", method: http.MethodDelete, path: "/tickets/{ticketId}/tags/{tag}", summary: "Take a tag from a ticket", about: "Taking away what is not there is no error."},
		func(ctx context.Context, c access.Call, in *TagInput, r ticket.Ref) error {
			_, err := s.Tickets.RemoveTags(ctx, c, r, in.Tag)
			return err
		})
}

// People is a list of members that is given whole.
type People struct {
	Items []*Person `json:"items" nullable:"false" doc:"The members, by name."`
}

func (s *server) participating() {
	fetch(s, operation{
		id: "listParticipants", path: "/tickets/{ticketId}/participants", tag: tagVerbs, summary: "List who takes part in a ticket",
		about: "Besides its requester and its assignee: at most 50.", codes: []fault.Code{fault.NotFound},
	},
		func(ctx context.Context, c access.Call, in *struct {
			TicketPath
			Conditional
		},
		) (shown[People], error) {
			v, err := s.Tickets.Get(ctx, c, in.id())
			if err != nil {
				return shown[People]{}, err
			}
			found, err := s.Tickets.Participants(ctx, c, v.ID)
			return shown[People]{&People{each(found[v.ID], person)}, v.Version}, err
		})
	act(s, operation{id: "addParticipant", path: "/tickets/{ticketId}/participants", summary: "Let a member take part in a ticket"},
		func(ctx context.Context, c access.Call, in *ParticipantInput, r ticket.Ref) error {
			_, err := s.Tickets.AddParticipant(ctx, c, r, opaque.Of[id.Member](opaque.Member, in.Body.MemberID))
			return err
		})
	act(s, operation{
		id: "removeParticipant", method: http.MethodDelete, path: "/tickets/{ticketId}/participants/{memberId}",
		summary: "End a member's part in a ticket", about: "Everybody may end their own.",
	},
		func(ctx context.Context, c access.Call, in *ParticipantPath, r ticket.Ref) error {
			_, err := s.Tickets.RemoveParticipant(ctx, c, r, opaque.Of[id.Member](opaque.Member, in.MemberID))
			return err
		})
}
