package discordtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// clock moves only when it is told to.
type clock struct {
	mu  sync.Mutex
	at  time.Time
	srv *discordtest.Server
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	c.at = c.at.Add(d)
	c.mu.Unlock()
	c.srv.Wake()
}

// world is a guild with a requester, a supporter and the bot, and a raw client in the bot's place.
type world struct {
	*testing.T
	ctx     context.Context
	srv     *discordtest.Server
	clock   *clock
	guild   *discordtest.Guild
	general *discordtest.Channel
	support *discordtest.Role
	ana     *discordtest.Member
	max     *discordtest.Member
}

func newWorld(t *testing.T, bot ...discordtest.Permission) *world {
	t.Helper()
	return worldWith(t, discordtest.Options{}, bot...)
}

func worldWith(t *testing.T, opts discordtest.Options, bot ...discordtest.Permission) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	c := &clock{at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	opts.Now = c.now
	life := t.Context()
	opts.Wrong = func(n discordtest.Nonconformity) {
		// What the server refuses need not conform.
		if life.Err() == nil && (n.Answer || n.Request.Status < 400) {
			t.Error(n)
		}
	}
	srv := discordtest.StartFor(t, opts)
	c.srv = srv
	w := &world{T: t, ctx: ctx, srv: srv, clock: c}
	w.guild = srv.Guild("Acme", discordtest.WithOwner("Olga"))
	w.support = w.guild.Role("support")
	w.ana = w.guild.Member("Ana", discordtest.Locale("fr"))
	w.max = w.guild.Member("Max", w.support)
	w.guild.AddBot(bot...)
	w.general = w.guild.Channel("general")
	return w
}

// object is any JSON object.
type object = map[string]any

// answered is a REST answer.
type answered struct {
	*world
	status int
	header http.Header
	raw    []byte
}

func (w *world) call(method, path string, body any) answered {
	w.Helper()
	out, err := w.try(method, path, body)
	if err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
	return out
}

func (w *world) try(method, path string, body any) (answered, error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return answered{}, err
		}
		reader = bytes.NewReader(raw)
	}
	return w.send(method, path, "application/json", "Bot "+w.srv.Token(), reader)
}

// get is an unauthorized request for a whole path.
func (w *world) get(path string) answered {
	w.Helper()
	out, err := w.do("GET", path, "", "", nil)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *world) send(method, path, kind, auth string, body io.Reader) (answered, error) {
	return w.do(method, "/api/v10"+path, kind, auth, body)
}

func (w *world) do(method, path, kind, auth string, body io.Reader) (answered, error) {
	req, err := http.NewRequestWithContext(w.ctx, method, w.srv.APIURL()+path, body)
	if err != nil {
		return answered{}, err
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", auth)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answered{}, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	return answered{w, res.StatusCode, res.Header, raw}, err
}

// object is the answer, which must have the status.
func (a answered) object(status int) object {
	a.Helper()
	a.want(status)
	var out object
	a.decode(&out)
	return out
}

func (a answered) list(status int) []object {
	a.Helper()
	a.want(status)
	var out []object
	a.decode(&out)
	return out
}

func (a answered) decode(v any) {
	a.Helper()
	if err := json.Unmarshal(a.raw, v); err != nil {
		a.Fatalf("%s: %v", a.raw, err)
	}
}

func (a answered) want(status int) {
	a.Helper()
	if a.status != status {
		a.Fatalf("status %d, want %d: %s", a.status, status, a.raw)
	}
}

// refused wants an error of Discord's.
func (a answered) refused(status, code int) object {
	a.Helper()
	out := a.object(status)
	if out["code"] != float64(code) {
		a.Fatalf("code %v, want %d: %s", out["code"], code, a.raw)
	}
	return out
}

// formError wants a form error with that code at the field.
func (a answered) formError(code string, path ...string) {
	a.Helper()
	at, _ := a.refused(http.StatusBadRequest, 50035)["errors"].(object)
	for _, step := range path {
		at, _ = at[step].(object)
	}
	list, _ := at["_errors"].([]any)
	for _, one := range list {
		if one.(object)["code"] == code {
			return
		}
	}
	a.Fatalf("no %s at %v: %s", code, path, a.raw)
}

// socket is a raw gateway client.
type socket struct {
	*world
	ws      *websocket.Conn
	session string
	seq     int
}

type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int            `json:"s"`
	Type string          `json:"t"`
}

