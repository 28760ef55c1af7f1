package live

import (
	"maps"
	"slices"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// roster is a workspace's followers, so ordered that an event finds those whom
// it may be for without asking all.
type roster struct {
	all      map[*Follower]struct{}
	byTicket map[id.Ticket]map[*Follower]struct{}
	byQueue  map[id.Queue]map[*Follower]struct{}
	byMember map[id.Member]map[*Follower]struct{}
}

func newRoster() roster {
	return roster{
		all: map[*Follower]struct{}{}, byTicket: map[id.Ticket]map[*Follower]struct{}{},
		byQueue: map[id.Queue]map[*Follower]struct{}{}, byMember: map[id.Member]map[*Follower]struct{}{},
	}
}

func (r roster) add(f *Follower) {
	r.all[f] = struct{}{}
	switch w := f.wish; {
	case w.Ticket != 0:
		join(r.byTicket, w.Ticket, f)
	case w.Queue != 0:
		join(r.byQueue, w.Queue, f)
	default:
		join(r.byMember, f.member, f)
	}
}

func (r roster) remove(f *Follower) {
	delete(r.all, f)
	switch w := f.wish; {
	case w.Ticket != 0:
		leave(r.byTicket, w.Ticket, f)
	case w.Queue != 0:
		leave(r.byQueue, w.Queue, f)
	default:
		leave(r.byMember, f.member, f)
	}
}

func join[K comparable](m map[K]map[*Follower]struct{}, k K, f *Follower) {
	if m[k] == nil {
		m[k] = map[*Follower]struct{}{}
	}
	m[k][f] = struct{}{}
}

func leave[K comparable](m map[K]map[*Follower]struct{}, k K, f *Follower) {
	delete(m[k], f)
	if len(m[k]) == 0 {
		delete(m, k)
	}
}

// awaited tells whether somebody may want to hear of the event, before anything
// is known of its ticket.
func (r roster) awaited(e event.Envelope) bool {
	return e.Ticket != 0 && (len(r.byTicket[e.Ticket]) > 0 || r.wide())
}

// wide tells whether somebody wishes for more than single tickets.
func (r roster) wide() bool { return len(r.byQueue)+len(r.byMember) > 0 }

// audience adds to the heard events of each follower this one, if it is wished for.
func (r roster) audience(e event.Envelope, c ticket.Circle, heard map[*Follower][]event.Envelope) {
	add := func(followers map[*Follower]struct{}) {
		for f := range followers {
			if f.wish.kind(e) {
				heard[f] = append(heard[f], e)
			}
		}
	}
	add(r.byTicket[e.Ticket])
	for _, q := range c.Queues {
		add(r.byQueue[q])
	}
	for _, m := range c.Members {
		add(r.byMember[m])
	}
}

// members are those who follow, each once.
func members(followers []*Follower) []id.Member {
	distinct := map[id.Member]struct{}{}
	for _, f := range followers {
		distinct[f.member] = struct{}{}
	}
	return slices.Collect(maps.Keys(distinct))
}
