package gateway

import (
	"context"
	"encoding/json"
	"net/url"
	"runtime"
	"sync"
	"time"

	"github.com/diamondburned/arikawa/v3/utils/ws"
)

// session is what outlives a connection. It implements ws.Handler: its methods
// are called from the one loop of the connection.
type session struct {
	conn    *ws.Gateway
	config  Config
	id      string
	seq     int64
	waiting bool // a heartbeat was sent and is not acknowledged

	mu     sync.Mutex
	resume string // where Discord wants the session to be resumed
}

// address is where to dial next.
func (s *session) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return parameters(first(s.resume, s.config.URL))
}

func (s *session) resumeAt(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resume = address
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// parameters adds the version of the protocol and its encoding.
func parameters(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Set("v", "10")
	q.Set("encoding", "json")
	u.RawQuery = q.Encode()
	return u.String()
}

// OnOp implements ws.Handler.
func (s *session) OnOp(ctx context.Context, op ws.Op) bool {
	if op.Code == opDispatch {
		s.seq = max(s.seq, op.Sequence)
	}
	switch data := op.Data.(type) {
	case *ws.CloseEvent:
		s.closed(data.Code)
	case *frame:
		s.take(ctx, data)
	}
	return true
}

// closed forgets the session where Discord says that it can't be resumed.
func (s *session) closed(code int) {
	if code == 4007 || code == 4009 {
		s.forget()
	}
	s.conn.QueueReconnect()
}

func (s *session) take(ctx context.Context, f *frame) {
	switch f.op {
	case opHello:
		s.hello(ctx, f.raw)
	case opACK:
		s.waiting = false
	case opHeartbeat:
		s.beat(ctx)
	case opReconnect:
		s.conn.QueueReconnect()
	case opInvalidSession:
		if string(f.raw) != "true" {
			s.forget()
		}
		s.conn.QueueReconnect()
	case opDispatch:
		if f.name == eventReady {
			s.ready(f.raw)
		}
	}
}

func (s *session) hello(ctx context.Context, raw []byte) {
	var hello struct {
		Interval int64 `json:"heartbeat_interval"` // milliseconds
	}
	if json.Unmarshal(raw, &hello) != nil || hello.Interval <= 0 {
		hello.Interval = 41_250
	}
	s.waiting = false
	s.conn.ResetHeartbeat(time.Duration(hello.Interval) * time.Millisecond)
	if s.id != "" {
		s.send(ctx, opResume, map[string]any{"token": s.config.Token, "session_id": s.id, "seq": s.seq})
		return
	}
	s.seq = 0
	s.send(ctx, opIdentify, map[string]any{
		"token": s.config.Token, "intents": s.config.Intents, "compress": true, "large_threshold": 250,
		"properties": map[string]string{"os": runtime.GOOS, "browser": "ticketsys", "device": "ticketsys"},
	})
}

func (s *session) ready(raw []byte) {
	var ready struct {
		Session string `json:"session_id"`
		Resume  string `json:"resume_gateway_url"`
	}
	if json.Unmarshal(raw, &ready) != nil {
		return
	}
	s.id = ready.Session
	s.resumeAt(ready.Resume)
}

func (s *session) forget() {
	s.id, s.seq = "", 0
	s.resumeAt("")
}

// SendHeartbeat implements ws.Handler. A beat that was not acknowledged by the
// time of the next means that nobody listens.
func (s *session) SendHeartbeat(ctx context.Context) {
	if s.waiting {
		s.waiting = false
		s.config.Logger.Warn("the gateway stopped answering; connecting anew")
		s.conn.QueueReconnect()
		return
	}
	s.waiting = true
	s.beat(ctx)
}

func (s *session) beat(ctx context.Context) {
	var seq any
	if s.seq > 0 {
		seq = s.seq
	}
	s.send(ctx, opHeartbeat, seq)
}

func (s *session) send(ctx context.Context, op ws.OpCode, data any) {
	if err := s.conn.Send(ctx, &command{op: op, data: data}); err != nil {
		s.conn.QueueReconnect()
	}
}

// Close implements ws.Handler.
func (s *session) Close() error { return nil }
