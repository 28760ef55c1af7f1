package discord

import (
	"context"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// verb is what a command does to the ticket of its channel, and the key of what
// is said when it is done.
type verb struct {
	do   act
	done string
}

// verbs are the commands on a ticket. None checks a right: the services do.
func (q *asked) verbs() map[string]verb {
	return map[string]verb{
		"ticket claim":    {q.simply(q.Tickets.Claim), "discord.done.claim"},
		"ticket resolve":  {q.simply(q.Tickets.Resolve), "discord.done.resolve"},
		"ticket confirm":  {q.simply(q.Tickets.Confirm), "discord.done.confirm"},
		"ticket close":    {q.simply(q.Tickets.Close), "discord.done.close"},
		"ticket reopen":   {q.simply(q.Tickets.Reopen), "discord.done.reopen"},
		"ticket pending":  {q.simply(q.Tickets.Pend), "discord.done.pending"},
		"ticket hold":     {q.simply(q.Tickets.Hold), "discord.done.hold"},
		"ticket snooze":   {q.snooze, "discord.done.snooze"},
		"ticket wake":     {q.simply(q.Tickets.Wake), "discord.done.wake"},
		"ticket unassign": {q.simply(q.Tickets.Unassign), "discord.done.unassign"},
		"ticket assign": {q.withMember(func(ctx context.Context, r ticket.Ref, m id.Member) (*ticket.Ticket, error) {
			return q.Tickets.Assign(ctx, q.call, r, m)
		}), "discord.done.assign"},
		"ticket add": {q.withMember(func(ctx context.Context, r ticket.Ref, m id.Member) (*ticket.Ticket, error) {
			return q.Tickets.AddParticipant(ctx, q.call, r, m)
		}), "discord.done.add"},
		"ticket remove": {q.withMember(func(ctx context.Context, r ticket.Ref, m id.Member) (*ticket.Ticket, error) {
			return q.Tickets.RemoveParticipant(ctx, q.call, r, m)
		}), "discord.done.remove"},
		"ticket transfer": {q.transfer, "discord.done.transfer"},
		"ticket priority": {func(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
			return q.Tickets.SetPriority(ctx, q.call, r, priority.Level(q.args["level"].Text()))
		}, "discord.done.priority"},
		"ticket tag add": {func(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
			return q.Tickets.AddTags(ctx, q.call, r, q.args["word"].Text())
		}, "discord.done.tag_add"},
		"ticket tag remove": {func(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
			return q.Tickets.RemoveTags(ctx, q.call, r, q.args["word"].Text())
		}, "discord.done.tag_remove"},
		"ticket field": {q.fill, "discord.done.field"},
		"ticket note":  {q.note, "discord.done.note"},
		"ticket info":  {q.info, ""},
	}
}

type (
	act    = func(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error)
	method = func(ctx context.Context, c access.Call, r ticket.Ref) (*ticket.Ticket, error)
)

// onTicket does the verb to the ticket that is named, or that of the channel.
func (q *asked) onTicket(ctx context.Context, v verb) error {
	if number, ok := q.args["number"]; ok {
		return q.onNumber(ctx, v, number.Text())
	}
	p, err := q.placeOf(ctx, q.GuildID, q.ChannelID)
	if err != nil {
		return err
	}
	if p == nil {
		return channel.ErrNotFound
	}
	return q.do(ctx, v, p.ref())
}

// onNumber does the verb to the ticket with the number, wherever it is asked.
func (q *asked) onNumber(ctx context.Context, v verb, number string) error {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return ticket.ErrNotFound
	}
	found, err := q.Tickets.ByNumber(ctx, q.call, n)
	if err != nil {
		return err
	}
	return q.do(ctx, v, ticket.Ref{ID: found.ID})
}

func (q *asked) do(ctx context.Context, v verb, r ticket.Ref) error {
	t, err := v.do(ctx, r)
	if err != nil {
		return err
	}
	if v.done != "" {
		q.reply.say(ctx, q.speech.Say(v.done, render.Args{"Number": t.Number}))
	}
	return nil
}

// here gives the ticket of the channel or of the direct messages; nil if there is none.
func (q *asked) here(ctx context.Context) (*place, error) {
	if q.talk != nil {
		return q.talk, nil
	}
	return q.placeOf(ctx, q.GuildID, q.ChannelID)
}

// pressed does what a button of a ticket is for.
func (q *asked) pressed(ctx context.Context, v render.Verb, n int64) error {
	p, err := q.here(ctx)
	if err != nil {
		return err
	}
	if p == nil || int64(p.surface.Ticket) != n {
		return ticket.ErrNotFound
	}
	command, ok := q.verbs()["ticket "+string(v)]
	if !ok {
		return errUnknownUse
	}
	return q.do(ctx, command, p.ref())
}

// simply makes a verb of a service's method that takes nothing but the ticket.
func (q *asked) simply(do method) act {
	return func(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) { return do(ctx, q.call, r) }
}

// withMember makes a verb of what takes the person that the command names.
func (q *asked) withMember(do func(context.Context, ticket.Ref, id.Member) (*ticket.Ticket, error)) act {
	return func(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
		m, err := q.named(ctx)
		if err != nil {
			return nil, err
		}
		return do(ctx, r, m)
	}
}

