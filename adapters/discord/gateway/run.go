package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/diamondburned/arikawa/v3/utils/ws"
)

// Intents say which events a session wants.
type Intents int

// The intents that the adapter asks for.
const (
	Guilds          Intents = 1 << 0
	GuildMembers    Intents = 1 << 1 // privileged
	GuildModeration Intents = 1 << 2
	GuildMessages   Intents = 1 << 9
	DirectMessages  Intents = 1 << 12
	MessageContent  Intents = 1 << 15 // privileged
)

// The ways in which Discord ends a session for good.
var (
	// ErrToken tells that the token is refused.
	ErrToken = errors.New("discord refuses the token")
	// ErrIntents tells that an intent was asked for that is not granted any more.
	ErrIntents = errors.New("discord refuses the intents")
)

// Config is what a session stands on.
type Config struct {
	URL     string // of the gateway, without parameters
	Token   string // without "Bot "
	Intents Intents
	Events  []string // names of the events to hand on, READY aside, which always is
	Logger  *slog.Logger
	// Event takes each event, in order. It must not block for long.
	Event func(name string, raw []byte)
	// Missed is called when something came that could not be read.
	Missed func()
}

// Run holds a session until ctx ends, which is no error, or until Discord ends
// it for good: ErrToken, ErrIntents, or an error that tells the close code.
func Run(ctx context.Context, c Config) error {
	s := &session{config: c}
	dial := &dialer{Conn: ws.NewConn(codec(c.Events)), session: s}
	s.conn = ws.NewGateway(ws.NewCustomWebsocket(dial, c.URL), &ws.GatewayOpts{
		ReconnectDelay: func(try int) time.Duration { return min(time.Duration(1+try)*2*time.Second, time.Minute) },
		// What no new connection can mend.
		FatalCloseCodes: []int{4004, 4010, 4011, 4012, 4013, 4014},
		DialTimeout:     20 * time.Second,
	})
	var fatal error
	for op := range s.conn.Connect(ctx, s) {
		switch data := op.Data.(type) {
		case *frame:
			if data.op == opDispatch {
				c.Event(string(data.name), data.raw)
			}
		case *ws.BackgroundErrorEvent:
			s.trouble(ctx, data.Err)
		case *ws.CloseEvent:
			fatal = ending(data)
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil //nolint:nilerr // an end that was asked for is none to report
	case fatal == nil:
		return errors.New("the session with the gateway ended")
	}
	return fatal
}

// trouble sorts what the connection's loop complains of.
func (s *session) trouble(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	if _, ok := errors.AsType[ws.UnknownEventError](err); ok {
		return
	}
	if _, ok := errors.AsType[ws.ConnectionError](err); ok {
		s.config.Logger.Warn("the gateway can't be reached", "error", err)
		return
	}
	s.config.Logger.Error("something from the gateway could not be read", "error", err)
	s.config.Missed()
}

func ending(e *ws.CloseEvent) error {
	switch e.Code {
	case 4004:
		return ErrToken
	case 4013, 4014:
		return ErrIntents
	}
	return fmt.Errorf("the gateway closed the session: %w", e.Err)
}

// dialer connects to where the session has to be resumed.
type dialer struct {
	*ws.Conn
	session *session
}

// Dial implements ws.Connection.
func (d *dialer) Dial(ctx context.Context, _ string) (<-chan ws.Op, error) {
	return d.Conn.Dial(ctx, d.session.address())
}
