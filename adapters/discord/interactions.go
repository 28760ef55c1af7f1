package discord

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/locales"
)

// asked is an interaction with who caused it.
type asked struct {
	*inbox
	*wire.Interaction
	reply  *responder
	speech render.Speaker
	path   string                   // of a command: "ticket tag add"
	args   map[string]wire.Argument // of a command, by name
	system access.Call              // of the helpdesk itself
	call   access.Call              // of the member
	member *member.Member
	talk   *place // in direct messages: the ticket whose button it is
}

// acceptInteraction puts an interaction into its lane. What is done to a ticket
// goes behind what was written in its channel; all else has to wait for nobody
// but its own person.
func (in *inbox) acceptInteraction(e arrived) {
	i, err := wire.Read[wire.Interaction](e.raw)
	if err != nil {
		in.Logger.Error("an interaction could not be read", "error", err)
		in.answerUnread(e)
		return
	}
	q := &asked{inbox: in, Interaction: i, speech: in.speak(locale.Tag(i.Locale))}
	q.path, q.args = commandPath(&i.Data)
	lane := string(i.ChannelID)
	if !q.ofTicket() && i.Person() != nil {
		lane = "user:" + string(i.Person().ID)
	}
	q.reply = newResponder(e.ctx, in.Adapter, i, q.deferrable())
	ok := in.lanes.put(e.ctx, lane, func(ctx context.Context) {
		q.safely("INTERACTION_CREATE", func() { q.handle(ctx) })
	})
	if !ok {
		q.refuse(e.ctx)
	}
}

// refuse says that too much is going on, unless that is said to too many: the
// next events must not wait for it.
func (q *asked) refuse(ctx context.Context) {
	select {
	case q.sorry <- struct{}{}:
		go q.safely("busy", func() {
			defer func() { <-q.sorry }()
			q.reply.say(ctx, q.speech.Say("discord.error.busy", nil))
		})
	default:
		q.Logger.Warn("more is asked than can be answered")
	}
}

// answerUnread apologises for an interaction of which not more is known than
// how to answer it.
func (in *inbox) answerUnread(e arrived) {
	var i struct {
		ID            wire.ID `json:"id"`
		ApplicationID wire.ID `json:"application_id"`
		Token         string  `json:"token"`
	}
	if json.Unmarshal(e.raw, &i) != nil || i.Token == "" {
		return
	}
	r := newResponder(e.ctx, in.Adapter, &wire.Interaction{ID: i.ID, ApplicationID: i.ApplicationID, Token: i.Token}, false)
	in.lanes.put(e.ctx, "user:", func(ctx context.Context) {
		in.safely(e.name, func() { r.say(ctx, in.speak(locale.Fallback).Say(locales.Unexpected, nil)) })
	})
}

// commandPath gives a command with its subcommands, and the arguments.
func commandPath(d *wire.InteractionData) (string, map[string]wire.Argument) {
	path, options := d.Name, d.Options
	for len(options) == 1 && (options[0].Type == wire.OptionCommand || options[0].Type == wire.OptionGroup) {
		path, options = path+" "+options[0].Name, options[0].Options
	}
	args := make(map[string]wire.Argument, len(options))
	for _, o := range options {
		args[o.Name] = o
	}
	return path, args
}

// ofTicket reports whether it is done to the ticket of its channel.
func (q *asked) ofTicket() bool {
	switch q.Type {
	case wire.InteractionCommand:
		return strings.HasPrefix(q.path, "ticket ") && q.path != "ticket open"
	case wire.InteractionComponent:
		v, _, ok := render.ParseCustomID(q.Data.CustomID)
		return ok && v.OfTicket()
	}
	return false
}

// deferrable reports whether the answer may come later: a form may not, and
// choices are offered while somebody types.
func (q *asked) deferrable() bool {
	if v, _, ok := render.ParseCustomID(q.Data.CustomID); ok && (v == render.VerbMore || v == render.VerbKeys) {
		return true
	}
	return q.ofTicket() || q.Type == wire.InteractionModal || q.Type == wire.InteractionCommand && (q.path == "search" || q.path == "login" || q.path == "logout") ||
		q.Type == wire.InteractionCommand && strings.HasPrefix(q.path, "setup")
}

