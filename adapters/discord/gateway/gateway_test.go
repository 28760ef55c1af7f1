package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/discord/gateway"
)

// heard is what a session handed on.
type heard struct {
	mu     sync.Mutex
	names  []string
	raw    map[string]string
	missed int
	change chan struct{}
}

func (h *heard) event(name string, raw []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.names = append(h.names, name)
	h.raw[name] = string(raw)
	h.wake()
}

func (h *heard) miss() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.missed++
	h.wake()
}

func (h *heard) wake() {
	close(h.change)
	h.change = make(chan struct{})
}

func (h *heard) count(name string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, other := range h.names {
		if other == name {
			n++
		}
	}
	return n
}

// until waits for what was heard to fulfil a condition.
func (h *heard) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(15 * time.Second)
	defer deadline.Stop()
	for {
		h.mu.Lock()
		next := h.change
		h.mu.Unlock()
		if cond() {
			return
		}
		select {
		case <-next:
		case <-deadline.C:
			t.Fatalf("waited in vain until %s; heard %v", what, h.names)
		}
	}
}

type world struct {
	*heard
	t     *testing.T
	srv   *discordtest.Server
	guild *discordtest.Guild
	ana   *discordtest.Member
	end   func() error
}

// start runs a session with a Discord that has one guild.
func start(t *testing.T, o discordtest.Options, change func(*gateway.Config)) *world {
	t.Helper()
	o.Now = time.Now
	srv, err := discordtest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	w := &world{t: t, srv: srv, guild: srv.Guild("Acme"), heard: &heard{raw: map[string]string{}, change: make(chan struct{})}}
	w.ana = w.guild.Member("Ana")
	w.guild.AddBot()
	c := gateway.Config{
		URL: srv.GatewayURL(), Token: srv.Token(), Intents: gateway.Guilds | gateway.GuildMessages | gateway.MessageContent,
		Events: []string{"GUILD_CREATE", "MESSAGE_CREATE", "RESUMED"}, Logger: slog.New(slog.DiscardHandler),
		Event: w.event, Missed: w.miss,
	}
	if change != nil {
		change(&c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- gateway.Run(ctx, c) }()
	var once sync.Once
	var last error
	w.end = func() error {
		once.Do(func() {
			cancel()
			last = <-ended
		})
		return last
	}
	t.Cleanup(func() { _ = w.end() })
	return w
}

func (w *world) posts(text string) {
	w.t.Helper()
	if _, err := w.ana.Posts(w.guild.Channel("general"), text); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ready() {
	w.t.Helper()
	w.until(w.t, "the guild was told of", func() bool { return w.count("GUILD_CREATE") == 1 })
}

func TestSessionHandsEventsOnInOrder(t *testing.T) {
	w := start(t, discordtest.Options{}, nil)
	w.ready()
	w.posts("hello")
	w.until(t, "the message came", func() bool { return w.count("MESSAGE_CREATE") == 1 })
	if !slices.Equal(w.names, []string{"READY", "GUILD_CREATE", "MESSAGE_CREATE"}) {
		t.Errorf("heard %v", w.names)
	}
	var m struct{ Content string }
	if err := json.Unmarshal([]byte(w.raw["MESSAGE_CREATE"]), &m); err != nil || m.Content != "hello" {
		t.Errorf("%q %v", w.raw["MESSAGE_CREATE"], err)
	}
	if err := w.end(); err != nil {
		t.Errorf("an end that was asked for is reported: %v", err)
	}
	if w.missed != 0 {
		t.Errorf("%d events were missed", w.missed)
	}
}

// atOnce runs subtests beside each other, whatever the number of processors:
// each waits for seconds before it may connect anew, as Discord wants it.
func atOnce(t *testing.T, cases map[string]func(t *testing.T)) {
	t.Helper()
	var all sync.WaitGroup
	for name, run := range cases {
		all.Go(func() { t.Run(name, run) })
	}
	all.Wait()
}

// resumed is the story of a session that is cut and comes back.
func resumed(cut func(*discordtest.Server)) func(*testing.T) {
	return func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		w.ready()
		cut(w.srv)
		w.posts("meanwhile")
		w.until(t, "the message came after all", func() bool { return w.count("MESSAGE_CREATE") == 1 })
		w.until(t, "the session was resumed", func() bool { return w.count("RESUMED") == 1 })
		if w.count("READY") != 1 {
			t.Error("another session began")
		}
	}
}

// anew is the story of a session that cannot be resumed.
func anew(cut func(*discordtest.Server)) func(*testing.T) {
	return func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		w.ready()
		cut(w.srv)
		w.until(t, "another session began", func() bool { return w.count("READY") == 2 })
		w.posts("after")
		w.until(t, "events come", func() bool { return w.count("MESSAGE_CREATE") == 1 })
	}
}

