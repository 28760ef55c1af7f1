package api

import (
	"io"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Bounds of connections. Who has more open than a browser or a server of
// applications needs holds sockets and memory that others want.
const (
	MaxConnections           = 16384
	MaxConnectionsPerAddress = 2048
)

// refusing bounds how many are told at the same time why they are refused;
// refusalTime is how long that may take.
const (
	refusing    = 64
	refusalTime = time.Second
)

// refusal is what a connection hears for which there is no place.
const refusal = `{"type":"about:blank","title":"Service Unavailable","status":503,` +
	`"detail":"Too many connections are open. Please close some, or try again later.","code":"unavailable"}` + "\n"

// Limit bounds the connections that a listener accepts, in all and of each
// address. One too many is told so and closed at once. Trusted proxies count
// towards all only.
func Limit(l net.Listener, all, each int, proxies []netip.Prefix) net.Listener {
	return &limited{Listener: l, all: all, each: each, proxies: proxies, open: map[string]int{}, telling: make(chan struct{}, refusing)}
}

type limited struct {
	net.Listener

	all, each int
	proxies   []netip.Prefix
	telling   chan struct{}

	mu    sync.Mutex
	total int
	open  map[string]int
}

// Accept implements net.Listener.
func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if leave, ok := l.enter(c.RemoteAddr()); ok {
			return &counted{Conn: c, leave: leave}, nil
		}
		l.turnAway(c)
	}
}

func (l *limited) enter(from net.Addr) (leave func(), ok bool) {
	who := ""
	if at, known := addressOf(from.String()); known && !trusted(l.proxies, at) {
		who = network(at)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total >= l.all || who != "" && l.open[who] >= l.each {
		return nil, false
	}
	l.total++
	l.open[who]++
	return sync.OnceFunc(func() { l.exit(who) }), true
}

func (l *limited) exit(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total--
	if l.open[who]--; l.open[who] == 0 {
		delete(l.open, who)
	}
}

// turnAway says why, and waits a moment for the client to take it: what it sent
// meanwhile would otherwise make the connection break before it reads.
func (l *limited) turnAway(c net.Conn) {
	select {
	case l.telling <- struct{}{}:
	default:
		_ = c.Close()
		return
	}
	go func() {
		defer func() { <-l.telling }()
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(refusalTime)) //nolint:forbidigo // connections go by the machine's time
		_, err := io.WriteString(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"+
			"Content-Length: "+strconv.Itoa(len(refusal))+"\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"+refusal)
		if half, ok := c.(interface{ CloseWrite() error }); ok && err == nil && half.CloseWrite() == nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(c, maxHeader))
		}
	}()
}

// counted is a connection that gives its place back when it is closed.
type counted struct {
	net.Conn

	leave func()
}

// Close implements net.Conn.
func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}

// CloseWrite lets the HTTP server say its last word before it closes.
func (c *counted) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
