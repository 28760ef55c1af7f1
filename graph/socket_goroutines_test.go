package graph_test

import (
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Who follows a queue in many tabs costs the server one goroutine for each
// subscription, and none when they are over.
func TestASubscriptionOnAWebSocketHasOneGoroutine(t *testing.T) {
	const many = 20
	h := sqlite(t)
	tk := h.Opens(t, h.Lea, h.Help)
	begun := vars{"t": ticketID(tk), "after": h.ask(t, h.Chidi, `query($t: ID!) { ticket(id: $t) { timeline(last: 1) { pageInfo { endCursor } } } }`,
		vars{"t": ticketID(tk)}).at("ticket.timeline.pageInfo.endCursor")}
	h.says(t, h.Lea, tk, "one")
	c := client{t, h.dial(t, h.serve(t).URL, h.Chidi.Name)}
	for i := range many {
		c.begin(strconv.Itoa(i), follow, begun)
	}
	for told := map[string]bool{}; len(told) < many; {
		f, err := c.next()
		if err != nil || f.Type != "next" || !strings.Contains(string(f.Payload), `"one"`) {
			t.Fatalf("%s %s %v", f.Type, f.Payload, err)
		}
		told[f.ID] = true
	}
	if n := len(following()); n != many {
		t.Errorf("%d subscriptions have %d goroutines:\n%s", many, n, strings.Join(following(), "\n\n"))
	}
	for i := range many {
		c.send(frame{ID: strconv.Itoa(i), Type: "complete"})
	}
	late := time.After(patience)
	for len(following()) > 0 {
		select {
		case <-late:
			t.Fatalf("subscriptions that are over keep\n%s", strings.Join(following(), "\n\n"))
		default:
			runtime.Gosched()
		}
	}
}

// serves finds what serves a subscription in a goroutine's stack.
var serves = regexp.MustCompile(`live\.\(\*Follower\)|transport\.\(\*wsConnection\)\.subscribe`)

// following gives the stacks of goroutines that serve subscriptions, without those of
// the streams that all share.
func following() []string {
	var all []string
	for room := 1 << 20; ; room *= 2 {
		text := make([]byte, room)
		if n := runtime.Stack(text, true); n < room {
			for stack := range strings.SplitSeq(string(text[:n]), "\n\n") {
				if serves.MatchString(stack) && !strings.Contains(stack, "(*stream).run") {
					all = append(all, stack)
				}
			}
			return all
		}
	}
}
