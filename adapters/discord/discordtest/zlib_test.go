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
	s := w.dial()
	s.write(2, object{"token": w.srv.Token(), "intents": 0, "compress": true})
	kind, raw, err := s.ws.ReadMessage()
	noError(t, err)
	same(t, "kind of frame", kind, websocket.BinaryMessage)
	z, err := zlib.NewReader(bytes.NewReader(raw))
	noError(t, err)
	var ready packet
	noError(t, json.NewDecoder(z).Decode(&ready))
	same(t, "event", ready.Type, "READY")
}