// deaf is the story of a connection on which nobody answers.
func deaf(t *testing.T) {
	w := start(t, discordtest.Options{HeartbeatInterval: 200 * time.Millisecond}, nil)
	w.ready()
	again := w.srv.StopAcks()
	w.until(t, "the session was resumed", func() bool { return w.count("RESUMED") >= 1 })
	again()
	w.posts("still there")
	w.until(t, "events come", func() bool { return w.count("MESSAGE_CREATE") == 1 })
}

func TestSessionOutlivesItsConnection(t *testing.T) {
	atOnce(t, map[string]func(*testing.T){
		"dropped":        resumed((*discordtest.Server).DropConnections),
		"asked to":       resumed((*discordtest.Server).Reconnect),
		"closed":         resumed(func(s *discordtest.Server) { s.CloseConnections(4000, "Unknown error") }),
		"op 9 resumable": resumed(func(s *discordtest.Server) { s.InvalidSession(true) }),
		"op 9":           anew(func(s *discordtest.Server) { s.InvalidSession(false) }),
		"timed out":      anew(func(s *discordtest.Server) { s.CloseConnections(4009, "Session timed out") }),
		"forgotten": anew(func(s *discordtest.Server) {
			s.ForgetSessions()
			s.DropConnections()
		}),
		"no answers": deaf,
	})
}

func TestUnknownEventsAreLeftOut(t *testing.T) {
	w := start(t, discordtest.Options{}, nil)
	w.ready()
	w.srv.SendRaw("SOMETHING_NEW", json.RawMessage(`{"a":1}`))
	w.srv.SendRaw("MESSAGE_CREATE", json.RawMessage(`"whatever it is"`))
	w.srv.SendRaw("MESSAGE_CREATE", json.RawMessage(`null`))
	w.posts("hello")
	w.until(t, "all that is known came", func() bool { return w.count("MESSAGE_CREATE") == 3 })
	if w.count("SOMETHING_NEW") != 0 || w.missed != 0 {
		t.Errorf("heard %v, missed %d", w.names, w.missed)
	}
}

func TestDiscordMayEndASessionForGood(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*gateway.Config)
		want   error
	}{
		"token":   {func(c *gateway.Config) { c.Token = "nonsense" }, gateway.ErrToken},
		"intents": {func(c *gateway.Config) { c.Intents |= gateway.GuildMembers }, gateway.ErrIntents},
	} {
		t.Run(name, func(t *testing.T) {
			srv, err := discordtest.Start(discordtest.Options{Now: time.Now, RefuseIntents: discordtest.IntentGuildMembers})
			if err != nil {
				t.Fatal(err)
			}
			defer srv.Close()
			config := gateway.Config{
				URL: srv.GatewayURL(), Token: srv.Token(), Intents: gateway.Guilds, Logger: slog.New(slog.DiscardHandler),
				Event: func(string, []byte) {}, Missed: func() {},
			}
			c.change(&config)
			if err := gateway.Run(t.Context(), config); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestDiscordMayCloseASessionForGood(t *testing.T) {
	srv, err := discordtest.Start(discordtest.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	err = gateway.Run(t.Context(), gateway.Config{
		URL: srv.GatewayURL(), Token: srv.Token(), Intents: gateway.Guilds, Logger: slog.New(slog.DiscardHandler),
		Event: func(string, []byte) { srv.CloseConnections(4010, "Invalid shard") }, Missed: func() {},
	})
	if err == nil || errors.Is(err, gateway.ErrToken) || errors.Is(err, gateway.ErrIntents) {
		t.Errorf("%v", err)
	}
}

func TestAnAddressThatIsNoneIsTriedUntilTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var warned heard
	warned.raw, warned.change = map[string]string{}, make(chan struct{})
	log := slog.New(slog.NewTextHandler(writer(func() { warned.event("warned", nil) }), nil))
	done := make(chan error, 1)
	go func() {
		done <- gateway.Run(ctx, gateway.Config{
			URL: "ws://127.0.0.1:1/%zz", Logger: log, Event: func(string, []byte) {}, Missed: func() {},
		})
	}()
	warned.until(t, "it was said", func() bool { return warned.count("warned") > 0 })
	cancel()
	if err := <-done; err != nil {
		t.Errorf("an end that was asked for is reported: %v", err)
	}
}

type writer func()

func (w writer) Write(p []byte) (int, error) {
	w()
	return len(p), nil
}
