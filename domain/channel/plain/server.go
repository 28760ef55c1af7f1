// Package plain is a channel that lives in memory: a Server, where people talk
// in rooms, and the Channel that shows tickets there. It is the smallest thing
// that passes the suite of channels, and so the place to read what a channel
// has to do.
package plain

import (
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/ticketsys/ticketsys/domain/channel"
)

// The refusals of a server.
var (
	ErrDown    = errors.New("plain: the server does not answer")
	ErrUnknown = errors.New("plain: no such room or post")
	ErrRights  = errors.New("plain: not allowed")
)

// Post is something that stands in a room.
type Post struct {
	ID     string
	Nonce  string // what its maker calls it, or ""
	Author string // person or name; "" is the helpdesk itself
	Text   string
}

type room struct {
	nonce   string
	viewers []channel.Viewer
	posts   []Post
}

// Server is where people talk. Its zero value is ready to use.
type Server struct {
	mu    sync.Mutex
	last  int
	rooms map[string]*room
	until int  // changes until one fails; 0: none will
	lost  bool // the change that fails is made, and only its answer is lost
}

// Break lets the nth change from now (1 is the next) fail with ErrDown: with
// lost it is made all the same, as when a connection ends before the answer.
func (s *Server) Break(nth int, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until, s.lost = nth, lost
}

// change makes a change, or fails as Break says.
func (s *Server) change(make func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until > 0 {
		s.until--
		if s.until == 0 {
			if s.lost {
				_ = make() // nobody hears what came of it
			}
			return ErrDown
		}
	}
	return make()
}

func (s *Server) id() string {
	s.last++
	return strconv.Itoa(s.last)
}

// NewID gives an ID that nothing on the server has.
func (s *Server) NewID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id()
}

// MakeRoom makes a room that nobody sees yet.
func (s *Server) MakeRoom(nonce string) (made string, err error) {
	return made, s.change(func() error {
		if s.rooms == nil {
			s.rooms = map[string]*room{}
		}
		made = s.id()
		s.rooms[made] = &room{nonce: nonce}
		return nil
	})
}

// RemoveRoom takes a room away, if it is there.
func (s *Server) RemoveRoom(made string) error {
	return s.change(func() error {
		delete(s.rooms, made)
		return nil
	})
}

// FindRooms finds the rooms that were made with a nonce.
func (s *Server) FindRooms(nonce string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []string
	for made, r := range s.rooms {
		if r.nonce == nonce {
			found = append(found, made)
		}
	}
	return found
}

// Admit says who sees a room and who writes in it.
func (s *Server) Admit(in string, viewers []channel.Viewer) error {
	return s.inRoom(in, func(r *room) error {
		r.viewers = slices.Clone(viewers)
		return nil
	})
}

func (s *Server) inRoom(in string, do func(*room) error) error {
	return s.change(func() error {
		r, ok := s.rooms[in]
		if !ok {
			return ErrUnknown
		}
		return do(r)
	})
}

// Say posts something in a room, on the helpdesk's behalf.
func (s *Server) Say(in string, p Post) (made string, err error) {
	return made, s.inRoom(in, func(r *room) error {
		p.ID = s.id()
		made = p.ID
		r.posts = append(r.posts, p)
		return nil
	})
}

// FindPost finds a post by the nonce that it was made with, or gives "".
func (s *Server) FindPost(in, nonce string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.rooms[in]; ok {
		if i := slices.IndexFunc(r.posts, func(p Post) bool { return p.Nonce == nonce }); i >= 0 {
			return r.posts[i].ID
		}
	}
	return ""
}

// Edit changes a post's text.
func (s *Server) Edit(in, post, text string) error {
	return s.inRoom(in, func(r *room) error {
		i := slices.IndexFunc(r.posts, func(p Post) bool { return p.ID == post })
		if i < 0 {
			return ErrUnknown
		}
		r.posts[i].Text = text
		return nil
	})
}

// Delete takes a post away; one that is gone already stays so.
func (s *Server) Delete(in, post string) error {
	return s.inRoom(in, func(r *room) error {
		r.posts = slices.DeleteFunc(r.posts, func(p Post) bool { return p.ID == post })
		return nil
	})
}

// Look gives what a person sees of a room: nothing, unless they may see it.
func (s *Server) Look(in, person string) (posts []Post, sees, writes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rooms[in]
	if !ok {
		return nil, false, false
	}
	for _, v := range r.viewers {
		if v.ExternalID == person && !v.Role || v.Role && v.ExternalID == "" {
			sees, writes = true, writes || v.Send
		}
	}
	if sees {
		posts = slices.Clone(r.posts)
	}
	return posts, sees, writes
}
