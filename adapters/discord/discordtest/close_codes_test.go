package discordtest_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestABotThatFloodsTheGatewayIsClosed(t *testing.T) {
	w := newWorld(t)
	s := w.connect(0)
	for range 119 {
		s.quiet()
	}
	w.clock.forward(time.Minute)
	for range 120 {
		s.quiet()
	}
	s.write(1, s.seq)
	s.closed(4008)
}

func TestASequenceFromTheFutureIsRefused(t *testing.T) {
	w := newWorld(t)
	s := w.connect(0)
	back := w.dial()
	back.write(6, object{"token": w.srv.Token(), "session_id": s.session, "seq": s.seq + 5})
	back.closed(4007)
}

func TestAnUnknownVersionIsRefused(t *testing.T) {
	w := newWorld(t)
	ws, res, err := websocket.DefaultDialer.DialContext(w.ctx, w.srv.GatewayURL()+"?v=3", nil)
	noError(t, err)
	_ = res.Body.Close()
	s := &socket{world: w, ws: ws}
	s.closed(4012)
}

func TestTheGatewayMayAskForAHeartbeat(t *testing.T) {
	w := newWorld(t)
	s := w.connect(0)
	w.srv.DemandHeartbeats()
	same(t, "op", s.read().Op, 1)
}
