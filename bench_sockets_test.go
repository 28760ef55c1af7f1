package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/ticketsys/ticketsys/graph"
)

// BenchmarkIdleSockets opens as many WebSockets as the program takes, 10 000, each
// of which says who it is and nothing else, and reports what each takes of the
// program's resident memory, and how long a normal query takes without them and
// beside them. One more is turned away with a reason. The program is a process of
// its own; the clients come from as many addresses as they need.
func BenchmarkIdleSockets(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("this system does not tell what is resident in /proc")
	}
	eachStore(b, func(b *testing.B, databaseURL string) {
		w := newBenchWorld(b, databaseURL)
		w.open(50)
		most, agent := graph.DefaultLimits(), w.token(w.agent.Member)
		all := &idlers{limits: most}
		for i := range most.AllStreams / most.Streams {
			all.tokens = append(all.tokens, w.token(w.enters(fmt.Sprintf("Socket %d", i)).Member))
		}
		w.check(w.Close()) // what is in the database is now another process's
		program := newChild([]string{
			"TICKETSYS_DATABASE_URL", databaseURL, "TICKETSYS_DATA_DIR", b.TempDir(), "TICKETSYS_LISTEN", "127.0.0.1:0", "TICKETSYS_RATE_LIMIT", "0",
		})
		w.check(program.start(b.Context()))
		defer func() { w.check(program.stop()) }()
		var err error
		all.address, err = program.reach(b.Context())
		w.check(err)
		for b.Loop() {
			alone, pid := w.normalQuery(all.address, agent), program.command.Process.Pid
			before, _ := settled(b, pid)
			began := time.Now()
			w.check(all.open(b.Context()))
			b.ReportMetric(time.Since(began).Seconds(), "s-to-open")
			b.ReportMetric((resident(b, pid, "VmRSS:")-before)*1e6/1024/float64(most.AllStreams), "KB-each")
			b.ReportMetric(alone, "ms-query-alone")
			b.ReportMetric(w.normalQuery(all.address, agent), "ms-query-beside")
			all.isTurnedAway(b, 0, agent, most.Sockets)                  // from where there are too many
			all.isTurnedAway(b, most.AllStreams, agent, most.AllStreams) // from where there are none
			all.leave()
		}
	})
}

// normalQuery is how long the page takes, in milliseconds, the median of many.
func (w *benchWorld) normalQuery(address, token string) float64 {
	var times []float64
	for range 101 {
		began := time.Now()
		w.check(drain("http://"+address, token, pageQuery))
		times = append(times, float64(time.Since(began).Microseconds())/1000)
	}
	return median(times)
}

// idlers is many idle WebSockets.
type idlers struct {
	address string
	limits  graph.Limits
	tokens  []string // of members, each with as many sockets as they may have

	mu      sync.Mutex
	sockets []*websocket.Conn
}

// open opens all of them, some at the same time.
func (c *idlers) open(ctx context.Context) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < c.limits.AllStreams && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				s, _, err := c.dial(ctx, i, c.tokens[i/c.limits.Streams]) //nolint:bodyclose // it is the socket
				if err != nil {
					err = fmt.Errorf("socket %d: %w", i, err)
					failed.Store(&err)
					return
				}
				c.mu.Lock()
				c.sockets = append(c.sockets, s)
				c.mu.Unlock()
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// dial opens the n-th socket, from its address, and says who it is.
func (c *idlers) dial(ctx context.Context, n int, token string) (*websocket.Conn, *http.Response, error) {
	from := &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+n/c.limits.Sockets))}
	s, response, err := websocket.Dial(ctx, "ws://"+c.address+"/graphql", &websocket.DialOptions{
		HTTPClient:   &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{LocalAddr: from}).DialContext, DisableKeepAlives: true}},
		HTTPHeader:   http.Header{"Authorization": {"Bearer " + token}},
		Subprotocols: []string{"graphql-transport-ws"},
	})
	if err != nil {
		return nil, response, err
	}
	var answer struct{ Type string }
	if err := wsjson.Write(ctx, s, map[string]string{"type": "connection_init"}); err != nil {
		return nil, nil, err
	}
	if err := wsjson.Read(ctx, s, &answer); err != nil || answer.Type != "connection_ack" {
		return nil, nil, fmt.Errorf("it hears %q: %w", answer.Type, err)
	}
	go pongs(ctx, s)
	return s, nil, nil
}

// pongs shows that somebody is there as long as the socket is open.
func pongs(ctx context.Context, s *websocket.Conn) {
	for {
		var heard struct{ Type string }
		if wsjson.Read(ctx, s, &heard) != nil {
			return
		}
		if heard.Type == "ping" && wsjson.Write(ctx, s, map[string]string{"type": "pong"}) != nil {
			return
		}
	}
}

// isTurnedAway opens one more, where there may be so many.
func (c *idlers) isTurnedAway(b *testing.B, n int, token string, most int) {
	b.Helper()
	s, response, err := c.dial(b.Context(), n, token) //nolint:bodyclose // dial closes it
	if err == nil {
		_ = s.CloseNow()
		b.Fatal("one more is let in")
	}
	if response == nil {
		b.Fatalf("one more hears nothing: %v", err)
	}
	said, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(said), fmt.Sprintf("at most %d can be", most)) {
		b.Fatalf("one more hears %s %s", response.Status, said)
	}
}

func (c *idlers) leave() {
	for _, s := range c.sockets {
		_ = s.CloseNow()
	}
	c.sockets = nil
}
