package load

import (
	"context"
	"slices"
	"sync"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Services is where values come from.
type Services struct {
	Tickets    *ticket.Service
	Members    *member.Service
	Teams      *team.Service
	Queues     *queue.Service
	Categories *category.Service
	Tags       *tag.Service
	Channels   *channel.Service
	SLA        *sla.Service
	Digests    *digest.Service
	Auth       *auth.Service
	// Say gives a text of the catalogues in a reader's language.
	Say   func(l locale.Tag, key string) string
	Files *file.Service
}

// Rows answers for the rows of one list, to one caller.
type Rows struct {
	Call access.Call

	Members      Batch[id.Member, *member.Member]
	Agents       Batch[id.Member, *member.Agent]
	Categories   Batch[id.Category, *category.Category]
	Queues       Batch[id.Queue, *queue.Queue]
	Teams        Batch[id.Team, *team.Team]
	Grants       Batch[id.Grant, *access.Grant]
	Hours        Batch[id.Hours, *sla.Hours]
	Policies     Batch[id.Policy, *sla.Policy]
	APIKeys      Batch[id.APIKey, *auth.APIKey]
	Digests      Batch[id.Digest, *digest.Digest]
	DigestPlans  Batch[id.DigestPlan, *digest.Plan]
	Sessions     Batch[id.Session, *auth.Session]
	Tags         Batch[id.Tag, *tag.Tag]
	TagsByName   Batch[string, *tag.Tag]
	TagTickets   Batch[id.Tag, int]
	Tickets      Batch[id.Ticket, *ticket.View]
	Messages     Batch[id.Message, *ticket.Message]
	Versions     Batch[id.Message, []ticket.Version]
	Attachments  Batch[id.Message, []*file.Attachment]
	Participants Batch[id.Ticket, []*member.Member]
	Surfaces     Batch[id.Ticket, *channel.Standing]

	services Services
	book     Batch[id.Workspace, *sla.Book]
	shared   *Rows // where what an event names is found for all who hear of it; nil: here
	said     asked[Said]
	history  asked[History]
	counts   asked[int]

	mu  sync.Mutex  // of what follows
	ids []id.Ticket // the list's own tickets

	ofMembers, ofParticipants, ofMessages, ofVersions, ofTickets *Rows
}

// OfMembers gives the rows of members that are related to these ones. What is
// related has rows of its own, here and below, so that how many statements are
// sent does not depend on which field is answered first.
func (r *Rows) OfMembers() *Rows { return r.related(&r.ofMembers) }

// OfParticipants gives those of participants.
func (r *Rows) OfParticipants() *Rows { return r.related(&r.ofParticipants) }

// OfVersions gives those of a message's texts.
func (r *Rows) OfVersions() *Rows { return r.related(&r.ofVersions) }

// OfTickets gives those of tickets that are looked up.
func (r *Rows) OfTickets() *Rows { return r.related(&r.ofTickets) }

// OfMessages gives those of messages.
func (r *Rows) OfMessages() *Rows { return r.related(&r.ofMessages) }

func (r *Rows) related(rows **Rows) *Rows {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case *rows != nil:
	case rows == &r.ofMessages && r.shared != nil:
		*rows = r.services.Beside(r.Call, r.shared.OfMessages())
	default:
		*rows = r.services.New(r.Call)
	}
	return *rows
}

// Say gives a text of the catalogues in the caller's language.
func (r *Rows) Say(key string) string { return r.services.Say(r.Call.Actor.Locale, key) }

// New makes the rows of a new list.
func (s Services) New(c access.Call) *Rows {
	r := &Rows{Call: c, services: s}
	r.Members.fetch = func(ctx context.Context, ids []id.Member) (map[id.Member]*member.Member, error) {
		found, err := r.services.Members.Profiles(ctx, r.Call, ids...)
		r.OfMembers().WantMembers(found...)
		return byKey(found, func(m *member.Member) id.Member { return m.ID }), err
	}
	r.Agents.fetch = func(ctx context.Context, ids []id.Member) (map[id.Member]*member.Agent, error) {
		return r.services.Members.Agents(ctx, r.Call, ids...)
	}
	r.Categories.fetch = func(ctx context.Context, ids []id.Category) (map[id.Category]*category.Category, error) {
		found, err := r.services.Categories.GetAll(ctx, r.Call, ids...)
		return byKey(found, func(v *category.Category) id.Category { return v.ID }), err
	}
	r.credentials()
	r.few()
	r.tags()
	r.tickets()
	return r
}

