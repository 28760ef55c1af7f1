package discordtest

import (
	"net/http"
	"slices"
)

// Patterns are those of all REST routes, in order.
func (s *Server) Patterns() []string {
	var all patterns
	s.routes(&all)
	slices.Sort(all)
	return all
}

type patterns []string

func (p *patterns) HandleFunc(pattern string, _ func(http.ResponseWriter, *http.Request)) {
	*p = append(*p, pattern)
}
