package sla

import (
	"slices"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/priority"
)

// Limits of policies.
const (
	MaxPolicies = 100 // of a workspace
	MaxName     = 80  // characters
	MaxSteps    = 10  // of a promise
	MaxNote     = 1000
	MaxMatch    = 100 // entries of one condition
	LeastWithin = time.Minute
	MostWithin  = 366 * 24 * time.Hour
)

// Target is what is promised.
type Target string

// The targets.
const (
	FirstReply Target = "first_reply" // staff answers a new ticket
	NextReply  Target = "next_reply"  // staff answers what the requester wrote since
	Resolution Target = "resolution"
)

// The targets by which tickets are closed by themselves. Nobody promises them: they
// come from a ticket's category.
const (
	Silence Target = "silence" // the requester, who is to answer, says nothing
	Closing Target = "closing" // a resolved ticket is left alone
)

// The targets by which whose turn it is in a ticket is reminded. They come from its
// category, too.
const (
	RemindStaff     Target = "remind_staff"
	RemindRequester Target = "remind_requester"
	Excuse          Target = "excuse" // the requester is told that staff lets them wait
)

// all lists every target, in the order of a ticket's clocks.
func all() []Target { return append(Targets(), Silence, Closing, RemindStaff, RemindRequester, Excuse) }

// Promised tells whether policies promise it.
func (t Target) Promised() bool { return !t.Closes() && !t.Reminds() }

// Reminds tells whether something is said while the time runs.
func (t Target) Reminds() bool { return t == RemindStaff || t == RemindRequester || t == Excuse }

// Closes tells whether the end of the time closes the ticket.
func (t Target) Closes() bool { return t == Silence || t == Closing }

// Targets lists the targets, in the order of a ticket's clocks.
func Targets() []Target { return []Target{FirstReply, NextReply, Resolution} }

// Pause is a status in which clocks stand still.
type Pause string

// The statuses, by the names that tickets have for them.
const (
	Pending Pause = "pending"
	OnHold  Pause = "on_hold"
)

// Action is what an escalation step does.
type Action string

// The actions.
const (
	Warn     Action = "warn"     // nothing but the line in the history
	Raise    Action = "raise"    // to a priority, if the ticket's is lower
	AddNote  Action = "add_note" // among staff
	Transfer Action = "transfer" // to another queue, and so to its teams; nobody has it then
	Alert    Action = "alert"    // an event for those who subscribe to it
)

// Remind is what a category's reminders do, and no policy.
const Remind Action = "remind"

// Step is what is done some time before a promise is broken, or when it is.
type Step struct {
	Before   time.Duration  `json:"before,omitempty"` // as the promise counts time; 0: when it is broken
	Action   Action         `json:"action"`
	Priority priority.Level `json:"priority,omitempty"` // of Raise
	Queue    id.Queue       `json:"queue,omitempty"`    // of Transfer
	Text     string         `json:"text,omitempty"`     // of AddNote and Alert
}

// Promise is within which time something happens.
type Promise struct {
	Target   Target        `json:"target"`
	Within   time.Duration `json:"within"`
	Business bool          `json:"business,omitempty"` // only business time counts
	Steps    []Step        `json:"steps,omitempty"`    // the earliest first
}

// Match chooses tickets. Each list that is not empty must hold one of the
// ticket's own.
type Match struct {
	Categories []id.Category    `json:"categories,omitempty"`
	Queues     []id.Queue       `json:"queues,omitempty"`
	Priorities []priority.Level `json:"priorities,omitempty"`
	Tags       []string         `json:"tags,omitempty"`
}

// Policy is promises for tickets. Of a workspace's policies the first that matches
// a ticket holds, in the order of their positions.
type Policy struct {
	Match
	Rules

	ID        id.Policy
	Workspace id.Workspace
	Name      string
	Position  int
	Version   int64 // rises each time that it is saved
}

// Rules are what a policy promises.
type Rules struct {
	Promises []Promise `json:"promises"`
	PausedBy []Pause   `json:"pausedBy"` // statuses in which its clocks stand still
}

// Facts are what a ticket is chosen by.
type Facts struct {
	Category id.Category
	Queue    id.Queue
	Priority priority.Level
	Tags     []string
}

// Condition names one of a match.
type Condition string

// The conditions.
const (
	ByCategory Condition = "category"
	ByQueue    Condition = "queue"
	ByPriority Condition = "priority"
	ByTag      Condition = "tag"
)

// Missed lists the conditions that a ticket does not meet.
func (m Match) Missed(f Facts) []Condition {
	var missed []Condition
	if len(m.Categories) > 0 && !slices.Contains(m.Categories, f.Category) {
		missed = append(missed, ByCategory)
	}
	if len(m.Queues) > 0 && !slices.Contains(m.Queues, f.Queue) {
		missed = append(missed, ByQueue)
	}
	if len(m.Priorities) > 0 && !slices.Contains(m.Priorities, f.Priority) {
		missed = append(missed, ByPriority)
	}
	if len(m.Tags) > 0 && !slices.ContainsFunc(m.Tags, func(t string) bool { return slices.Contains(f.Tags, t) }) {
		missed = append(missed, ByTag)
	}
	return missed
}

