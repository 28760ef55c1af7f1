package ticket

import (
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
)

// Opening is a wish to open a ticket.
type Opening struct {
	Subject string                    // "" to take it from the form or the first message
	Body    string                    // first message; "" to take it from the form
	Answers map[string]category.Given // by field key
	People  category.People           // whom answers name
	Channel event.Channel             // where the ticket's surface will be

	Closed time.Time     // until when nobody works; zero: somebody does
	Usual  time.Duration // which a first reply takes at this hour; 0: not known
	Say    Words         // writes lengths of time; nil: they are not known
}

// subjectFromBody is how much of a first message serves as a subject, in characters.
const subjectFromBody = 80

// Begin makes a ticket for the requester, greeted in their language, for a
// repository to Open. Codes: invalid.
func Begin(c Cause, cat *category.Category, requester *member.Member, o Opening) (*Ticket, error) {
	t, err := open(c, cat, requester, o)
	if err != nil {
		return nil, err
	}
	t.greet(c, cat, requester, o)
	return t, nil
}

func open(c Cause, cat *category.Category, requester *member.Member, o Opening) (*Ticket, error) {
	if cat.Archived {
		return nil, category.ErrArchived.On("categoryId")
	}
	filled, err := cat.Fill(requester.Locale, o.Answers, o.People, o.serves()...)
	if err != nil {
		return nil, err
	}
	subject, body, err := words(o, filled)
	if err != nil {
		return nil, err
	}
	t := &Ticket{
		ID: id.Ticket(c.IDs()), Workspace: cat.Workspace, Version: 1,
		Subject: subject, Status: New, Priority: cat.Priority, Category: cat.ID, Queue: cat.Queue,
		Requester: requester.ID, Locale: requester.Locale, Channel: o.Channel, Answers: filled.Answers,
		OpenedAt: c.Now, ActivityAt: c.Now, Turn: StaffsTurn,
	}
	t.record(c, false, event.TicketOpened{
		Requester: t.Requester, Category: t.Category, Queue: t.Queue, Priority: string(t.Priority),
	})
	if body != "" {
		t.post(c, Message{Kind: Reply, Side: FromRequester, Author: requester.ID, Body: body, Locale: requester.Locale})
	}
	return t, nil
}

// serves tells which of a form's questions the opening answers by itself.
func (o Opening) serves() []category.Purpose {
	var all []category.Purpose
	if strings.TrimSpace(o.Subject) != "" {
		all = append(all, category.Subject)
	}
	if strings.TrimSpace(o.Body) != "" {
		all = append(all, category.Body)
	}
	return all
}

// words decides what the ticket is called and what its first message says.
func words(o Opening, filled category.Filled) (subject, body string, err error) {
	if subject, err = locale.Clean(first(o.Subject, filled.Subject), "subject", 0, MaxSubject); err != nil {
		return "", "", err
	}
	if body, err = locale.Clean(first(o.Body, filled.Body), "body", 0, MaxBody); err != nil {
		return "", "", err
	}
	if subject == "" {
		line, _, _ := strings.Cut(body, "\n")
		subject = shorten(strings.TrimSpace(line), subjectFromBody)
	}
	if subject == "" && len(filled.Answers) > 0 {
		subject = shorten(filled.Answers[0].Value, subjectFromBody)
	}
	if subject == "" {
		return "", "", fault.New(fault.Invalid, "fault.text.empty").On("subject")
	}
	return subject, body, nil
}

func first(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}

func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

// greet posts the category's greeting in the requester's language, or what is said
// while nobody works. The number is not known yet: the repository gives it, so it is
// filled in there.
func (t *Ticket) greet(c Cause, cat *category.Category, requester *member.Member, o Opening) {
	text, tag := cat.Greet(requester.Locale, t.values(o.Say, map[string]any{
		category.VarRequester: requester.Name, category.VarWaitingTime: o.Usual,
	}))
	template := "category.greeting"
	if r := cat.Reply(category.OutsideHours); r != nil && !o.Closed.IsZero() {
		text, tag = cat.Answer(r, requester.Locale, t.values(o.Say, map[string]any{category.VarNextOpening: o.Closed}))
		template, t.ToldUntil = "category.reply."+string(r.On), stored(o.Closed)
	}
	if text == "" {
		return
	}
	system := c
	system.By, system.Origin = 0, event.Origin{Channel: event.ChannelSystem, CausationID: t.changes.Events[0].ID}
	t.post(system, Message{Kind: System, Side: FromSystem, Body: text, Locale: tag, Template: template})
}

// NumberMark stands for the ticket's number in messages that are written
// before the number is known. It can't be typed: Clean refuses it in input.
const NumberMark = "\x00number\x00"

// Numbered gives the ticket its number, in all that was waiting for it. What
// waits in copies of the ticket goes on waiting, so that a store which has to
// try again can give a copy another number.
func (t *Ticket) Numbered(n int64) {
	t.Number = n
	t.changes.Messages, t.changes.Events = slices.Clone(t.changes.Messages), slices.Clone(t.changes.Events)
	for i, m := range t.changes.Messages {
		numbered := *m
		numbered.Body = strings.ReplaceAll(m.Body, NumberMark, formatNumber(n))
		t.changes.Messages[i] = &numbered
	}
	for i, e := range t.changes.Events {
		if d, ok := e.Data.(event.TicketOpened); ok {
			d.Number = n
			t.changes.Events[i].Data = d
		}
	}
}
