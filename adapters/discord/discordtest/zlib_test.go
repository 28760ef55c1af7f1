package discordtest_test

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"testing"

	"github.com/gorilla/websocket"
)

func TestZlibStream(t *testing.T) {
	w := newWorld(t)
	ws, res, err := websocket.DefaultDialer.DialContext(w.ctx, w.srv.GatewayURL()+"?compress=zlib-stream", nil)
	noError(t, err)
	_ = res.Body.Close()
	defer func() { _ = ws.Close() }()
	var stream bytes.Buffer
	_, raw, err := ws.ReadMessage()
	noError(t, err)
	stream.Write(raw)
	z, err := zlib.NewReader(&stream)
	noError(t, err)
	decoder := json.NewDecoder(z)
	var hello, ready packet
	noError(t, decoder.Decode(&hello))
	same(t, "op", hello.Op, 10)
	noError(t, ws.WriteJSON(object{"op": 2, "d": object{"token": w.srv.Token(), "intents": 0}}))
	_, raw, err = ws.ReadMessage()
	noError(t, err)
	stream.Write(raw)
	noError(t, decoder.Decode(&ready))
	same(t, "event", ready.Type, "READY")
}

func TestPayloadCompression(t *testing.T) {
	w := newWorld(t)
	for range 200 {
		w.guild.Text("a-channel-of-many", nil)
	}
	s := w.dial()
	s.write(2, object{"token": w.srv.Token(), "intents": 1, "compress": true})
	kind, _, err := s.ws.ReadMessage()
	noError(t, err)
	same(t, "kind of a small frame", kind, websocket.TextMessage)
	kind, raw, err := s.ws.ReadMessage()
	noError(t, err)
	same(t, "kind of a large frame", kind, websocket.BinaryMessage)
	z, err := zlib.NewReader(bytes.NewReader(raw))
	noError(t, err)
	var create packet
	noError(t, json.NewDecoder(z).Decode(&create))
	same(t, "event", create.Type, "GUILD_CREATE")
}
