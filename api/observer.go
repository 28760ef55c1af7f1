package api

import (
	"bufio"
	"cmp"
	"net"
	"net/http"
)

// observer sees what a response came to. It passes on what streams and
// WebSockets need of the writer.
type observer struct {
	http.ResponseWriter

	status int
	bytes  int64
}

func (o *observer) code() int { return cmp.Or(o.status, http.StatusOK) }

// WriteHeader implements http.ResponseWriter.
func (o *observer) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (o *observer) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(b)
	o.bytes += int64(n)
	return n, err
}

// Flush implements http.Flusher.
func (o *observer) Flush() { _ = http.NewResponseController(o.ResponseWriter).Flush() }

// Hijack implements http.Hijacker.
func (o *observer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	o.status = http.StatusSwitchingProtocols
	return http.NewResponseController(o.ResponseWriter).Hijack()
}

// Unwrap serves http.ResponseController.
func (o *observer) Unwrap() http.ResponseWriter { return o.ResponseWriter }
