// Package web lets a person act as the members of a test Discord from a browser: it shows what each of them sees, and
// does what they click and write. The page needs nothing from outside.
package web

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

//go:embed page
var page embed.FS

// Site serves one Discord. It is safe for concurrent use.
type Site struct {
	discord *discordtest.Server

	mu     sync.Mutex
	latest map[discordtest.ID]*discordtest.Interaction // by member
	faults []*armed
}

// New is a site for the Discord.
func New(discord *discordtest.Server) *Site {
	return &Site{discord: discord, latest: map[discordtest.ID]*discordtest.Interaction{}}
}

// Handler serves the page, what it asks for, and what it does.
func (s *Site) Handler() http.Handler {
	files, err := fs.Sub(page, "page")
	if err != nil {
		panic("web: the page is not there: " + err.Error())
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /state", s.state)
	mux.HandleFunc("GET /changes", s.changes)
	mux.HandleFunc("POST /act", s.act)
	return mux
}

// settle is how long changes are gathered before the page hears of them.
const settle = 80 * time.Millisecond

// changes is a stream of server-sent events, one for each time that something changed.
func (s *Site) changes(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flusher := http.NewResponseController(w)
	for {
		next := s.discord.Changed()
		if _, err := w.Write([]byte("data: changed\n\n")); err != nil || flusher.Flush() != nil {
			return
		}
		select {
		case <-next:
		case <-r.Context().Done():
			return
		}
		timer := time.NewTimer(settle)
		select {
		case <-timer.C:
		case <-r.Context().Done():
			timer.Stop()
			return
		}
	}
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func idOf(text string) discordtest.ID {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return discordtest.ID(n)
}

// guild is the one that is asked for, or the first.
func (s *Site) guild(id discordtest.ID) *discordtest.Guild {
	all := s.discord.Guilds()
	for _, g := range all {
		if g.ID() == id {
			return g
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

func member(g *discordtest.Guild, id discordtest.ID) *discordtest.Member {
	all := g.Members()
	for _, m := range all {
		if m.ID() == id {
			return m
		}
	}
	return all[0]
}

func (s *Site) interaction(m *discordtest.Member) *discordtest.Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.latest[m.ID()]
}

func (s *Site) keep(m *discordtest.Member, in *discordtest.Interaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latest[m.ID()] = in
}
