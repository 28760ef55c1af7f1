package live_test

import (
	"context"
	cryptorand "crypto/rand"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
	"github.com/ticketsys/ticketsys/graph/live"
	"github.com/ticketsys/ticketsys/graph/load"
)

const patience = 20 * time.Second

// world is a helpdesk with a feed.
type world struct {
	*tickettest.Desk

	t       *testing.T
	feed    *live.Feed
	tickets *ticket.Service
	auth    *auth.Service
	counter *sqlstoretest.Counter
}

func eachStore(t *testing.T, change func(*live.Config), body func(t *testing.T, w *world)) {
	t.Helper()
	counter := &sqlstoretest.Counter{}
	sqlstoretest.EachWith(t, func(o *sqlstore.Options) { o.OnStatement = counter.Count }, func(t *testing.T, s *sqlstore.Store) {
		w := &world{t: t, counter: counter}
		w.Desk = tickettest.NewDesk(t, tickettest.World{
			Tickets: s.Tickets(), Members: s.Members(), Queues: s.Queues(), Categories: s.Categories(),
			Workspaces: s.Workspaces(), Teams: s.Teams(), IDs: s.IDs(),
		})
		w.tickets = ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs())
		w.auth = auth.NewService(signer{}, s.Members(), s.APIKeys(), s.IDs(), cryptorand.Reader).Keeping(s.Sessions())
		c := live.Config{Auth: w.auth, Services: load.Services{
			Tickets: w.tickets, Members: member.NewService(s.Members()),
			Queues: queue.NewService(s.Queues(), s.IDs()), Categories: category.NewService(s.Categories(), s.IDs()),
			Tags: tag.NewService(s.Tags(), s.IDs()), Digests: digest.NewService(s.Digests(), s.Queues(), s.IDs()),
		}, Signals: s, Now: w.Clock.Now}
		if change != nil {
			change(&c)
		}
		w.feed = live.NewFeed(c)
		body(t, w)
	})
}

func (w *world) says(text string, tk *ticket.Ticket) {
	if _, err := w.tickets.Reply(w.t.Context(), w.Call(w.t, w.Lea), w.Ref(tk), text); err != nil {
		w.t.Error(err)
	}
}

func (w *world) session(who *member.Member) access.Session {
	return access.Session{Actor: w.Actor(w.t, who), ExpiresAt: w.Clock.Now().Add(24 * time.Hour)}
}

var errEnough = errors.New("enough")

