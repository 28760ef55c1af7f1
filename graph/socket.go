package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
)

// maxOperations is how many operations may run on a WebSocket at the same time.
const maxOperations = 50

// writeTimeout is how long a client may take to accept what is sent to it. Who
// stops reading is left, so that nothing waits for them.
const writeTimeout = 30 * time.Second

// writeDeadline is until when what is now sent must be accepted.
func writeDeadline() time.Time {
	return time.Now().Add(writeTimeout) //nolint:forbidigo // connections go by the machine's time, not by the helpdesk's
}

// closeInUse is the protocol's close code for a subscribe with an ID that an
// open operation has.
const closeInUse = 4409

// closeInvalid is the protocol's close code for a message that is none.
const closeInvalid = 4400

// operations counts what runs on a WebSocket.
type operations struct{ running atomic.Int64 }

// begin counts an operation until its context ends, unless there are too many.
func (o *operations) begin(ctx context.Context) bool {
	if o.running.Add(1) > maxOperations {
		o.running.Add(-1)
		return false
	}
	context.AfterFunc(ctx, func() { o.running.Add(-1) })
	return true
}

// sockets opens WebSockets for gqlgen. It stands in for gqlgen's own, whose
// writes wait for a client for ever, and which mixes up operations of one ID.
type sockets struct{ values int }

// Accept implements transport.WebsocketImplementation.
func (s sockets) Accept(w http.ResponseWriter, r *http.Request, o transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: o.Subprotocols, InsecureSkipVerify: true, // the door has looked at the origin
	})
	if err != nil {
		return nil, err
	}
	return &socket{Conn: c, values: s.values, inner: map[string]string{}, outer: map[string]string{}}, nil
}

// socket is an open WebSocket. Operations have other IDs inside than the client
// gave them, so that a client may use one again as soon as it has ended the
// operation, whatever is still on the way.
type socket struct {
	*websocket.Conn

	values int // that a message may have

	mu           sync.Mutex
	last         int
	inner, outer map[string]string // by the client's ID, and by ours
	deadline     *time.Timer
	closing      bool
}

// envelope is a message of graphql-transport-ws.
type envelope struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// NextReader implements transport.WebsocketConn.
func (s *socket) NextReader() (int, io.Reader, error) {
	kind, data, err := s.Read(context.Background())
	if err != nil {
		if code := websocket.CloseStatus(err); code == websocket.StatusNormalClosure || code == websocket.StatusNoStatusRcvd {
			err = transport.ErrWebsocketClosed
		}
		return int(kind), nil, err
	}
	if tooMany(data, s.values) {
		_ = s.WriteClose(closeInvalid, closeReason(fmt.Sprintf("Too many values in a message: %d are possible", s.values)))
		return int(kind), nil, transport.ErrWebsocketClosed
	}
	var e envelope
	if json.Unmarshal(data, &e) == nil && e.ID != "" { // of anything else gqlgen says what is wrong with it
		if !s.receive(&e) {
			_ = s.WriteClose(closeInUse, closeReason("Subscriber for "+e.ID+" already exists"))
			return int(kind), nil, transport.ErrWebsocketClosed
		}
		data, err = json.Marshal(e)
	}
	return int(kind), bytes.NewReader(data), err
}

// receive gives a client's message our ID, and refuses a subscribe with an ID in use.
func (s *socket) receive(e *envelope) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	ours, used := s.inner[e.ID]
	if e.Type != "subscribe" {
		s.forget(e.ID, ours)
		e.ID = ours
		return true
	}
	e.nameDocument()
	if used {
		return false
	}
	s.last++
	ours = strconv.Itoa(s.last)
	s.inner[e.ID], s.outer[ours] = ours, e.ID
	e.ID = ours
	return true
}

// nameDocument puts a documentId where it is looked for, since gqlgen reads none.
func (e *envelope) nameDocument() {
	var p params
	if !decode(e.Payload, &p) || p.DocumentID == "" {
		return
	}
	p.Extensions = withDocumentID(p.Extensions, p.DocumentID)
	if raw, err := json.Marshal(p); err == nil {
		e.Payload = raw
	}
}

func (s *socket) forget(theirs, ours string) {
	delete(s.inner, theirs)
	delete(s.outer, ours)
}

// WriteJSON implements transport.WebsocketConn.
func (s *socket) WriteJSON(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if data = s.sending(data); data == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	return s.Write(ctx, websocket.MessageText, data)
}

// sending gives a message the client's ID. There is nothing to send about an
// operation that has ended.
func (s *socket) sending(data []byte) []byte {
	var e envelope
	if json.Unmarshal(data, &e) != nil || e.ID == "" {
		return data
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	theirs, open := s.outer[e.ID]
	if !open {
		return nil
	}
	if e.Type != "next" {
		s.forget(theirs, e.ID)
	}
	e.ID = theirs
	data, _ = json.Marshal(e) // of strings and what is JSON already
	return data
}

// WriteClose implements transport.WebsocketConn. It does not wait for the
// client's answer.
func (s *socket) WriteClose(code int, reason string) error {
	_ = s.SetReadDeadline(time.Time{})
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.closing = true
		go func() { _ = s.Conn.Close(websocket.StatusCode(code), reason) }()
	}
	return nil
}

// Close implements transport.WebsocketConn. Once it was said why, that ends the
// connection.
func (s *socket) Close() error {
	_ = s.SetReadDeadline(time.Time{})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return nil
	}
	return s.CloseNow()
}

// SetReadDeadline implements transport.WebsocketReadDeadliner.
func (s *socket) SetReadDeadline(at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deadline != nil {
		s.deadline.Stop()
		s.deadline = nil
	}
	if !at.IsZero() {
		left := time.Until(at) //nolint:forbidigo // as said above
		s.deadline = time.AfterFunc(left, func() { _ = s.CloseNow() })
	}
	return nil
}
