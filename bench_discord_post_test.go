package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
)

const (
	gatewayTickets = 500
	gatewayPeople  = 100
	gatewayRounds  = 11
	gatewayTurn    = 500 * time.Millisecond
	// gatewayAhead is how many messages Discord is ahead of the history at most.
	gatewayAhead = 2000
)

// BenchmarkGatewayMessages compares messages that are written on Discord, from
// the gateway's MESSAGE_CREATE to the committed history, with a bare loop that
// inserts the same rows. Both take turns in one run; in the subject's, the people
// of 500 open tickets write into their channels as fast as the program takes it
// in, and the turn ends when all is committed. The imitated Discord is part of
// the subject. "path" is the adapter alone; in "program" the work that follows
// from each message, which is to take it apart for searches, competes with it for
// the processor and the database. At the end every message must be in the history
// of its ticket once, in the order in which it was written.
func BenchmarkGatewayMessages(b *testing.B) {
	for name, run := range map[string]func(*benchGuild){"path": (*benchGuild).runsBot, "program": (*benchGuild).runsWhole} {
		b.Run(name, func(b *testing.B) {
			b.Run("sqlite", func(b *testing.B) {
				folder := benchFolder(b)
				compareGateway(b, run, "sqlite://"+filepath.Join(folder, "subject.db"), "sqlite://"+filepath.Join(folder, "floor.db"))
			})
			b.Run("postgres", func(b *testing.B) {
				compareGateway(b, run, sqlstoretest.Postgres(b), sqlstoretest.Postgres(b))
			})
		})
	}
}

func compareGateway(b *testing.B, run func(*benchGuild), subject, floor string) {
	g, other := newBenchGuild(b, subject, gatewayPeople, gatewayTickets), newBenchWorld(b, floor)
	other.open(gatewayTickets)
	const writers = 64
	bare := newBareLoop(b, other, floor, writers)
	g.looksAfterChannels()
	run(g)
	l := &gatewayLoad{benchGuild: g, heard: g.happened()}
	l.settle()
	var rates, floors, ratios []float64
	for b.Loop() {
		rates, floors, ratios = nil, nil, nil
		l.turn()
		turn(b, writers, bare.inserts)
		for range gatewayRounds {
			s, f := l.turn(), median([]float64{turn(b, writers, bare.inserts), turn(b, writers, bare.inserts), turn(b, writers, bare.inserts)})
			rates, floors, ratios = append(rates, s), append(floors, f), append(ratios, s/f)
		}
	}
	l.verify()
	b.ReportMetric(median(rates), "subject/s")
	b.ReportMetric(median(floors), "floor/s")
	b.ReportMetric(100*median(ratios), "%-of-floor")
}

// gatewayLoad writes messages and knows how many are in the history.
type gatewayLoad struct {
	*benchGuild
	heard int // events in the history before the first message
	sent  int
}

// happened counts the events of the workspace.
func (g *benchGuild) happened() int {
	return g.number(`SELECT MAX(sequence) FROM events WHERE workspace_id = ?`, int64(g.workspace.ID))
}

// settle waits until every channel was read, and brings every ticket to where
// another message changes nothing but what was said.
func (l *gatewayLoad) settle() {
	soon(l.b, "the channels were read", func() bool {
		return l.discord.Count(func(r discordtest.Request) bool { return strings.HasSuffix(r.Path, "/messages") && r.Method == "GET" }) >= len(l.channels)
	})
	for range l.channels {
		l.write()
	}
	soon(l.b, "the first messages are in the history", func() bool { return l.behind() <= 0 })
	l.heard = l.happened() - l.sent
}

// write has the next channel's requester write there.
func (l *gatewayLoad) write() {
	i := l.sent % len(l.channels)
	_, err := l.people[i%len(l.people)].Posts(l.channels[i], fmt.Sprintf("%s (%d)", benchBody, l.sent))
	l.check(err)
	l.sent++
}

// behind is how many messages are not in the history yet.
func (l *gatewayLoad) behind() int { return l.heard + l.sent - l.happened() }

// turn gives how many messages a second were taken in.
func (l *gatewayLoad) turn() float64 {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	began, before := time.Now(), l.sent
	for behind := l.behind(); time.Since(began) < gatewayTurn; behind = l.behind() {
		for range gatewayAhead - behind {
			l.write()
		}
		<-look.C
	}
	soon(l.b, "all that was written is in the history", func() bool { return l.behind() <= 0 })
	took := time.Since(began)
	if l.whole {
		soon(l.b, "the channels were looked after", l.idle)
	}
	return float64(l.sent-before) / took.Seconds()
}

// verify compares the history of each ticket with its channel.
func (l *gatewayLoad) verify() {
	ctx := l.b.Context()
	rows, err := l.store.Read(ctx).Query(ctx, `SELECT ticket_id, external_id FROM events
		WHERE workspace_id = ? AND type = 'ticket.message_posted' AND channel = 'discord' ORDER BY sequence`, int64(l.workspace.ID))
	l.check(err)
	defer rows.Close()
	said := map[int64][]string{}
	for rows.Next() {
		var t int64
		var m string
		l.check(rows.Scan(&t, &m))
		if !strings.HasPrefix(m, "interaction:") {
			said[t] = append(said[t], m)
		}
	}
	l.check(rows.Err())
	for i, ch := range l.channels {
		var wrote []string
		for _, m := range ch.Messages() {
			if m.AuthorID != l.discord.BotID() {
				wrote = append(wrote, m.ID.String())
			}
		}
		if got := said[int64(l.tickets[i].ID)]; !slices.Equal(got, wrote) {
			l.b.Fatalf("%d messages were written in channel %d, and the history has %d, or another order", len(wrote), i, len(got))
		}
	}
}
