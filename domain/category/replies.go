package category

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/duration"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Occasion is what the helpdesk answers by itself. On opening the greeting does.
type Occasion string

// The occasions.
const (
	OutsideHours Occasion = "outside_hours" // somebody opens a ticket or writes in one while nobody works
	OnPending    Occasion = "pending"       // the ticket waits for its requester from now on
	OnHold       Occasion = "on_hold"       // or for something else
	OnResolved   Occasion = "resolved"
	OnReopened   Occasion = "reopened"
	OnClosed     Occasion = "closed"
	OnWaiting    Occasion = "waiting" // the requester waits for staff for too long
)

// Occasions lists the occasions.
func Occasions() []Occasion {
	return []Occasion{OutsideHours, OnPending, OnHold, OnResolved, OnReopened, OnClosed, OnWaiting}
}

// AutomaticReply is what the helpdesk says by itself on an occasion.
type AutomaticReply struct {
	On       Occasion      `json:"on"`
	After    time.Duration `json:"after,omitempty"`    // of OnWaiting: how long is too long
	Business bool          `json:"business,omitempty"` // of OnWaiting: only business time counts
	Texts    locale.Text   `json:"texts"`              // templates
}

// The refusals of automatic replies.
var (
	ErrOccasion = fault.New(fault.Invalid, "fault.category.occasion")
	ErrWaiting  = fault.New(fault.Invalid, "fault.category.waiting")
)

// Variables gives what can be filled into the templates of an occasion.
func (o Occasion) Variables() []Variable {
	switch o {
	case OutsideHours:
		return common(Variable{Name: VarNextOpening, Kind: MomentKind})
	case OnWaiting:
		return common(Variable{Name: VarWaited, Kind: DurationKind})
	case OnPending, OnHold, OnResolved, OnReopened, OnClosed:
	}
	return common()
}

func (c *Category) checkReplies() error {
	const field = "automaticReplies"
	replies := slices.Clone(c.Replies)
	for i := range replies {
		r := &replies[i]
		if !slices.Contains(Occasions(), r.On) || slices.ContainsFunc(replies[:i], func(other AutomaticReply) bool { return other.On == r.On }) {
			return ErrOccasion.On(field)
		}
		r.After = r.After.Truncate(time.Second)
		if waits := r.On == OnWaiting; waits && (r.After < LeastReminder || r.After > MostReminder) || !waits && (r.After != 0 || r.Business) {
			return ErrWaiting.On(field)
		}
		if err := checkTemplates(field, r.Texts, r.On.Variables()); err != nil {
			return err
		}
	}
	c.Replies = replies
	return nil
}

// Reply gives what is said on an occasion, nil for nothing.
func (c *Category) Reply(on Occasion) *AutomaticReply {
	if c == nil {
		return nil
	}
	for i := range c.Replies {
		if c.Replies[i].On == on {
			return &c.Replies[i]
		}
	}
	return nil
}

// Answer fills an automatic reply for a reader, and tells its language.
func (c *Category) Answer(r *AutomaticReply, reader locale.Tag, values Values) (string, locale.Tag) {
	return c.filled(r.Texts, reader, values)
}

// described tells what the record of changes shows of it.
func (r *AutomaticReply) described() []string {
	all := texts("texts", r.Texts)
	if r.On == OnWaiting {
		all = append(all, "after: "+duration.Format(r.After))
	}
	if r.Business {
		all = append(all, "business: true")
	}
	return all
}
