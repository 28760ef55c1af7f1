package discord

import (
	"slices"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/member"
)

// mostAcquaintances bounds who is remembered; beyond, it begins anew.
const mostAcquaintances = 4096

// acquaintances remember for a while whom the helpdesk knows, and what they may
// do: who writes mostly writes again, as the same person. They are forgotten
// when something about rights changes in their workspace, wherever that is done.
type acquaintances struct {
	now     func() time.Time
	signals job.Signals // nil: nobody is remembered
	mu      sync.Mutex
	circles map[id.Workspace]*circle
	total   int
	turns   int // of all circles
}

// circle is who is known in a workspace.
type circle struct {
	changed <-chan struct{} // what somebody may do there
	stop    func()
	people  map[wire.ID]*acquaintance
	turn    int // another one each time it is forgotten
}

type acquaintance struct {
	as     member.Arrival // as Discord described them
	member *member.Member
	actor  access.Actor
	at     time.Time
}

func newAcquaintances(now func() time.Time, s job.Signals) *acquaintances {
	return &acquaintances{now: now, signals: s, circles: map[id.Workspace]*circle{}}
}

// find gives somebody who is known as just the one that arrives. The turn is for
// meet, if nobody is found.
func (a *acquaintances) find(w id.Workspace, as member.Arrival) (found *acquaintance, turn int) {
	if a.signals == nil {
		return nil, 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.circle(w)
	k := c.people[wire.ID(as.ExternalID)]
	if k == nil || a.now().Sub(k.at) >= guildAge || !k.covers(as) {
		return nil, c.turn
	}
	return k, c.turn
}

// meet remembers somebody who was looked up, unless what they may do changed
// since the turn.
func (a *acquaintances) meet(w id.Workspace, turn int, k acquaintance) {
	if a.signals == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.circle(w)
	if c.turn != turn {
		return
	}
	before, known := c.people[wire.ID(k.as.ExternalID)]
	if known {
		k.as = over(k.as, before.as)
	} else if a.total++; a.total > mostAcquaintances {
		a.forget()
		return
	}
	k.at = a.now()
	c.people[wire.ID(k.as.ExternalID)] = &k
}

// circle gives the workspace's, emptied if something changed there.
func (a *acquaintances) circle(w id.Workspace) *circle {
	c := a.circles[w]
	if c == nil {
		c = &circle{people: map[wire.ID]*acquaintance{}}
		c.changed, c.stop = a.signals.Subscribe(access.Topic(w))
		a.circles[w], c.turn = c, a.next()
	}
	select {
	case <-c.changed:
		a.total -= len(c.people)
		clear(c.people)
		c.turn = a.next()
	default:
	}
	return c
}

func (a *acquaintances) next() int {
	a.turns++
	return a.turns
}

// end forgets everybody, and listens to nothing.
func (a *acquaintances) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forget()
}

func (a *acquaintances) forget() {
	for _, c := range a.circles {
		c.stop()
	}
	clear(a.circles)
	a.total = 0
}

// covers reports whether nothing about somebody is new. What is not told of them
// now stays as it was.
func (k *acquaintance) covers(as member.Arrival) bool {
	return k.as.Name == as.Name && k.as.AvatarURL == as.AvatarURL &&
		(as.Locale == "" || as.Locale == k.as.Locale) &&
		(as.Roles == nil || k.as.Roles != nil && slices.Equal(as.Roles, k.as.Roles)) &&
		(as.Admin == nil || k.as.Admin != nil && *as.Admin == *k.as.Admin)
}

// over is an arrival with what an earlier one told and it does not.
func over(as, before member.Arrival) member.Arrival {
	if as.Locale == "" {
		as.Locale = before.Locale
	}
	if as.Roles == nil {
		as.Roles = before.Roles
	}
	if as.Admin == nil {
		as.Admin = before.Admin
	}
	return as
}