// covers tells whether every ticket that passes the other match passes this one.
func (m Match) covers(other Match) bool {
	return within(other.Categories, m.Categories) && within(other.Queues, m.Queues) &&
		within(other.Priorities, m.Priorities) && within(other.Tags, m.Tags)
}

func within[T comparable](narrow, wide []T) bool {
	outside := func(v T) bool { return !slices.Contains(wide, v) }
	return len(wide) == 0 || len(narrow) > 0 && !slices.ContainsFunc(narrow, outside)
}

func (p *Policy) id() id.Policy {
	if p == nil {
		return 0
	}
	return p.ID
}

// promise gives what is promised of a target, nil for nothing.
func (p *Policy) promise(t Target) *Promise {
	if p == nil {
		return nil
	}
	i := slices.IndexFunc(p.Promises, func(x Promise) bool { return x.Target == t })
	if i < 0 {
		return nil
	}
	return &p.Promises[i]
}

// The refusals of policies.
var (
	ErrNoPolicy    = fault.New(fault.NotFound, "fault.sla.not_found")
	ErrNoPromise   = fault.New(fault.Invalid, "fault.sla.no_promise")
	ErrTarget      = fault.New(fault.Invalid, "fault.sla.target")
	ErrTargetTwice = fault.New(fault.Invalid, "fault.sla.target_twice")
	ErrWithin      = fault.New(fault.Invalid, "fault.sla.within")
	ErrPause       = fault.New(fault.Invalid, "fault.sla.pause")
	ErrStep        = fault.New(fault.Invalid, "fault.sla.step")
	ErrBefore      = fault.New(fault.Invalid, "fault.sla.before")
	ErrShadowed    = fault.New(fault.Invalid, "fault.sla.shadowed")
	ErrShadows     = fault.New(fault.Invalid, "fault.sla.shadows")
)

// Clean puts the policy into the form in which it is kept, or says why it cannot
// be. Codes: invalid.
func (p *Policy) Clean() (err error) {
	if p.Name, err = locale.Clean(p.Name, "name", 1, MaxName); err != nil {
		return err
	}
	if err := p.cleanMatch(); err != nil {
		return err
	}
	for _, x := range p.PausedBy {
		if x != Pending && x != OnHold {
			return ErrPause.On("pausedBy")
		}
	}
	slices.Sort(p.PausedBy)
	p.PausedBy = slices.Compact(p.PausedBy)
	if len(p.Promises) == 0 {
		return ErrNoPromise.On("promises")
	}
	kept := make([]Promise, 0, len(p.Promises))
	for _, t := range Targets() {
		for _, x := range p.Promises {
			if x.Target == t {
				kept = append(kept, x)
			}
		}
	}
	if len(kept) != len(p.Promises) {
		return ErrTarget.On("promises")
	}
	for i := range kept {
		if i > 0 && kept[i].Target == kept[i-1].Target {
			return ErrTargetTwice.On("promises")
		}
		if err := kept[i].clean(); err != nil {
			return OnField(err, "promises")
		}
	}
	p.Promises = kept
	return nil
}

func (p *Policy) cleanMatch() error {
	if max(len(p.Categories), len(p.Queues), len(p.Priorities), len(p.Tags)) > MaxMatch {
		return errTooMany.With("Most", MaxMatch).On("match")
	}
	for _, l := range p.Priorities {
		if err := l.Check(); err != nil {
			return OnField(err, "match")
		}
	}
	tags := make([]string, 0, len(p.Tags))
	for _, t := range p.Tags {
		tag, err := locale.Clean(t, "match", 1, MaxName)
		if err != nil {
			return err
		}
		tags = append(tags, tag)
	}
	p.Tags = tags
	return nil
}

func (x *Promise) clean() error {
	if x.Within < LeastWithin || x.Within > MostWithin {
		return ErrWithin
	}
	x.Within = x.Within.Truncate(time.Second)
	if len(x.Steps) > MaxSteps {
		return errTooMany.With("Most", MaxSteps)
	}
	steps := slices.Clone(x.Steps)
	for i := range steps {
		if steps[i].Before < 0 || steps[i].Before >= x.Within {
			return ErrBefore
		}
		if err := steps[i].clean(); err != nil {
			return err
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return int((b.Before - a.Before) / time.Millisecond) })
	x.Steps = steps
	return nil
}

func (s *Step) clean() (err error) {
	s.Before = s.Before.Truncate(time.Second)
	kept := Step{Before: s.Before, Action: s.Action}
	switch s.Action {
	case Warn:
	case Raise:
		kept.Priority = s.Priority
		err = s.Priority.Check()
	case Transfer:
		if kept.Queue = s.Queue; s.Queue == 0 {
			err = ErrStep
		}
	case AddNote, Alert:
		kept.Text, err = locale.Clean(s.Text, "promises", 1, MaxNote)
	default:
		err = ErrStep
	}
	*s = kept
	return err
}
