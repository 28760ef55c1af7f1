package graph

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/ticketsys/ticketsys/domain/access"
)

// closeForbidden is the protocol's close code for a connection_init that is refused.
const closeForbidden = 4403

// farewell is how long a WebSocket stays after its session, so that its streams
// can say why they end.
const farewell = 10 * time.Second

// webSocket is the transport of graphql-transport-ws.
func (r *Resolver) webSocket() graphql.Transport {
	return transport.Websocket{
		Implementation:   sockets{values: r.config.Limits.Values},
		InitFunc:         r.initialise,
		InitTimeout:      r.config.Limits.Init,
		PingPongInterval: r.config.Limits.Ping,
		PayloadReadLimit: &r.config.Limits.Body,
	}
}

// webSocketKey finds a WebSocket's *operations in the context of each of them.
type webSocketKey struct{}

// initialise finds out who opened a WebSocket: by the payload of
// connection_init, {"Authorization": "Bearer …"}, since a browser can't set
// headers on one, or else by the request's header. The connection is closed
// when what was presented ends.
func (r *Resolver) initialise(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
	session := access.FromContext(ctx)
	if token, ok := access.Bearer(payload.Authorization()); ok {
		session = r.authenticate(ctx, token, session)
	}
	ctx = access.NewContext(ctx, session)
	err := session.Check(r.config.Now())
	leave := func() {}
	if err == nil {
		leave, err = r.enterMember(session)
	}
	if err != nil {
		f, _ := r.translate(ctx, err)
		ctx = transport.WithWebsocketCloseCode(transport.AppendCloseReason(ctx, closeReason(r.text(ctx, f))), closeForbidden)
		return ctx, nil, f
	}
	context.AfterFunc(ctx, leave)
	ctx, cancel := context.WithTimeout(ctx, session.ExpiresAt.Sub(r.config.Now())+farewell) // streams end first, and say why
	context.AfterFunc(ctx, cancel)
	return context.WithValue(ctx, webSocketKey{}, &operations{}), nil, nil
}

func (r *Resolver) authenticate(ctx context.Context, token string, before access.Session) access.Session {
	session, err := r.config.Auth.Authenticate(ctx, token, r.config.Now())
	if err != nil {
		session = access.Session{Actor: access.Actor{Locale: before.Actor.Locale}, Refusal: err, Token: access.Digest(token)}
	}
	session.Address = before.Address
	return session
}

// maxReason is what a close frame takes, in bytes.
const maxReason = 123

// closeReason cuts a text so that a close frame takes it, between characters.
func closeReason(s string) string {
	for len(s) > maxReason {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
