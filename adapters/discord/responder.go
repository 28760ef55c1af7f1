package discord

import (
	"context"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

const (
	// patience is when an interaction is acknowledged that has no answer yet;
	// Discord waits for three seconds.
	patience = 1500 * time.Millisecond
	// answerable is how long Discord takes changes of an answer, less a minute.
	answerable = 14 * time.Minute
)

// responder answers one interaction, whatever happens: in time, once, and so
// that only the person who asked sees it.
type responder struct {
	*Adapter
	interaction *wire.Interaction

	mu       sync.Mutex
	acked    bool // Discord has an answer, or was asked to wait for one
	deferred bool // it was asked to wait, and does
	timer    *time.Timer
}

func newResponder(ctx context.Context, a *Adapter, i *wire.Interaction, deferrable bool) *responder {
	r := &responder{Adapter: a, interaction: i}
	r.mu.Lock()
	defer r.mu.Unlock()
	if deferrable {
		r.timer = time.AfterFunc(patience, func() { a.safely("answer", func() { r.deferAnswer(ctx) }) })
	}
	return r
}

// deferAnswer asks Discord to wait.
func (r *responder) deferAnswer(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.acked {
		r.deferred = true
		r.first(ctx, wire.Answer{Type: wire.AnswerDeferred, Data: map[string]int{"flags": wire.Ephemeral}})
	}
}

// first gives the first answer. That it was given already is no trouble: it was
// the same one, whose confirmation got lost.
func (r *responder) first(ctx context.Context, a wire.Answer) {
	r.acked = true
	if r.timer != nil {
		r.timer.Stop()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	err := r.rest.Answer(ctx, r.interaction, a)
	if err != nil && rest.RefusalOf(err) == nil {
		err = r.rest.Answer(ctx, r.interaction, a)
	}
	if err != nil && !rest.Is(err, rest.Acknowledged) {
		r.Logger.Warn("an interaction could not be answered", "error", err)
	}
}

// show answers with a message, or replaces the one that was shown.
func (r *responder) show(ctx context.Context, p wire.Post) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(ctx, p)
}

func (r *responder) put(ctx context.Context, p wire.Post) {
	if !r.acked {
		p.Flags |= wire.Ephemeral
		r.first(ctx, wire.Answer{Type: wire.AnswerMessage, Data: p})
		return
	}
	r.deferred, p.Flags = false, 0
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.rest.EditAnswer(ctx, r.interaction, p); err != nil {
		r.Logger.Warn("an answer could not be changed", "error", err)
	}
}

// say answers with a text.
func (r *responder) say(ctx context.Context, text string) {
	r.show(ctx, wire.Post{Content: text, AllowedMentions: wire.Nobody()})
}

// raw answers with something other than a message.
func (r *responder) raw(ctx context.Context, a wire.Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.acked {
		r.first(ctx, a)
	}
}

// openings remembers who waits to be told where their new ticket is.
type openings struct {
	now     func() time.Time
	mu      sync.Mutex
	waiting map[int64]opening
}

type opening struct {
	tell func(ctx context.Context, o outlook)
	at   time.Time
}

// outlook is what becomes of a new ticket's channel.
type outlook struct {
	channel  wire.ID
	direct   bool   // they are answered by direct message
	blocked  string // key of what is in its way while there is none
	position int    // in the line of those that wait for one; 0: it waits for something else
}

const maxOpenings = 10_000

func newOpenings(now func() time.Time) *openings {
	return &openings{now: now, waiting: map[int64]opening{}}
}

// await has tell called when the ticket's channel is there, and before when
// something is in its way.
func (o *openings) await(ticket int64, tell func(ctx context.Context, o outlook)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for t, w := range o.waiting {
		if o.now().Sub(w.at) > answerable || len(o.waiting) >= maxOpenings {
			delete(o.waiting, t)
		}
	}
	o.waiting[ticket] = opening{tell: tell, at: o.now()}
}

// there tells whoever waits for the ticket where it is, once.
func (o *openings) there(ctx context.Context, ticket int64, now outlook) {
	o.mu.Lock()
	w, ok := o.waiting[ticket]
	delete(o.waiting, ticket)
	o.mu.Unlock()
	if ok && o.now().Sub(w.at) <= answerable {
		w.tell(ctx, now)
	}
}

// tell tells whoever waits for the ticket's channel what is in its way; they go
// on waiting.
func (o *openings) tell(ctx context.Context, ticket int64, now outlook) {
	o.mu.Lock()
	w, ok := o.waiting[ticket]
	o.mu.Unlock()
	if ok && o.now().Sub(w.at) <= answerable {
		w.tell(ctx, now)
	}
}

// answerOnce answers with a text unless something was answered meanwhile.
func (r *responder) answerOnce(ctx context.Context, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.acked && !r.deferred {
		return
	}
	r.put(ctx, wire.Post{Content: text, AllowedMentions: wire.Nobody()})
}
