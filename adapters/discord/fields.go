package discord

import (
	"context"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// maxOffered is how many choices Discord shows, and maxChoice how long the name and
// the value of one may be.
const (
	maxOffered = 25
	maxChoice  = 100
)

// fieldCommand gives a field of a ticket another value.
func (a *Adapter) fieldCommand() wire.CommandOption {
	field := a.argument(wire.OptionText, slash{"field", "discord.command.field", "discord.describe.field_name"})
	value := a.argument(wire.OptionText, slash{"value", "discord.command.value", "discord.describe.value"})
	who := a.argument(wire.OptionUser, slash{"member", "discord.command.member", "discord.describe.field_member"})
	field.Autocomplete, value.Autocomplete = true, true
	value.Required, who.Required = false, false
	return a.sub(slash{"field", "discord.command.field", "discord.describe.field"}, field, value, who)
}

// fill gives the field that is named the value that is given; without one it loses
// its own. Who may do that, the service knows, also of fields that it does not tell of.
func (q *asked) fill(ctx context.Context, r ticket.Ref) (*ticket.Ticket, error) {
	c, err := q.categoryOf(ctx, r)
	if err != nil {
		return nil, err
	}
	named := q.args["field"].Text()
	f := fieldCalled(c, named)
	if f == nil {
		return q.Tickets.Fill(ctx, q.call, r, category.Texts(map[string]string{named: q.args["value"].Text()}))
	}
	g := category.Given{Texts: given(f, q.args["value"].Text())}
	if _, ok := q.args["member"]; ok {
		if g.Member, err = q.named(ctx); err != nil {
			return nil, err
		}
	}
	return q.Tickets.Fill(ctx, q.call, r, map[string]category.Given{f.Key: g})
}

func (q *asked) categoryOf(ctx context.Context, r ticket.Ref) (*category.Category, error) {
	v, err := q.Tickets.Get(ctx, q.call, r.ID)
	if err != nil {
		return nil, err
	}
	return q.Categories.Get(ctx, q.call, v.Category)
}

// fieldCalled finds a field by its key, or by its question in any language.
func fieldCalled(c *category.Category, name string) *category.Field {
	if f := c.Field(name); f != nil {
		return f
	}
	for i := range c.Form {
		for _, label := range c.Form[i].Label {
			if fold(label) == fold(name) {
				return &c.Form[i]
			}
		}
	}
	return nil
}

// given reads a value as the field takes it: options by what they are called, in any
// language, several of them with commas between.
func given(f *category.Field, text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if !f.Chooses() {
		return []string{text}
	}
	parts := []string{text}
	if f.Type == category.MultiChoice && optionCalled(f, text) == text {
		parts = strings.Split(text, ",")
	}
	var values []string
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			values = append(values, optionCalled(f, part))
		}
	}
	return values
}

// optionCalled gives the option that is called so, or the text itself.
func optionCalled(f *category.Field, text string) string {
	for _, o := range f.Options {
		for _, label := range o.Label {
			if fold(label) == fold(text) {
				return o.Value
			}
		}
	}
	return text
}

// offersFields offers the fields that the person may change, and the options of the
// one that they chose.
func (q *asked) offersFields(ctx context.Context) ([]wire.Choice, error) {
	p, err := q.here(ctx)
	if err != nil || p == nil {
		return nil, err
	}
	v, err := q.Tickets.Get(ctx, q.call, p.ref().ID)
	if err != nil {
		return nil, err
	}
	c, err := q.Categories.Get(ctx, q.call, v.Category)
	if err != nil {
		return nil, err
	}
	if value := q.args["value"]; value.Focused {
		if f := fieldCalled(c, q.args["field"].Text()); f != nil && q.mayFill(v.Ticket, f) {
			return q.offersOptions(f, value.Text()), nil
		}
		return nil, nil
	}
	var offer []wire.Choice
	for i := range c.Form {
		f := &c.Form[i]
		label, _ := f.Label.Pick(q.speech.Locale)
		if len(offer) < maxOffered && q.mayFill(v.Ticket, f) && strings.Contains(fold(label), fold(q.args["field"].Text())) {
			offer = append(offer, wire.Choice{Name: render.Clip(label, maxChoice), Value: f.Key})
		}
	}
	return offer, nil
}

// mayFill tells whether a field is offered. It decides nothing: the service does.
func (q *asked) mayFill(t *ticket.Ticket, f *category.Field) bool {
	needed := access.TicketManage
	if f.Editable {
		needed = access.TicketAmend
	}
	return f.Purpose == category.Detail && access.Allowed(q.call.Actor, needed, t.Scope(q.call.Actor))
}

// offersOptions offers what can be chosen; of a field that takes several, one more
// beside those that are typed already.
func (q *asked) offersOptions(f *category.Field, typed string) []wire.Choice {
	before := ""
	if at := strings.LastIndex(typed, ","); f.Type == category.MultiChoice && at >= 0 {
		before, typed = strings.TrimSpace(typed[:at])+", ", typed[at+1:]
	}
	var offer []wire.Choice
	for _, o := range f.Options {
		label, _ := o.Label.Pick(q.speech.Locale)
		if name := before + label; len(offer) < maxOffered && strings.Contains(fold(label), fold(strings.TrimSpace(typed))) && len([]rune(name)) <= maxChoice {
			offer = append(offer, wire.Choice{Name: name, Value: name})
		}
	}
	return offer
}
