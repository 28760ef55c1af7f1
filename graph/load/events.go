package load

import "github.com/ticketsys/ticketsys/domain/event"

// WantEvent names all that an event of the list may be asked for.
func (r *Rows) WantEvent(e event.Envelope) {
	r.Members.Want(e.Actor)
	switch d := e.Data.(type) {
	case event.TicketOpened:
		r.Categories.Want(d.Category)
		r.Queues.Want(d.Queue)
	case event.MessagePosted:
		r.Messages.Want(d.Message)
	case event.NoteAdded:
		r.Messages.Want(d.Message)
	case event.MessageEdited:
		r.Messages.Want(d.Message)
	case event.MessageDeleted:
		r.Messages.Want(d.Message)
	case event.AttachmentStored:
		r.Messages.Want(d.Message)
		r.Attachments.Want(d.Message)
	case event.AttachmentFailed:
		r.Messages.Want(d.Message)
		r.Attachments.Want(d.Message)
	case event.TicketClaimed:
		r.Members.Want(d.Assignee, d.Previous)
	case event.TicketAssigned:
		r.Members.Want(d.Assignee, d.Previous)
	case event.TicketUnassigned:
		r.Members.Want(d.Previous)
	case event.TicketTransferred:
		r.Queues.Want(d.From, d.To)
	case event.TicketRecategorised:
		r.Categories.Want(d.From, d.To)
	case event.FieldChanged:
		r.Members.Want(d.FromMember, d.ToMember)
	case event.ParticipantAdded:
		r.Members.Want(d.Member)
	case event.PersonLeft:
		r.Members.Want(d.Member)
	case event.PersonReturned:
		r.Members.Want(d.Member)
	case event.MessageUndelivered:
		r.Messages.Want(d.Message)
	case event.ParticipantRemoved:
		r.Members.Want(d.Member)
	}
}