// follows hears until there is enough, and gives the sequences of what it heard.
func (w *world) follows(who *member.Member, wish live.Wish, after int64, enough func(event.Envelope) bool) []int64 {
	f, err := w.feed.Follow(w.t.Context(), w.session(who), wish, &after)
	if err != nil {
		w.t.Error(err)
		return nil
	}
	var heard []int64
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	err = f.Run(ctx, live.Idle{}, func(_ context.Context, i live.Item) error {
		heard = append(heard, i.Sequence)
		if enough(i.Envelope) {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		w.t.Errorf("it ended with %v after %d events", err, len(heard))
	}
	return heard
}

// Whoever comes and goes while others write hears each event once, in order.
func TestNoGapAndNoDoubleWhileOthersWrite(t *testing.T) {
	const writers, messages = 3, 25
	for name, change := range map[string]func(*live.Config){
		"fresh": nil, "always asked anew": func(c *live.Config) { c.Fresh = time.Nanosecond },
	} {
		t.Run(name, func(t *testing.T) {
			eachStore(t, change, func(t *testing.T, w *world) {
				one, other := w.Opens(t, w.Lea, w.Help), w.Opens(t, w.Lea, w.Help)
				begun, err := w.Tickets.Head(t.Context(), w.Workspace.ID)
				if err != nil {
					t.Fatal(err)
				}
				all := int(begun) + writers*messages
				var group sync.WaitGroup
				for n := range writers {
					group.Go(func() {
						for range messages {
							w.says("word", []*ticket.Ticket{one, other}[n%2])
						}
					})
				}
				for n, wish := range []live.Wish{{}, {Queue: w.Support.ID}, {}, {Queue: w.Support.ID}} {
					who := []*member.Member{w.Lea, w.Chidi}[n%2]
					group.Go(func() {
						dice := rand.New(rand.NewPCG(uint64(n), 7))
						var heard []int64
						for len(heard) < all && !t.Failed() {
							last, until := int64(0), min(all-len(heard), 1+dice.IntN(30))
							if len(heard) > 0 {
								last = heard[len(heard)-1]
							}
							heard = append(heard, w.follows(who, wish, last, func(event.Envelope) bool { until--; return until == 0 })...)
						}
						for i, sequence := range heard {
							if sequence != int64(i+1) {
								t.Errorf("follower %d: event %d has sequence %d", n, i+1, sequence)
								return
							}
						}
					})
				}
				group.Wait()
			})
		})
	}
}

// A reader who does not keep up costs a bounded mailbox, and misses nothing.
func TestASlowReaderMissesNothing(t *testing.T) {
	eachStore(t, nil, func(t *testing.T, w *world) {
		tk := w.Opens(t, w.Lea, w.Help)
		w.says("first", tk)
		reading, release := make(chan struct{}), make(chan struct{})
		var once sync.Once
		done := make(chan []int64)
		head, _ := w.Tickets.Head(t.Context(), w.Workspace.ID)
		go func() {
			done <- w.follows(w.Lea, live.Wish{Ticket: tk.ID}, head-1, func(e event.Envelope) bool {
				once.Do(func() { close(reading); <-release })
				return e.Sequence == head+300
			})
		}()
		<-reading
		for range 300 { // several mailboxes and more than a batch
			w.says("word", tk)
		}
		close(release)
		heard := <-done
		for i, sequence := range heard {
			if sequence != head+int64(i) {
				t.Fatalf("event %d has sequence %d, want %d", i, sequence, head+int64(i))
			}
		}
	})
}

// What waits for a slow reader is not handed on after the right is gone.
func TestASlowReaderHearsNothingOfALostRight(t *testing.T) {
	eachStore(t, nil, func(t *testing.T, w *world) {
		tk := w.Opens(t, w.Lea, w.Help)
		head, _ := w.Tickets.Head(t.Context(), w.Workspace.ID)
		f, err := w.feed.Follow(t.Context(), w.session(w.Chidi), live.Wish{Ticket: tk.ID}, nil)
		if err != nil {
			t.Fatal(err)
		}
		hearing, release := make(chan int64, 100), make(chan struct{})
		ended := make(chan error)
		go func() {
			ended <- f.Run(t.Context(), live.Idle{}, func(_ context.Context, i live.Item) error {
				hearing <- i.Sequence
				<-release
				return nil
			})
		}()
		w.says("one", tk)
		if got := <-hearing; got != head+1 {
			t.Fatalf("it hears %d", got)
		}
		w.says("two", tk)
		witness := w.follows(w.Lea, live.Wish{Ticket: tk.ID}, head, func(e event.Envelope) bool { return e.Sequence == head+2 })
		if len(witness) != 2 {
			t.Fatal(witness)
		}
		if err := w.Members.SetRole(t.Context(), member.Ref{Workspace: w.Workspace.ID, ID: w.Chidi.ID}, access.RoleRequester); err != nil {
			t.Fatal(err)
		}
		w.says("three", tk) // when its witness has heard, the stream has asked about the demoted one too
		w.follows(w.Lea, live.Wish{Ticket: tk.ID}, head+2, func(event.Envelope) bool { return true })
		w.awaitsReview(tk)
		close(release)
		if err := <-ended; !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("it ends with %v", err)
		}
		if len(hearing) > 0 {
			t.Errorf("it hears %d after it lost the right", <-hearing)
		}
	})
}

// Who reads the log after their key is revoked hears no more of it, however far behind
// they are.
func TestARevokedKeyEndsWhoCatchesUp(t *testing.T) {
	anew := func(c *live.Config) { c.Fresh = time.Nanosecond } // asks again after each event
	eachStore(t, anew, func(t *testing.T, w *world) {
		tk := w.Opens(t, w.Lea, w.Help)
		begun, err := w.Tickets.Head(t.Context(), w.Workspace.ID)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			w.says("word", tk)
		}
		k, _, err := w.auth.CreateKey(t.Context(), w.Call(t, w.Chidi), auth.KeyWish{Name: "Robot", Scopes: auth.ReadScopes()})
		if err != nil {
			t.Fatal(err)
		}
		robot := w.session(w.Chidi)
		robot.Actor, robot.Key = robot.Actor.Within(k.Scopes), k.ID
		f, err := w.feed.Follow(t.Context(), robot, live.Wish{Ticket: tk.ID}, &begun)
		if err != nil {
			t.Fatal(err)
		}
		heard := 0
		err = f.Run(t.Context(), live.Idle{}, func(ctx context.Context, _ live.Item) error {
			heard++
			return w.auth.RevokeKey(ctx, w.Call(t, w.Chidi), k.ID)
		})
		if !errors.Is(err, auth.ErrRevoked) || heard != 1 {
			t.Errorf("it hears %d events, and ends with %v", heard, err)
		}
	})
}

