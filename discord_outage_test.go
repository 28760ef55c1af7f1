package main_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// What happens while nobody listens.
const (
	outageTickets  = 30
	outageMessages = 200
	outageEdits    = 20
	outageDeletes  = 20
	outageLosses   = 3 // of channels
	outagePatience = 90 * time.Second
)

// outage is a guild with many tickets, and what each of them should say.
type outage struct {
	*guildWorld
	dice    *rand.Rand
	tickets []*outageTicket
}

type outageTicket struct {
	id      id.Ticket
	channel *discordtest.Channel
	said    []*outageLine
}

// outageLine is a message that a member wrote, and what the history should hold of it.
type outageLine struct {
	message  *discordtest.Message
	versions []string // "" for one that nobody saw
	deleted  bool
	unheard  bool // it was posted while nobody listened, and deleted then with or without its channel
}

func newOutage(t *testing.T, url string) *outage {
	t.Helper()
	o := &outage{guildWorld: newGuildWorldOn(t, url, outagePatience, nil), dice: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // a story, not a secret
	o.meet()
	for n := range outageTickets {
		ch := o.opens(o.ana, fmt.Sprintf("Ticket %d", n))
		at := &outageTicket{id: o.ticketIn(ch).ID, channel: ch}
		o.tickets = append(o.tickets, at)
		for i := range 4 {
			o.says(at, fmt.Sprintf("before %d", i))
		}
	}
	o.until("all was taken in before the outage", func() bool { return o.differs() == "" })
	return o
}

func (o *outage) says(at *outageTicket, text string) *outageLine {
	o.t.Helper()
	m, err := o.ana.Posts(at.channel, text)
	ok(o.t, err)
	line := &outageLine{message: m, versions: []string{text}}
	at.said = append(at.said, line)
	return line
}

// any picks a line that can still be changed, heard of before or not.
func (o *outage) any(heard int) *outageLine {
	for {
		at := o.tickets[o.dice.IntN(len(o.tickets))]
		i := o.dice.IntN(len(at.said))
		if line := at.said[i]; (i < heard) == (heard > 0) && !line.deleted && !line.unheard && len(line.versions) == 1 {
			return line
		}
	}
}

// happen lets everything happen that is to be found out afterwards.
func (o *outage) happen() {
	o.t.Helper()
	before := len(o.tickets[0].said)
	for n := range outageMessages {
		o.says(o.tickets[o.dice.IntN(len(o.tickets))], fmt.Sprintf("meanwhile %03d", n))
	}
	for n := range outageEdits {
		line, heard := o.any(before), true
		if n%4 == 3 {
			line, heard = o.news(before), false
		}
		text := fmt.Sprintf("corrected %02d", n)
		ok(o.t, o.ana.Edits(line.message, text))
		line.versions = append(line.versions, text)
		if !heard {
			line.versions[0] = ""
		}
	}
	for n := range outageDeletes {
		line, heard := o.any(before), true
		if n%4 == 3 {
			line, heard = o.news(before), false
		}
		ok(o.t, o.ana.Deletes(line.message))
		line.deleted, line.unheard = heard, !heard
	}
	for n := range outageLosses {
		at := o.tickets[n]
		ok(o.t, o.guild.Owner().DeletesChannel(at.channel))
		o.lose(at, before)
	}
}

// news picks a line that was written while nobody listened.
func (o *outage) news(before int) *outageLine {
	for {
		at := o.tickets[o.dice.IntN(len(o.tickets))]
		if len(at.said) == before {
			continue
		}
		if line := at.said[before+o.dice.IntN(len(at.said)-before)]; !line.unheard && len(line.versions) == 1 {
			return line
		}
	}
}

// lose forgets what cannot be known any more of a channel that is gone: nobody
// is told what was written, edited or deleted in it while nobody listened.
func (o *outage) lose(at *outageTicket, before int) {
	for i, line := range at.said {
		line.deleted, line.unheard = false, i >= before
		line.versions = line.versions[:1]
	}
}

// differs tells the first ticket whose talk is not as it should be, and how; ""
// if there is none.
func (o *outage) differs() string {
	for _, at := range o.tickets {
		var want []string
		for _, line := range at.said {
			if line.unheard {
				continue
			}
			text := strings.Join(line.versions, " → ")
			if line.deleted {
				text += " (deleted)"
			}
			want = append(want, text)
		}
		if got := o.wrote(at.id); !slices.Equal(got, want) {
			return fmt.Sprintf("in ticket %s\n%s\nwant\n%s", at.id, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	return ""
}

// wrote gives what members wrote in a ticket's channel, in order, each with all
// its texts. One that nobody saw is empty.
func (o *outage) wrote(t id.Ticket) []string {
	var all []string
	for _, m := range o.messages(t) {
		if m.Side != ticket.FromRequester || strings.HasPrefix(m.ExternalID, "interaction:") {
			continue
		}
		found, err := o.services.Tickets.Versions(o.ctx, o.system(), m.ID)
		ok(o.t, err)
		var texts []string
		for _, v := range found[m.ID] {
			texts = append(texts, make([]string, int(v.Number)-len(texts))...)
			texts[v.Number-1] = v.Body
		}
		line := strings.Join(texts, " → ")
		if !m.DeletedAt.IsZero() {
			line += " (deleted)"
		}
		all = append(all, line)
	}
	return all
}

// messages are all of a ticket, in order.
func (w *guildWorld) messages(t id.Ticket) []*ticket.Message {
	w.t.Helper()
	var all []*ticket.Message
	for after := page.Cursor(nil); ; {
		pages, err := w.services.Tickets.Messages(w.ctx, w.system(), query.Query{}, page.Request{First: page.MaxSize, After: after}, t)
		ok(w.t, err)
		all = append(all, pages[t].Items...)
		if !pages[t].HasNext {
			return all
		}
		after = ticket.MessageCursor(all[len(all)-1])
	}
}

// TestDiscordOutage has nobody listen while much happens in many tickets. Then
// all of it is in the history, in order, once: the texts before an edit that
// nobody saw are missing, and known to be.
func TestDiscordOutage(t *testing.T) {
	for name, away := range map[string]func(*outage) func(){
		"the gateway is away": func(o *outage) func() {
			o.discord.ForgetSessions()
			return o.discord.Outage()
		},
		"the program is down": func(o *outage) func() {
			o.stop()
			return o.start
		},
	} {
		t.Run(name, func(t *testing.T) {
			sqlstoretest.EachURL(t, func(t *testing.T, url string) {
				t.Parallel()
				o := newOutage(t, url)
				back := away(o)
				o.happen()
				back()
				o.finds()
				o.loses()
				o.stop()
				o.start() // which finds nothing new
				line := o.says(o.tickets[outageTickets-1], "after all")
				o.finds()
				if line.deleted {
					t.Error("what was said last is gone")
				}
			})
		})
	}
}

// finds waits until every ticket says what it should.
func (o *outage) finds() {
	o.t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		left := o.differs()
		if left == "" {
			return
		}
		select {
		case <-again.C:
		case <-o.ctx.Done():
			o.t.Fatal(left)
		}
	}
}

// loses waits until each channel that was deleted was replaced.
func (o *outage) loses() {
	o.t.Helper()
	o.until("the deleted channels were replaced", func() bool {
		for _, at := range o.tickets[:outageLosses] {
			v, err := o.services.Tickets.Get(o.ctx, o.system(), at.id)
			if err != nil || !o.isQuiet(v) {
				return false
			}
		}
		return true
	})
}
