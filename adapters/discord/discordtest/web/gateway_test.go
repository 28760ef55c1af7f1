package web_test

import (
	"github.com/gorilla/websocket"
)

// hears connects as the bot; the result waits for its next event of that name.
func (w *world) hears(name string) func() object {
	w.Helper()
	ws, res, err := websocket.DefaultDialer.DialContext(w.ctx, w.discord.GatewayURL(), nil)
	ok(w.T, err)
	_ = res.Body.Close()
	w.Cleanup(func() { _ = ws.Close() })
	ok(w.T, ws.WriteJSON(object{"op": 2, "d": object{"token": w.discord.Token(), "intents": 1}}))
	ok(w.T, w.discord.Until(w.ctx, func() bool { return w.discord.Connected() == 1 }))
	return func() object {
		w.Helper()
		deadline, _ := w.ctx.Deadline()
		ok(w.T, ws.SetReadDeadline(deadline))
		for {
			var p struct {
				Type string `json:"t"`
				Data object `json:"d"`
			}
			ok(w.T, ws.ReadJSON(&p))
			if p.Type == name {
				return p.Data
			}
		}
	}
}
