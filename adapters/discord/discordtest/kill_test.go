package discordtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// TestMain is a small bot of its own process when it is called as one.
func TestMain(m *testing.M) {
	if os.Getenv("DISCORDTEST_BOT") == "" {
		os.Exit(m.Run())
	}
	if err := pongBot(os.Getenv("DISCORDTEST_API"), os.Getenv("DISCORDTEST_GATEWAY"), os.Getenv("DISCORDTEST_TOKEN")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pongBot answers what stands in the first guild's first channel, then what is said there, with one nonce per message.
func pongBot(api, gateway, token string) error {
	ws, res, err := websocket.DefaultDialer.Dial(gateway, nil)
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	if err := ws.WriteJSON(object{"op": 2, "d": object{"token": token, "intents": everyIntent}}); err != nil {
		return err
	}
	for {
		var p struct {
			Type string `json:"t"`
			Data struct {
				ID        string
				ChannelID string `json:"channel_id"`
				Content   string
				Channels  []struct {
					ID string
				}
			} `json:"d"`
		}
		if err := ws.ReadJSON(&p); err != nil {
			return err
		}
		switch {
		case p.Type == "GUILD_CREATE":
			err = catchUp(api, token, p.Data.Channels[0].ID)
		case p.Type == "MESSAGE_CREATE" && p.Data.Content == "ping":
			err = pong(api, token, p.Data.ChannelID, p.Data.ID)
		}
		if err != nil {
			return err
		}
	}
}

func catchUp(api, token, channel string) error {
	raw, err := botCall(http.MethodGet, api+"/api/v10/channels/"+channel+"/messages", token, nil)
	if err != nil {
		return err
	}
	var messages []struct{ ID, Content string }
	if err := json.Unmarshal(raw, &messages); err != nil {
		return err
	}
	for _, m := range messages {
		if m.Content == "ping" {
			if err := pong(api, token, channel, m.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func pong(api, token, channel, id string) error {
	_, err := botCall(http.MethodPost, api+"/api/v10/channels/"+channel+"/messages", token,
		object{"content": "pong", "nonce": id, "enforce_nonce": true})
	return err
}

func botCall(method, url, token string, body any) ([]byte, error) {
	var reader io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, url, reader) //nolint:noctx // the process lives until it is killed
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bot "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	return io.ReadAll(res.Body)
}

// runBot starts the bot's process.
func (w *world) runBot() *exec.Cmd {
	w.Helper()
	bot := exec.CommandContext(w.ctx, os.Args[0])
	bot.Env = []string{
		"DISCORDTEST_BOT=1", "DISCORDTEST_API=" + w.srv.APIURL(),
		"DISCORDTEST_GATEWAY=" + w.srv.GatewayURL(), "DISCORDTEST_TOKEN=" + w.srv.Token(),
	}
	noError(w.T, bot.Start())
	noError(w.T, w.srv.Until(w.ctx, func() bool { return w.srv.Connected() == 1 }))
	return bot
}

// TestABotThatIsKilledComesBack kills the bot's process at both moments of its post, and starts it again.
func TestABotThatIsKilledComesBack(t *testing.T) {
	for when, name := range map[discordtest.Phase]string{discordtest.Before: "before", discordtest.After: "after"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			bot := w.runBot()
			posts := discordtest.On("POST", "/channels/*/messages")
			remove := w.srv.OnRequest(func(r discordtest.Request) {
				if r.Phase == when && posts(r) {
					_ = bot.Process.Kill()
					_ = bot.Wait()
				}
			})
			_, err := w.ana.Posts(w.general, "ping")
			noError(t, err)
			noError(t, w.srv.Until(w.ctx, func() bool { return w.srv.Connected() == 0 && w.srv.Count(posts) == 1 }))
			remove()
			again := w.runBot()
			noError(t, w.srv.Until(w.ctx, func() bool { return w.srv.Count(posts) == 2 }))
			_ = again.Process.Kill()
			_ = again.Wait()
			same(t, "messages", len(w.general.Messages()), 2)
			same(t, "answer", w.general.Last().Content, "pong")
		})
	}
}
