package discordtest

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest/openapi"
)

// Nonconformity is what of a request, or of the answer to it, is not as Discord describes its API.
type Nonconformity struct {
	Request Request
	// Answer says that the server's answer is wrong; else the request is.
	Answer bool
	Faults []string
}

// String is the request and its faults, on one line each.
func (n Nonconformity) String() string {
	side := "request"
	if n.Answer {
		side = fmt.Sprintf("answer %d", n.Request.Status)
	}
	return fmt.Sprintf("%s %s: the %s is not as Discord describes it:\n\t%s",
		n.Request.Method, n.Request.Path, side, strings.Join(n.Faults, "\n\t"))
}

// conforms tells of what is wrong with an exchange that had its effect, or was refused by the server's own judgement.
func (s *Server) conforms(r Request, c *call, out answer) {
	if s.judge == nil || s.wrong == nil || out.page != nil {
		return
	}
	raw, _ := out.bytes()
	x := openapi.Exchange{Method: r.Method, Path: r.Path, Query: r.Query, Body: c.json, Status: out.status, Answer: raw}
	r.Status = out.status
	if faults := s.judge.Request(x); faults != nil {
		s.wrong(Nonconformity{Request: r, Faults: faults})
	}
	if faults := s.judge.Answer(x); faults != nil {
		s.wrong(Nonconformity{Request: r, Answer: true, Faults: faults})
	}
}

// T is what StartFor needs of a *testing.T.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
}

// described reads Discord's description once in a process; it is nil where the description does not lie beside the
// repository.
var described = sync.OnceValues(func() (*openapi.Description, error) {
	d, err := openapi.Find()
	if errors.Is(err, openapi.ErrAbsent) {
		return nil, nil
	}
	return d, err
})

// StartFor starts a Discord for a test, and closes it with the test. The test fails on every request, and on every
// answer, that is not as Discord describes its API, unless opts.Wrong hears of it. Where the description does not lie
// beside the repository, nothing is judged.
func StartFor(t T, opts Options) *Server {
	t.Helper()
	d, err := described()
	if err != nil {
		t.Fatalf("%v", err)
	}
	life := &lifetime{}
	opts.Description = d
	if opts.Wrong == nil {
		opts.Wrong = func(n Nonconformity) { life.unlessOver(func() { t.Errorf("%v", n) }) }
	}
	s, err := Start(opts)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() {
		s.Close()
		life.end()
	})
	return s
}

// lifetime keeps a request that comes late from failing a test that is over.
type lifetime struct {
	mu   sync.Mutex
	over bool
}

func (l *lifetime) unlessOver(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		f()
	}
}

func (l *lifetime) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
}