// handle answers the interaction, whatever happens.
func (q *asked) handle(ctx context.Context) {
	err := q.guard("INTERACTION_CREATE", func() error {
		if err := q.enter(ctx); err != nil {
			return err
		}
		return q.route(ctx)
	})
	if err == nil {
		return
	}
	text, known := q.speech.Fault(err)
	if !known {
		q.Logger.Error("an interaction failed", "path", q.path, "custom_id", q.Data.CustomID, "error", err)
	}
	if q.Type == wire.InteractionComplete {
		q.reply.raw(ctx, wire.Answer{Type: wire.AnswerChoices, Data: wire.Choices{Choices: []wire.Choice{}}})
		return
	}
	q.reply.say(ctx, text)
}

// enter finds out who is asking.
func (q *asked) enter(ctx context.Context) error {
	if q.GuildID == "" {
		return q.enterDirect(ctx)
	}
	if q.Member == nil || q.Person() == nil {
		return errOutside
	}
	call, ok, err := q.callIn(ctx, q.GuildID)
	if err == nil && !ok {
		q.joins.wait(ctx, q.GuildID)
		call, ok, err = q.callIn(ctx, q.GuildID)
	}
	if err != nil {
		return err
	}
	if !ok && q.Type == wire.InteractionCommand && q.path == commandLink {
		return nil
	}
	if !ok {
		return errOutside
	}
	q.system = call
	m, actor, err := q.actor(ctx, call, person{
		guild: q.GuildID, user: q.Person(), member: q.Member, locale: q.Locale,
	})
	if err != nil {
		return err
	}
	q.member = m
	q.call = q.said(actor, originOf(q.ID), q.ID.Time())
	if m.Locale != "" {
		q.speech.Locale = m.Locale
	}
	return nil
}

// originOf is what the history calls an interaction.
func originOf(interaction wire.ID) string { return interactionOrigin + string(interaction) }

const interactionOrigin = "interaction:"

func (q *asked) route(ctx context.Context) error {
	switch q.Type {
	case wire.InteractionCommand:
		return q.command(ctx)
	case wire.InteractionComponent:
		return q.component(ctx)
	case wire.InteractionModal:
		return q.submitted(ctx)
	case wire.InteractionComplete:
		return q.complete(ctx)
	}
	return errUnknownUse
}

// elsewhere are the commands that are not about the ticket of the channel.
func (q *asked) elsewhere() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"ticket open": q.open, "setup team": q.setupTeam, "setup panel": q.setupPanel, "setup status": q.setupStatus,
		"setup category": q.setupCategory, "setup lost": q.setupLost, "setup staff": q.setupStaff, commandLink: q.setupLink,
		"setup keys list": q.setupKeysList, "setup keys create": q.setupKeysCreate, "setup keys revoke": q.setupKeysRevoke,
		"search": q.search, "login": q.login, "logout": q.logout,
	}
}

func (q *asked) command(ctx context.Context) error {
	if do, ok := q.elsewhere()[q.path]; ok {
		return do(ctx)
	}
	if verb, ok := q.verbs()[q.path]; ok {
		return q.onTicket(ctx, verb)
	}
	return errUnknownUse
}

func (q *asked) component(ctx context.Context) error {
	v, n, ok := render.ParseCustomID(q.Data.CustomID)
	if !ok {
		return errUnknownUse
	}
	switch {
	case v == render.VerbOpen:
		return q.showForm(ctx, n)
	case v == render.VerbChoose:
		return q.chosen(ctx)
	case v == render.VerbMore:
		return q.goesOn(ctx, n)
	case v == render.VerbKeys:
		return q.listKeys(ctx, page.Cursor{n})
	case v.OfTicket():
		return q.pressed(ctx, v, n)
	}
	return errUnknownUse
}
