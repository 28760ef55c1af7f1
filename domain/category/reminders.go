package category

import (
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/domain/duration"
	"github.com/ticketsys/ticketsys/domain/fault"
)

// Bounds of reminders.
const (
	LeastReminder = 15 * time.Minute
	MostReminder  = 90 * 24 * time.Hour
	MostReminders = 10
)

// Reminder says when somebody is reminded that it is their turn in a ticket; the
// zero value: never.
type Reminder struct {
	After    time.Duration `json:"after,omitempty"`    // it became their turn
	Every    time.Duration `json:"every,omitempty"`    // between one and the next; needed with more than one
	Most     int           `json:"most,omitempty"`     // how many; 0 until Check: one
	Business bool          `json:"business,omitempty"` // only business time counts
}

// Reminders says when whose turn it is in a category's tickets is reminded.
type Reminders struct {
	Staff     Reminder `json:"staff,omitzero"`
	Requester Reminder `json:"requester,omitzero"`
}

// ErrReminder refuses reminders that come too soon, too late or too often.
var ErrReminder = fault.New(fault.Invalid, "fault.category.reminder")

// check refuses what is out of bounds, and completes the rest. Codes: invalid.
func (r *Reminders) check() error {
	if err := r.Staff.check(); err != nil {
		return err.On("staffReminder")
	}
	if err := r.Requester.check(); err != nil {
		return err.On("requesterReminder")
	}
	return nil
}

func (r *Reminder) check() *fault.Error {
	if *r == (Reminder{}) {
		return nil
	}
	if r.Most == 0 {
		r.Most = 1
	}
	if r.Most == 1 {
		r.Every = 0
	}
	r.After, r.Every = r.After.Truncate(time.Second), r.Every.Truncate(time.Second)
	often := r.Most < 1 || r.Most > MostReminders || r.Most > 1 && (r.Every < LeastReminder || r.Every > MostReminder)
	if often || r.After < LeastReminder || r.After > MostReminder {
		return ErrReminder
	}
	return nil
}

// described tells what the record of changes shows of it.
func (r Reminder) described() string {
	text := "after: " + duration.Format(r.After) + ", most: " + strconv.Itoa(r.Most)
	if r.Most > 1 {
		text += ", every: " + duration.Format(r.Every)
	}
	if r.Business {
		text += ", isBusinessTime: true"
	}
	return text
}
