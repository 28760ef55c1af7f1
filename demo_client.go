package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
)

// client is a program that speaks GraphQL to the helpdesk as one member.
type client struct {
	http  *http.Client
	url   string
	token string
}

// as gives a client of the member that the API shows under the ID, or of the
// service member of the role.
func (d *day) as(ctx context.Context, role access.Role, member string) (client, error) {
	token, err := d.token(ctx, role, member)
	return client{http: d.http, url: d.url + "/graphql", token: token}, err
}

type graphQLError struct {
	Message string `json:"message"`
}

// ask sends an operation and reads its data into out. Asked to come back later,
// it does.
func (c client) ask(ctx context.Context, query string, variables map[string]any, out any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	for {
		wait, err := c.send(ctx, body, out)
		if wait == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// send sends the operation once, and tells how long to wait where the caller
// asked for more than it may.
func (c client) send(ctx context.Context, body []byte, out any) (wait time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+c.token)
	response, err := c.http.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []graphQLError  `json:"errors"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return 0, fmt.Errorf("graphql answered %s: %w", response.Status, err)
	}
	if len(answer.Errors) > 0 {
		return retryAfter(response), fmt.Errorf("graphql: %s", answer.Errors[0].Message)
	}
	return 0, json.Unmarshal(answer.Data, out)
}

// retryAfter is how long a response asks to wait; zero when it does not.
func retryAfter(r *http.Response) time.Duration {
	seconds, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if r.StatusCode != http.StatusTooManyRequests || err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// change sends a mutation whose payload is called result, and gives its first
// user error as an error.
func (c client) change(ctx context.Context, query string, variables map[string]any) error {
	var out struct {
		Result struct {
			UserErrors []struct{ Code, Message string }
		}
	}
	if err := c.ask(ctx, query, variables, &out); err != nil {
		return err
	}
	if e := out.Result.UserErrors; len(e) > 0 {
		return fmt.Errorf("graphql: %s: %s", e[0].Code, e[0].Message)
	}
	return nil
}

// history is a ticket's history as GraphQL tells it.
type history struct {
	ID              string
	Number          int64
	Subject, Status string
	Requester       struct{ ID, Name string }
	Assignee        *struct{ Name string }
	Lines           []line
}

type line struct {
	At           time.Time
	What, Detail string
}

const historyQuery = `query($n: Int!) {
  ticketByNumber(number: $n) {
    id number subject status requester { id name } assignee { name }
    timeline(first: 100) { nodes {
      __typename
      ... on Event { occurredAt actor { name } channel }
      ... on MessagePostedEvent { message { kind body deletedAt } }
      ... on NoteAddedEvent { message { kind body deletedAt } }
      ... on MessageEditedEvent { message { body } version }
      ... on TicketClosedEvent { reason }
      ... on TicketTransferredEvent { toQueue { name } }
      ... on ParticipantAddedEvent { member { name } }
    } }
  }
}`

// event is one line of the timeline as GraphQL gives it.
type timelineEvent struct {
	Typename   string `json:"__typename"`
	OccurredAt time.Time
	Actor      *struct{ Name string }
	Channel    string
	Message    *struct {
		Body      string
		DeletedAt *time.Time
	}
	Reason  string
	ToQueue *struct{ Name string }
	Member  *struct{ Name string }
}

// history reads a ticket back as an admin.
func (d *day) history(ctx context.Context, number int64) (*history, error) {
	admin, err := d.as(ctx, access.RoleAdmin, "")
	if err != nil {
		return nil, err
	}
	var out struct {
		TicketByNumber *struct {
			history
			Timeline struct{ Nodes []timelineEvent }
		}
	}
	if err := admin.ask(ctx, historyQuery, map[string]any{"n": number}, &out); err != nil {
		return nil, err
	}
	if out.TicketByNumber == nil {
		return nil, notSeen("ticket %d in GraphQL", number)
	}
	h := &out.TicketByNumber.history
	for _, e := range out.TicketByNumber.Timeline.Nodes {
		h.Lines = append(h.Lines, e.line())
	}
	return h, nil
}

func (e timelineEvent) line() line {
	l := line{At: e.OccurredAt, What: strings.TrimSuffix(e.Typename, "Event"), Detail: "Ticket.sys"}
	if e.Actor != nil {
		l.Detail = e.Actor.Name + " (" + strings.ToLower(e.Channel) + ")"
	}
	switch {
	case e.Message != nil && e.Message.DeletedAt != nil:
		l.Detail += ": ✗"
	case e.Message != nil:
		first, _, _ := strings.Cut(e.Message.Body, "\n")
		l.Detail += ": " + first
	case e.Reason != "":
		l.Detail += ": " + strings.ToLower(e.Reason)
	case e.ToQueue != nil:
		l.Detail += ": " + e.ToQueue.Name
	case e.Member != nil:
		l.Detail += ": " + e.Member.Name
	}
	return l
}

// GraphQL is asked again for what is expected after the first of these waits,
// and after twice as long each time, up to the second: what takes long is not
// asked for so often that the limit on requests is met.
const (
	firstReading = 10 * time.Millisecond
	lastReading  = 160 * time.Millisecond
)

// recorded waits until a ticket's history, as GraphQL tells it, is as it should be.
func (d *day) recorded(ctx context.Context, number int64, what string, holds func(*history) bool) error {
	for wait := firstReading; ; wait = min(2*wait, lastReading) {
		h, err := d.history(ctx, number)
		if err == nil && holds(h) {
			return nil
		}
		select {
		case <-ctx.Done():
			return notSeen("%s in the history of ticket %d (%v)", what, number, err)
		case <-time.After(wait):
		}
	}
}

// has reports whether the history has a line of the kind with the words in it.
func (h *history) has(what, words string) bool {
	for _, l := range h.Lines {
		if l.What == what && strings.Contains(l.Detail, words) {
			return true
		}
	}
	return false
}
