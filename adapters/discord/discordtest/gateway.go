package discordtest

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Gateway operations, as Discord numbers them.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoice          = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opACK            = 11
)

type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int            `json:"s"`
	Type *string         `json:"t"`
}

// closing ends a connection with a close code; 0 just cuts it.
type closing struct {
	code   int
	reason string
}

// link is one WebSocket connection. Frames are queued under the server's lock and written by one goroutine.
type link struct {
	ws      *websocket.Conn
	mu      sync.Mutex
	queue   []any
	wake    chan struct{}
	done    chan struct{}
	once    sync.Once
	ended   bool // a close frame was sent; the peer closes now
	muted   bool // nothing is sent any more, though the socket stays open
	deaf    bool // heartbeats are not answered
	deflate *deflater
	packed  bool // large frames are compressed, each by itself
	packer  *zlib.Writer
	session *session
	heard   int       // frames since minute
	minute  time.Time // when their count began
}

func (l *link) push(item any) {
	l.mu.Lock()
	if !l.muted {
		l.queue = append(l.queue, item)
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// mute lets what is pushed from now on go nowhere.
func (l *link) mute() { l.setMuted(true) }

func (l *link) setMuted(muted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.muted = muted
}

func (l *link) take() []any {
	l.mu.Lock()
	defer l.mu.Unlock()
	items := l.queue
	l.queue = nil
	return items
}

func (l *link) cut() {
	l.once.Do(func() {
		close(l.done)
		_ = l.ws.Close()
	})
}

func (l *link) write() {
	defer l.cut()
	for {
		for _, item := range l.take() {
			if !l.writeOne(item) {
				return
			}
		}
		select {
		case <-l.wake:
		case <-l.done:
			return
		}
	}
}

// writeOne reports whether the connection goes on.
func (l *link) writeOne(item any) bool {
	if end, ok := item.(closing); ok {
		return l.end(end)
	}
	if l.ended {
		return true
	}
	raw := encode(item)
	switch {
	case l.deflate != nil:
		return l.ws.WriteMessage(websocket.BinaryMessage, l.deflate.pack(raw)) == nil
	case len(raw) >= packedFrom && l.isPacked():
		return l.ws.WriteMessage(websocket.BinaryMessage, l.compress(raw)) == nil
	}
	return l.ws.WriteMessage(websocket.TextMessage, raw) == nil
}

// end sends a close frame and leaves it to the peer to close: cutting at once could lose the frame on its way.
func (l *link) end(with closing) bool {
	if with.code == 0 {
		return false
	}
	if l.ended {
		return true
	}
	l.ended = true
	message := websocket.FormatCloseMessage(with.code, with.reason)
	if l.ws.WriteControl(websocket.CloseMessage, message, time.Time{}) != nil {
		return false
	}
	if half, ok := l.ws.NetConn().(interface{ CloseWrite() error }); ok {
		return half.CloseWrite() == nil
	}
	return false
}

// deflater is the zlib-stream transport: one stream for the whole connection, flushed after each frame.
type deflater struct {
	out bytes.Buffer
	z   *zlib.Writer
}

func newDeflater() *deflater {
	d := &deflater{}
	d.z = zlib.NewWriter(&d.out)
	return d
}

func (d *deflater) pack(raw []byte) []byte {
	d.out.Reset()
	_, _ = d.z.Write(raw)
	_ = d.z.Flush()
	return bytes.Clone(d.out.Bytes())
}

// packedFrom is how large a frame is, in bytes, that payload compression packs: Discord does so with some, and does
// not say which.
const packedFrom = 2048

// compress is payload compression: a whole zlib stream for each frame.
func (l *link) compress(raw []byte) []byte {
	var out bytes.Buffer
	if l.packer == nil {
		l.packer, _ = zlib.NewWriterLevel(&out, zlib.BestSpeed)
	} else {
		l.packer.Reset(&out)
	}
	_, _ = l.packer.Write(raw)
	_ = l.packer.Close()
	return out.Bytes()
}

func (l *link) isPacked() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.packed
}

func (l *link) pack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.packed = true
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	if s.gatewayAway() {
		http.Error(w, "gateway unavailable", http.StatusServiceUnavailable)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	l := &link{ws: ws, wake: make(chan struct{}, 1), done: make(chan struct{})}
	if r.URL.Query().Get("compress") == "zlib-stream" {
		l.deflate = newDeflater()
	}
	go l.write()
	s.change(func() { s.gateway.links = append(s.gateway.links, l) })
	l.push(frame{Op: opHello, Data: encode(map[string]any{"heartbeat_interval": s.heartbeat.Milliseconds(), "_trace": []string{"discordtest"}})})
	if !knownVersion(r.URL.Query().Get("v")) {
		l.push(closing{4012, "Invalid API version."})
	}
	s.readLink(l)
	s.change(func() { s.gone(l) })
}

func knownVersion(v string) bool { return v == "" || v == "9" || v == "10" }

const framesPerMinute = 120

// floods counts the frames of a connection, which may send 120 in a minute.
func (l *link) floods(now time.Time) bool {
	if now.Sub(l.minute) >= time.Minute {
		l.heard, l.minute = 0, now
	}
	l.heard++
	return l.heard > framesPerMinute
}

func (s *Server) readLink(l *link) {
	defer l.cut()
	for {
		_, raw, err := l.ws.ReadMessage()
		if err != nil {
			return
		}
		var f frame
		if json.Unmarshal(raw, &f) != nil {
			l.push(closing{4002, "Error while decoding payload."})
			continue
		}
		s.change(func() { s.receive(l, f) })
	}
}

func (s *Server) receive(l *link, f frame) {
	if l.floods(s.now()) {
		l.push(closing{4008, "Rate limited."})
		return
	}
	switch f.Op {
	case opHeartbeat:
		if !s.gateway.noAcks && !l.deaf {
			l.push(frame{Op: opACK})
		}
	case opIdentify:
		s.identify(l, f.Data)
	case opResume:
		s.resume(l, f.Data)
	case opRequestMembers:
		s.requestMembers(l, f.Data)
	case opPresence, opVoice:
		if l.session == nil {
			l.push(closing{4003, "Not authenticated."})
		}
	default:
		l.push(closing{4001, "Unknown opcode."})
	}
}
