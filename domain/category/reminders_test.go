package category_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
)

func TestRemindersThatCannotBeAreRefusedWithTheirField(t *testing.T) {
	for _, c := range []struct {
		reminder category.Reminder
		fits     bool
	}{
		{category.Reminder{}, true},
		{category.Reminder{After: time.Hour}, true},
		{category.Reminder{After: time.Hour, Every: time.Hour, Most: 10}, true},
		{category.Reminder{After: time.Minute}, false},
		{category.Reminder{After: 91 * 24 * time.Hour}, false},
		{category.Reminder{After: time.Hour, Most: 2}, false},
		{category.Reminder{After: time.Hour, Every: time.Minute, Most: 2}, false},
		{category.Reminder{After: time.Hour, Every: time.Hour, Most: 11}, false},
		{category.Reminder{After: time.Hour, Most: -1}, false},
		{category.Reminder{Most: 3, Every: time.Hour}, false},
	} {
		for field, r := range map[string]category.Reminders{"staffReminder": {Staff: c.reminder}, "requesterReminder": {Requester: c.reminder}} {
			cat := category.Category{Name: locale.Of("en", "Help"), Intent: category.Support, Priority: priority.Normal, Reminders: r}
			err := cat.Check()
			if c.fits && err == nil {
				continue
			}
			if f, ok := errors.AsType[*fault.Error](err); c.fits || !ok || f.Field != field || f.Code != fault.Invalid {
				t.Errorf("%+v as %s: %v", c.reminder, field, err)
			}
		}
	}
}
