package live

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/graph/load"
)

// batch is how many events are read from the log at once.
const batch = 200

// DefaultReview is how often the rights of those who follow are looked at, besides
// whenever something happens or rights are changed.
const DefaultReview = 20 * time.Second

// DefaultFresh is for how long it counts that somebody may hear of an event. What
// was not handed on by then, because the reader is slow, is asked again.
const DefaultFresh = 2 * time.Second

// Config is what a feed stands on. All but Auth, Review and Fresh is needed.
type Config struct {
	Services load.Services
	Auth     *auth.Service // needed when somebody follows who came by an API key
	Signals  job.Signals
	Now      func() time.Time
	Review   time.Duration // zero: DefaultReview
	Fresh    time.Duration // zero: DefaultFresh
}

// Feed is the streams of all workspaces.
type Feed struct {
	config Config

	mu      sync.Mutex
	streams map[id.Workspace]*stream
}

// NewFeed makes a feed. It runs nothing while nobody follows.
func NewFeed(c Config) *Feed {
	c.Review, c.Fresh = cmp.Or(c.Review, DefaultReview), cmp.Or(c.Fresh, DefaultFresh)
	return &Feed{config: c, streams: map[id.Workspace]*stream{}}
}

// join adds a follower to the workspace's stream, which begins after head if it
// isn't there yet.
func (f *Feed) join(w id.Workspace, head int64, follower *Follower) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.streams[w]
	if s == nil {
		s = f.open(w, head)
		f.streams[w] = s
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roster.add(follower)
}

// leave takes a follower out, and ends a stream that nobody is left in.
func (f *Feed) leave(w id.Workspace, follower *Follower) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.streams[w]
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roster.remove(follower)
	if len(s.roster.all) == 0 {
		f.close(s)
	}
}

// open starts a stream. What commits after its first look is signalled.
func (f *Feed) open(w id.Workspace, head int64) *stream {
	ctx, cancel := context.WithCancel(context.Background())
	s := &stream{feed: f, workspace: w, position: head, roster: newRoster(), cancel: cancel}
	events, stopEvents := f.config.Signals.Subscribe(event.Topic(w))
	rights, stopRights := f.config.Signals.Subscribe(access.Topic(w))
	go func() {
		defer stopEvents()
		defer stopRights()
		s.run(ctx, events, rights)
	}()
	return s
}

func (f *Feed) close(s *stream) {
	s.cancel()
	if f.streams[s.workspace] == s {
		delete(f.streams, s.workspace)
	}
}

// fail ends a stream, and tells why everybody in it. Who comes back begins another.
func (f *Feed) fail(s *stream, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.close(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	for follower := range s.roster.all {
		follower.box.end(err)
	}
}

// system is the helpdesk's own wish in a workspace.
func (f *Feed) system(w id.Workspace) access.Call {
	return access.Call{Actor: access.System(w), Now: f.config.Now()}
}