// So does who reads it by a session that was ended, or whose member was signed out.
func TestAnEndedSessionEndsWhoCatchesUp(t *testing.T) {
	anew := func(c *live.Config) { c.Fresh = time.Nanosecond }
	for name, ends := range map[string]func(ctx context.Context, w *world, of access.Session) error{
		"ended": func(ctx context.Context, w *world, of access.Session) error {
			return w.auth.EndSession(ctx, w.Call(w.t, w.Chidi), of.ID)
		},
		"signed out": func(ctx context.Context, w *world, _ access.Session) error {
			return w.auth.SignOut(ctx, w.Call(w.t, w.Chidi), 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachStore(t, anew, func(t *testing.T, w *world) {
				tk := w.Opens(t, w.Lea, w.Help)
				begun, err := w.Tickets.Head(t.Context(), w.Workspace.ID)
				if err != nil {
					t.Fatal(err)
				}
				for range 5 {
					w.says("word", tk)
				}
				let, err := w.auth.BeginFor(t.Context(), w.Workspace.ID, w.Chidi.ID, "", "", w.Clock.Now())
				if err != nil {
					t.Fatal(err)
				}
				session := w.session(w.Chidi)
				session.ID = let.Session
				f, err := w.feed.Follow(t.Context(), session, live.Wish{Ticket: tk.ID}, &begun)
				if err != nil {
					t.Fatal(err)
				}
				heard := 0
				err = f.Run(t.Context(), live.Idle{}, func(ctx context.Context, _ live.Item) error {
					heard++
					return ends(ctx, w, session)
				})
				if !errors.Is(err, auth.ErrSignedOut) || heard != 1 {
					t.Errorf("it hears %d events, and ends with %v", heard, err)
				}
			})
		})
	}
}

// signer makes tokens that nobody checks.
type signer struct{ auth.Tokens }

func (signer) Issue(context.Context, auth.Subject, time.Time) (string, error) { return "token", nil }

// awaitsReview lets an event go through the stream: what came before it has been
// distributed when it is heard.
func (w *world) awaitsReview(tk *ticket.Ticket) {
	f, err := w.feed.Follow(w.t.Context(), w.session(w.Lea), live.Wish{}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	ready := make(chan struct{})
	ended := make(chan error)
	go func() {
		var once sync.Once
		ended <- f.Run(w.t.Context(), live.Idle{}, func(context.Context, live.Item) error {
			once.Do(func() { close(ready) })
			return errEnough
		})
	}()
	for {
		w.says("ping", tk)
		select {
		case <-ready:
			<-ended
			return
		default:
		}
	}
}

// However many follow, an event is read once, and asked about once.
func TestAnEventTakesTheSameStatementsForManyFollowers(t *testing.T) {
	eachStore(t, nil, func(t *testing.T, w *world) {
		tk := w.Opens(t, w.Lea, w.Help)
		took := map[int]int{}
		for _, many := range []int{1, 40} {
			ctx, cancel := context.WithCancel(t.Context())
			heard := make(chan string, many)
			var group sync.WaitGroup
			for i := range many {
				wish := []live.Wish{{Ticket: tk.ID}, {Queue: w.Support.ID}}[i%2]
				f, err := w.feed.Follow(ctx, w.session(w.Chidi), wish, nil)
				if err != nil {
					t.Fatal(err)
				}
				group.Go(func() {
					_ = f.Run(ctx, live.Idle{}, func(ctx context.Context, item live.Item) error {
						posted, ok := item.Data.(event.MessagePosted)
						if !ok {
							return nil
						}
						m, err := item.Rows.Messages.Get(ctx, posted.Message)
						if err != nil {
							return err
						}
						author, err := item.Rows.OfMessages().Members.Get(ctx, m.Author)
						heard <- m.Body + " by " + author.Name
						return err
					})
				})
			}
			listen := func(text string) {
				w.says(text, tk)
				for range many {
					if got := <-heard; got != text+" by "+w.Lea.Name {
						t.Fatalf("heard %q", got)
					}
				}
			}
			listen("warm") // all have caught up when they have heard it
			took[many] = w.counter.During(func() { listen("word") })
			cancel()
			group.Wait()
		}
		if took[40] > took[1]+2 {
			t.Errorf("for one: %d statements, for 40: %d", took[1], took[40])
		}
	})
}
