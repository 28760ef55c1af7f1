package category

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/duration"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// store saves a category and records what that changes.
func (s *Service) store(ctx context.Context, c access.Call, cat Category) (*Category, error) {
	var saved Category
	err := audit.Record(ctx, s.repo, c, s.now(cat.Workspace, cat.ID), func(ctx context.Context) error {
		saved = cat
		return s.repo.Save(ctx, &saved)
	})
	if err != nil {
		return nil, err
	}
	return &saved, nil
}

// now gives what the record tells of a category.
func (s *Service) now(w id.Workspace, cat id.Category) func(context.Context) (audit.State, error) {
	return func(ctx context.Context) (audit.State, error) {
		found, err := s.repo.Get(ctx, w, cat)
		state := audit.State{}
		for _, c := range found {
			state[audit.Object{Kind: audit.Category, ID: int64(c.ID)}] = c.facts()
		}
		return state, err
	}
}

func (c *Category) facts() audit.Facts {
	f := audit.Facts{
		"emoji": audit.Text(c.Emoji), "intent": audit.Text(c.Intent), "queueId": audit.Named(audit.Queue, c.Queue),
		"priority": audit.Text(c.Priority), "surface": audit.Text(cmp.Or(c.Surface, c.usualSurface())), "position": audit.Number(c.Position),
		"isArchived": audit.Yes(c.Archived),
	}
	if kept := cmp.Or(c.Kept, UsuallyKept); kept != Forever {
		f["surfaceRemovedAfter"] = audit.Text(duration.Format(kept))
	}
	for field, d := range map[string]time.Duration{
		"closeAfterResolution": c.Closing.Resolved, "closeAfterSilence": c.Closing.Silence, "silenceWarning": c.Closing.Warning,
	} {
		if d > 0 {
			f[field] = audit.Text(duration.Format(d))
		}
	}
	for field, r := range map[string]Reminder{"staffReminder": c.Reminders.Staff, "requesterReminder": c.Reminders.Requester} {
		if r.After > 0 {
			f[field] = audit.Text(r.described())
		}
	}
	for i := range c.Replies {
		f["automaticReplies."+string(c.Replies[i].On)] = audit.Text(c.Replies[i].described()...)
	}
	f.Localized("names", c.Name)
	f.Localized("descriptions", c.Description)
	f.Localized("greetings", c.Greeting)
	var asked, internal []string
	for i := range c.Form {
		field, of := &c.Form[i], "form"
		if field.Internal {
			of, internal = "internalFields", append(internal, field.Key)
		} else {
			asked = append(asked, field.Key)
		}
		f[of+"."+field.Key] = audit.Text(field.described()...)
	}
	f["form"], f["internalFields"] = audit.Text(asked...), audit.Text(internal...)
	return f
}

// described says what a field is like, as "attribute: value".
func (f *Field) described() []string {
	all := []string{"type: " + string(f.Kind()), "style: " + string(f.Style), "purpose: " + string(f.Purpose)}
	if f.Required {
		all = append(all, "required: true")
	}
	if f.Editable {
		all = append(all, "isEditable: true")
	}
	for name, n := range map[string]int{"minLength": f.Least, "maxLength": f.Most} {
		if n != 0 {
			all = append(all, name+": "+strconv.Itoa(n))
		}
	}
	for name, n := range map[string]*float64{"minValue": f.Lowest, "maxValue": f.Highest} {
		if n != nil {
			all = append(all, name+": "+strconv.FormatFloat(*n, 'f', -1, 64))
		}
	}
	for _, o := range f.Options {
		all = append(all, texts("options."+o.Value, o.Label)...)
	}
	all = append(append(all, texts("labels", f.Label)...), texts("placeholders", f.Placeholder)...)
	slices.Sort(all)
	return all
}

func texts(name string, t locale.Text) []string {
	var all []string
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		all = append(all, name+"."+string(tag)+": "+t[tag])
	}
	return all
}