// credentials makes the batches of that by which members and programs come in.
func (r *Rows) credentials() {
	r.APIKeys.fetch = func(ctx context.Context, ids []id.APIKey) (map[id.APIKey]*auth.APIKey, error) {
		found, err := r.services.Auth.KeysByID(ctx, r.Call, ids...)
		for _, k := range found {
			r.Members.Want(k.Member)
		}
		return byKey(found, func(k *auth.APIKey) id.APIKey { return k.ID }), err
	}
	r.Sessions.fetch = func(ctx context.Context, ids []id.Session) (map[id.Session]*auth.Session, error) {
		found, err := r.services.Auth.SessionsByID(ctx, r.Call, ids...)
		for _, s := range found {
			r.Members.Want(s.Member)
		}
		return byKey(found, func(s *auth.Session) id.Session { return s.ID }), err
	}
}

// tags makes the batches over the vocabulary.
func (r *Rows) tags() {
	r.Tags.fetch = func(ctx context.Context, ids []id.Tag) (map[id.Tag]*tag.Tag, error) {
		found, err := r.services.Tags.Get(ctx, r.Call, ids...)
		for _, t := range found {
			r.OfTickets().TagTickets.Want(t.ID)
		}
		return byKey(found, func(t *tag.Tag) id.Tag { return t.ID }), err
	}
	r.TagsByName.fetch = func(ctx context.Context, names []string) (map[string]*tag.Tag, error) {
		found, err := r.services.Tags.Named(ctx, r.Call, names...)
		for _, t := range found {
			r.OfTickets().TagTickets.Want(t.ID)
		}
		return found, err
	}
	r.TagTickets.fetch = func(ctx context.Context, ids []id.Tag) (map[id.Tag]int, error) {
		return r.services.Tags.Tickets(ctx, r.Call, ids...)
	}
}

// few makes the batches of what a workspace has few of, and fetches all.
func (r *Rows) few() {
	r.Queues.fetch = func(ctx context.Context, _ []id.Queue) (map[id.Queue]*queue.Queue, error) {
		all, err := r.services.Queues.List(ctx, r.Call)
		return byKey(all, func(q *queue.Queue) id.Queue { return q.ID }), err
	}
	r.Teams.fetch = func(ctx context.Context, _ []id.Team) (map[id.Team]*team.Team, error) {
		all, err := r.services.Teams.List(ctx, r.Call)
		return byKey(all, func(t *team.Team) id.Team { return t.ID }), err
	}
	r.Policies.fetch = func(ctx context.Context, _ []id.Policy) (map[id.Policy]*sla.Policy, error) {
		all, err := r.services.SLA.Policies(ctx, r.Call)
		return byKey(all, func(p *sla.Policy) id.Policy { return p.ID }), err
	}
	r.Digests.fetch = func(ctx context.Context, ids []id.Digest) (map[id.Digest]*digest.Digest, error) {
		found, err := r.services.Digests.Get(ctx, r.Call, ids...)
		for _, d := range found {
			r.Tickets.Want(d.Tickets...)
		}
		return byKey(found, func(d *digest.Digest) id.Digest { return d.ID }), err
	}
	r.DigestPlans.fetch = func(ctx context.Context, _ []id.DigestPlan) (map[id.DigestPlan]*digest.Plan, error) {
		all, err := r.services.Digests.Plans(ctx, r.Call)
		return byKey(all, func(p *digest.Plan) id.DigestPlan { return id.DigestPlan(p.Queue) }), err
	}
	r.book.fetch = func(ctx context.Context, w []id.Workspace) (map[id.Workspace]*sla.Book, error) {
		book, err := r.services.SLA.Read(ctx, r.Call)
		return map[id.Workspace]*sla.Book{w[0]: book}, err
	}
	r.Hours.fetch = func(ctx context.Context, _ []id.Hours) (map[id.Hours]*sla.Hours, error) {
		all, err := r.services.SLA.Hours(ctx, r.Call)
		return byKey(all, func(h *sla.Hours) id.Hours { return h.ID }), err
	}
	r.Grants.fetch = func(ctx context.Context, _ []id.Grant) (map[id.Grant]*access.Grant, error) {
		all, err := r.services.Queues.Grants(ctx, r.Call)
		found := make(map[id.Grant]*access.Grant, len(all))
		for i := range all {
			found[all[i].ID] = &all[i]
		}
		return found, err
	}
}

// Beside makes the rows of one who hears of something that others hear of too:
// what it names, and what that names, the shared rows find for all of them. What
// depends on who asks is the hearer's own.
func (s Services) Beside(c access.Call, shared *Rows) *Rows {
	r := s.New(c)
	r.shared = shared
	r.Members.fetch = through(&shared.Members, func(m *member.Member) { r.OfMembers().WantMembers(m) })
	r.Messages.fetch = through(&shared.Messages, func(m *ticket.Message) { r.OfMessages().WantMessage(m) })
	r.Categories.fetch = through(&shared.Categories, func(*category.Category) {})
	r.Queues.fetch = through(&shared.Queues, func(*queue.Queue) {})
	return r
}