// named makes the person known whom the command names.
func (q *asked) named(ctx context.Context) (id.Member, error) {
	return q.person(ctx, wire.ID(q.args["member"].Text()))
}

// person makes a person known who was named or picked.
func (q *asked) person(ctx context.Context, user wire.ID) (id.Member, error) {
	u := q.Data.Resolved.Users[user]
	if u == nil || u.Bot {
		return 0, member.ErrNotFound.On("memberId")
	}
	m, err := q.arrive(ctx, q.system, person{guild: q.GuildID, user: u, member: q.Data.Resolved.Members[user]})
	if err != nil {
		return 0, err
	}
	return m.ID, nil
}

func (q *asked) transfer(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
	to, err := q.namedQueue(ctx)
	if err != nil {
		return nil, err
	}
	return q.Tickets.Transfer(ctx, q.call, r, to.ID)
}

// namedQueue gives the queue that the command names.
func (q *asked) namedQueue(ctx context.Context) (*queue.Queue, error) {
	all, err := q.Queues.List(ctx, q.call)
	if err != nil {
		return nil, err
	}
	want := q.args["queue"].Text()
	for _, found := range all {
		if key(int64(found.ID)) == want || fold(found.Name) == fold(want) {
			return found, nil
		}
	}
	return nil, queue.ErrNotFound.On("queueId")
}

func (q *asked) note(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
	if _, err := q.Tickets.AddNote(ctx, q.call, r, q.args["text"].Text()); err != nil {
		return nil, err
	}
	v, err := q.Tickets.Get(ctx, q.call, r.ID)
	if err != nil {
		return nil, err
	}
	return v.Ticket, nil
}

// info shows how the ticket stands.
func (q *asked) info(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
	v, err := q.Tickets.Get(ctx, q.call, r.ID)
	if err != nil {
		return nil, err
	}
	c, err := q.Categories.Get(ctx, q.call, v.Category)
	if err != nil {
		return nil, err
	}
	s, err := q.Channels.Of(ctx, q.system, r.ID, event.ChannelDiscord)
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return nil, err
	}
	var now outlook
	if s != nil {
		if now, err = q.outlookOf(ctx, s); err != nil {
			return nil, err
		}
	}
	q.reply.show(ctx, q.speech.Info(q.call.Actor, v, c, render.InTheWay{Key: now.blocked, Position: now.position}))
	return v.Ticket, nil
}

// complete offers choices while somebody types.
func (q *asked) complete(ctx context.Context) error {
	offer := make([]wire.Choice, 0, 25)
	add := func(n int64, name, typed string) {
		if len(offer) < 25 && strings.Contains(fold(name), fold(typed)) {
			offer = append(offer, wire.Choice{Name: render.Clip(name, 100), Value: key(n)})
		}
	}
	switch q.path {
	case "ticket open", "setup category":
		all, err := q.Categories.List(ctx, q.call, false)
		if err != nil {
			return err
		}
		for _, c := range all {
			name, _ := c.Name.Pick(q.speech.Locale)
			add(int64(c.ID), name, q.args["category"].Text())
		}
	case "setup team":
		all, err := q.Teams.List(ctx, q.call)
		if err != nil {
			return err
		}
		for _, t := range all {
			add(int64(t.ID), t.Name, q.args["team"].Text())
		}
	case "ticket transfer", "setup staff":
		all, err := q.Queues.List(ctx, q.call)
		if err != nil {
			return err
		}
		for _, found := range all {
			add(int64(found.ID), found.Name, q.args["queue"].Text())
		}
	default:
		choices, err := q.choices(ctx)
		if err != nil {
			return err
		}
		offer = append(offer, choices...)
	}
	q.reply.raw(ctx, wire.Answer{Type: wire.AnswerChoices, Data: wire.Choices{Choices: offer}})
	return nil
}

// choices are what a command offers that looks them up by what is typed.
func (q *asked) choices(ctx context.Context) ([]wire.Choice, error) {
	switch q.path {
	case "setup keys revoke":
		return q.keysOffered(ctx)
	case "ticket snooze":
		return q.lengths(q.args["for"].Text()), nil
	case "ticket field":
		return q.offersFields(ctx)
	case "ticket tag add", "ticket tag remove":
		return q.words(ctx, q.args["word"].Text())
	}
	return nil, nil
}

// words are tags of the vocabulary that hold what somebody types.
func (q *asked) words(ctx context.Context, typed string) ([]wire.Choice, error) {
	const most = 25 // that Discord shows
	chosen := query.Query{Where: query.Where{Conditions: []query.Condition{{Field: tag.FieldName, Op: query.Contains, Values: []any{typed}}}}}
	found, err := q.Tags.Page(ctx, q.call, chosen, page.Request{First: most})
	if err != nil {
		return nil, err
	}
	offer := make([]wire.Choice, 0, most)
	for _, t := range found.Items {
		offer = append(offer, wire.Choice{Name: t.Name, Value: t.Name})
	}
	return offer, nil
}
