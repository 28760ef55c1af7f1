package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
)

// maxBody is more than ten of the largest files; Discord answers 40005 beyond.
const maxBody = 1005 << 20

// call is one REST request while it is handled, with the state locked.
type call struct {
	s     *Server
	r     *http.Request
	body  []byte
	json  []byte // the body as it came, or its payload_json
	files []upload
}

// handle answers a call: an object as JSON, nil as 204, or an *apiError.
type handle func(c *call) (any, error)

type access int

const (
	needsToken access = iota
	needsNothing
)

// created answers 201 instead of 200.
type created struct{ body any }

func (c *call) id(name string) ID { return parseID(c.r.PathValue(name)) }

// decode reads the JSON body into v.
func (c *call) decode(v any) error {
	if len(c.body) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.body, v); err != nil {
		if _, syntax := errors.AsType[*json.SyntaxError](err); syntax {
			return refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
		}
		return badForm("", "BASE_TYPE_BAD_TYPE", "Could not interpret value: "+err.Error())
	}
	return nil
}

func (s *Server) handler() http.Handler {
	rest := http.NewServeMux()
	s.routes(rest)
	root := http.NewServeMux()
	root.Handle("/api/v9/", http.StripPrefix("/api/v9", rest))
	root.Handle("/api/v10/", http.StripPrefix("/api/v10", rest))
	root.HandleFunc("/gateway", s.serveGateway)
	root.HandleFunc("GET /attachments/", s.serveFile)
	return root
}

// router takes handlers by their patterns; it is an *http.ServeMux.
type router interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
}

// route registers a REST handler under its pattern.
func (s *Server) route(mux router, pattern string, need access, h handle) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, pattern, need, h) })
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, pattern string, need access, h handle) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		reply(w, answer{status: http.StatusRequestEntityTooLarge, body: refuse(413, 40005, "Request entity too large")})
		return
	}
	c := &call{s: s, r: r, body: body}
	req := s.arrived(r, body)
	s.tell(req)
	fault, disarmed := s.faultFor(req)
	out, goesOn := fault.before(r.Context())
	if goesOn {
		out = s.answer(c, pattern, need, h)
		s.conforms(req, c, out)
		out = fault.after(out)
	}
	s.stampReset(out)
	s.read(func() { s.limits.count(out, s.now()) })
	req.Phase, req.Status = After, out.status
	s.answered(req)
	s.tell(req)
	fault.linger(r.Context(), disarmed)
	finish(w, out, fault.end)
}

// finish ends the request as its fault wants; without an answer the connection is cut.
func finish(w http.ResponseWriter, out answer, end ending) {
	switch {
	case out.status == 0:
		drop(w)
	case end == truncated:
		truncate(w, out)
	default:
		reply(w, out)
	}
}

type answer struct {
	status int
	header http.Header
	body   any
	raw    []byte
	page   []byte // HTML of a proxy, instead of JSON
}

// answer has the effect and encodes the result before anyone else may change the state.
func (s *Server) answer(c *call, pattern string, need access, h handle) (out answer) {
	s.change(func() {
		c.json = c.body
		refused, header := s.limited(c.r, pattern)
		if refused != nil {
			out = answerTo(refused)
			return
		}
		defer func() { out.header = joined(out.header, header) }()
		res, err := s.try(c, need, h)
		if err != nil {
			out = answerTo(err)
			return
		}
		out.status = http.StatusOK
		if made, ok := res.(created); ok {
			out.status, res = http.StatusCreated, made.body
		}
		if res == nil {
			out.status = http.StatusNoContent
			return
		}
		out.raw = encode(res)
	})
	return out
}

// joined are the headers of an answer with those of its bucket; an answer's own go first.
func joined(own, bucket http.Header) http.Header {
	if bucket == nil {
		return own
	}
	out := bucket.Clone()
	maps.Copy(out, own)
	return out
}

func (s *Server) try(c *call, need access, h handle) (any, error) {
	if need == needsToken && c.r.Header.Get("Authorization") != "Bot "+s.app.token {
		return nil, unauthorized()
	}
	s.sleep()
	err := c.readMultipart()
	c.json = c.body
	if err == nil {
		err = c.checkSizes()
	}
	if err != nil {
		return nil, err
	}
	return h(c)
}

func answerTo(err error) answer {
	known, ok := errors.AsType[*apiError](err)
	if !ok {
		known = refuse(http.StatusInternalServerError, 0, "500: Internal Server Error")
	}
	out := answer{status: known.status, header: known.header.Clone(), body: known.fields()}
	if known.page != "" {
		out.page = []byte(known.page)
	}
	return out
}

func (e *apiError) fields() map[string]any {
	out := map[string]any{"code": e.Code, "message": e.Message}
	if e.Errors != nil {
		out["errors"] = e.Errors
	}
	maps.Copy(out, e.extra)
	return out
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("discordtest: cannot encode an answer: " + err.Error())
	}
	return raw
}

// bytes are the answer's body and its content type.
func (out answer) bytes() ([]byte, string) {
	switch {
	case out.page != nil:
		return out.page, "text/html; charset=UTF-8"
	case out.raw != nil:
		return out.raw, "application/json"
	case out.body != nil:
		return encode(out.body), "application/json"
	}
	return nil, ""
}

func reply(w http.ResponseWriter, out answer) {
	raw, kind := out.bytes()
	maps.Copy(w.Header(), out.header)
	if kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(out.status)
	_, _ = w.Write(raw)
}

// truncate sends the head of the answer and half its body.
func truncate(w http.ResponseWriter, out answer) {
	raw, _ := out.bytes()
	conn := hijack(w)
	_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		out.status, http.StatusText(out.status), len(raw)+1, raw[:len(raw)/2])
	_ = conn.Close()
}

// drop ends the connection without an answer, as a network failure would.
func drop(w http.ResponseWriter) { _ = hijack(w).Close() }

func hijack(w http.ResponseWriter) net.Conn {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return conn
}

// apiPath is the path without its version.
func apiPath(path string) string {
	for _, version := range []string{"/api/v9", "/api/v10"} {
		if rest, ok := strings.CutPrefix(path, version); ok {
			return rest
		}
	}
	return path
}
