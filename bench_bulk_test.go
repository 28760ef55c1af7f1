package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// BenchmarkBulkChange compares a change of 100 tickets by one mutation with the
// same change of one ticket by its own, each as a client sends it and reads the
// answer, and reports how many times as long it takes.
func BenchmarkBulkChange(b *testing.B) {
	for _, c := range []struct{ name, one, many, first, second string }{
		{"priority", "setTicketPriority", "bulkSetTicketPriority", `{"priority": "HIGH"}`, `{"priority": "LOW"}`},
		{"transfer", "transferTicket", "bulkTransferTickets", `{"queueId": "0"}`, `{"queueId": "1"}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			eachStore(b, func(b *testing.B, databaseURL string) {
				w := newBulkWorld(b, databaseURL)
				var ratios, all []float64
				for b.Loop() {
					ratios, all = nil, nil
					for i := range 60 {
						aspect := []string{c.first, c.second}[i%2]
						var one time.Duration
						for range 4 { // one takes so little that it is done more often
							one += w.changes(c.one, aspect, w.tickets[:1]) + w.changes(c.one, []string{c.second, c.first}[i%2], w.tickets[:1])
						}
						hundred := w.changes(c.many, aspect, w.tickets[1:])
						ratios, all = append(ratios, 8*float64(hundred)/float64(one)), append(all, 1000*hundred.Seconds())
					}
				}
				b.ReportMetric(median(all), "ms/100")
				b.ReportMetric(median(ratios), "x-of-one")
			})
		})
	}
}

// bulkWorld is a workspace whose agent speaks GraphQL.
type bulkWorld struct {
	*benchWorld
	door   http.Handler
	token  string
	queues []id.Queue
}

func newBulkWorld(b *testing.B, databaseURL string) *bulkWorld {
	b.Helper()
	w := &bulkWorld{benchWorld: newBenchWorld(b, databaseURL)}
	w.open(ticket.MaxBulk + 1)
	token, err := w.auth.IssueFor(b.Context(), w.workspace.ID, w.agent.Member, "", time.Hour, time.Now())
	w.check(err)
	w.token, w.door = token, w.handler()
	all, err := w.app.queues.List(b.Context(), w.system())
	w.check(err)
	w.queues = []id.Queue{all[0].ID, all[1].ID}
	return w
}

// changes sends a mutation of the tickets and tells how long it took.
func (w *bulkWorld) changes(mutation, aspect string, tickets []*ticket.Ticket) time.Duration {
	w.b.Helper()
	in := map[string]any{}
	w.check(json.Unmarshal([]byte(aspect), &in))
	if q, ok := in["queueId"].(string); ok {
		in["queueId"] = scalar.Encode(scalar.Queue, int64(w.queues[q[0]-'0']))
	}
	shown := `ticket { id version status priority queue { name } }`
	if len(tickets) == 1 {
		in["ticketId"] = scalar.Encode(scalar.Ticket, int64(tickets[0].ID))
	} else {
		shown = `results { ` + shown + ` userErrors { code } }`
		var named []any
		for _, t := range tickets {
			named = append(named, map[string]any{"id": scalar.Encode(scalar.Ticket, int64(t.ID))})
		}
		in["tickets"] = named
	}
	body, err := json.Marshal(map[string]any{"variables": map[string]any{"in": in}, "query": `mutation($in: ` +
		strings.ToUpper(mutation[:1]) + mutation[1:] + `Input!) { ` + mutation + `(input: $in) { ` + shown + ` userErrors { code } } }`})
	w.check(err)
	r := httptest.NewRequestWithContext(w.b.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+w.token)
	answer := httptest.NewRecorder()
	began := time.Now()
	w.door.ServeHTTP(answer, r)
	took := time.Since(began)
	if answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), `"code"`) || strings.Contains(answer.Body.String(), `"errors"`) {
		w.b.Fatalf("%s: %s", mutation, answer.Body)
	}
	return took
}
