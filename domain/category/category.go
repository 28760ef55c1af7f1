// Package category knows what a member can choose when they ask for help: the
// form to fill in, where the ticket goes, and the greeting that awaits them.
package category

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
)

// Limits, in characters or items. A form fits one Discord modal, so that every
// channel can show it whole.
const (
	MaxName        = 80
	MaxDescription = 100
	MaxFields      = 5  // that are asked
	MaxInternal    = 20 // that only staff fills in
	MaxOptions     = 25
	MaxOption      = 100
	MaxLabel       = 45
	MaxPlaceholder = 100
	MaxAnswer      = 4000
	MaxSubject     = 200 // an answer that becomes the ticket's subject
	MaxGreeting    = 2000
	MaxEmoji       = 64 // a channel's own emoji is written as a name and an ID
)

// The refusals of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "fault.category.not_found")
	ErrArchived = fault.New(fault.Invalid, "fault.category.archived")
)

// Intent says what a category is for.
type Intent string

// The intents.
const (
	Support    Intent = "support"
	Suggestion Intent = "suggestion"
	NonUrgent  Intent = "non_urgent"
)

// Intents lists the intents.
func Intents() []Intent { return []Intent{Support, Suggestion, NonUrgent} }

// Category is what a member chooses.
type Category struct {
	ID          id.Category
	Workspace   id.Workspace
	Version     int64 // rises each time that it is saved
	Name        locale.Text
	Description locale.Text
	Emoji       string // one emoji, or ""
	Intent      Intent
	Queue       id.Queue
	Priority    priority.Level // of new tickets
	Surface     Surface        // what a channel makes for its tickets; "" until Check: as the intent has it
	Kept        time.Duration  // how long after its closing a ticket's place stays, or Forever; 0 until Check: UsuallyKept
	Closing     Closing
	Reminders   Reminders
	Replies     []AutomaticReply
	Form        []Field     // what is asked at opening, then what only staff fills in
	Greeting    locale.Text // template: see Greet
	Position    int         // order in which categories are offered
	Archived    bool        // offered no more; its tickets stay
}

// Check refuses a category that could not be offered or greeted with, with the field
// as the APIs call it. Codes: invalid.
func (c *Category) Check() error {
	if err := c.Name.Check("names", MaxName); err != nil {
		return err
	}
	if len(c.Description) > 0 {
		if err := c.Description.Check("descriptions", MaxDescription); err != nil {
			return err
		}
	}
	if _, err := locale.Clean(c.Emoji, "emoji", 0, MaxEmoji); err != nil {
		return err
	}
	switch c.Intent {
	case Support, Suggestion, NonUrgent:
	default:
		return fault.New(fault.Invalid, "fault.category.intent").On("intent")
	}
	if err := c.checkSurface(); err != nil {
		return err
	}
	if err := c.checkKept(); err != nil {
		return err
	}
	if err := c.Closing.check(); err != nil {
		return err
	}
	if err := c.Reminders.check(); err != nil {
		return err
	}
	if err := c.checkReplies(); err != nil {
		return err
	}
	if err := c.Priority.Check(); err != nil {
		return err
	}
	if err := c.checkForm(); err != nil {
		return err
	}
	if len(c.Greeting) == 0 {
		return nil
	}
	return checkGreeting(c.Greeting)
}
