package discordtest_test

import (
	"slices"
	"testing"
)

// TestAHookHearsOfAnEventBeforeTheBotDoes asks for events until the hook is gone.
func TestAHookHearsOfAnEventBeforeTheBotDoes(t *testing.T) {
	w := newWorld(t)
	var told []string
	remove := w.srv.OnEvent(func(name string) { told = append(told, name) })
	_, err := w.ana.Posts(w.general, "nobody listens")
	noError(t, err)
	same(t, "events without a bot", len(told), 0)
	bot := w.runBot()
	_, err = w.ana.Posts(w.general, "somebody listens")
	noError(t, err)
	same(t, "the message was announced", slices.Contains(told, "MESSAGE_CREATE"), true)
	remove()
	heard := len(told)
	_, err = w.ana.Posts(w.general, "nobody hears of it")
	noError(t, err)
	same(t, "events after the hook is gone", len(told), heard)
	_ = bot.Process.Kill()
	_ = bot.Wait()
}
