package discordtest_test

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// TestEveryKindOfRequestFault posts a message while each kind is armed for the second post.
func TestEveryKindOfRequestFault(t *testing.T) {
	names := map[string]bool{}
	for _, kind := range discordtest.FaultKinds() {
		if names[kind.Name] {
			t.Errorf("two kinds are called %q", kind.Name)
		}
		names[kind.Name] = true
		if kind.Gateway {
			continue
		}
		t.Run(kind.Name, func(t *testing.T) {
			w := newWorld(t)
			posts := discordtest.On("POST", "/channels/*/messages")
			armed := kind.Arm(w.srv, discordtest.Point{Request: posts, Nth: 2})
			w.say(w.general, object{"content": "first"}).want(200)
			same(t, "hits", armed.Hits(), 0)
			w.meets(kind, armed)
			same(t, "hits", armed.Hits(), 1)
			same(t, "has its effect", w.general.Find("second") != nil, kind.Effect)
			w.say(w.general, object{"content": "third"}).want(200)
		})
	}
}

// meets sends the second message as a client of little patience would.
func (w *world) meets(kind discordtest.FaultKind, armed *discordtest.Failure) {
	w.Helper()
	done := make(chan error, 1)
	var got answered
	go func() {
		var err error
		got, err = w.try("POST", w.messagesPath(w.general), object{"content": "second"})
		done <- err
	}()
	if strings.HasPrefix(kind.Name, "time-out") {
		noError(w.T, w.srv.Until(w.ctx, func() bool { return armed.Hits() == 1 }))
		armed.Disarm()
	}
	err := <-done
	switch {
	case kind.Name == "slow answer":
		got.want(200)
	case strings.HasPrefix(kind.Name, "429"), strings.HasPrefix(kind.Name, "50"), kind.Name == "401":
		noError(w.T, err)
		same(w.T, "status", strings.HasPrefix(kind.Name, strconv.Itoa(got.status)), true)
	case err == nil:
		w.Fatalf("answered %d", got.status)
	case kind.Name == "answer cut short" && !errors.Is(err, io.ErrUnexpectedEOF):
		w.Fatalf("error = %v", err)
	}
}

func TestProxiesAnswerPagesAndNoJSON(t *testing.T) {
	w := newWorld(t)
	for _, fault := range []discordtest.Fault{discordtest.FailBefore(502), discordtest.AddressBanned(time.Minute)} {
		w.srv.Fail(discordtest.Any, fault)
		got := w.call("GET", "/users/@me", nil)
		same(t, "type", got.header.Get("Content-Type"), "text/html; charset=UTF-8")
		same(t, "page", strings.HasPrefix(strings.ToLower(string(got.raw)), "<"), true)
		same(t, "Via", got.header.Get("Via"), "")
	}
}

// TestEveryKindOfGatewayFault has Ana post twice while each kind strikes at the first message. The bot comes back where
// it has to, and has heard both unless the kind says that what it strikes is lost.
func TestEveryKindOfGatewayFault(t *testing.T) {
	heard := map[string]string{"duplicate event": "one one two", "reordered events": "two one", "unknown event": "? one two"}
	for _, kind := range discordtest.FaultKinds() {
		if !kind.Gateway {
			continue
		}
		t.Run(kind.Name, func(t *testing.T) {
			w := newWorld(t)
			s := w.connect(everyIntent)
			armed := kind.Arm(w.srv, discordtest.Point{Event: "MESSAGE_CREATE"})
			w.posts("one")
			w.posts("two")
			same(t, "hits", armed.Hits(), 1)
			want := heard[kind.Name]
			switch {
			case !kind.Effect:
				want = ""
			case want == "":
				want = "one two"
			}
			if kind.Lasts {
				armed.Disarm()
			}
			same(t, "heard", strings.Join(s.hears(kind.Name == "zombie connection"), " "), want)
		})
	}
}

func (w *world) posts(text string) {
	w.Helper()
	_, err := w.ana.Posts(w.general, text)
	noError(w.T, err)
}

// hears is what the bot reads of the messages, as a client does that resumes whenever it can. gone says that its
// connection is silent for good.
func (s *socket) hears(gone bool) (heard []string) {
	s.Helper()
	if gone {
		s = s.resumes()
	}
	s.write(1, s.seq)
	for {
		p, err := s.next()
		switch {
		case websocket.IsCloseError(err, 4009), err == nil && p.Op == 9 && string(p.Data) == "false":
			return heard
		case err != nil, p.Op == 7, p.Op == 9:
			s = s.resumes()
			s.write(1, s.seq)
		case p.Type == "MESSAGE_CREATE":
			heard = append(heard, p.object(s.T)["content"].(string))
		case p.Type == "GUILD_SOMETHING_NEW":
			heard = append(heard, "?")
		case p.Op == 11:
			return heard
		}
	}
}

// resumes comes back with a new connection.
func (s *socket) resumes() *socket {
	s.Helper()
	_ = s.ws.Close()
	back := s.dial()
	back.session, back.seq = s.session, s.seq
	back.write(6, object{"token": s.srv.Token(), "session_id": s.session, "seq": s.seq})
	return back
}

func TestHeartbeatsWithoutAcks(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	armed := w.srv.FailEvent("MESSAGE_CREATE", discordtest.WithoutAcks())
	w.posts("one")
	s.write(1, s.seq)
	w.posts("two")
	s.event("MESSAGE_CREATE")
	s.event("MESSAGE_CREATE")
	armed.Disarm()
	s.quiet()
}

func TestAZombieConnectionIsSilent(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.srv.FailEvent("MESSAGE_CREATE", discordtest.Zombie())
	w.posts("one")
	s.write(1, s.seq)
	back := s.resumes()
	same(t, "heard again", back.event("MESSAGE_CREATE").object(t)["content"], any("one"))
	back.event("RESUMED")
}

func TestAHeldEventGoesAloneAtLast(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.srv.FailEvent("", discordtest.Swapped())
	w.posts("one")
	s.event("MESSAGE_CREATE")
}

func TestALostEventIsNeverHeardOf(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.srv.FailEvent("MESSAGE_CREATE", discordtest.Lost())
	w.posts("one")
	w.posts("two")
	same(t, "content", s.event("MESSAGE_CREATE").object(t)["content"], any("two"))
}

func TestAnUndecodableEventSaysTheSame(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.srv.FailEvent("MESSAGE_CREATE", discordtest.Undecodable())
	w.posts("one")
	m := s.event("MESSAGE_CREATE").object(t)
	same(t, "content", m["content"], any("one"))
	same(t, "flags", m["author"].(object)["public_flags"], any(float64(1<<50)))
	w.srv.FailEvent("MESSAGE_DELETE", discordtest.Undecodable())
	noError(t, w.ana.Deletes(w.general.Last()))
	if _, broken := s.event("MESSAGE_DELETE").object(t)["id"].(object); !broken {
		t.Fatal("an event without a user comes without a broken one")
	}
	same(t, "deleted", s.event("MESSAGE_DELETE").object(t)["id"], m["id"])
}

func TestTheNthRequestAndTheNthEvent(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.srv.FailNth(discordtest.On("GET", "/users/@me"), discordtest.FailBefore(500), 3)
	for _, status := range []int{200, 200, 500, 200} {
		w.call("GET", "/users/@me", nil).want(status)
	}
	armed := w.srv.FailEventNth("MESSAGE_CREATE", discordtest.Twice(), 2)
	w.posts("one")
	w.posts("two")
	for range 3 {
		s.event("MESSAGE_CREATE")
	}
	s.quiet()
	same(t, "hits", armed.Hits(), 1)
}
