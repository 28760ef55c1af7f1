package main_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// busyWorld is a guild with so many tickets whose channels are all taken in, and
// a program that is not running.
func busyWorld(t *testing.T, tickets int) (*guildWorld, []*discordtest.Channel) {
	t.Helper()
	w := newGuildWorld(t, nil)
	var channels []*discordtest.Channel
	for n := range tickets {
		channels = append(channels, w.opens(w.ana, fmt.Sprintf("Ticket %d", n)))
	}
	for _, ch := range channels {
		w.quiet(w.ticketIn(ch))
	}
	w.stop()
	w.start() // which takes in what the program itself posted
	w.until("every channel was read", func() bool {
		for _, ch := range channels {
			s, err := w.surfaceIn(ch)
			if err != nil || s.SeenID != ch.Messages()[len(ch.Messages())-1].ID.String() {
				return false
			}
		}
		return true
	})
	w.stop()
	return w, channels
}

// surfaceIn gives what was recorded of a ticket's channel.
func (w *guildWorld) surfaceIn(ch *discordtest.Channel) (*channel.Surface, error) {
	return w.services.Channels.ByExternal(w.ctx, w.system(), event.ChannelDiscord, ch.ID().String())
}

// historyOf gives the channel whose history a request asks for.
func historyOf(r discordtest.Request) (string, bool) {
	rest, ok := strings.CutPrefix(r.Path, "/channels/")
	ch, what, _ := strings.Cut(rest, "/")
	return ch, ok && r.Method == "GET" && what == "messages"
}

func TestDiscordReadsFirstWhatMovedMeanwhile(t *testing.T) {
	w, channels := busyWorld(t, 12)
	news := map[string]bool{}
	for _, n := range []int{11, 7} {
		_, err := w.ana.Posts(channels[n], "Is anybody there?")
		ok(t, err)
		news[channels[n].ID().String()] = true
	}
	var mu sync.Mutex
	var read []string
	remove := w.discord.OnRequest(func(r discordtest.Request) {
		if ch, is := historyOf(r); is && r.Phase == discordtest.Before {
			mu.Lock()
			defer mu.Unlock()
			read = append(read, ch)
		}
	})
	defer remove()
	w.start()
	w.until("every channel was read again", func() bool {
		mu.Lock()
		defer mu.Unlock()
		seen := map[string]bool{}
		for _, ch := range read {
			seen[ch] = true
		}
		return len(seen) == len(channels)
	})
	mu.Lock()
	defer mu.Unlock()
	if !news[read[0]] || !news[read[1]] || read[0] == read[1] {
		t.Errorf("read in the order %q, want those with news first: %v", read, news)
	}
	for _, n := range []int{11, 7} {
		if said := w.talk(w.ticketIn(channels[n]).ID); !slices.Contains(said, "reply/requester: Is anybody there?") {
			t.Errorf("ticket %d says %q", n, said)
		}
	}
}

// While no history can be read, people are answered all the same.
func TestDiscordAnswersBeforeWhatWasMissedIsRead(t *testing.T) {
	w, channels := busyWorld(t, 12)
	missed, err := w.ana.Posts(channels[3], "Is anybody there?")
	ok(t, err)
	free := make(chan struct{})
	var once sync.Once
	defer once.Do(func() { close(free) })
	remove := w.discord.OnRequest(func(r discordtest.Request) {
		if _, is := historyOf(r); is && r.Phase == discordtest.Before {
			<-free
		}
	})
	defer remove()
	w.start()
	w.until("the bot is there", func() bool { return w.discord.Connected() == 1 })
	form := w.ana.Runs(w.ctx, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "Support"})
	ok(t, form.Wait(w.ctx))
	if form.Modal() == nil {
		t.Fatalf("no form was shown: %+v", form.Reply())
	}
	once.Do(func() { close(free) })
	v := w.ticketIn(channels[3])
	w.until("what was missed is taken in", func() bool {
		return slices.Contains(w.talk(v.ID), "reply/requester: "+missed.Text())
	})
}