// through finds values in another batch, and tells of each that is there.
func through[K, V comparable](from *Batch[K, V], found func(V)) func(context.Context, []K) (map[K]V, error) {
	return func(ctx context.Context, keys []K) (map[K]V, error) {
		var none V
		all := make(map[K]V, len(keys))
		for _, k := range keys {
			v, err := from.Get(ctx, k)
			if err != nil {
				return nil, err
			}
			if v != none {
				all[k] = v
				found(v)
			}
		}
		return all, nil
	}
}

// tickets makes the batches over the ticket service.
func (r *Rows) tickets() {
	r.Tickets.fetch = func(ctx context.Context, ids []id.Ticket) (map[id.Ticket]*ticket.View, error) {
		found, err := r.services.Tickets.Find(ctx, r.Call, ids...)
		for _, v := range found {
			r.OfTickets().WantTicket(v)
		}
		return byKey(found, func(v *ticket.View) id.Ticket { return v.ID }), err
	}
	r.Messages.fetch = func(ctx context.Context, ids []id.Message) (map[id.Message]*ticket.Message, error) {
		found, err := r.services.Tickets.MessagesByID(ctx, r.Call, ids...)
		for _, m := range found {
			r.OfMessages().WantMessage(m)
		}
		return found, err
	}
	r.Versions.fetch = func(ctx context.Context, ids []id.Message) (map[id.Message][]ticket.Version, error) {
		found, err := r.services.Tickets.Versions(ctx, r.Call, ids...)
		for _, versions := range found {
			for _, v := range versions {
				r.OfVersions().Members.Want(v.By)
			}
		}
		return found, err
	}
	r.Attachments.fetch = func(ctx context.Context, ids []id.Message) (map[id.Message][]*file.Attachment, error) {
		return r.services.Files.Ever(ctx, r.Call, ids...)
	}
	r.Surfaces.fetch = func(ctx context.Context, ids []id.Ticket) (map[id.Ticket]*channel.Standing, error) {
		return r.services.Channels.Standings(ctx, r.Call, ids...)
	}
	r.Participants.fetch = func(ctx context.Context, ids []id.Ticket) (map[id.Ticket][]*member.Member, error) {
		found, err := r.services.Tickets.Participants(ctx, r.Call, ids...)
		for _, members := range found {
			r.OfParticipants().WantMembers(members...)
		}
		return found, err
	}
}

// WantTicket names all that a ticket of the list, if it is one, may be asked for.
func (r *Rows) WantTicket(v *ticket.View) {
	if v == nil {
		return
	}
	r.mu.Lock()
	r.ids = append(r.ids, v.ID)
	r.mu.Unlock()
	r.Categories.Want(v.Category)
	for _, a := range v.Answers {
		r.Members.Want(a.Member)
	}
	r.Participants.Want(v.ID)
	r.Surfaces.Want(v.ID)
	r.TagsByName.Want(v.Tags...)
	r.Agents.Want(v.Requester, v.Assignee)
	if v.Last != nil {
		r.WantMessage(v.Last)
	}
}

// own gives the list's own tickets.
func (r *Rows) own() []id.Ticket {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.ids)
}

// WantMembers names all that members of the list may be asked for.
func (r *Rows) WantMembers(members ...*member.Member) {
	for _, m := range members {
		r.Agents.Want(m.ID)
	}
}

// WantMessage names all that a message of the list may be asked for.
func (r *Rows) WantMessage(m *ticket.Message) {
	r.Members.Want(m.Author)
	r.Versions.Want(m.ID)
	r.Attachments.Want(m.ID)
}

// Book gives what the workspace promises.
func (r *Rows) Book(ctx context.Context) (*sla.Book, error) {
	return r.book.Get(ctx, r.Call.Actor.Workspace)
}

// UploadLink gives where the caller sends an attachment's content.
func (r *Rows) UploadLink(ctx context.Context, a *file.Attachment) (string, error) {
	return r.services.Files.UploadLink(ctx, r.Call, a)
}

// Link gives where the caller opens an attachment; "" unless it is stored.
func (r *Rows) Link(ctx context.Context, a *file.Attachment) (string, error) {
	return r.services.Files.Link(ctx, r.Call, a)
}

func byKey[K comparable, V any](values []V, key func(V) K) map[K]V {
	m := make(map[K]V, len(values))
	for _, v := range values {
		m[key(v)] = v
	}
	return m
}

// ThumbnailLink gives where the caller opens an attachment's thumbnail; "" if there is none.
func (r *Rows) ThumbnailLink(ctx context.Context, a *file.Attachment) (string, error) {
	return r.services.Files.ThumbnailLink(ctx, r.Call, a)
}