func (p packet) object(t *testing.T) object {
	t.Helper()
	var out object
	if err := json.Unmarshal(p.Data, &out); err != nil {
		t.Fatalf("%s: %v", p.Data, err)
	}
	return out
}

func (w *world) dial() *socket {
	w.Helper()
	ws, res, err := websocket.DefaultDialer.DialContext(w.ctx, w.srv.GatewayURL()+"?v=10&encoding=json", nil)
	if err != nil {
		w.Fatal(err)
	}
	_ = res.Body.Close()
	w.Cleanup(func() { _ = ws.Close() })
	s := &socket{world: w, ws: ws}
	if hello := s.read(); hello.Op != 10 {
		w.Fatalf("hello = %+v", hello)
	}
	return s
}

const everyIntent = discordtest.IntentGuilds | discordtest.IntentGuildMembers | discordtest.IntentGuildMessages |
	discordtest.IntentDirectMessages | discordtest.IntentMessageContent | discordtest.IntentGuildMessageReactions |
	discordtest.IntentGuildWebhooks

// connect identifies and reads until all guilds are there.
func (w *world) connect(intents discordtest.Intent) *socket {
	w.Helper()
	s := w.dial()
	s.write(2, object{"token": w.srv.Token(), "intents": intents, "properties": object{}})
	ready := s.event("READY").object(w.T)
	s.session = ready["session_id"].(string)
	if intents.Has(discordtest.IntentGuilds) {
		for range ready["guilds"].([]any) {
			s.event("GUILD_CREATE")
		}
	}
	return s
}

func (s *socket) write(op int, data any) {
	s.Helper()
	if err := s.ws.WriteJSON(object{"op": op, "d": data}); err != nil {
		s.Fatal(err)
	}
}

func (s *socket) read() packet {
	s.Helper()
	p, err := s.next()
	if err != nil {
		s.Fatal(err)
	}
	return p
}

func (s *socket) next() (p packet, err error) {
	deadline, _ := s.ctx.Deadline()
	_ = s.ws.SetReadDeadline(deadline)
	if err := s.ws.ReadJSON(&p); err != nil {
		return p, err
	}
	if p.Seq != nil {
		s.seq = *p.Seq
	}
	return p, nil
}

// event is the next dispatch, which must have that name.
func (s *socket) event(name string) packet {
	s.Helper()
	p := s.read()
	if p.Type != name {
		s.Fatalf("event %d %s %s, want %s", p.Op, p.Type, p.Data, name)
	}
	return p
}

// until reads dispatches up to the first of that name.
func (s *socket) until(name string) packet {
	s.Helper()
	for {
		if p := s.read(); p.Type == name {
			return p
		}
	}
}

// quiet wants nothing sent so far: the answer to a heartbeat is the next thing that comes.
func (s *socket) quiet() {
	s.Helper()
	s.write(1, s.seq)
	if p := s.read(); p.Op != 11 {
		s.Fatalf("unexpected %d %s %s", p.Op, p.Type, p.Data)
	}
}

// closed wants the connection to end with a close code.
func (s *socket) closed(code int) {
	s.Helper()
	for {
		_, err := s.next()
		if err == nil {
			continue
		}
		if !websocket.IsCloseError(err, code) {
			s.Fatalf("ended with %v, want close code %d", err, code)
		}
		return
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s = %v, want %v", what, got, want)
	}
}
