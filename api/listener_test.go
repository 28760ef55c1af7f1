package api_test

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/api"
)

// behind serves a handler behind a limit, and gives the address.
func behind(t *testing.T, all, each int, proxies ...netip.Prefix) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := api.NewServer(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }),
		slog.New(slog.DiscardHandler))
	go func() { _ = s.Serve(api.Limit(l, all, each, proxies)) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}

// asks sends a request and gives the status, the headers and the whole answer.
func asks(t *testing.T, c net.Conn) (int, http.Header, string) {
	t.Helper()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, _ := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(said)
}

func TestIdleSocketsAreTurnedAwayWithAReason(t *testing.T) {
	address := behind(t, 100, 3)
	idle := []net.Conn{dial(t, address), dial(t, address)}
	if status, _, said := asks(t, dial(t, address)); status != 200 || said != "ok" { // it keeps its place while it is open
		t.Fatalf("the third: %d %s", status, said)
	}
	status, header, said := asks(t, dial(t, address))
	if status != 503 || header.Get("Retry-After") == "" || header.Get("Content-Type") != "application/problem+json" || len(said) < 50 {
		t.Errorf("one too many: %d %v %s", status, header, said)
	}
	_ = idle[0].Close()
	for { // the place is free when the server has noticed
		if status, _, _ := asks(t, dial(t, address)); status == 200 {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("the place is not free again")
		}
	}
}

func TestAllConnectionsAreBoundedAndProxiesAreMany(t *testing.T) {
	address := behind(t, 5, 2, netip.MustParsePrefix("127.0.0.0/8"))
	for range 4 {
		dial(t, address)
	}
	if status, _, said := asks(t, dial(t, address)); status != 200 {
		t.Fatalf("a proxy's fifth: %d %s", status, said)
	}
	if status, _, _ := asks(t, dial(t, address)); status != 503 {
		t.Errorf("the sixth of all: %d", status)
	}
}
