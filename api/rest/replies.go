package rest

import (
	"errors"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
)

// Reminder is when somebody is reminded that it is their turn in a ticket.
type Reminder struct {
	AfterSeconds int64  `json:"afterSeconds" doc:"How long after it became their turn, in seconds. The requester's time begins anew with what staff says."`
	EverySeconds *int64 `json:"everySeconds" doc:"How long between one reminder and the next, in seconds; null if there is one only."`
	Most         int    `json:"most" doc:"How many there are at most."`
	Business     bool   `json:"business" doc:"Whether only business time counts, by the hours of the ticket's queue."`
}

// AutomaticReply is what the helpdesk says by itself on an occasion.
type AutomaticReply struct {
	On           string            `json:"on" enum:"outside_hours,pending,on_hold,resolved,reopened,closed,waiting" doc:"On which occasion."`
	AfterSeconds *int64            `json:"afterSeconds" doc:"How long is too long, in seconds; null but for waiting."`
	Business     bool              `json:"business" doc:"Whether only business time counts, of waiting."`
	Texts        map[string]string `json:"texts" doc:"The template, by language."`
}

// What a category says by itself, as it is wished for.
type (
	// ReminderParts is when somebody is to be reminded.
	ReminderParts struct {
		AfterSeconds int64 `json:"afterSeconds" doc:"How long after it became their turn, in seconds: 15 minutes to 90 days."`
		EverySeconds int64 `json:"everySeconds,omitempty" doc:"How long between one reminder and the next, likewise; needed with more than one."`
		Most         *int  `json:"most,omitempty" doc:"How many there are at most, 1 to 10; else 1."`
		Business     bool  `json:"business,omitempty" doc:"Whether only business time counts, by the hours of the ticket's queue."`
	}
	// AutomaticReplyParts is what the helpdesk is to say by itself on an occasion.
	AutomaticReplyParts struct {
		On           string            `json:"on" enum:"outside_hours,pending,on_hold,resolved,reopened,closed,waiting" doc:"On which occasion; each at most once. On opening it is the greeting, unless nobody works then."`
		AfterSeconds int64             `json:"afterSeconds,omitempty" doc:"How long is too long, in seconds, 15 minutes to 90 days: for waiting, and for nothing else."`
		Business     bool              `json:"business,omitempty" doc:"Whether only business time counts, of waiting."`
		Texts        map[string]string `json:"texts" doc:"The template, at most 2000 characters in each language, with {{number}}, {{subject}} and {{category}}, of outside_hours also {{next_opening}}, of waiting also {{waited}}."`
	}
)

// span is a length of time that was given in seconds. What is more than the most is
// so little more that it can be counted, and what is less than a second is some time
// still: none at all stands for something else in the domain.
func span(seconds int64, most time.Duration) time.Duration {
	tooLong := int64(most/time.Second) + 1
	return max(time.Duration(max(min(seconds, tooLong), 0))*time.Second, 1)
}

// spanTo gives a length of time to what it is for, if it was there; null is never.
func spanTo(in Field[int64], most time.Duration, to *time.Duration) {
	switch {
	case in.Null:
		*to = 0
	case in.Set:
		*to = span(in.Value, most)
	}
}

// secondsOrNone writes a length of time that may be missing; nil for none.
func secondsOrNone(d time.Duration) *int64 {
	if d <= 0 {
		return nil
	}
	return new(seconds(d))
}

func showReminder(r category.Reminder) *Reminder {
	if r.After <= 0 {
		return nil
	}
	return &Reminder{seconds(r.After), secondsOrNone(r.Every), r.Most, r.Business}
}

// reminderTo gives a reminder to what it is for, if it was there; null is never.
func reminderTo(in Field[ReminderParts], to *category.Reminder) {
	if !in.Set || in.Null {
		if in.Null {
			*to = category.Reminder{}
		}
		return
	}
	p := in.Value
	*to = category.Reminder{After: span(p.AfterSeconds, category.MostReminder), Business: p.Business, Most: 1}
	if p.EverySeconds != 0 {
		to.Every = span(p.EverySeconds, category.MostReminder)
	}
	if p.Most != nil {
		if to.Most = *p.Most; to.Most == 0 {
			to.Most = -1 // which is refused: 0 is what is not said
		}
	}
}

func (p AutomaticReplyParts) reply() category.AutomaticReply {
	r := category.AutomaticReply{On: category.Occasion(p.On), Business: p.Business, Texts: textOf(p.Texts)}
	if p.AfterSeconds != 0 {
		r.After = span(p.AfterSeconds, category.MostReminder)
	}
	return r
}

// automatic tells what a category does by itself, as far as the actor may know.
func (out *Category) automatic(a access.Actor, c *category.Category) {
	here := access.InWorkspace(a.Workspace)
	out.ClosedResolved, out.ClosedSilent, out.Warning = secondsOrNone(c.Closing.Resolved), secondsOrNone(c.Closing.Silence), secondsOrNone(c.Closing.Warning)
	out.RequesterReminder = showReminder(c.Reminders.Requester)
	if access.Allowed(a, access.MemberSee, here) {
		out.StaffReminder = showReminder(c.Reminders.Staff)
	}
	if access.Allowed(a, access.WorkspaceManage, here) {
		out.AutomaticReplies = each(c.Replies, func(r category.AutomaticReply) AutomaticReply {
			return AutomaticReply{string(r.On), secondsOrNone(r.After), r.Business, spoken(r.Texts)}
		})
	}
}

// automatic changes what a category does by itself, as far as it is given.
func (p CategoryParts) automatic(c *category.Category) {
	spanTo(p.ClosedResolved, category.MostClosing, &c.Closing.Resolved)
	silence := c.Closing.Silence
	spanTo(p.ClosedSilent, category.MostClosing, &silence)
	c.Closing.CloseAfterSilence(silence)
	spanTo(p.Warning, category.MostClosing, &c.Closing.Warning)
	reminderTo(p.StaffReminder, &c.Reminders.Staff)
	reminderTo(p.RequesterReminder, &c.Reminders.Requester)
	if p.AutomaticReplies.Set {
		c.Replies = each(p.AutomaticReplies.Value, AutomaticReplyParts.reply)
	}
}

// inSeconds renames the fields whose values have another unit here than in the domain.
func inSeconds(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	switch f.Field {
	case "surfaceRemovedAfter", "closeAfterResolution", "closeAfterSilence", "silenceWarning":
		return f.On(f.Field + "Seconds")
	}
	return err
}
