package render

import (
	"errors"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/locales"
)

// Args are the named values of a text.
type Args = map[string]any

// Speaker says things in one reader's language.
type Speaker struct {
	Catalogue *locales.Catalogue
	Locale    locale.Tag
}

// Say gives the text of a key.
func (s Speaker) Say(key string, args Args) string {
	return s.Catalogue.Text(string(s.Locale), key, args)
}

// Fault explains a refusal; known is false for an error that is none, which is
// for the log and not for people.
func (s Speaker) Fault(err error) (text string, known bool) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code == fault.Internal {
		return s.Say(locales.Unexpected, nil), false
	}
	return s.Say(f.Key, f.Args), true
}

// Status names a status.
func (s Speaker) Status(v ticket.Status) string {
	switch v {
	case ticket.New:
		return s.Say("discord.status.new", nil)
	case ticket.Open:
		return s.Say("discord.status.open", nil)
	case ticket.Pending:
		return s.Say("discord.status.pending", nil)
	case ticket.OnHold:
		return s.Say("discord.status.on_hold", nil)
	case ticket.Resolved:
		return s.Say("discord.status.resolved", nil)
	case ticket.Closed:
		return s.Say("discord.status.closed", nil)
	}
	return string(v)
}

// PriorityKey is the key of a priority's name.
func PriorityKey(l priority.Level) string {
	switch l {
	case priority.Low:
		return "discord.priority.low"
	case priority.High:
		return "discord.priority.high"
	case priority.Urgent:
		return "discord.priority.urgent"
	case priority.Normal:
	}
	return "discord.priority.normal"
}

// Priority names a priority.
func (s Speaker) Priority(l priority.Level) string { return s.Say(PriorityKey(l), nil) }
