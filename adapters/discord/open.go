package discord

import (
	"context"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// The ways in which something can be used that there isn't.
var (
	errUnknownUse = fault.New(fault.Invalid, "discord.error.unknown_use")
	errLength     = fault.New(fault.Invalid, "discord.error.length")
	errOutside    = fault.New(fault.Invalid, "discord.error.outside")
	errNoCategory = fault.New(fault.NotFound, "discord.error.no_category")
)

// open shows the form of a category: the one that was named, the only one, or
// the one that is chosen now.
func (q *asked) open(ctx context.Context) error {
	all, err := q.Categories.List(ctx, q.call, false)
	if err != nil {
		return err
	}
	if name, ok := q.args["category"]; ok {
		for _, c := range all {
			if q.means(c, name.Text()) {
				return q.form(ctx, c)
			}
		}
		return category.ErrNotFound
	}
	switch len(all) {
	case 0:
		return errNoCategory
	case 1:
		return q.form(ctx, all[0])
	}
	q.reply.show(ctx, q.speech.Choice(all))
	return nil
}

// means reports whether a category was meant, by its ID or by its name in any
// language.
func (q *asked) means(c *category.Category, text string) bool {
	if text == key(int64(c.ID)) {
		return true
	}
	for _, name := range c.Name {
		if fold(name) == fold(text) {
			return true
		}
	}
	return false
}

// showForm shows the form of the category with the ID.
func (q *asked) showForm(ctx context.Context, n int64) error {
	c, err := q.Categories.Get(ctx, q.call, id.Category(n))
	if err != nil {
		return err
	}
	if c.Archived {
		return category.ErrArchived
	}
	return q.form(ctx, c)
}

func (q *asked) form(ctx context.Context, c *category.Category) error {
	form := q.speech.Form(c)
	form.CustomID = render.FormID(int64(c.ID), string(q.ID))
	q.reply.raw(ctx, wire.Answer{Type: wire.AnswerModal, Data: form})
	return nil
}

// chosen follows a choice among the categories.
func (q *asked) chosen(ctx context.Context) error {
	if len(q.Data.Values) != 1 {
		return errUnknownUse
	}
	v, n, ok := render.ParseCustomID(q.Data.Values[0])
	if !ok || v != render.VerbOpen {
		return errUnknownUse
	}
	return q.showForm(ctx, n)
}

// submitted opens a ticket from a form that was filled in. The same form, sent
// again since the first answer was lost, is the same ticket.
func (q *asked) submitted(ctx context.Context) error {
	n, asked, ok := render.ParseFormID(q.Data.CustomID)
	if !ok {
		return errUnknownUse
	}
	if asked != "" {
		q.call.Origin.ExternalID = originOf(wire.ID(asked))
	}
	c, err := q.Categories.Get(ctx, q.call, id.Category(n))
	if err != nil {
		return err
	}
	in := ticket.OpenInput{Category: c.ID}
	filled := q.Data.Filled()
	if len(c.Asked()) == 0 {
		in.Subject, in.Body = strings.Join(filled[render.InputSubject], ""), strings.Join(filled[render.InputBody], "")
	} else if in.Answers, err = q.answers(ctx, c, filled); err != nil {
		return err
	}
	t, err := q.Tickets.Open(ctx, q.call, in)
	if err != nil {
		return err
	}
	return q.opened(ctx, t)
}

// answers gives what was filled into the form. Who was picked in it becomes known.
func (q *asked) answers(ctx context.Context, c *category.Category, filled map[string][]string) (map[string]category.Given, error) {
	all := make(map[string]category.Given, len(filled))
	for key, values := range filled {
		f := c.Field(key)
		if f == nil || f.Kind() != category.Member || len(values) == 0 {
			all[key] = category.Given{Texts: values}
			continue
		}
		m, err := q.person(ctx, wire.ID(values[0]))
		if err != nil {
			return nil, err
		}
		all[key] = category.Given{Member: m}
	}
	return all, nil
}

// opened tells the requester about their ticket, and where it is as soon as
// that is known.
func (q *asked) opened(ctx context.Context, t *ticket.Ticket) error {
	if t.Channel != event.ChannelDiscord {
		q.reply.say(ctx, q.speech.Say("discord.open.elsewhere", render.Args{"Number": t.Number}))
		return nil
	}
	q.openings.await(int64(t.ID), func(ctx context.Context, o outlook) {
		go q.safely("opening", func() { q.where(ctx, t.Number, o) })
	})
	s, err := q.Channels.Of(ctx, q.system, t.ID, event.ChannelDiscord)
	switch {
	case err == nil && s.ExternalID != "" && s.Kind != category.InDM:
		q.openings.there(ctx, int64(t.ID), outlook{channel: wire.ID(s.ExternalID)})
	case err == nil && (s.State == channel.Blocked || s.State == channel.Waiting):
		now, err := q.outlookOf(ctx, s)
		if err != nil {
			return err
		}
		q.openings.tell(ctx, int64(t.ID), now)
	default:
		q.reply.answerOnce(ctx, q.speech.Say("discord.open.soon", render.Args{"Number": t.Number}))
	}
	return nil
}

// outlookOf tells what is in the way of a ticket that has no place.
func (q *asked) outlookOf(ctx context.Context, s *channel.Surface) (outlook, error) {
	now := outlook{blocked: s.Detail}
	if s.State != channel.Waiting {
		return now, nil
	}
	ahead, err := q.Channels.Ahead(ctx, q.system, event.ChannelDiscord, s.Kind, s.Ticket)
	now.position = ahead + 1
	return now, err
}

// where tells the requester where their ticket is, or why it is nowhere yet.
func (q *asked) where(ctx context.Context, number int64, o outlook) {
	switch {
	case o.direct:
		q.reply.say(ctx, q.speech.Say("discord.open.direct", render.Args{"Number": number}))
		return
	case o.blocked == "discord.blocked.direct":
		q.reply.say(ctx, q.speech.Say("discord.open.direct_closed", render.Args{"Number": number}))
		return
	case o.position > 0:
		q.reply.say(ctx, q.speech.Say("discord.open.waiting", render.Args{"Number": number, "Position": o.position}))
		return
	case o.channel == "":
		q.reply.say(ctx, q.speech.Say("discord.open.blocked", render.Args{"Number": number})+"\n"+q.speech.Say(o.blocked, nil))
		return
	}
	q.reply.say(ctx, q.speech.Say("discord.open.there", render.Args{
		"Number": number, "Channel": "<#" + string(o.channel) + ">",
	}))
}

// key is an ID as the value of an argument.
func key(n int64) string { return strconv.FormatInt(n, 10) }
